"""Deciding what an accident counts as."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import AccidentQualified, AccidentStruckOff
from kernel import audit, calendar
from kernel.access import Principal
from kernel.outbox import publish
from kernel.problems import FieldFault, InvalidPayload
from reference import regions, units
from reference.packs import NothingInForce
from reference.terms import Level
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.tables import Accident
from services.incidents.policies import POLICIES, Act
from services.incidents.qualifications import domain, queries, rules
from services.incidents.qualifications.domain import (
    Cause,
    LevelTooLow,
    QualificationAction,
    QualificationStatus,
)
from services.incidents.qualifications.tables import Qualification, QualificationVersion

INVESTIGATION = "decree-493 30@2007-06-01"
"""The report of an investigation says what an accident was (Decree 493, 30)."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is decided, in whose words, on which basis."""

    action: QualificationAction
    opinion: str
    document: str | None = None
    cause: Cause | None = None
    basis: str = INVESTIGATION
    deciding_unit: str | None = None


async def qualify(
    session: AsyncSession, *, accident_id: UUID, decision: Decision, by: Principal, now: datetime
) -> None:
    """Find that it is a production-safety accident, or ask that it be struck off."""
    accident = await accident_queries.get(session, accident_id, lock=True)
    POLICIES.require(by, Act.QUALIFY, on=accident, seen_by=Act.READ)
    status = await _decide(session, accident, decision, by=by, now=now)
    if status is QualificationStatus.QUALIFIED:
        publish(
            session,
            AccidentQualified(
                occurred_at=now,
                accident_id=accident.id,
                region_code=accident.region_code,
                enterprise_uscc=accident.enterprise_uscc,
                grade=accident.current_grade,
                basis=decision.basis,
            ),
        )


async def decide_strike_off(
    session: AsyncSession, *, accident_id: UUID, decision: Decision, by: Principal, now: datetime
) -> None:
    """Record what the committee office of the named level decided; a lower one is refused."""
    accident = await accident_queries.get(session, accident_id, lock=True)
    POLICIES.require(by, Act.STRIKE_OFF, on=accident, seen_by=Act.READ)
    rule = _refuse_low(accident, decision, now=now)
    asked = await queries.current(session, accident_id)
    cause = Cause(asked.cause) if asked and asked.cause else None
    decided = Decision(
        action=decision.action,
        opinion=decision.opinion,
        document=decision.document,
        cause=cause,
        basis=rule,
        deciding_unit=decision.deciding_unit,
    )
    status = await _decide(session, accident, decided, by=by, now=now)
    if status is QualificationStatus.STRUCK_OFF:
        publish(
            session,
            AccidentStruckOff(
                occurred_at=now,
                accident_id=accident.id,
                region_code=accident.region_code,
                enterprise_uscc=accident.enterprise_uscc,
                grade=accident.current_grade,
                cause=str(cause),
                rule=rule,
            ),
        )


def _refuse_low(accident: Accident, decision: Decision, *, now: datetime) -> str:
    """The rule that lets the deciding unit decide; it stands above the place, high enough."""
    today = calendar.day_of(now)
    level = _level_above(accident, decision.deciding_unit or "", on=today)
    try:
        needed = rules.strike_off_row(accident.current_grade, on=today)
    except NothingInForce as gap:
        raise _not_deciding(
            "law_not_loaded",
            zh="该日没有可适用的核销规定",
            en="no rule on striking off is in force on this day",
        ) from gap
    if not rules.high_enough(level, grade=accident.current_grade, on=today):
        raise LevelTooLow(needed=str(needed.level))
    return needed.rule


def _level_above(accident: Accident, code: str, *, on: date) -> Level:
    above = {place.code for place in regions.ancestors(accident.region_code)}
    if code.partition(".")[0] not in above or not units.exists(code, on=on):
        raise _not_deciding(
            "not_above",
            zh="应为事故发生地上级的安委会办公室",
            en="expected a committee office above the place",
        )
    return units.unit(code, on=on).level


def _not_deciding(code: str, *, zh: str, en: str) -> InvalidPayload:
    return InvalidPayload(FieldFault(pointer="/deciding_unit", code=code, zh=zh, en=en))


async def _decide(
    session: AsyncSession, accident: Accident, decision: Decision, *, by: Principal, now: datetime
) -> QualificationStatus:
    held = await queries.current(session, accident.id)
    before = QualificationStatus(held.status) if held else QualificationStatus.PENDING
    status = domain.after(before, decision.action)
    values = _values(decision, status, by=by, now=now) | {
        "version": held.version + 1 if held else 1
    }
    if held is None:
        session.add(Qualification.new(**_of(accident), **values))
    else:
        for name, value in values.items():
            setattr(held, name, value)
    session.add(QualificationVersion.new(**_of(accident), **values))
    accidents.record_change(session, accident=accident, now=now)
    audit.note(
        session,
        by=by,
        act=f"qualification.{decision.action}",
        entity=accidents.ENTITY,
        entity_id=accident.id,
    )
    return status


def _of(accident: Accident) -> dict[str, Any]:
    return {
        "region_code": accident.region_code,
        "enterprise_uscc": accident.enterprise_uscc,
        "accident_id": accident.id,
    }


def _values(
    decision: Decision, status: QualificationStatus, *, by: Principal, now: datetime
) -> dict[str, Any]:
    return {
        "status": str(status),
        "cause": str(decision.cause) if decision.cause else None,
        "opinion": decision.opinion,
        "document": decision.document,
        "basis": decision.basis,
        "deciding_unit": decision.deciding_unit,
        "decided_by": by.subject,
        "unit": by.unit,
        "decided_at": now,
    }
