"""What it is to sit on a committee. Pure."""

from kernel.problems import Problem
from reference.terms import Term, UnitKind

COMMITTEES = frozenset({UnitKind.SAFETY_COMMITTEE.value, UnitKind.SPECIAL_COMMITTEE.value})


class Capacity(Term):
    """As what a unit sits on a committee."""

    MEMBER = "member", "成员单位", "member"
    OFFICE = "office", "办公室所在单位", "seat of its office"
    VICE_CHAIR = "vice_chair", "副主任单位", "vice chair"
    CHAIR = "chair", "主任单位", "chair"


class NoCommittee(Problem):
    """Only committees of work safety and their special committees have members."""

    status = 409
    title_zh = "该单位不是安全生产委员会或专业委员会"
    title_en = "That unit is no committee of work safety"


class MemberAlready(Problem):
    """A unit sits on a committee once at a time."""

    status = 409
    title_zh = "该单位在此期间已是成员"
    title_en = "The unit is a member on some of these days"
