"""Every role, in every relation to a row, through the table and through the database."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from contracts.gateway import Role
from kernel.access import Principal, Relation, relation
from reference.terms import Finding
from services.tasks.obligations.tables import Obligation
from services.tasks.policies import POLICIES, Act
from tests.services.stage import Stage
from tests.services.tasks.story import (
    CITY_OFFICE,
    COUNTY,
    COUNTY_DESK,
    MINE,
    OTHER,
    OTHER_DESK,
    found,
    officer,
    published,
    registered,
    reported,
)

BOUND = Obligation(unit=f"{COUNTY}.emergency", region_code=COUNTY, enterprise_uscc=None)
STANDS: dict[Relation, Principal] = {
    Relation.UNIT: Principal(subject="a", unit=f"{COUNTY}.emergency", region=COUNTY),
    Relation.SUBTREE: Principal(subject="b", unit="430400.committee_office", region="4304"),
    Relation.ELSEWHERE: Principal(subject="c", unit="430426.emergency", region="430426"),
}
PUBLIC = {Act.READ_UNITS, Act.READ_PLANS, Act.READ_CHAINS}
OF_REVIEWERS = {Act.REVIEW_EVIDENCE, Act.DECIDE_APPEAL}
OF_SUBJECTS = {Act.SUBMIT_EVIDENCE, Act.APPEAL}
OF_OFFICES = {*OF_REVIEWERS, Act.WITHDRAW_CREDIT, Act.READ_PLAN_DRAFTS, Act.DRAFT_PLANS}
OF_AN_OFFICE = {Act.CHANGE_ORGANISATION, Act.APPOINT, Act.DECIDE_LEAD, Act.SET_OFF}
STAFF = {"committee_office", "leader", "duty_desk", "inspector", "investigator", "law_reviewer"}


def expected(act: Act, role: Role, how: Relation) -> bool:
    """The table once more, said the other way round."""
    if act in PUBLIC:
        return True
    if act in OF_REVIEWERS:
        return role == "committee_office" and how is Relation.SUBTREE
    near = how in {Relation.UNIT, Relation.SUBTREE}
    if act is Act.WITHDRAW_CREDIT:
        above = role == "committee_office" and how is Relation.SUBTREE
        return above or (role == "auditor" and near)
    if act is Act.DRAFT_PLANS:
        return role == "committee_office" and near
    if act is Act.READ_PLAN_DRAFTS:
        return role in {"committee_office", "leader", "auditor"} and near
    if act in OF_SUBJECTS:
        return role in STAFF and how is Relation.UNIT
    if act in OF_AN_OFFICE:
        return role == "committee_office" and how in {Relation.UNIT, Relation.SUBTREE}
    readers = STAFF | {"auditor"}
    if act is Act.READ_ENTERPRISE:
        readers = readers | {"hotline_operator"}
    return role in readers and how in {Relation.UNIT, Relation.SUBTREE}


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("how", STANDS)
def test_a_role_may_do_only_what_the_table_says(act: Act, role: Role, how: Relation) -> None:
    who = STANDS[how]
    actor = Principal(
        subject=who.subject, roles=frozenset({role}), unit=who.unit, region=who.region
    )

    assert relation(actor, BOUND) is how
    assert POLICIES.allows(actor, act, BOUND) is expected(act, role, how)


@pytest.mark.parametrize("act", [act for act in Act if act not in PUBLIC])
def test_an_enterprise_reaches_nothing_but_its_own(act: Act) -> None:
    own = Obligation(enterprise_uscc=MINE, region_code=COUNTY)
    other = Obligation(enterprise_uscc=OTHER, region_code=COUNTY)

    assert not POLICIES.allows(officer(MINE), act, other)
    assert not POLICIES.allows(officer(MINE), act, BOUND)
    assert POLICIES.allows(officer(MINE), act, own) is (
        act not in {Act.READ_COVERAGE, *OF_OFFICES, *OF_AN_OFFICE}
    )


@pytest.fixture
async def peopled(tasks: Stage) -> Stage:
    await tasks.hear(registered(MINE, COUNTY), registered(OTHER, "430426"), reported(), published())
    await tasks.fire_until(published().occurred_at)
    return tasks


@pytest.mark.parametrize(
    ("actor", "prefix"), [(CITY_OFFICE, "4304"), (COUNTY_DESK, COUNTY), (OTHER_DESK, "430426")]
)
async def test_the_database_itself_shows_a_division_only_its_subtree(
    peopled: Stage, actor: Principal, prefix: str
) -> None:
    async with peopled.work(actor) as session:
        regions = set(await session.scalars(select(Obligation.region_code)))

    assert regions
    assert all(region.startswith(prefix) for region in regions)


async def test_the_database_itself_shows_an_enterprise_only_its_own(peopled: Stage) -> None:
    async with peopled.work(officer(MINE)) as session:
        holders = set(await session.scalars(select(Obligation.enterprise_uscc)))
        names = set(await session.scalars(text("SELECT uscc FROM enterprise")))

    assert (holders, names) == ({MINE}, {MINE})


@pytest.mark.parametrize(
    ("actor", "accidents", "findings"),
    [(CITY_OFFICE, 1, 1), (COUNTY_DESK, 1, 1), (OTHER_DESK, 0, 0), (officer(MINE), 1, 0)],
)
async def test_the_database_itself_hides_a_finding_from_whom_it_is_about(
    peopled: Stage, actor: Principal, accidents: int, findings: int
) -> None:
    await peopled.hear(found(Finding.CONCEALED))

    async with peopled.work(actor) as session:
        seen = [
            await session.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in ("accident", "accident_finding")
        ]

    assert seen == [accidents, findings]


async def test_without_a_scope_the_database_shows_nothing(peopled: Stage) -> None:
    async with peopled.database.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Obligation)) == 0


async def test_a_row_nobody_has_is_as_absent_as_one_of_another_place(peopled: Stage) -> None:
    (row,) = await peopled.rows(Obligation, subject=OTHER)
    client = peopled.as_(COUNTY_DESK)

    hidden = await client.get(f"/tasks/obligations/{row.id}")
    absent = await client.get(f"/tasks/obligations/{uuid4()}")

    assert hidden.status_code == absent.status_code == 404
    assert hidden.json()["type"] == absent.json()["type"]
