"""Keeping an accident's grade and its version, and telling those who hold a copy."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import changes
from services.incidents.accidents.rules import Verdict
from services.incidents.accidents.schemas import AccidentView
from services.incidents.accidents.tables import Accident, GradeVersion

ENTITY = "accident"


def keep_grade(
    session: AsyncSession, *, accident: Accident, verdict: Verdict, report_id: UUID, now: datetime
) -> None:
    """Give an accident its grade; the one before stays as a version."""
    accident.grade = str(verdict.grade)
    accident.estimated_grade = str(verdict.estimated_grade)
    accident.grade_version += 1
    session.add(
        GradeVersion.new(
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            accident_id=accident.id,
            version=accident.grade_version,
            report_id=report_id,
            grade=str(verdict.grade),
            estimated_grade=str(verdict.estimated_grade),
            measure=str(verdict.measure),
            value=verdict.value,
            threshold=verdict.threshold,
            regime=accident.regime,
            rule=verdict.row.rule,
            decided_at=now,
        )
    )


def record_change(session: AsyncSession, *, accident: Accident, now: datetime) -> None:
    """Count a change of an accident and put its new state into the change log.

    The scope is the place itself: who pulls names every place below their region.
    """
    accident.version += 1
    accident.updated_at = now
    view = AccidentView.model_validate(accident)
    changes.record(
        session,
        scope=accident.region_code,
        entity=ENTITY,
        entity_id=accident.id,
        op=changes.Op.UPSERT,
        version=accident.version,
        body=view.model_dump(mode="json"),
    )
