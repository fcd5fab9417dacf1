"""Keeping the counts equal to the accidents."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.statistics import (
    domain,
    operations_bases,
    operations_closure,
    queries,
)
from services.incidents.statistics.domain import Contribution, Key, Measures, Standing
from services.incidents.statistics.tables import (
    CONTRIBUTED,
    MEASURES,
    CountedAccident,
    Statistic,
)


def contribution(accident: Accident, standing: Standing) -> Contribution:
    """What an accident adds as it stands; the missing count once they are presumed dead."""
    county, park = domain.placed(accident.region_code)
    return Contribution(
        region_code=county,
        park_code=park,
        month=domain.month_of(calendar.day_of(accident.occurred_at)),
        industry=accident.industry or domain.ANY,
        accident_type=accident.accident_type,
        grade=accident.grade,
        deaths=accident.figures.counted_deaths,
        serious_injuries=accident.serious_injuries,
        direct_loss_wan=accident.direct_loss_wan or Decimal(),
        standing=standing,
    )


async def count(session: AsyncSession, *, accident_id: UUID, now: datetime) -> None:
    """Let the sums hold an accident as it stands now: what it added before goes, what is comes.

    It may be done again at any time, in any order of facts.
    """
    accident = await accidents.get(session, accident_id)
    known = await queries.counted(session, accident_id)
    before = known.contribution if known else None
    after = contribution(accident, await queries.counts_in(session, accident))
    if known is None:
        session.add(_counted(accident, after, now=now))
        await operations_bases.arm_freezing(session, now=now)
    else:
        known.enterprise_uscc = accident.enterprise_uscc
        if before != after:
            _recounted(known, after, now=now)
    await session.flush()
    await add(session, domain.change(before, after))
    await operations_closure.recount_cases(session, accident_id=accident_id)


def _counted(accident: Accident, after: Contribution, *, now: datetime) -> CountedAccident:
    return CountedAccident.new(
        **{name: getattr(after, name) for name in CONTRIBUTED},
        enterprise_uscc=accident.enterprise_uscc,
        accident_id=accident.id,
        standing_since=now,
        counted_at=now,
        frozen_deaths=None,
    )


def _recounted(known: CountedAccident, after: Contribution, *, now: datetime) -> None:
    if known.standing != after.standing and Standing.COUNTED in (known.standing, after.standing):
        known.standing_since = now
    if known.standing == Standing.LEFT_OUT:
        known.counted_at = now
    for name in CONTRIBUTED:
        setattr(known, name, getattr(after, name))


_ROLLUP = cast(Table, Statistic.__table__)
_NEW = upsert(_ROLLUP)
# Rows are given beside the statement: with them inside it would be compiled anew each time.
_ADD = _NEW.on_conflict_do_update(
    index_elements=[column.name for column in _ROLLUP.primary_key],
    set_={name: _ROLLUP.c[name] + _NEW.excluded[name] for name in MEASURES},
)


async def add(session: AsyncSession, changes: Mapping[Key, Measures]) -> None:
    """Add to the sums; rows are locked in the order of their keys, so that none wait in a ring."""
    if changes:
        rows = [asdict(key) | asdict(measures) for key, measures in changes.items()]
        await session.execute(_ADD, rows)
