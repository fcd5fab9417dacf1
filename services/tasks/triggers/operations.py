"""Set off the duties of a plan: for everybody in scope of a fact, or as a person tells it."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar
from kernel.access import NotYours, Place, Principal
from kernel.problems import FieldFault, InvalidPayload, Problem
from reference import city, subjects, triggers
from reference.subjects import Subjects
from reference.terms import DutyKind
from services.tasks.chains import queries as chains
from services.tasks.chains.tables import Entry
from services.tasks.obligations.domain import Cause, place_of
from services.tasks.openings import operations_beginnings as openings
from services.tasks.openings.operations_beginnings import Occasion
from services.tasks.openings.tables import Opening
from services.tasks.organisations import queries as organisations
from services.tasks.plans import queries as plans
from services.tasks.plans.domain_duties import PlanDuty
from services.tasks.policies import POLICIES, Act
from services.tasks.rolls import queries as rolls
from services.tasks.triggers.domain import HEARD
from services.tasks.triggers.schemas import HappeningBody


class NotSetOff(Problem):
    """The duty has no trigger, or one that a fact pulls: nobody has to say so."""

    status = 409
    title_zh = "该职责不能由人工触发"
    title_en = "The duty is not set off by hand"


async def open_for_everybody(
    session: AsyncSession,
    *,
    origin: UUID,
    duties: Iterable[PlanDuty],
    on: date,
    counted_from: date,
    now: datetime,
) -> None:
    """Open duties for whom they mean on a day; their time counts from when it was known here."""
    what = Occasion(origin=origin, cause=Cause.PUBLICATION, on=on)
    for duty in duties:
        due_at = duty.due_after(counted_from)
        await openings.set_off(session, duty, what, due_at=due_at, now=now)


async def set_off(
    session: AsyncSession, *, stated: HappeningBody, by: Principal, now: datetime
) -> Opening:
    """Have a duty owed because somebody says that what it is tied to has happened."""
    duty = await plans.duty(session, stated.year, stated.duty)
    _refuse(duty, stated, today=calendar.day_of(now))
    await _check_reach(session, duty, stated, by=by)
    what = Occasion(
        origin=stated.happening_id,
        cause=Cause.TOLD,
        on=stated.happened_on,
        only=stated.only,
        reason=stated.reason,
        told_by=by.subject,
    )
    due_at = duty.due_after(calendar.day_of(now))
    row = await openings.set_off(session, duty, what, due_at=due_at, now=now)
    detail = {"duty": duty.name, "happened_on": stated.happened_on.isoformat()}
    audit.note(session, by=by, act=Act.SET_OFF, entity="opening", entity_id=row.id, detail=detail)
    return row


def _refuse(duty: PlanDuty, stated: HappeningBody, *, today: date) -> None:
    if duty.kind is not DutyKind.EVENT_TRIGGERED:
        raise NotSetOff("该职责不是事件触发类。", "The duty is not tied to an event.")
    named = triggers.events_of(duty.trigger, on=stated.happened_on) if duty.trigger else ()
    facts = [event for event in named if event in HEARD]
    if facts and not triggers.told(duty.trigger or "", on=stated.happened_on):
        raise NotSetOff(
            f"该情形由系统事实自动触发：{'、'.join(facts)}。",
            f"It is set off by facts: {', '.join(facts)}.",
        )
    if stated.happened_on.year != duty.year or stated.happened_on > today:
        raise _fault(
            "/happened_on",
            "应在计划年度内且不晚于今天",
            "expected a day of the plan's year, not later",
        )


async def _check_reach(
    session: AsyncSession, duty: PlanDuty, stated: HappeningBody, *, by: Principal
) -> None:
    """Everybody is the city's to ask; an office below may ask those who stand in its place."""
    if stated.only is None:
        if not POLICIES.allows(by, Act.SET_OFF, Place(city.current().code)):
            raise NotYours("只能对本辖区内的责任主体触发。", "Name those of your own area.")
        return
    roll = await rolls.roll(session, on=stated.happened_on)
    places = await _places(session, duty.meant(roll, on=stated.happened_on), stated)
    if not all(POLICIES.allows(by, Act.SET_OFF, Place(region)) for region in places.values()):
        raise NotYours("只能对本辖区内的责任主体触发。", "Name those of your own area.")


async def _places(session: AsyncSession, meant: Subjects, stated: HappeningBody) -> dict[str, str]:
    """Where those who are named stand; refused with each that nobody knows or the duty spares."""
    named = stated.only or ()
    places = {code: place_of(code) for code in named if code in meant.units}
    left = set(named) - places.keys()
    enterprises = await chains.entries_among(session, left, on=stated.happened_on)
    now = {row.uscc: row.region_code for row in await chains.known_among(session, left)}
    places |= {row.uscc: now[row.uscc] for row in enterprises if _belongs(row, meant)}
    others = [code for code in named if code not in places]
    if others:
        known = await organisations.known(session, others, day=stated.happened_on)
        known |= {row.uscc for row in enterprises}
        raise InvalidPayload(
            *(
                _spared(n, code) if code in known else _unknown(n, code)
                for n, code in enumerate(named)
                if code not in places
            )
        )
    return places


def _belongs(row: Entry, meant: Subjects) -> bool:
    return any(
        subjects.includes(group, sector=row.sector, high_risk=row.high_risk, flags=row.groups)
        for group in meant.enterprises
    )


def _spared(n: int, code: str) -> FieldFault:
    return FieldFault(
        pointer=f"/only/{n}",
        code="not_meant",
        zh=f"{code}不属于该职责的责任主体",
        en=f"The duty does not mean {code}.",
    )


def _unknown(n: int, code: str) -> FieldFault:
    return FieldFault(
        pointer=f"/only/{n}",
        code="subject_unknown",
        zh=f"没有单位或企业 {code}",
        en=f"There is no unit or enterprise {code}.",
    )


def _fault(pointer: str, zh: str, en: str) -> InvalidPayload:
    return InvalidPayload(FieldFault(pointer=pointer, code="out_of_range", zh=zh, en=en))
