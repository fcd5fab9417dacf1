"""Every role, in every relation to a row, through the table of figures, feeds and parts."""

import pytest

from contracts.gateway import Role
from kernel.access import Principal, Relation, relation
from services.tasks.obligations.tables import Obligation
from services.tasks.policies import POLICIES
from services.tasks.policies_figures import FeedAct, FigureAct, PartAct
from tests.services.tasks.story import CITY, COUNTY, MINE, OTHER, officer

BOUND = Obligation(unit=f"{COUNTY}.emergency", region_code=COUNTY, enterprise_uscc=None)
STANDS: dict[Relation, Principal] = {
    Relation.UNIT: Principal(subject="a", unit=f"{COUNTY}.emergency", region=COUNTY),
    Relation.SUBTREE: Principal(subject="b", unit=f"{CITY}.committee_office", region="4304"),
    Relation.ELSEWHERE: Principal(subject="c", unit="430426.emergency", region="430426"),
}
STAFF = {"committee_office", "leader", "duty_desk", "inspector", "investigator", "law_reviewer"}
ACTS = (*FigureAct, *FeedAct, *PartAct)


def expected(act: str, role: Role, how: Relation) -> bool:
    """The table once more, said the other way round."""
    if how is Relation.ELSEWHERE:
        return False
    unit = how is Relation.UNIT
    who = {
        FigureAct.READ_FIGURES: STAFF | {"auditor"},
        FigureAct.REPORT_FIGURE: STAFF if unit else set(),
        FigureAct.REVIEW_FIGURE: set() if unit else {"committee_office"},
        FigureAct.FREEZE_BASE: {"committee_office"},
        FeedAct.KEEP_FEEDS: STAFF if unit else set(),
        PartAct.READ_PARTS: STAFF | {"auditor"},
        PartAct.WORK_PART: STAFF if unit else set(),
        PartAct.JUDGE_PART: STAFF if unit else {"committee_office"},
        PartAct.EXCUSE_PART: set() if unit else {"committee_office"},
    }
    return role in who[act]  # type: ignore[index]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("how", STANDS)
def test_a_role_may_do_only_what_the_table_says(act: str, role: Role, how: Relation) -> None:
    who = STANDS[how]
    actor = Principal(
        subject=who.subject, roles=frozenset({role}), unit=who.unit, region=who.region
    )

    assert relation(actor, BOUND) is how
    assert POLICIES.allows(actor, act, BOUND) is expected(act, role, how)


@pytest.mark.parametrize("act", ACTS)
def test_an_enterprise_reaches_nothing_but_its_own(act: str) -> None:
    own = Obligation(enterprise_uscc=MINE, region_code=COUNTY)
    other = Obligation(enterprise_uscc=OTHER, region_code=COUNTY)

    assert not POLICIES.allows(officer(MINE), act, other)
    assert not POLICIES.allows(officer(MINE), act, BOUND)
    assert POLICIES.allows(officer(MINE), act, own) is (
        act in {FigureAct.READ_FIGURES, FigureAct.REPORT_FIGURE, FeedAct.KEEP_FEEDS}
    )
