"""Reading the ledger: lines, sums, and the same sums counted from the lines."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Select, Uuid, case, column, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from kernel.calendar import Cadence
from kernel.listing import Listing, equals, one_of, within
from services.tasks.indicators.domain import Period, Subject
from services.tasks.scores.domain import NOTHING, ItemsNotKept, LineKind, RunStatus, Sums
from services.tasks.scores.tables import ScoreItems, ScoreLine, ScoreRun, ScoreSum

LINES = Listing(
    "score-lines",
    key=ScoreLine.id,
    sorts={"last": ScoreLine.last, "indicator": ScoreLine.indicator},
    default="-last",
    filters={
        "region": within(ScoreLine.region_code, "行政区划 / division"),
        "unit": equals(ScoreLine.subject, str, "被考核单位 / the unit that is measured"),
        "group": equals(ScoreLine.group_code, str, "考核组别 / group of peers"),
        "cadence": one_of(ScoreLine.cadence, Cadence, "周期类别 / rhythms"),
        "first": equals(ScoreLine.first, date, "周期首日 / first day of the period"),
        "indicator": equals(ScoreLine.indicator, str, "指标 / indicator"),
        "kind": one_of(ScoreLine.kind, LineKind, "类别 / kinds"),
    },
)

_EACH = (
    func.unnest(ScoreItems.items, ScoreItems.in_numerator, ScoreItems.in_denominator)
    .table_valued(
        column("item", Uuid), column("in_numerator", Boolean), column("in_denominator", Boolean)
    )
    .render_derived(name="each")
)

ITEMS = Listing(
    "score-items",
    key=_EACH.c.item,
    sorts={"item": _EACH.c.item},
    default="item",
    filters={
        "in_numerator": equals(_EACH.c.in_numerator, bool, "计入分子 / is in the numerator"),
        "in_denominator": equals(_EACH.c.in_denominator, bool, "计入分母 / is in the denominator"),
    },
)

RUNS = Listing(
    "score-runs",
    key=ScoreRun.id,
    sorts={"started_at": ScoreRun.started_at},
    default="-started_at",
    filters={
        "cadence": one_of(ScoreRun.cadence, Cadence, "周期类别 / rhythms"),
        "status": one_of(ScoreRun.status, RunStatus, "状态 / states"),
    },
)


async def run(session: AsyncSession, run_id: UUID, *, lock: bool = False) -> ScoreRun:
    """One run. With `lock`, nobody else goes on with it until this transaction ends."""
    found = await session.get(ScoreRun, run_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(f"没有编号为 {run_id} 的计算任务", f"No run has the id {run_id}.")
    return found


async def is_computed(session: AsyncSession, period: Period, *, by: datetime) -> bool:
    """Whether a period had been computed once after its end, by an instant."""
    whole = select(ScoreRun.id).where(
        ScoreRun.cadence == period.cadence,
        ScoreRun.first == period.first,
        ScoreRun.as_of >= period.ends_at,
        ScoreRun.ended_at <= by,
    )
    return await session.scalar(whole.limit(1)) is not None


def no_line(line_id: UUID) -> NotFound:
    """What is said of a line that is absent, or not for the actor."""
    return NotFound(f"没有编号为 {line_id} 的得分", f"No line has the id {line_id}.")


async def items(session: AsyncSession, line: ScoreLine) -> Select[Any]:
    """What a line counts, each item as an object; of a reversal what it takes back counted."""
    counting = line.reverses or line.id
    kept = await session.scalar(select(ScoreItems.line_id).where(ScoreItems.line_id == counting))
    if kept is None and (line.numerator or line.denominator):
        raise ItemsNotKept(line_kind=str(line.kind))
    said = [part for name, value in _EACH.c.items() for part in (name, value)]
    each = func.jsonb_build_object(*said, type_=JSON)
    return select(each).join_from(ScoreItems, _EACH, true()).where(ScoreItems.line_id == counting)


async def of_subjects(
    session: AsyncSession, subjects: Collection[Subject], *, period: Period
) -> Mapping[Subject, Mapping[str, Sequence[ScoreLine]]]:
    """Every line of some subjects in a period, by indicator, oldest first."""
    by_unit = {(subject.group, subject.unit): subject for subject in subjects}
    found: dict[Subject, dict[str, list[ScoreLine]]] = defaultdict(lambda: defaultdict(list))
    chosen = select(ScoreLine).where(
        ScoreLine.cadence == period.cadence,
        ScoreLine.first == period.first,
        ScoreLine.subject.in_([unit for _, unit in by_unit]),
    )
    for row in await session.scalars(chosen.order_by(ScoreLine.sequence)):
        subject = by_unit.get((row.group_code, row.subject))
        if subject is not None:
            found[subject][row.indicator].append(row)
    return found


async def stood(
    session: AsyncSession, *, group: str, period: Period, at: datetime
) -> Mapping[tuple[str, str], ScoreLine]:
    """The lines of a group in a period that held at an instant, by unit and indicator."""
    chosen = select(ScoreLine).where(
        ScoreLine.cadence == period.cadence,
        ScoreLine.first == period.first,
        ScoreLine.group_code == group,
        ScoreLine.written_at <= at,
    )
    found: dict[tuple[str, str], ScoreLine] = {}
    for row in await session.scalars(chosen.order_by(ScoreLine.sequence)):
        found[row.subject, row.indicator] = row
    return {key: row for key, row in found.items() if row.kind != LineKind.REVERSAL}


def standing(lines: Sequence[ScoreLine]) -> ScoreLine | None:
    """The one of all lines about the same that holds now; None where it was taken back."""
    last = lines[-1] if lines else None
    return None if last is None or last.kind == LineKind.REVERSAL else last


async def sums(session: AsyncSession, *, group: str, period: Period) -> Mapping[str, Sums]:
    """What the units of a group come to in a period, from the roll-up."""
    chosen = select(ScoreSum).where(
        ScoreSum.cadence == period.cadence,
        ScoreSum.first == period.first,
        ScoreSum.group_code == group,
    )
    return _held(await session.scalars(chosen.order_by(ScoreSum.subject)))


async def recounted(session: AsyncSession, *, group: str, period: Period) -> Mapping[str, Sums]:
    """The same counted from the lines: what the roll-up must be equal to."""
    found = summed().where(
        ScoreLine.cadence == period.cadence,
        ScoreLine.first == period.first,
        ScoreLine.group_code == group,
    )
    return _held(await session.execute(found.order_by(ScoreLine.subject)))


def _held(rows: Iterable[Any]) -> Mapping[str, Sums]:
    """The sums of those of whom a line holds: who is measured no more has only reversed ones."""
    return {
        row.subject: Sums(**{name: getattr(row, name) for name in Sums.__slots__})
        for row in rows
        if row.measured or row.unmeasured
    }


async def measured(session: AsyncSession, period: Period) -> Sequence[Subject]:
    """Everybody of whom a line was ever written for a period, to be taken back, not counted."""
    chosen = select(ScoreSum.group_code, ScoreSum.subject, ScoreSum.region_code).where(
        ScoreSum.cadence == period.cadence, ScoreSum.first == period.first
    )
    return [
        Subject(
            group=group,
            unit=unit,
            region_code=place,
            territory=False,
        )
        for group, unit, place in await session.execute(chosen)
    ]


def summed() -> Select[*tuple[Any, ...]]:
    """The sums of lines, by what they are about: the columns of the roll-up."""
    measured = ScoreLine.points.is_not(None)
    weighed = ScoreLine.weight.is_not(None)
    # A multiplication of each would take as long as all the rest.
    points = case((ScoreLine.sign < 0, -ScoreLine.points), else_=ScoreLine.points)
    weight = case((ScoreLine.sign < 0, -ScoreLine.weight), else_=ScoreLine.weight)
    return select(
        ScoreLine.cadence,
        ScoreLine.first,
        ScoreLine.group_code,
        ScoreLine.subject,
        func.max(ScoreLine.last).label("last"),
        func.max(ScoreLine.region_code).label("region_code"),
        func.coalesce(func.sum(points).filter(weighed), NOTHING).label("earned"),
        func.coalesce(func.sum(weight), NOTHING).label("weight"),
        func.coalesce(func.sum(points).filter(~weighed), NOTHING).label("taken_off"),
        func.coalesce(func.sum(ScoreLine.sign).filter(measured), 0).label("measured"),
        func.coalesce(func.sum(ScoreLine.sign).filter(~measured), 0).label("unmeasured"),
    ).group_by(ScoreLine.cadence, ScoreLine.first, ScoreLine.group_code, ScoreLine.subject)
