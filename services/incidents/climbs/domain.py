"""Why a case is not entrusted, not taken up, or not put on a list."""

from kernel.problems import Problem

SUPERVISION_DUE = "supervision_due"
"""The timer of a list's own limit."""


class DelegationRefused(Problem):
    """The law does not let this case be entrusted to that body."""

    status = 409
    title_zh = "该事故不能委托给该单位调查"
    title_en = "This investigation cannot be entrusted to that body"


class GroundAbsent(Problem):
    """The ground does not exist on this day or the figures do not bear it."""

    status = 409
    title_zh = "提级情形不成立"
    title_en = "The ground for taking the case up does not stand"


class GroundBinds(Problem):
    """A ground that binds cannot be left alone once it is stated."""

    status = 409
    title_zh = "该情形应当提级，不能决定不提级"
    title_en = "This ground binds; the case cannot be left where it is"


class AlreadyClimbed(Problem):
    """The case has climbed before, or there is no level above."""

    status = 409
    title_zh = "该事故已提级或已无上级"
    title_en = "The case has climbed already, or nothing is above it"


class NotTheTaker(Problem):
    """Only the government that would take the case decides whether it does."""

    status = 403
    title_zh = "只能由拟提级调查的上级人民政府决定"
    title_en = "Only the higher government that would take the case decides this"


class NotListable(Problem):
    """No list supervises accidents of this grade."""

    status = 409
    title_zh = "该等级事故不实行挂牌督办"
    title_en = "No list supervises accidents of this grade"


class ListingRefused(Problem):
    """The case is on a list already, or on none, or off it again."""

    status = 409
    title_zh = "挂牌督办当前不能执行此操作"
    title_en = "The listed supervision does not take this action now"


class NotTheList(Problem):
    """Only the level whose list it is puts cases on it, agrees to reports, and lifts it."""

    status = 403
    title_zh = "只能由挂牌督办的一级决定"
    title_en = "Only the level whose list it is decides this"
