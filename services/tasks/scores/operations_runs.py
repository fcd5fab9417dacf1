"""Computing a period: some subjects at a time, each piece a transaction of its own.

A run keeps how far it has come, so that nothing is lost or done twice when a process dies, and
between two pieces every other deadline has its turn. Scheduled periods are computed a little
after they end: what was due at midnight has been found overdue by then.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar, timers
from kernel.access import SYSTEM, Place, Principal
from kernel.calendar import Cadence
from kernel.ids import uuid7
from reference import city, scoring
from services.tasks.indicators import domain as figures
from services.tasks.indicators import queries as counting
from services.tasks.indicators.domain import NOTHING, Period, Subject
from services.tasks.organisations import queries as organisations
from services.tasks.policies import POLICIES
from services.tasks.policies_scoring import ScoreAct
from services.tasks.scores import domain, operations, queries
from services.tasks.scores.domain import FIRST_DIGEST, Content, PeriodNotBegun, RunStatus
from services.tasks.scores.operations import Writing
from services.tasks.scores.tables import ScoreRun

PERIOD_DUE = "score_period_due"
PIECE_DUE = "score_piece_due"
PIECE = 50
"""Subjects of one piece: what they hold in memory is bounded by it."""

_RULE = "platform scoring"
_SETTLED_AFTER = timedelta(minutes=30)
_AGAIN = "again"


def schedule(session: AsyncSession, *, now: datetime) -> None:
    """Have the periods that run now computed once they end, and all after them. Safe to repeat."""
    today = calendar.day_of(now)
    for row in scoring.cadences(on=today):
        _arm(session, figures.period_of(today, row.code))


async def order_schedule(session: AsyncSession, *, by: Principal, now: datetime) -> None:
    """Begin with the figures, dispatches, bulletins, rankings and assessments of a city."""
    _require(by)
    schedule(session, now=now)
    audit.note(session, by=by, act="score.schedule", entity="score_run", entity_id="schedule")


def _arm(session: AsyncSession, period: Period, *, again_after: int = 0) -> None:
    entity = f"{period.cadence}@{period.first.isoformat()}"
    due_at = period.ends_at + _SETTLED_AFTER + timedelta(days=again_after)
    if again_after:
        entity += f"@{_AGAIN}"
    timers.arm_once(
        session, timers.new(kind=PERIOD_DUE, entity_id=entity, due_at=due_at, rule=_RULE)
    )


async def compute_ended(session: AsyncSession, *, named: str, now: datetime) -> None:
    """A scheduled period has ended: compute it, and wait for the next one."""
    cadence, first, *again = named.split("@")
    period = figures.period_of(date.fromisoformat(first), Cadence(cadence))
    _begin(session, period, by=SYSTEM, now=now)
    if again:
        return
    _arm(session, period.after)
    days = scoring.cadence(period.cadence, on=period.last).again_after_days
    if days:
        _arm(session, period, again_after=days)


async def order(
    session: AsyncSession, *, cadence: Cadence, day: date, by: Principal, now: datetime
) -> ScoreRun:
    """Compute the period that holds a day, as things stand now."""
    _require(by)
    period = figures.period_of(day, cadence)
    if period.begins_at > now:
        raise PeriodNotBegun
    run = _begin(session, period, by=by, now=now)
    audit.note(session, by=by, act=ScoreAct.COMPUTE_SCORES, entity="score_run", entity_id=run.id)
    return run


def _require(by: Principal) -> None:
    here = Place(city.current().code)
    POLICIES.require(by, ScoreAct.COMPUTE_SCORES, on=here, seen_by=ScoreAct.READ_RANKINGS)


def _begin(session: AsyncSession, period: Period, *, by: Principal, now: datetime) -> ScoreRun:
    run = ScoreRun(
        id=uuid7(),
        cadence=period.cadence,
        first=period.first,
        last=period.last,
        status=str(RunStatus.RUNNING),
        as_of=now,
        subjects=0,
        added=0,
        digest=FIRST_DIGEST,
        ordered_by=by.subject,
        started_at=now,
    )
    session.add(run)
    _next_piece(session, run, now=now)
    return run


def _next_piece(session: AsyncSession, run: ScoreRun, *, now: datetime) -> None:
    entity = f"{run.id}@{run.subjects}"
    timers.begin(session, timers.new(kind=PIECE_DUE, entity_id=entity, due_at=now, rule=_RULE))


async def go_on(session: AsyncSession, *, run_id: UUID, now: datetime) -> ScoreRun:
    """Compute the next piece of a run; it has ended once nobody is left."""
    run = await queries.run(session, run_id, lock=True)
    await operations.hold(session, run.period)
    subjects = await everybody(session, run.period, as_of=run.as_of)
    left = [one for one in subjects if run.done_through is None or _name(one) > run.done_through]
    piece = [one for one in left[:PIECE] if one.group == left[0].group]
    writing = Writing(period=run.period, as_of=run.as_of, run_id=run.id, by=run.ordered_by, now=now)
    if piece:
        wanted = await computed(session, piece, period=run.period, as_of=run.as_of)
        run.added += await operations.write(session, wanted, writing=writing)
        for subject, contents in wanted.items():
            run.digest = domain.chained(run.digest, subject, contents)
        run.subjects += len(piece)
        run.done_through = _name(piece[-1])
    if len(piece) == len(left):
        run.added += await _take_back(session, subjects, writing=writing)
        run.status, run.ended_at = str(RunStatus.DONE), now
    else:
        _next_piece(session, run, now=now)
    return run


async def _take_back(
    session: AsyncSession, subjects: Sequence[Subject], *, writing: Writing
) -> int:
    """Who was measured before and belongs to no group by now is not ranked by old lines."""
    there = {_name(one) for one in subjects}
    before = await queries.measured(session, writing.period)
    gone = {one: () for one in before if _name(one) not in there}
    return await operations.write(session, gone, writing=writing)


def _name(subject: Subject) -> str:
    return f"{subject.group}|{subject.unit}"


async def everybody(session: AsyncSession, period: Period, *, as_of: datetime) -> list[Subject]:
    """Who is measured in a period, in order: who belonged to a group on its last day, or today."""
    day = min(period.last, calendar.day_of(as_of))
    found = []
    for group in scoring.groups(on=day):
        if not scoring.indicators(group.code, period.cadence, on=day):
            continue
        members = scoring.members(group, on=day)
        there = await organisations.standing(session, [unit.code for unit in members], day=day)
        found += [
            Subject(
                group=group.code,
                unit=unit.code,
                region_code=unit.region,
                territory=group.counts == "territory",
            )
            for unit in members
            if unit.code in there
        ]
    return sorted(found, key=_name)


async def computed(
    session: AsyncSession, subjects: Sequence[Subject], *, period: Period, as_of: datetime
) -> Mapping[Subject, Sequence[Content]]:
    """What the lines of some subjects of one group have to say."""
    day = min(period.last, calendar.day_of(as_of))
    found: dict[Subject, list[Content]] = defaultdict(list)
    for indicator in scoring.indicators(subjects[0].group, period.cadence, on=day):
        counts = await counting.counted(
            session, indicator, subjects=subjects, period=period, as_of=as_of
        )
        for subject in subjects:
            found[subject].append(domain.content(indicator, counts.get(subject.place, NOTHING)))
    return found
