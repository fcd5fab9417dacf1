"""Why a verdict on a unit's yearly assessment is refused."""

from kernel.problems import Problem


class NotAssessed(Problem):
    """No published assessment of a year gives the unit a score."""

    status = 409
    title_zh = "该单位没有已公布的年度考核得分"
    title_en = "No published yearly assessment gives the unit a score"


class BarsNobody(Problem):
    """No rule in force bars the units of this group for a failed assessment."""

    status = 422
    title_zh = "现行规定未将该组单位年度考核不合格列为一票否决情形"
    title_en = "No rule in force bars the units of this group for a failed assessment"


class StatedBefore(Problem):
    """There is a verdict on this assessment of the unit already."""

    status = 409
    title_zh = "该单位本次考核已作出结论"
    title_en = "There is a verdict on this assessment of the unit already"
