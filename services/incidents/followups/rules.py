"""Which figures and which dead count, before and after the window has closed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.incidents.accidents import rules as grading
from services.incidents.accidents.rules import Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a report said of the figures and when, and whether that counted until now."""

    received_at: datetime
    known_at: datetime | None
    counted: bool
    said: frozenset[str]
    """The fields in which its reporter said something."""
    figures: Figures
    """The whole toll, with what it left out as it stood then."""


def late_deaths(*, stated: Figures, counted: Figures) -> int:
    """The dead above those counted in the window: recorded, never graded (Decree 493, 13)."""
    return max(stated.counted_deaths - counted.counted_deaths, 0)


def late_among(dead: int, *, counted: Figures) -> int:
    """Of the dead told too late, those who died in time leave their number (Decree 493, 13)."""
    return max(dead - counted.counted_deaths, 0)


def outdated(*, received_at: datetime, newest_at: datetime | None) -> bool:
    """Whether later figures stand already: the last word received counts (Order 21, 11)."""
    return newest_at is not None and received_at < newest_at


def changed_at(
    *, first_known_at: datetime, known_at: datetime | None, received_at: datetime
) -> datetime:
    """A count changes by the time that is known, not when it is told (Decree 493, 13).

    Whoever repeats when the accident itself was known says nothing of a change.
    """
    if known_at is None or known_at <= first_known_at:
        return received_at
    return min(known_at, received_at)


def inside(
    *,
    first_known_at: datetime,
    known_at: datetime | None,
    received_at: datetime,
    closes_at: datetime,
) -> bool:
    """What was told or became known before the window closed counts (Decree 493, 13)."""
    if grading.counts(at=received_at, closes_at=closes_at):
        return True
    at = changed_at(first_known_at=first_known_at, known_at=known_at, received_at=received_at)
    return grading.counts(at=at, closes_at=closes_at)


class Standing(StrEnum):
    """What became of a statement."""

    COUNTED = "counted"
    OVERTAKEN = "overtaken"
    """Inside the window, but later figures stood when it was stored."""
    LATE = "late"


def judged_anew(
    statements: Sequence[Statement],
    *,
    first_known_at: datetime,
    closed_at: datetime,
    closes_at: datetime,
) -> tuple[Standing, ...]:
    """The day of the accident decides what was known inside the window, corrected or not
    (Decree 493, 13).

    `closed_at` is when the window was held to close, `closes_at` when it does. The first report
    counts always; so does what was restated of what had counted, and what later figures had
    overtaken never does.
    """
    return tuple(_judged(statements, first_known_at, closed_at, closes_at))


def _judged(
    statements: Sequence[Statement],
    first_known_at: datetime,
    closed_at: datetime,
    closes_at: datetime,
) -> Iterator[Standing]:
    newest: datetime | None = None
    for number, one in enumerate(statements):
        was, stands = (
            inside(
                first_known_at=first_known_at,
                known_at=one.known_at,
                received_at=one.received_at,
                closes_at=at,
            )
            for at in (closed_at, closes_at)
        )
        kept = not number or was != one.counted
        if kept and one.counted:
            found = Standing.COUNTED
        elif not stands:
            found = Standing.LATE
        else:
            overtaken = kept or outdated(received_at=one.received_at, newest_at=newest)
            found = Standing.OVERTAKEN if overtaken else Standing.COUNTED
        if found is Standing.COUNTED:
            newest = max(newest or one.received_at, one.received_at)
        yield found


_PEOPLE = ("deaths", "missing", "serious_injuries", "minor_injuries", "trapped", "evacuated")
_OF_PEOPLE = frozenset({"casualties", "missing_presumed_dead"})
_SINGLE = ("missing_presumed_dead", "direct_loss_wan", "burnt_area_ha")


def settled(statements: Sequence[Statement], standings: Sequence[Standing]) -> tuple[Figures, int]:
    """The last word that counts on each figure stands; the dead told too late stand beside them
    (Decree 493, 13; Order 21, 11).
    """
    figures, late = statements[0].figures, 0
    for one, standing in zip(statements[1:], standings[1:], strict=True):
        if standing is Standing.COUNTED:
            dead = figures.counted_deaths + late
            figures = _over(figures, one)
            late = late_among(dead, counted=figures) if late else 0
        elif standing is Standing.LATE and one.said & _OF_PEOPLE:
            late = late_deaths(stated=one.figures, counted=figures)
    return figures, late


def _over(figures: Figures, one: Statement) -> Figures:
    """What a report leaves out stays as it was."""
    names = [name for name in _SINGLE if name in one.said]
    names += _PEOPLE if "casualties" in one.said else ()
    return replace(figures, **{name: getattr(one.figures, name) for name in names})
