"""What was done in the quarter that is played: a plain log, replayed step by step.

It is written by whoever plays and reads nothing that the service keeps: from it a counter says
what every figure has to be, at any instant of the play.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from kernel import calendar
from reference import holidays


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that was done, and when."""

    at: datetime
    what: str
    piece: "Piece | None" = None
    value: Any = None


@dataclass(kw_only=True, eq=False)
class Piece:
    """Evidence of one act. Its id is known once it was handed in."""

    id: UUID = field(default=UUID(int=0))
    on: date | None = None
    activity: str | None = None


@dataclass(kw_only=True)
class Stood:
    """How an obligation stood at an instant."""

    due_at: datetime
    pieces: dict[Piece, str] = field(default_factory=dict)
    returns: list[tuple[UUID, datetime]] = field(default_factory=list)
    late_at: datetime | None = None
    closed_at: datetime | None = None
    stopped: bool = False
    gone: bool = False
    """Whether nobody owes it: another stands for it, or it was excused."""
    released: bool = False
    """Whether what asked for it fell away while it was open: it counts as late, or not at all."""
    settled: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing is handed in for it any more."""
        return self.gone or self.released or self.closed_at is not None


@dataclass(kw_only=True, eq=False)
class Owed:
    """What one unit has to do by when, and all that was done about it."""

    unit: str
    duty: str
    due_at: datetime
    origin: object
    """What asked for it: of one origin nobody owes a duty twice."""
    id: UUID = field(default=UUID(int=0))
    since: datetime | None = None
    """When it was taken over from a unit that ended, as it stood."""
    least: int = 1
    activities: tuple[str, ...] = ()
    """The sorts of acts that count; empty for whatever was done."""
    monthly: bool = False
    """Whether at most one counts in a month."""
    first: date | None = None
    last: date | None = None
    clocked: bool = True
    """Whether it is late by itself once it is due; else a reviewer finds that."""
    judge: Callable[[datetime], str] | None = None
    """Of what a figure decides: `met`, `missed` or `left`, by what is known at an instant."""
    steps: list[Step] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Where the unit stands."""
        return self.unit.partition(".")[0]

    def stood(self, at: datetime) -> Stood:
        """Replay everything up to an instant."""
        now = Stood(due_at=self.due_at)
        for step in self.steps:
            if step.at > at:
                break
            self._ring(now, step.at)
            self._do(now, step)
        self._ring(now, at)
        return now

    def _ring(self, now: Stood, at: datetime) -> None:
        """The deadline passes, at its own instant."""
        if now.due_at > at or now.over or now.stopped or at == self.since:
            return
        if self.judge is None:
            if self.clocked:
                self._look(now, now.due_at)
        elif not now.settled:
            now.settled = True
            self._settle(now, now.due_at)

    def _settle(self, now: Stood, at: datetime) -> None:
        assert self.judge is not None
        outcome = self.judge(at)
        if outcome == "met":
            now.closed_at = at
        elif outcome == "missed":
            now.late_at = now.late_at or at

    def _look(self, now: Stood, at: datetime) -> None:
        """Whether it is late: what waits for its reviewer is nobody's delay."""
        waiting = sum(state == "waiting" for state in now.pieces.values())
        owes = self.counted(now) + waiting < self.least
        if owes and not now.over and not now.stopped and at >= now.due_at:
            now.late_at = now.late_at or at

    def counted(self, now: Stood) -> int:
        """How many acts count, looked at one by one."""
        acts: set[tuple[Any, ...]] = set()
        for piece, state in now.pieces.items():
            if state == "accepted" and self._in_time(piece, now) and self._fits(piece):
                acts.add(self._act(piece))
        return len(acts)

    def _act(self, piece: Piece) -> tuple[Any, ...]:
        if piece.on is None:
            return (piece.id,)
        return (piece.on.year, piece.on.month) if self.monthly else (piece.activity, piece.on)

    def _in_time(self, piece: Piece, now: Stood) -> bool:
        if self.first is None or self.last is None:
            return True
        moved = calendar.day_of(now.due_at - timedelta(seconds=1))
        return piece.on is not None and self.first <= piece.on <= max(self.last, moved)

    def _fits(self, piece: Piece) -> bool:
        return not self.activities or piece.activity in self.activities

    def _do(self, now: Stood, step: Step) -> None:
        if step.piece is not None and step.what != "copy":
            now.pieces[step.piece] = _STATES[step.what]
        match step.what:
            case "copy":
                assert step.piece is not None
                now.pieces[step.piece] = step.value
            case "return":
                assert step.piece is not None
                now.returns.append((step.piece.id, step.at))
            case "copied return":
                now.returns.append(step.value)
            case "appeal":
                now.stopped = True
            case "move":
                now.due_at, now.stopped, now.late_at = step.value, False, None
            case "refuse":
                now.stopped = False
            case "excuse" | "supersede":
                now.gone = True
            case "release" if not now.over:
                now.released, now.stopped = True, now.late_at is None
            case "fulfil":
                now.closed_at = step.at
            case "late already":
                now.late_at = step.value
            case "figure" | "send back" if now.settled and not now.over:
                self._settle(now, step.at)
        if self.judge is None:
            self._review(now, step)

    def _review(self, now: Stood, step: Step) -> None:
        """What a review, or the decision of an appeal, makes of it."""
        if step.what == "withdraw" and self.counted(now) < self.least:
            now.closed_at = None
        if step.what not in {"accept", "return", "withdraw", "move", "refuse"} or now.over:
            return
        if self.counted(now) >= self.least:
            now.closed_at = step.at
        self._look(now, step.at)


