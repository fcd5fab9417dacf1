"""State units with their posts from a day on; what is left out of a unit ends with its holder."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit
from kernel.access import Principal
from services.tasks.holders import operations as holders
from services.tasks.lines import operations as lines
from services.tasks.lines import queries as line_queries
from services.tasks.organisations import operations as registry
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.domain import NewUnit
from services.tasks.policies import POLICIES, Act


async def state(
    session: AsyncSession, *, units: Sequence[NewUnit], on: date, by: Principal, now: datetime
) -> int:
    """State what units and their posts are from a day on; how many were new or changed."""
    for unit in units:
        POLICIES.require(by, Act.CHANGE_ORGANISATION, on=unit.facts, seen_by=Act.READ_UNITS)
    codes = [unit.facts.code for unit in units]
    kept = {post.code for unit in units for post in unit.posts}
    gone = set(await organisations.standing_posts(session, codes)) - kept
    changed = await registry.record_units(session, units=units, on=on, now=now)
    await holders.end_terms(session, posts=gone, on=on, by=by, now=now)
    for code in codes:
        _note(session, code, on=on, by=by)
    return changed


async def take(
    session: AsyncSession,
    *,
    units: Sequence[NewUnit],
    superiors: Mapping[str, str],
    on: date,
    by: Principal,
    now: datetime,
) -> int:
    """Store a whole workbook: its units first, then whom they report to."""
    changed = await state(session, units=units, on=on, by=by, now=now)
    await session.flush()
    above = await line_queries.above(session, on=on)
    for unit, superior in superiors.items():
        if above(unit) == superior:  # as usual, or as it was: nothing to state
            continue
        await lines.report_to(session, unit_code=unit, superior=superior, on=on, by=by)
        await session.flush()
    return changed


def _note(session: AsyncSession, code: str, *, on: date, by: Principal) -> None:
    audit.note(
        session,
        by=by,
        act=Act.CHANGE_ORGANISATION,
        entity="unit",
        entity_id=code,
        detail={"from": on.isoformat()},
    )
