"""Whoever looks somebody up reads once what a transaction needs, and never what was true before."""

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inspections import EnterpriseRegistered
from kernel.access import SYSTEM
from kernel.db import unit_of_work
from services.notifications.directory import operations, queries
from tests.services.notifications.facts import AT, LEIYANG, MINE, unit_recorded
from tests.services.stage import Stage

UNIT = f"{LEIYANG}.emergency"
OTHER = f"{LEIYANG}.housing"
DESK = f"{UNIT}.duty_desk"


def registered(name: str) -> EnterpriseRegistered:
    return EnterpriseRegistered(
        occurred_at=AT, uscc=MINE, name=name, region_code=LEIYANG, industry="B06"
    )


async def email(session: AsyncSession, code: str) -> str | None:
    found = await queries.contacts(session, codes=[code], region=LEIYANG, on=AT.date())
    return found[code].email


def overheard(stage: Stage) -> list[str]:
    """The statements that are sent from now on."""
    said: list[str] = []
    engine = stage.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    return said


async def test_what_is_looked_up_ahead_is_read_in_one_statement(stage: Stage) -> None:
    await stage.hear(unit_recorded(UNIT, duty_desk="desk@example.org", liaison="l@example.org"))
    async with unit_of_work(stage.database, SYSTEM) as session:
        await operations.record_enterprise(session, told=registered("红星矿"))
    async with unit_of_work(stage.database, SYSTEM) as session:
        said = overheard(stage)
        await queries.look_up(session, codes=[DESK, OTHER, MINE], uscc=MINE)
        emails = [await email(session, code) for code in (DESK, f"{UNIT}.liaison", UNIT)]
        nobody = await queries.contacts(session, codes=[OTHER], region=LEIYANG, on=AT.date())
        name = await queries.enterprise_name(session, uscc=MINE)

    assert emails == ["desk@example.org", "l@example.org", "desk@example.org"]
    assert name == "红星矿"
    assert not any(contact.known for contact in nobody.values())
    assert len(said) == 1


async def test_what_nobody_is_called_is_asked_once_as_well(stage: Stage) -> None:
    async with unit_of_work(stage.database, SYSTEM) as session:
        said = overheard(stage)
        names = [await queries.enterprise_name(session, uscc=MINE) for _ in range(2)]
    assert (names, len(said)) == ([None, None], 1)


async def test_what_was_written_meanwhile_is_read(stage: Stage) -> None:
    async with unit_of_work(stage.database, SYSTEM) as session:
        await operations.record_unit(session, told=unit_recorded(UNIT, duty_desk="a@example.org"))
        await operations.record_enterprise(session, told=registered("红星矿"))
        before = await email(session, DESK), await queries.enterprise_name(session, uscc=MINE)
        await operations.record_unit(session, told=unit_recorded(UNIT, duty_desk="b@example.org"))
        moved = await email(session, DESK)
        same = await queries.enterprise_name(session, uscc=MINE)
        await operations.record_enterprise(session, told=registered("红星矿业"))
        renamed = await queries.enterprise_name(session, uscc=MINE)

    assert before == ("a@example.org", "红星矿")
    assert (moved, same, renamed) == ("b@example.org", "红星矿", "红星矿业")
