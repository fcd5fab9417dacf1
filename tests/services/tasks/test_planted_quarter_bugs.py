"""The counter of the played quarter catches a bug wherever a figure or a rank is made."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import ColumnElement, and_, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from reference.scorerows import Band
from services.tasks.accidents.tables import Accident, AccidentFinding
from services.tasks.dispatches.tables import Dispatch
from services.tasks.indicators import queries as counting
from services.tasks.indicators import queries_accidents as accidents
from services.tasks.indicators import rules as marks
from services.tasks.obligations import queries as owed
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from services.tasks.punctuality import queries as punctuality
from services.tasks.rankings import rules as ranks
from services.tasks.rankings.rules import Placed
from services.tasks.scores import operations_runs as runs
from tests.services.stage import Stage
from tests.services.tasks import test_played_quarter as quarter
from tests.services.tasks.quarterplay import Play

pytestmark = pytest.mark.xdist_group("quarter")

_RANKED, _PARTS, _EVERYBODY = ranks.ranked, punctuality.parts, runs.everybody
_JUDGED = accidents.judged


def from_the_first_instant(period: Any, as_of: Any) -> ColumnElement[bool]:
    """What was due as the quarter began would be due in it."""
    return and_(
        Obligation.unit.is_not(None),
        Obligation.due_at >= period.begins_at,
        Obligation.due_at <= min(period.ends_at, as_of),
        owed.owed(),
    )


def before_the_last_instant(period: Any, as_of: Any) -> ColumnElement[bool]:
    """What is due at 24:00 of the last day would be due in the next quarter."""
    return and_(
        Obligation.unit.is_not(None),
        Obligation.due_at > period.begins_at,
        Obligation.due_at < min(period.ends_at, as_of),
        owed.owed(),
    )


def answered_at_last(period: Any) -> Mapping[str, ColumnElement[bool]]:
    """What comes as the time is up would be in time."""
    counts = dict(_PARTS(period))
    return counts | {"answered": and_(counts["due"], Dispatch.answered_at <= Dispatch.due_at)}


def one_after_the_other(scores: Mapping[str, Decimal | None]) -> tuple[Placed, ...]:
    """Of equal scores one would be better."""
    placed = _RANKED(scores)
    return tuple(replace(one, rank=one.rank and one.place, tied=False) for one in placed)


def none_left_out(scores: Mapping[str, Decimal | None]) -> tuple[Placed, ...]:
    """Behind units that share a rank the next one would not be left out."""
    placed = _RANKED(scores)
    order = sorted({one.score for one in placed if one.score is not None}, reverse=True)
    return tuple(
        one if one.score is None else replace(one, rank=order.index(one.score) + 1)
        for one in placed
    )


async def with_departments_as_counties(*args: Any, **more: Any) -> Any:
    """Departments would be ranked by all that happens in their place."""
    return [replace(one, territory=True) for one in await _EVERYBODY(*args, **more)]


async def alone(*args: Any, **more: Any) -> Any:
    """Counties would be ranked by what their governments do alone."""
    return [replace(one, territory=False) for one in await _EVERYBODY(*args, **more)]


def whatever_was_said() -> ColumnElement[bool]:
    """Suspicions would count, and what was dismissed."""
    return AccidentFinding.kind.in_(("concealed", "false"))


async def struck_off_as_well(session: AsyncSession, *args: Any, **more: Any) -> Any:
    """What is no production-safety accident would count."""
    await session.execute(update(Accident).values(struck_off_at=None))
    return await _JUDGED(session, *args, **more)


async def merged_as_well(session: AsyncSession, *args: Any, **more: Any) -> Any:
    """An accident that was reported twice would count twice."""
    await session.execute(update(Accident).values(merged_into=None))
    return await _JUDGED(session, *args, **more)


def above_its_bound(bands: tuple[Band, ...], value: Decimal) -> Band:
    """A bound would not count as inside."""
    return next(band for band in bands if band.least is None or value > band.least)


BUGS: list[tuple[Any, str, Any]] = [
    (counting, "_fell_due", from_the_first_instant),
    (counting, "_fell_due", before_the_last_instant),
    (owed, "UNOWED", frozenset({Status.SUPERSEDED})),
    (owed, "UNOWED", frozenset({Status.EXCUSED})),
    (counting, "UNOWED", frozenset({Status.SUPERSEDED})),
    (owed, "late", lambda as_of=None: and_(true(), Obligation.closed_at.is_(None))),
    (punctuality, "parts", answered_at_last),
    (punctuality, "_DECIDED_ON", ()),
    (ranks, "ranked", one_after_the_other),
    (ranks, "ranked", none_left_out),
    (runs, "everybody", with_departments_as_counties),
    (runs, "everybody", alone),
    (marks, "band_of", above_its_bound),
    (accidents, "_confirmed", whatever_was_said),
    (accidents, "judged", struck_off_as_well),
    (accidents, "judged", merged_as_well),
]


@pytest.mark.parametrize(
    ("module", "name", "bug"),
    BUGS,
    ids=[f"{number}-{bug[1]}" for number, bug in enumerate(BUGS)],
)
async def test_a_planted_bug_is_caught(
    tasks: Stage, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, bug: Callable[..., Any]
) -> None:
    play = replace(await quarter.played(tasks), published=[])
    monkeypatch.setattr(module, name, bug)

    with pytest.raises(AssertionError):
        await compared(play)


async def test_nothing_differs_without_a_bug(tasks: Stage) -> None:
    await compared(replace(await quarter.played(tasks), published=[]))


async def compared(play: Play) -> None:
    """Every group's ranking of the quarter, as it is computed now.

    What a bug counts in one way and lists in another is not stored: its run does not end.
    """
    await play.corrected(date(2023, 6, 1), "quarter")
    for one in play.published:
        await quarter.same_rows(play, one)
        await quarter.same_lines(play, one)
