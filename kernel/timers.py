"""Statutory clocks: durable rows that fire late but never not, once in effect.

A timer's due instant is evidence and never changes; a postponement makes the next
generation with its reason. The effect and the mark that it fired commit together.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import BigInteger, Index, Text, UniqueConstraint, Uuid, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from kernel import at_commit, clock, telemetry
from kernel.access import SYSTEM
from kernel.consumer import is_outage
from kernel.db import Base, Database, unit_of_work
from kernel.ids import uuid7
from kernel.insertion import values_of
from kernel.waiting import wait_for_either

log = structlog.get_logger(__name__)

POLL_S = 0.5
RETRY = (timedelta(seconds=1), timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))


class Timer(Base):
    """One deadline of one thing, under one rule."""

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("kind", "entity_id", "generation"),
        Index(
            "ix_timer_pending",
            "attempt_at",
            postgresql_where=text("fired_at IS NULL AND cancelled_at IS NULL"),
        ),
    )

    timer_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    kind: Mapped[str]
    entity_id: Mapped[str]
    generation: Mapped[int] = mapped_column(BigInteger, default=1)
    due_at: Mapped[datetime]
    rule: Mapped[str]
    reason: Mapped[str | None] = mapped_column(Text)
    attempt_at: Mapped[datetime]
    """When to try next: `due_at` until an attempt failed."""
    attempts: Mapped[int] = mapped_column(default=0)
    fired_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


Firing = Callable[[AsyncSession, Timer, datetime], Awaitable[None]]


@dataclass(frozen=True)
class TimerKind:
    """One line of a service's TIMERS: this deadline, that effect."""

    kind: str
    firing: Firing


def when(kind: str, firing: Firing) -> TimerKind:
    """Declare what happens when a kind of timer is due."""
    return TimerKind(kind, firing)


async def arm(
    session: AsyncSession,
    *,
    kind: str,
    entity_id: str,
    due_at: datetime,
    rule: str,
    reason: str | None = None,
) -> Timer:
    """Set a deadline. One that stands already is superseded by a new generation."""
    await _all_set(session)
    number = await session.scalar(
        select(func.max(Timer.generation)).where(Timer.kind == kind, Timer.entity_id == entity_id)
    )
    if number is not None:
        await cancel(session, kind=kind, entity_id=entity_id, now=clock.now())
    timer = new(
        kind=kind,
        entity_id=entity_id,
        due_at=due_at,
        rule=rule,
        reason=reason,
        generation=(number or 0) + 1,
    )
    session.add(timer)
    wake_for(session, timer)
    return timer


def begin(session: AsyncSession, *timers: Timer) -> None:
    """Set first deadlines of things that were made in this very transaction, all at its end."""
    for timer in timers:
        at_commit.store(session, timer)
        wake_for(session, timer)


async def _all_set(session: AsyncSession) -> None:
    """Let what this transaction has set until now be found in the table."""
    if at_commit.holds(session, Timer):
        await session.run_sync(at_commit.write)


def arm_once(session: AsyncSession, timer: Timer) -> None:
    """Set a first deadline that others may be setting at this moment: one of them stands."""
    at_commit.insert(session, Timer, values_of(timer), once=True)
    wake_for(session, timer)


def wake_for(session: AsyncSession, timer: Timer) -> None:
    """Wake this process's worker after the commit, if its next look would be too late."""
    if timer.due_at - clock.now() < timedelta(seconds=POLL_S):
        session.info["armed"] = True


async def latest(session: AsyncSession, *, kind: str, entity_id: str) -> Timer | None:
    """The newest generation of a deadline, whatever became of it."""
    await _all_set(session)
    chosen = select(Timer).where(Timer.kind == kind, Timer.entity_id == entity_id)
    return (await session.scalars(chosen.order_by(Timer.generation.desc()).limit(1))).one_or_none()


