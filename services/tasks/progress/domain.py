"""Why no parts of post-holders can be told."""

from kernel.problems import Problem


class NotOfPrincipals(Problem):
    """The duty is the unit's, not its head's in person; or it is not counted at all."""

    status = 409
    title_zh = "该任务不是对主要负责人本人的次数要求"
    title_en = "The obligation is no quota of the head of the unit in person"
