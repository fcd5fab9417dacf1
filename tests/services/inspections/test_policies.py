"""Every role, in every relation to a row, through the table and through the database."""

import pytest
from sqlalchemy import func, select

from contracts.gateway import Role
from kernel.access import Principal, Relation, relation
from services.inspections.policies import POLICIES, Act
from services.inspections.registry import operations
from services.inspections.registry.tables import Enterprise, Flag
from services.inspections.visits.tables import Visit
from tests.services.inspections.story import (
    COUNTY,
    INSPECTOR,
    MINE,
    OTHER,
    OTHER_COUNTY,
    OTHER_INSPECTOR,
    enterprise,
    hazard_told,
    officer,
    reported,
)
from tests.services.stage import NOON, Stage

ROW = Visit(region_code=COUNTY, unit=f"{COUNTY}.emergency", uscc=MINE, shown_to=MINE)
STANDS: dict[Relation, Principal] = {
    Relation.UNIT: Principal(subject="a", unit=f"{COUNTY}.emergency", region=COUNTY),
    Relation.SUBTREE: Principal(subject="b", unit="430400.emergency", region="4304"),
    Relation.ELSEWHERE: Principal(subject="c", unit="430426.emergency", region=OTHER_COUNTY),
    Relation.OWN: Principal(subject="d", uscc=MINE, region=""),
}
READERS = {
    "inspector",
    "committee_office",
    "leader",
    "duty_desk",
    "investigator",
    "law_reviewer",
    "auditor",
}
WRITERS = {
    Act.REGISTER: {"inspector", "committee_office", "administrator"},
    Act.COMPLETE_VISIT: {"inspector"},
    Act.CANCEL_VISIT: {"committee_office"},
}


def expected(act: Act, role: Role, how: Relation) -> bool:
    """The table once more, said the other way round."""
    if how is Relation.ELSEWHERE:
        return False
    if act in WRITERS:
        return role in WRITERS[act]
    if role == "enterprise":
        return how is Relation.OWN
    also = {"administrator"} if act is Act.READ_ENTERPRISES else set()
    return role in READERS | also


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("how", STANDS)
def test_a_role_may_do_only_what_the_table_says(act: Act, role: Role, how: Relation) -> None:
    who = STANDS[how]
    actor = Principal(
        subject=who.subject,
        roles=frozenset({role}),
        unit=who.unit,
        region=who.region,
        uscc=who.uscc,
    )

    assert relation(actor, ROW) is how
    assert POLICIES.allows(actor, act, ROW) is expected(act, role, how)


@pytest.fixture
async def peopled(inspections: Stage) -> Stage:
    async with inspections.work() as session:
        await operations.register(
            session, enterprises=[enterprise(), enterprise(OTHER, OTHER_COUNTY)], now=NOON
        )
    await inspections.hear(reported())
    return inspections


@pytest.mark.parametrize("table", [Enterprise, Flag, Visit])
@pytest.mark.parametrize(
    ("actor", "sees"), [(INSPECTOR, 1), (officer(MINE), 1), (OTHER_INSPECTOR, 0)]
)
async def test_the_database_itself_shows_each_only_its_own(
    peopled: Stage, table: type[Enterprise | Flag | Visit], actor: Principal, sees: int
) -> None:
    async with peopled.work(actor) as session:
        of_mine = select(func.count()).where(table.uscc == MINE)
        assert await session.scalar(of_mine) == sees


@pytest.mark.parametrize(
    ("actor", "sees"), [(INSPECTOR, 1), (officer(MINE), 0), (OTHER_INSPECTOR, 0)]
)
async def test_the_database_itself_hides_a_clue_from_whom_it_is_about(
    inspections: Stage, actor: Principal, sees: int
) -> None:
    await inspections.hear(hazard_told())

    async with inspections.work(actor) as session:
        assert await session.scalar(select(func.count()).select_from(Visit)) == sees


async def test_without_a_scope_the_database_shows_nothing(peopled: Stage) -> None:
    async with peopled.database.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Enterprise)) == 0
