"""Writing lines: what is as it was is left alone, what is not is reversed and written anew."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from services.tasks.indicators.domain import Period, Subject
from services.tasks.scores import domain, operations_items, queries
from services.tasks.scores.domain import Content, LineKind, Sums
from services.tasks.scores.tables import ScoreLine, ScoreSum


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Under which run, by whom and as of when lines are written."""

    period: Period
    as_of: datetime
    run_id: UUID | None
    by: str
    now: datetime


_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7320, hashtext(:period))")


async def hold(session: AsyncSession, period: Period) -> None:
    """Nobody else writes lines of a period until this transaction ends.

    Two runs, or a run and a ruling, would write the same further line.
    """
    named = f"{period.cadence}@{period.first.isoformat()}"
    await session.execute(_ONE_AT_A_TIME, {"period": named})


async def write(
    session: AsyncSession, wanted: Mapping[Subject, Sequence[Content]], *, writing: Writing
) -> int:
    """Let the ledger say what was computed for some subjects; how many lines that took.

    A line that a ruling put there stays: what was decided is not computed away. The sums move
    with the lines, and what each line counts is kept with it, in this transaction.
    """
    known = await queries.of_subjects(session, list(wanted), period=writing.period)
    fresh: list[tuple[Subject, ScoreLine]] = []
    for subject, contents in wanted.items():
        held = known.get(subject, {})
        computed = {said.indicator: said for said in contents}
        for indicator in sorted({*held, *computed}):
            lines = held.get(indicator, ())
            added = renewed(subject, lines, computed.get(indicator), writing=writing)
            fresh += [(subject, row) for row in added]
    session.add_all(row for _, row in fresh)
    await session.flush()
    await operations_items.keep(session, fresh, period=writing.period)
    await add_up(session, (row for _, row in fresh))
    return len(fresh)


def renewed(
    subject: Subject,
    lines: Sequence[ScoreLine],
    said: Content | None,
    *,
    writing: Writing,
) -> list[ScoreLine]:
    """The lines to add so that one about this says it: none where the standing one does."""
    last = queries.standing(lines)
    if last is not None and (last.kind == LineKind.RULED or _same(last, said)):
        return []
    sequence = len(lines)
    added = []
    if last is not None:
        sequence += 1
        added.append(reversal(subject, last, sequence=sequence, writing=writing))
    if said is not None:
        added.append(line(subject, said, sequence=sequence + 1, writing=writing))
    return added


def _same(last: ScoreLine, said: Content | None) -> bool:
    return said is not None and domain.said_by(last).bits() == said.bits()


def line(
    subject: Subject,
    said: Content,
    *,
    sequence: int,
    writing: Writing,
    kind: LineKind = LineKind.COUNTED,
) -> ScoreLine:
    """A new line of the ledger."""
    period = writing.period
    about = {name: getattr(said, name) for name in Content.__slots__ if name != "items"}
    return ScoreLine(
        id=domain.line_id(
            subject=subject, period=period, indicator=said.indicator, sequence=sequence
        ),
        cadence=period.cadence,
        first=period.first,
        last=period.last,
        group_code=subject.group,
        subject=subject.unit,
        region_code=subject.region_code,
        sequence=sequence,
        kind=str(kind),
        reverses=None,
        sign=1,
        **about,
        evidence=domain.evidence(said, subject=subject, period=period, as_of=writing.as_of),
        as_of=writing.as_of,
        run_id=writing.run_id,
        written_at=writing.now,
        written_by=writing.by,
    )


def reversal(subject: Subject, of: ScoreLine, *, sequence: int, writing: Writing) -> ScoreLine:
    """A line that takes another one back."""
    taken_back = line(
        subject,
        replace(domain.said_by(of), arithmetic=f"− ({of.arithmetic})"),
        sequence=sequence,
        writing=writing,
        kind=LineKind.REVERSAL,
    )
    taken_back.reverses, taken_back.sign = of.id, -1
    taken_back.evidence = {**of.evidence, "reverses": str(of.id)}
    return taken_back


_KEY = tuple(column.name for column in ScoreSum.__table__.primary_key)
_SUMMED = tuple(Sums.__slots__)


async def add_up(session: AsyncSession, lines: Iterable[ScoreLine]) -> None:
    """Add lines to the sums; rows are locked in the order of their keys."""
    sums: dict[tuple[object, ...], Sums] = defaultdict(Sums)
    places: dict[tuple[object, ...], ScoreLine] = {}
    for row in lines:
        key = (row.cadence, row.first, row.group_code, row.subject)
        sums[key] += domain.added(row)
        places[key] = row
    if not sums:
        return
    rows = [
        dict(zip(_KEY, key, strict=True))
        | {"last": places[key].last, "region_code": places[key].region_code}
        | asdict(sums[key])
        for key in sorted(sums, key=str)
    ]
    statement = upsert(ScoreSum).values(rows)
    together = {
        name: getattr(ScoreSum, name) + getattr(statement.excluded, name) for name in _SUMMED
    }
    await session.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=together))
