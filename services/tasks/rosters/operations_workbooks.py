"""Take a workbook in: checked row by row first, stored whole or not at all. And give one out."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import Principal
from kernel.rehearsals import rehearsed
from services.tasks.lines import domain as line_rules
from services.tasks.lines import queries as lines
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.domain import NewUnit
from services.tasks.policies import POLICIES, Act
from services.tasks.rosters import (
    domain_workbook,
    operations,
    operations_seats,
    operations_terms,
    schemas_rows,
    schemas_workbooks,
)
from services.tasks.rosters.schemas import RosterRefused, RosterReport, Sheets
from services.tasks.rosters.schemas_rows import Roster
from services.tasks.rosters.schemas_workbooks import Workbook


async def take_in(
    session: AsyncSession,
    *,
    content: bytes,
    on: date,
    dry_run: bool,
    by: Principal,
    now: datetime,
) -> RosterReport:
    """Read a workbook and, unless it is a dry run or anything is wrong, store all of it.

    A unit, a term or a seat that the workbook does not name stays as it is; a post of a named
    unit that it leaves out ends.
    """
    sheets = domain_workbook.read(content, named=schemas_workbooks.FURTHER)
    book = schemas_workbooks.workbook(sheets)
    await _check(session, book.units, on=on, by=by)
    await _keep_roles(session, book.units, on=on)
    differing = await _differing(session, book.units, on=on)
    if dry_run or book.faults:
        return await _rehearse(session, book, differing, on=on, refused=not dry_run, by=by, now=now)
    changed = await operations.take(
        session,
        units=book.units.stated(),
        superiors=book.units.superiors,
        on=on,
        by=by,
        now=now,
    )
    terms, seats = await _take_further(session, book, by=by, now=now)
    report = _report(book, on=on, units=changed, terms=terms, seats=seats)
    if report.faults:
        raise _refusal(report)
    report.stored = True
    return report


async def _rehearse(
    session: AsyncSession,
    book: Workbook,
    differing: int,
    *,
    on: date,
    refused: bool,
    by: Principal,
    now: datetime,
) -> RosterReport:
    """What would come of a workbook. Terms and seats are tried on what its sound units make."""
    terms = seats = 0
    if book.terms.stated or book.seats.stated:
        async with rehearsed(session):
            await operations.state(session, units=book.units.sound(), on=on, by=by, now=now)
            await session.flush()
            terms, seats = await _take_further(session, book, by=by, now=now)
    report = _report(book, on=on, units=differing, terms=terms, seats=seats)
    if refused:
        raise _refusal(report)
    return report


async def _take_further(
    session: AsyncSession, book: Workbook, *, by: Principal, now: datetime
) -> tuple[int, int]:
    terms = await operations_terms.take(session, book.terms, by=by, now=now)
    return terms, await operations_seats.take(session, book.seats, by=by, now=now)


def _refusal(report: RosterReport) -> RosterRefused:
    faults = report.model_dump(mode="json")["faults"]
    return RosterRefused(f"{len(faults)} 处有误", f"{len(faults)} faults", faults=faults)


def _report(book: Workbook, *, on: date, units: int, terms: int, seats: int) -> RosterReport:
    return RosterReport(
        effective_from=on,
        rows=book.units.lines + book.terms.lines + book.seats.lines,
        units=len(book.units.units),
        posts=sum(len(unit.posts) for unit in book.units.units.values()),
        faults=book.faults,
        stored=False,
        changed=units,
        holders=len(book.terms.stated),
        holders_changed=terms,
        members=len(book.seats.stated),
        members_changed=seats,
    )


async def _check(session: AsyncSession, roster: Roster, *, on: date, by: Principal) -> None:
    await _check_units(session, roster, on=on, by=by)
    await _check_lines(session, roster, on=on)


async def _check_units(session: AsyncSession, roster: Roster, *, on: date, by: Principal) -> None:
    standing = await organisations.standing_units(session, list(roster.units))
    ended = await organisations.ever(session, list(roster.units)) - standing.keys()
    for code, unit in roster.units.items():
        row, newest = roster.rows[code], standing.get(code)
        if not POLICIES.allows(by, Act.CHANGE_ORGANISATION, unit.stated().facts):
            zh, en = "该单位不在您的管辖范围", "the unit is not of your place"
            roster.fault(row, "code", "not_yours", zh, en)
        if newest is not None and newest.effective_from > on:
            zh = f"该单位已有 {newest.effective_from} 起的记录"
            en = f"the unit is recorded as of {newest.effective_from} already"
            roster.fault(row, "code", "recorded_later", zh, en)
        if code in ended:
            zh, en = "该单位已撤销", "the unit has ended"
            roster.fault(row, "code", "ended", zh, en)


async def _check_lines(session: AsyncSession, roster: Roster, *, on: date) -> None:
    recorded = await lines.above(session, on=on)
    known = await organisations.standing(session, set(roster.superiors.values()), day=on)

    def above(code: str) -> str | None:
        return roster.superiors.get(code) or recorded(code)

    for code, superior in roster.superiors.items():
        row = roster.rows[code]
        if superior not in roster.units and superior not in known:
            zh, en = f"没有单位 {superior}", f"there is no unit {superior}"
            roster.fault(row, "superior", "superior_unknown", zh, en)
        elif line_rules.closes_circle(code, superior, above=above):
            zh, en = "汇报关系成环", "the line of reporting runs in a circle"
            roster.fault(row, "superior", "circular", zh, en)


async def _keep_roles(session: AsyncSession, roster: Roster, *, on: date) -> None:
    """Let units have the roles on record where the sheet is without the column, as older ones."""
    if roster.says_roles:
        return
    for code, row in (await organisations.standing(session, list(roster.units), day=on)).items():
        roster.units[code] = roster.units[code].model_copy(update={"roles": row.roles})


async def _differing(session: AsyncSession, roster: Roster, *, on: date) -> int:
    """How many of the units are new or differ from what is recorded."""
    recorded = await organisations.all_stated(session, list(roster.units), day=on)
    return sum(_sorted(unit) != recorded.get(unit.facts.code) for unit in roster.stated())


async def give_out(session: AsyncSession, *, on: date, by: Principal) -> Sheets:
    """What stands on a day in the actor's area as rows, in the shape that is taken in."""
    units = await organisations.units_of(session, by.region or "", day=on)
    above = await lines.above(session, on=on)
    stated = await organisations.all_stated(session, units, day=on)
    rows = [
        row
        for unit in stated.values()
        for row in schemas_rows.as_rows(unit, superior=above(unit.facts.code))
    ]
    posts = [post.code for unit in stated.values() for post in unit.posts]
    return Sheets(
        units=rows,
        holders=await operations_terms.give_out(session, posts, on=on),
        members=await operations_seats.give_out(session, units, on=on),
    )


def _sorted(unit: NewUnit) -> NewUnit:
    posts = sorted(unit.posts, key=lambda post: post.code)
    return NewUnit(facts=unit.facts, posts=tuple(posts))
