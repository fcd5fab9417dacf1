"""Take a workbook in: checked row by row first, stored whole or not at all. And give one out."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import Principal
from services.tasks.lines import domain as line_rules
from services.tasks.lines import queries as lines
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.domain import NewUnit
from services.tasks.policies import POLICIES, Act
from services.tasks.rosters import domain_workbook, operations, schemas_rows
from services.tasks.rosters.schemas import RosterRefused, RosterReport, RosterRow
from services.tasks.rosters.schemas_rows import Roster


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

    A unit that the workbook does not name stays as it is; a post of a named unit that it leaves
    out ends.
    """
    roster = schemas_rows.roster(*domain_workbook.read(content))
    await _check(session, roster, on=on, by=by)
    report = _report(roster, on=on)
    if dry_run:
        report.changed = await _differing(session, roster, on=on)
        return report
    if report.faults:
        raise RosterRefused(
            f"{len(report.faults)} 处有误", f"{len(report.faults)} faults", **_members(report)
        )
    report.changed = await operations.take(
        session, units=roster.stated(), superiors=roster.superiors, on=on, by=by, now=now
    )
    report.stored = True
    return report


def _members(report: RosterReport) -> dict[str, object]:
    return {"faults": report.model_dump(mode="json")["faults"]}


def _report(roster: Roster, *, on: date) -> RosterReport:
    return RosterReport(
        effective_from=on,
        rows=roster.lines,
        units=len(roster.units),
        posts=sum(len(unit.posts) for unit in roster.units.values()),
        faults=sorted(roster.faults, key=lambda fault: fault.row),
        stored=False,
        changed=0,
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


async def _differing(session: AsyncSession, roster: Roster, *, on: date) -> int:
    """How many of the units are new or differ from what is recorded."""
    recorded = await organisations.all_stated(session, list(roster.units), day=on)
    return sum(_sorted(unit) != recorded.get(unit.facts.code) for unit in roster.stated())


async def give_out(session: AsyncSession, *, on: date, by: Principal) -> list[RosterRow]:
    """The units of the actor's area on a day as rows, in the shape that is taken in."""
    units = await organisations.units_of(session, by.region or "", day=on)
    above = await lines.above(session, on=on)
    stated = await organisations.all_stated(session, units, day=on)
    return [
        row
        for unit in stated.values()
        for row in schemas_rows.as_rows(unit, superior=above(unit.facts.code))
    ]


def _sorted(unit: NewUnit) -> NewUnit:
    posts = sorted(unit.posts, key=lambda post: post.code)
    return NewUnit(facts=unit.facts, posts=tuple(posts))
