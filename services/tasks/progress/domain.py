"""Why no progress, or no parts of post-holders, can be told."""

from kernel.problems import Problem


class MeasuredByFigure(Problem):
    """How often something was done says nothing of it; its standing does."""

    status = 409
    title_zh = "该任务以指标考核，进展见其考核情况（standing）"
    title_en = "The obligation is measured by a figure: read its standing"


class NotOfPrincipals(Problem):
    """The duty is the unit's, not its head's in person; or it is not counted at all."""

    status = 409
    title_zh = "该任务不是对主要负责人本人的次数要求"
    title_en = "The obligation is no quota of the head of the unit in person"