_STATES = {
    "hand": "waiting",
    "accept": "accepted",
    "return": "returned",
    "withdraw": "withdrawn",
}


@dataclass(kw_only=True)
class Handled:
    """How a unit's part of an order stood at an instant."""

    unit: str
    due_at: datetime
    answered_at: datetime | None = None
    gone: bool = False
    deciding: bool = False
    waits: bool = False
    """Whether it is others who were late when its own time was up."""


@dataclass(kw_only=True, eq=False)
class Part:
    """A unit's part of a hotline order, and all that was done about it."""

    id: UUID
    unit: str
    due_at: datetime
    helped_by: "Part | None" = None
    steps: list[Step] = field(default_factory=list)

    def stood(self, at: datetime) -> Handled:
        """Replay everything up to an instant."""
        now = Handled(unit=self.unit, due_at=self.due_at)
        steps = [step for step in self.steps if step.at <= at]
        if self.helped_by is not None:
            self._wait(now, self.helped_by, at)
        for step in steps:
            match step.what:
                case "answer":
                    now.answered_at = step.at
                case "return":
                    now.deciding = True
                case "refuse return":
                    now.deciding = False
                case "accept return" | "withdraw":
                    now.gone = True
                case "extend":
                    now.due_at = step.value
                case "heir":
                    now.unit = step.value
        return now

    def _wait(self, now: Handled, other: "Part", at: datetime) -> None:
        """A lead whose time is up while another part is missing has its own day once it is there.

        It is counted when that day is over, or when it has answered.
        """
        theirs = other.stood(at).answered_at
        if now.due_at > at or (theirs is not None and theirs < now.due_at):
            return
        now.waits = True
        if theirs is not None:
            now.due_at = after_working_days(theirs, 1)
            now.waits = now.due_at > at


def after_working_days(since: datetime, days: int) -> datetime:
    """24:00 of a day so many working days on, counted on the fingers."""
    known, day = holidays.calendar(), calendar.day_of(since)
    while days:
        day += timedelta(days=1)
        weekend = day.weekday() >= 5 and day not in known.working_weekends
        days -= not weekend and day not in known.holidays
    return calendar.closes_at(day)


@dataclass(kw_only=True, eq=False)
class Accident:
    """An accident, and what was told of it in turn."""

    id: UUID
    told: list[tuple[datetime, Mapping[str, Any]]] = field(default_factory=list)

    def stood(self, at: datetime) -> dict[str, Any]:
        """What was known of it by an instant; nothing before it was told."""
        known: dict[str, Any] = {}
        for when, said in self.told:
            if when <= at:
                known |= {"findings": {**known.get("findings", {}), **said.get("findings", {})}}
                known |= {name: value for name, value in said.items() if name != "findings"}
        return known

    def counts(self, at: datetime) -> bool:
        """Whether it was an accident of its own, and a production-safety one."""
        known = self.stood(at)
        return bool(known) and not known.get("merged") and not known.get("struck")


@dataclass(kw_only=True)
class Log:
    """Everything that was done."""

    owed: list[Owed] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    accidents: list[Accident] = field(default_factory=list)
    ended: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    """Units that are no more: since when, and who went on."""

    def bearing(self, unit: str, at: datetime) -> str:
        """Who bears at an instant what is asked of a unit."""
        ended = self.ended.get(unit)
        return ended[1] if ended is not None and ended[0] <= at else unit

    def accidents_at(self, at: datetime) -> Iterable[tuple[UUID, dict[str, Any]]]:
        """Those that counted by an instant, slight ones too."""
        return [(one.id, one.stood(at)) for one in self.accidents if one.counts(at)]
