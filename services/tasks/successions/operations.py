"""Rename, move, split and merge units. What was stays; what follows is linked to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar, timers
from kernel.access import Principal
from kernel.ids import uuid7
from services.tasks.committees import operations as committees
from services.tasks.holders import operations as holders
from services.tasks.lines import operations as lines
from services.tasks.organisations import operations as registry
from services.tasks.organisations import operations_changes as changes
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.domain import NewUnit
from services.tasks.organisations.domain_periods import DAY
from services.tasks.organisations.schemas import UnitBody
from services.tasks.organisations.tables import Unit
from services.tasks.policies import POLICIES, Act
from services.tasks.successions import domain, queries
from services.tasks.successions.domain import Change, CodeUsedBefore, ReorganisationRefused
from services.tasks.successions.schemas import Reorganisation
from services.tasks.successions.tables import Succession

INHERITANCE_DUE = "unit.inheritance"
"""What a unit owed becomes its heir's; the entity is the unit that ended."""


@dataclass(frozen=True, kw_only=True)
class _Work:
    """One reorganisation on its way."""

    session: AsyncSession
    stated: Reorganisation
    heir: str
    by: Principal
    now: datetime

    @property
    def on(self) -> date:
        """The first day on which it is so."""
        return self.stated.effective_from

    @property
    def ending(self) -> list[str]:
        """The units that are no more."""
        after = set(self.stated.codes_after)
        return [code for code in self.stated.before if code not in after]


async def reorganise(
    session: AsyncSession, *, stated: Reorganisation, by: Principal, now: datetime
) -> Sequence[Succession]:
    """Change units from a day on, and link what follows to what was."""
    after = stated.codes_after
    work = _Work(session=session, stated=stated, heir=stated.heir or after[0], by=by, now=now)
    if stated.heir is None and len(after) > 1:
        raise ReorganisationRefused("须指明承继单位。", "Name the heir.")
    domain.check(stated.kind, before=stated.before, after=after, heir=work.heir)
    before = await _permitted(work)
    await _record_new(work, before)
    for code in work.ending:
        await _end(work, before[code])
    links = [_link(work, old, new) for old in stated.before for new in after]
    session.add_all(links)
    _note(work)
    return links


async def _permitted(work: _Work) -> dict[str, Unit]:
    """The units before the change, locked; refused unless all that is touched is the actor's."""
    eve = work.on - DAY
    locked = await organisations.standing_units(work.session, work.stated.before)
    before = {
        code: locked.get(code) or await organisations.unit(work.session, code, day=eve)
        for code in work.stated.before
    }
    named = [unit for unit in work.stated.after if isinstance(unit, str)]
    places = [await organisations.unit(work.session, code, day=eve) for code in named]
    for unit in (*before.values(), *places):
        POLICIES.require(work.by, Act.CHANGE_ORGANISATION, on=unit, seen_by=Act.READ_UNITS)
    for body in _bodies(work):
        POLICIES.require(
            work.by, Act.CHANGE_ORGANISATION, on=body.stated().facts, seen_by=Act.READ_UNITS
        )
    return before


def _bodies(work: _Work) -> list[UnitBody]:
    return [unit for unit in work.stated.after if isinstance(unit, UnitBody)]


async def _record_new(work: _Work, before: dict[str, Unit]) -> None:
    units = []
    for body in _bodies(work):
        if body.code not in before and await organisations.history(work.session, body.code):
            raise CodeUsedBefore
        units.append(await _shaped(work, body))
    await registry.record_units(work.session, units=units, on=work.on, now=work.now)
    await work.session.flush()


async def _shaped(work: _Work, body: UnitBody) -> NewUnit:
    """The unit as stated; renamed or moved, with the posts it had."""
    new = body.stated()
    if work.stated.kind not in {Change.RENAME, Change.MOVE}:
        return new
    old = await organisations.stated(work.session, work.stated.before[0], day=work.on - DAY)
    if work.stated.kind is Change.RENAME:
        return domain.renamed(old, name_zh=body.name_zh, name_en=body.name_en)
    return domain.moved(old, to=new.facts)


async def _end(work: _Work, unit: Unit) -> None:
    """End a unit; what it was to others is its heir's from that day on."""
    posts = await changes.end_unit(work.session, unit, heir=work.heir, on=work.on, now=work.now)
    codes = [post.code for post in posts]
    if work.stated.kind is Change.MOVE:
        moved = {code: work.heir + code.removeprefix(unit.code) for code in codes}
        await holders.carry_over(
            work.session, posts=moved, unit=work.heir, on=work.on, by=work.by, now=work.now
        )
    await holders.end_terms(work.session, posts=codes, on=work.on, by=work.by, now=work.now)
    await work.session.flush()
    await lines.hand_over(work.session, ended=unit.code, heir=work.heir, on=work.on)
    await committees.hand_over(work.session, ended=unit.code, heir=work.heir, on=work.on)
    _arm_inheritance(work, unit.code)


def _arm_inheritance(work: _Work, ended: str) -> None:
    """What it owes is handed over on that day, or at once where the day has come."""
    due_at = calendar.opens_at(work.on)
    timer = timers.new(kind=INHERITANCE_DUE, entity_id=ended, due_at=due_at, rule=registry.WHOLE)
    timers.begin(work.session, timer)


async def inherit_anew(session: AsyncSession, *, unit: str, now: datetime) -> None:
    """What a unit owes again that ended before is its heir's, like all that it owed then."""
    heirs = await queries.bearing(session, [unit], on=calendar.day_of(now))
    if heirs[unit] != unit:
        await timers.arm(
            session,
            kind=INHERITANCE_DUE,
            entity_id=unit,
            due_at=now,
            rule=registry.WHOLE,
            reason="owed again",
        )


def _link(work: _Work, old: str, new: str) -> Succession:
    return Succession(
        id=uuid7(),
        kind=work.stated.kind.value,
        predecessor=old,
        successor=new,
        heir=new == work.heir,
        effective_from=work.on,
        document=work.stated.document,
        decided_by=work.by.subject,
        decided_at=work.now,
    )


def _note(work: _Work) -> None:
    audit.note(
        work.session,
        by=work.by,
        act=Act.CHANGE_ORGANISATION,
        entity="succession",
        entity_id=work.stated.before[0],
        detail={
            "kind": work.stated.kind.value,
            "before": list(work.stated.before),
            "after": work.stated.codes_after,
            "heir": work.heir,
            "from": work.on.isoformat(),
        },
    )