def new(
    *,
    kind: str,
    entity_id: str,
    due_at: datetime,
    rule: str,
    reason: str | None = None,
    generation: int = 1,
) -> Timer:
    """A timer for a thing that was made in this very transaction; `begin` sets it."""
    return Timer(
        timer_id=uuid7(),
        kind=kind,
        entity_id=entity_id,
        due_at=due_at,
        attempt_at=due_at,
        rule=rule,
        reason=reason,
        generation=generation,
        attempts=0,
    )


async def cancel(session: AsyncSession, *, kind: str, entity_id: str, now: datetime) -> None:
    """Call off a deadline that has been met. One that fired already stays fired.

    One that is firing at this moment is left alone: its effect waits for the caller's lock on
    the thing and then finds the deadline met. Waiting for it here would be a deadlock.
    """
    await _all_set(session)
    pending = (
        select(Timer.timer_id)
        .where(
            Timer.kind == kind,
            Timer.entity_id == entity_id,
            Timer.fired_at.is_(None),
            Timer.cancelled_at.is_(None),
        )
        .with_for_update(skip_locked=True)
    )
    chosen = update(Timer).where(Timer.timer_id.in_(pending))
    await session.execute(chosen.values(cancelled_at=now))


_DUE = (
    "SELECT 1 FROM timer WHERE attempt_at <= $1 AND fired_at IS NULL AND cancelled_at IS NULL"
    " AND kind = ANY($2::text[]) LIMIT 1"
)


class TimerWorker:
    """Fires one service's timers, oldest first. Any number may run at once."""

    def __init__(self, database: Database, kinds: Sequence[TimerKind]) -> None:
        self._database = database
        self._kinds: Mapping[str, Firing] = {kind.kind: kind.firing for kind in kinds}

    async def run(self) -> None:
        """Fire for ever whatever is due by the business clock."""
        while True:
            try:
                if not await self.fire_next(clock.now()):
                    await self._until_due()
            except Exception as reason:
                if not is_outage(reason):
                    log.error("timers.failed", exc_info=reason)
                await asyncio.sleep(POLL_S)

    async def _until_due(self) -> None:
        """Wait for a timer that this process sets, or for one whose time comes."""
        kinds = list(self._kinds)
        while not await wait_for_either(self._database.timers_nudge, seconds=POLL_S):
            if await self._database.lookout.see(_DUE, clock.now(), kinds):
                return

    async def fire_next(self, now: datetime) -> bool:
        """Fire the oldest timer that is due; whether there was one."""
        timer_id: UUID | None = None
        try:
            async with unit_of_work(self._database, SYSTEM) as session:
                timer = (await session.scalars(self._due(now))).one_or_none()
                if timer is None:
                    return False
                timer_id = timer.timer_id
                telemetry.TIMER_LATENESS.observe((now - timer.due_at).total_seconds())
                await self._kinds[timer.kind](session, timer, now)
                timer.fired_at = now
        except Exception as reason:
            if timer_id is None or is_outage(reason):
                raise
            await self._put_off(timer_id, now, reason)
        return True

    def _due(self, now: datetime):  # type: ignore[no-untyped-def]  # the ORM's own type is long
        return (
            select(Timer)
            .where(
                Timer.attempt_at <= now,
                Timer.fired_at.is_(None),
                Timer.cancelled_at.is_(None),
                Timer.kind.in_(self._kinds),
            )
            .order_by(Timer.attempt_at, Timer.timer_id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )

    async def _put_off(self, timer_id: UUID, now: datetime, reason: Exception) -> None:
        """Try a failed effect again later; it is never dropped, and others go on."""
        log.error("timer.failed", timer=str(timer_id), exc_info=reason)
        async with unit_of_work(self._database, SYSTEM) as session:
            timer = await session.get_one(Timer, timer_id, with_for_update=True)
            timer.attempt_at = now + RETRY[min(timer.attempts, len(RETRY) - 1)]
            timer.attempts += 1
