"""What is known of the figures of many enterprises at once."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, and_, any_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference import figures as pack
from reference.terms import DutyKind
from services.tasks.figures import queries as figures
from services.tasks.figures.queries import Span, Whose
from services.tasks.figures.queries_duties import Measured
from services.tasks.figures.tables import Figure, FigureBase
from services.tasks.measures.domain import Known
from services.tasks.measures.queries import year_before
from services.tasks.obligations import queries as owed
from services.tasks.obligations.domain import LIVE, Cause, Status
from services.tasks.obligations.tables import Obligation

Usccs = Collection[str]


async def sample(session: AsyncSession, opening_id: UUID) -> Obligation | None:
    """Any measured obligation of an opening: all of them are of one duty and one period."""
    found = _of_opening(opening_id)
    return await session.scalar(select(Obligation).where(found).limit(1))


async def of_units(session: AsyncSession, opening_id: UUID) -> Sequence[Obligation]:
    """The live obligations of units, locked: a few hundred at most."""
    found = select(Obligation).where(
        _of_opening(opening_id), Obligation.unit.is_not(None), Obligation.status.in_(LIVE)
    )
    return (await session.scalars(found.order_by(Obligation.subject).with_for_update())).all()


async def of_enterprises(
    session: AsyncSession, row: Obligation, *, after: str, limit: int
) -> Sequence[tuple[UUID, str]]:
    """The live obligations of some enterprises, in order of their codes, locked."""
    found = (
        select(Obligation.id, Obligation.subject)
        .where(
            Obligation.origin == row.origin,
            Obligation.duty == row.duty,
            Obligation.subject > after,
            Obligation.enterprise_uscc.is_not(None),
            Obligation.status != Status.SUPERSEDED,
            Obligation.status.in_(LIVE),
        )
        .order_by(Obligation.subject)
        .limit(limit)
        .with_for_update()
    )
    return [(found_id, subject) for found_id, subject in await session.execute(found)]


def _array(usccs: Usccs):  # type: ignore[no-untyped-def]  # SQLAlchemy's own is long
    return literal(list(usccs), ARRAY(Text))


def _of_opening(opening_id: UUID):  # type: ignore[no-untyped-def]  # SQLAlchemy's own is long
    return and_(
        Obligation.origin == opening_id,
        Obligation.cause == Cause.PERIOD,
        Obligation.status != Status.SUPERSEDED,
        Obligation.duty_kind.in_(pack.MEASURED),
    )


async def known(session: AsyncSession, measured: Measured, usccs: Usccs) -> Mapping[str, Known]:
    """What is known of each enterprise at the end of a period; of who is missing, nothing is."""
    match measured.rule.told_by:
        case "obligations":
            return await _of_obligations(session, measured, usccs)
        case "orders" | "investigations":
            return {uscc: Known(numerator=0, denominator=0) for uscc in usccs}
    bases = await _bases(session, measured, usccs)
    if measured.rule.told_by == "accidents":
        return await _of_accidents(session, measured, usccs, bases)
    if pack.adds_up(measured.rule, measured.kind):
        sums = await _sums(session, measured, usccs)
        return {uscc: Known(count=sums.get(uscc), base=bases.get(uscc)) for uscc in usccs}
    return {
        row.enterprise_uscc or "": Known(
            count=row.amount,
            numerator=row.numerator,
            denominator=row.denominator,
            base=bases.get(row.enterprise_uscc or ""),
        )
        for row in await _newest(session, measured, usccs)
    }


async def _of_accidents(
    session: AsyncSession, measured: Measured, usccs: Usccs, bases: Mapping[str, int]
) -> Mapping[str, Known]:
    sums = await _sums(session, measured, usccs)
    year = measured.first.year
    frozen = await figures.frozen(session, year) is not None
    return {
        uscc: Known(count=sums.get(uscc, 0), base=bases.get(uscc, 0) if frozen else None)
        for uscc in usccs
    }


async def _sums(session: AsyncSession, measured: Measured, usccs: Usccs) -> Mapping[str, int]:
    chosen = select(Figure.enterprise_uscc, func.sum(Figure.amount))
    found = chosen.where(_held(measured, usccs)).group_by(Figure.enterprise_uscc)
    return {str(uscc): int(total or 0) for uscc, total in await session.execute(found)}


async def _newest(session: AsyncSession, measured: Measured, usccs: Usccs) -> Sequence[Figure]:
    chosen = select(Figure).where(_held(measured, usccs)).ext(distinct_on(Figure.enterprise_uscc))
    ordered = chosen.order_by(Figure.enterprise_uscc, Figure.day.desc(), Figure.id.desc())
    return (await session.scalars(ordered)).all()


def _held(measured: Measured, usccs: Usccs) -> ColumnElement[bool]:
    span = Span(first=measured.first, last=measured.last)
    return figures.held(measured.duty.metric, whose=Whose(enterprises=usccs), span=span)


async def _bases(session: AsyncSession, measured: Measured, usccs: Usccs) -> Mapping[str, int]:
    if measured.kind is not DutyKind.REDUCTION_TARGET:
        return {}
    chosen = select(FigureBase.enterprise_uscc, func.sum(FigureBase.amount)).where(
        FigureBase.year == measured.first.year,
        FigureBase.metric == measured.duty.metric,
        FigureBase.enterprise_uscc == any_(_array(usccs)),
        FigureBase.day >= year_before(measured.first),
        FigureBase.day <= year_before(measured.last),
    )
    found = await session.execute(chosen.group_by(FigureBase.enterprise_uscc))
    return {str(uscc): int(total or 0) for uscc, total in found}


async def _of_obligations(
    session: AsyncSession, measured: Measured, usccs: Usccs
) -> Mapping[str, Known]:
    begins_at, ends_at = calendar.opens_at(measured.first), calendar.closes_at(measured.last)
    due = and_(
        Obligation.enterprise_uscc == any_(_array(usccs)),
        owed.due_within(begins_at, ends_at),
        owed.owed(),
        Obligation.duty_kind.not_in(pack.MEASURED),
    )
    late, done = or_(owed.late(), owed.missed(ends_at)), owed.done_in_time()
    counted = (func.count().filter(done), func.count())
    chosen = select(Obligation.enterprise_uscc, *counted).where(due, or_(late, done))
    found = await session.execute(chosen.group_by(Obligation.enterprise_uscc))
    counts = {str(uscc): Known(numerator=kept, denominator=all_) for uscc, kept, all_ in found}
    nothing = Known(numerator=0, denominator=0)
    return {uscc: counts.get(uscc, nothing) for uscc in usccs}
