"""Correcting a report: a new version beside the old one, and what it moves."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar
from kernel.access import NotYours, Place, Principal
from kernel.ids import uuid7
from kernel.problems import FieldFault, InvalidPayload
from reference.packs import NothingInForce
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents import rules as grading
from services.incidents.accidents.tables import Accident
from services.incidents.corrections import queries
from services.incidents.corrections.schemas import (
    FIGURES,
    KINDS,
    TIMES,
    Changes,
    NewCorrection,
    as_corrected,
    now_says,
)
from services.incidents.corrections.tables import Correction
from services.incidents.directreports import operations as direct_reports
from services.incidents.followups import operations as followups
from services.incidents.followups import operations_facts as facts
from services.incidents.followups import operations_window as windows
from services.incidents.followups.operations_window import Stood
from services.incidents.policies import POLICIES, Act
from services.incidents.reports import rules
from services.incidents.reports.domain import ReportKind, law_not_loaded
from services.incidents.reports.schemas import NewReport
from services.incidents.reports.schemas_checks import refuse_future
from services.incidents.reports.tables import Report
from services.incidents.sharing import operations_placing as placing
from services.incidents.tolls import operations as tolls

ENTITY = "correction"


async def correct(
    session: AsyncSession, *, report_id: UUID, wanted: NewCorrection, by: Principal, now: datetime
) -> Correction:
    """Keep what a report should have said; the report itself stays as it was made."""
    report = await queries.report(session, report_id)
    accident = await accident_queries.get(session, report.accident_id, lock=True)
    POLICIES.require(by, Act.CORRECT, on=accident, seen_by=Act.READ)
    _refuse_words_of_others(report, by=by)
    earlier = await queries.of_report(session, report.id)
    said = _stood(accident, report, now_says(report, earlier))
    after = as_corrected(wanted.changes)
    _refuse_out_of_order(wanted.changes, said | after, now=now)
    _refuse_elsewhere(wanted.changes.region_code, by=by)
    moved = await _move(session, accident, report, wanted, by=by, now=now)
    correction = Correction.new(
        region_code=accident.region_code,
        enterprise_uscc=report.enterprise_uscc,
        id=wanted.correction_id,
        report_id=report.id,
        accident_id=accident.id,
        version=len(earlier) + 1,
        before={name: said[name] for name in after},
        after=after,
        why=wanted.why,
        moved=moved,
        corrected_at=now,
        corrected_by=by.subject,
        unit=by.unit,
    )
    session.add(correction)
    await session.flush()
    audit.note(session, by=by, act=Act.CORRECT, entity=ENTITY, entity_id=correction.id)
    return correction


def _stood(accident: Accident, report: Report, said: dict[str, Any]) -> dict[str, Any]:
    """What stood: of kind and trade also what a later report told, where the first left it open."""
    said = said | {"region_code": accident.region_code}
    if report.version > 1:
        return said
    return said | {name: said[name] or getattr(accident, name) for name in KINDS}


def _refuse_elsewhere(region: str | None, *, by: Principal) -> None:
    """A desk has no say in the area of another: the level above both moves an accident there."""
    if region is None or by.uscc is not None or POLICIES.allows(by, Act.CORRECT, Place(region)):
        return
    zh, en = "超出本辖区，请由共同的上级更正", "outside your area: the level above both moves it"
    raise InvalidPayload(FieldFault(pointer="/changes/region_code", code="elsewhere", zh=zh, en=en))


def _refuse_words_of_others(report: Report, *, by: Principal) -> None:
    if by.uscc is not None and report.reporting_unit is not None:
        raise NotYours(
            "企业只能更正本企业提交的报告", "An enterprise corrects only what it reported itself."
        )


def _refuse_out_of_order(changes: Changes, said: dict[str, object], *, now: datetime) -> None:
    """Refuse times that are to come, and a head who knew before it happened."""
    refuse_future({"occurred_at": changes.occurred_at, "known_at": changes.known_at}, now=now)
    occurred, known = (_instant(said[name]) for name in ("occurred_at", "known_at"))
    if occurred and known and known < occurred:
        zh, en = "不得早于事故发生时间", "expected a time not before occurred_at"
        raise InvalidPayload(
            FieldFault(pointer="/changes/known_at", code="before_occurrence", zh=zh, en=en)
        )


def _instant(said: object) -> datetime | None:
    return datetime.fromisoformat(str(said)) if said else None


async def _move(
    session: AsyncSession,
    accident: Accident,
    report: Report,
    wanted: NewCorrection,
    *,
    by: Principal,
    now: datetime,
) -> bool:
    """Change the accident where the report is what it stands on; whether anything changed.

    Facts stand on the first report, figures on the last. Times decide whether an enterprise
    was late, kind and trade by which law it is judged and by whom, so only a desk's correction
    of them moves anything. Whoever counts by day, place, kind or trade is told.
    """
    moved = False
    stood, window = _facts(accident), windows.stands(accident)
    if report.version == 1:
        placed = await _place(session, accident, wanted.changes.region_code, by=by, now=now)
        known_at = wanted.changes.known_at or await queries.known_at(session, accident.id)
        moved = _move_facts(accident, known_at, wanted.changes, by=by) or placed
        if by.uscc is None and wanted.changes.known_at is not None:
            await direct_reports.move_clocks(
                session,
                accident=accident,
                known_at=wanted.changes.known_at,
                reason=f"correction {wanted.correction_id}",
            )
    if (other := _facts(accident)) != stood:
        if (other.day, other.kind) != (stood.day, stood.kind):
            await _judge_anew(session, accident, report, window, now=now)
        facts.settle(session, accident, now=now)
        facts.tell(
            session,
            accident,
            report_id=report.id,
            now=now,
            industry=other.trade != stood.trade,
            accident_type=other.kind != stood.kind,
        )
    if moved:
        accidents.record_change(session, accident=accident, now=now)
    stated = wanted.changes.model_fields_set.intersection(FIGURES)
    if stated and report.version == accident.statements:
        await followups.add_report(
            session, report=_restated(accident, wanted), by=by, received_at=now, now=now
        )
        moved = True
    return moved


async def _place(
    session: AsyncSession, accident: Accident, region: str | None, *, by: Principal, now: datetime
) -> bool:
    """Let an accident that was thought to lie elsewhere stand where it lies."""
    stands = region in (None, accident.region_code) or accident.merged_into is not None
    if region is None or stands or by.uscc is not None:
        return False
    await placing.move(session, accident=accident, to=region, now=now)
    accident.unplaced = False
    accidents.record_change(session, accident=accident, now=now)
    return True


class _Facts(NamedTuple):
    """What others count or judge an accident by, beside its figures."""

    day: datetime
    place: str
    kind: str
    trade: str | None


def _facts(accident: Accident) -> _Facts:
    return _Facts(accident.occurred_at, accident.place, accident.accident_type, accident.industry)


async def _judge_anew(
    session: AsyncSession, accident: Accident, report: Report, stood: Stood, *, now: datetime
) -> None:
    """Another day or kind is another window: what was stated is held against it (Decree 493, 13).

    A kind with a scale of its own is graded by that.
    """
    if accident.merged_into is not None:
        return
    try:
        await windows.judge_anew(
            session, accident=accident, stood=stood, report_id=report.id, now=now
        )
    except NothingInForce as gap:
        raise law_not_loaded() from gap
    await session.flush()
    await tolls.judge_anew(session, accident=accident, now=now)


def _move_facts(
    accident: Accident, known_at: datetime | None, changes: Changes, *, by: Principal
) -> bool:
    accident.place = changes.place or accident.place
    if by.uscc is not None:
        return changes.place is not None
    if changes.industry is not None:
        facts.classify(accident, changes.industry)
    if changes.occurred_at or changes.known_at or changes.accident_type:
        _move_window(accident, known_at, changes)
    return any(getattr(changes, name) is not None for name in _MOVING)


_MOVING = ("place", *TIMES, *KINDS)


def _move_window(accident: Accident, known_at: datetime | None, changes: Changes) -> None:
    """The window runs from the accident by its kind, the hour from when the unit's head knew."""
    accident.accident_type = changes.accident_type or accident.accident_type
    accident.occurred_at = changes.occurred_at or accident.occurred_at
    try:
        window = grading.window(accident.accident_type, occurred_at=accident.occurred_at)
    except NothingInForce as gap:
        raise law_not_loaded() from gap
    accident.window_closes_at, accident.window_rule = window.closes_at, window.row.rule
    if known_at is not None:
        lateness = rules.lateness(
            known_at=known_at,
            received_at=accident.received_at,
            on=calendar.day_of(accident.received_at),
        )
        accident.late, accident.late_by_seconds = lateness.late, lateness.by_seconds


def _restated(accident: Accident, wanted: NewCorrection) -> NewReport:
    """The corrected figures as one more report: the grade follows from reports alone."""
    changes = wanted.changes
    return NewReport(
        report_id=uuid7(),
        kind=ReportKind.FOLLOWUP,
        accident_id=accident.id,
        casualties=changes.casualties,
        missing_presumed_dead=changes.missing_presumed_dead,
        direct_loss_wan=changes.direct_loss_wan,
        burnt_area_ha=changes.burnt_area_ha,
        summary=wanted.why,
    )
