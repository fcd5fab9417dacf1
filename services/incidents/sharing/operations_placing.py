"""Moving an accident that came without a known place to where it lies."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Table, update
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import AccidentPlaced
from kernel.outbox import publish
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base
from services.incidents.investigations import operations as investigations
from services.incidents.investigations.domain import AssignmentReason
from services.incidents.reports.operations import toll

# What stands in a place of its own, and what follows the accident by the fact.
STAY = frozenset(
    {
        *("draft", "lead", "lead_entry", "likeness", "public_report", "share"),
        *("counted_accident", "counted_case", "map_point", "search_gram", "search_text"),
    }
)


async def move(session: AsyncSession, *, accident: Accident, to: str, now: datetime) -> None:
    """Let an accident and what is kept of it stand where it lies, and tell.

    It is investigated and counted there. The desk that took the report stays its receiver.
    """
    before = accident.region_code
    if to == before:
        return
    for table in _kept_of_accidents():
        here = (table.c.accident_id == accident.id, table.c.region_code == before)
        await session.execute(update(table).where(*here).values(region_code=to))
    accident.region_code = to
    # Who investigates accidents of its grade in its place does so (Decree 493, 19).
    investigations.settle(session, accident=accident, reason=AssignmentReason.GRADED, now=now)
    publish(
        session,
        AccidentPlaced(
            occurred_at=now,
            accident_id=accident.id,
            region_code=to,
            enterprise_uscc=accident.enterprise_uscc,
            from_region=before,
            grade=accident.current_grade,
            toll=toll(accident.figures),
            investigating_level=accident.current_level,
            investigating_unit=accident.investigating_unit,
        ),
    )


def _kept_of_accidents() -> Iterator[Table]:
    """Evidence and decisions that nobody may change stay where they were made."""
    for table in Base.metadata.sorted_tables:
        movable = table.info.get("movable", ())
        frozen = table.info.get("append_only") and "region_code" not in movable
        placed = {"accident_id", "region_code"} <= set(table.c.keys())
        if placed and not frozen and table.name not in STAY:
            yield table
