"""A counter that knows nothing of the service: from the log of a play to every row of a ranking.

It looks at everything that was done, one by one, and redoes the arithmetic of the city's rows in
exact fractions. What it says of a period holds for one instant: the one at which it was computed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from hashlib import md5
from math import floor
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

import reference
from kernel import calendar
from tests.services.tasks.quarterlog import Log
from tests.services.tasks.quarterplan import meant

_ROWS = yaml.safe_load((Path(reference.__file__).parent / "hengyang/indicators.yaml").read_text())
GROUPS = {row["code"]: row for row in _ROWS["groups"]}
INDICATORS: Sequence[Mapping[str, Any]] = _ROWS["indicators"]
RANKED = [code for code in GROUPS if any(code in row["groups"] for row in INDICATORS)]
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Days:
    """A period: all days that have the same label."""

    cadence: str
    first: date
    last: date

    @property
    def begins(self) -> datetime:
        return calendar.opens_at(self.first)

    @property
    def ends(self) -> datetime:
        return calendar.opens_at(self.last + _DAY)


_LABELS: Mapping[str, Callable[[date], Any]] = {
    "week": lambda day: day.isocalendar()[:2],
    "half_month": lambda day: (day.year, day.month, day.day > 15),
    "month": lambda day: (day.year, day.month),
    "quarter": lambda day: (day.year, (day.month + 2) // 3),
}


def days_of(day: date, cadence: str) -> Days:
    """The period of a rhythm that holds a day, found day by day."""
    label = _LABELS[cadence]
    first = last = day
    while label(first - _DAY) == label(day):
        first -= _DAY
    while label(last + _DAY) == label(day):
        last += _DAY
    return Days(cadence=cadence, first=first, last=last)


def periods(begins: date, ends: date) -> list[Days]:
    """Every period of every rhythm that ran on some days and was over by the last of them."""
    every = (begins + _DAY * n for n in range((ends - begins).days))
    found = {days_of(day, cadence) for day in every for cadence in _LABELS}
    return sorted((one for one in found if one.last < ends), key=lambda one: (one.last, one.first))


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What was counted for somebody, and what of it cost points."""

    numerator: int = 0
    denominator: int = 0
    costly: tuple[UUID, ...] = ()
    digest: str | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """What an indicator came to; points are None where nothing was measured."""

    figure: Figure
    points: Fraction | None
    weight: Fraction | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """A unit in a ranking."""

    unit: str
    place: int
    rank: int | None
    tied: bool
    score: Fraction | None
    lines: Mapping[str, Line]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """For whom, over which days, and by when things were known."""

    log: Log
    who: str
    territory: bool
    days: Days
    at: datetime

    def mine(self, unit: str) -> bool:
        """Whether what a unit does is counted."""
        return unit.partition(".")[0] == self.who if self.territory else unit == self.who

    def fell_due(self, due_at: datetime) -> bool:
        """Due at 24:00 of a day is due on the day that ends."""
        return self.days.begins < due_at <= min(self.days.ends, self.at)


def members(group: str, log: Log, at: datetime) -> list[str]:
    """The units of a group of peers that stand at an instant."""
    row = GROUPS[group]
    role = row.get("role") or row["slug"]
    kinds = {"park": "park_committee"} if row.get("slug") == "government" else {}
    found = meant(f"{row['at']}:{kinds.get(row['at'], role)}")
    return [unit for unit in found if log.bearing(unit, at) == unit]


def ranking(log: Log, group: str, days: Days, at: datetime) -> list[Row]:
    """A group in a period, as everything stood at an instant."""
    last = min(days.ends - timedelta(seconds=1), at)
    scored = {unit: _lines(log, group, unit, days, at) for unit in members(group, log, last)}
    scores = {unit: score(lines.values()) for unit, lines in scored.items()}
    measured = [one for one in scores.values() if one is not None]
    order = sorted(scores, key=lambda unit: (*_below(scores[unit]), unit))
    return [
        Row(
            unit=unit,
            place=place,
            rank=None if (own := scores[unit]) is None else 1 + sum(one > own for one in measured),
            tied=measured.count(own) > 1 if own is not None else False,
            score=own,
            lines=scored[unit],
        )
        for place, unit in enumerate(order, start=1)
    ]


def _below(own: Fraction | None) -> tuple[bool, Fraction]:
    return own is None, -(own or Fraction(0))


def _lines(log: Log, group: str, unit: str, days: Days, at: datetime) -> dict[str, Line]:
    territory = GROUPS[group]["counts"] == "territory"
    who = unit.partition(".")[0] if territory else unit
    asked = Asked(log=log, who=who, territory=territory, days=days, at=at)
    return {
        row["code"]: marked(row, _FIGURES[row["figure"]](asked, row.get("grades", ())))
        for row in INDICATORS
        if group in row["groups"] and days.cadence in row.get("cadences", [days.cadence])
    }


def score(lines: Iterable[Line]) -> Fraction | None:
    """What was earned of the weights that could be measured, and what is taken off, to zero."""
    held = [line for line in lines if line.points is not None]
    weight = sum((line.weight for line in held if line.weight is not None), start=Fraction(0))
    earned = sum((line.points or 0 for line in held if line.weight is not None), start=Fraction(0))
    off = sum((line.points or 0 for line in held if line.weight is None), start=Fraction(0))
    return max(cents(earned / weight) + off, Fraction(0)) if weight else None


def cents(number: Fraction) -> Fraction:
    """To two places, a half away from zero."""
    whole = Fraction(floor(abs(number) * 100 + Fraction(1, 2)), 100)
    return whole if number >= 0 else -whole


def marked(row: Mapping[str, Any], figure: Figure) -> Line:
    """The points of an indicator, step by step as its row says."""
    if row["formula"] == "count":
        points = cents(figure.numerator * Fraction(row["each"]))
        return Line(figure=figure, points=_bounded(row, points), weight=None)
    if not figure.denominator:
        return Line(figure=figure, points=None, weight=None)
    part = figure.numerator
    if row["formula"] == "bands":
        part = figure.denominator - figure.numerator
    base = cents(Fraction(100 * part, figure.denominator))
    if row["formula"] == "bands":
        reached = [b for b in row["bands"] if b["least"] is None or base >= Fraction(b["least"])]
        base = Fraction(reached[0]["marks"])
    weight = Fraction(row["weight"])
    return Line(figure=figure, points=_bounded(row, cents(base * weight)), weight=weight)


def _bounded(row: Mapping[str, Any], points: Fraction) -> Fraction:
    floor_, cap = row.get("floor"), row.get("cap")
    points = points if floor_ is None else max(points, Fraction(floor_))
    return points if cap is None else min(points, Fraction(cap))


def _named(every: Iterable[tuple[UUID, bool]], costly: Iterable[UUID]) -> dict[str, Any]:
    """The first twenty that cost points, and what stands for all that was counted."""
    said = ",".join(f"{one}:{'t' if good else 'f'}" for one, good in sorted(every))
    wrong = tuple(sorted(costly))[:20]
    digest = md5(said.encode(), usedforsecurity=False).hexdigest() if said else None
    return {"costly": wrong, "digest": digest}


def _settled(asked: Asked) -> tuple[set[UUID], set[UUID]]:
    """What was done in time and what was late, of what had fallen due."""
    good, late = set(), set()
    for one in asked.log.owed:
        if not asked.mine(one.unit):
            continue
        stood = one.stood(asked.at)
        waits = stood.stopped and stood.closed_at is None
        if stood.gone or waits or not asked.fell_due(stood.due_at):
            continue
        if stood.late_at is not None:
            late.add(one.id)
        elif stood.closed_at is not None:
            good.add(one.id)
    return good, late


def _in_time(asked: Asked, _: Any) -> Figure:
    good, late = _settled(asked)
    every = [*((one, True) for one in good), *((one, False) for one in late)]
    named = _named(every, late)
    return Figure(numerator=len(good), denominator=len(every), **named)


def _overdue(asked: Asked, _: Any) -> Figure:
    _, late = _settled(asked)
    return Figure(
        numerator=len(late), denominator=len(late), **_named([(one, True) for one in late], late)
    )


def _returned(asked: Asked, _: Any) -> Figure:
    ids = [
        piece
        for one in asked.log.owed
        if asked.mine(one.unit) and not (stood := one.stood(asked.at)).gone
        for piece, when in stood.returns
        if asked.days.begins <= when < asked.days.ends
    ]
    named = _named([(one, True) for one in ids], ids)
    return Figure(numerator=len(ids), denominator=len(ids), **named)


def _orders(asked: Asked, _: Any) -> Figure:
    every: dict[UUID, bool] = {}
    for part in asked.log.parts:
        if part.steps and part.steps[0].at > asked.at:
            continue
        stood = part.stood(asked.at)
        waits = stood.waits and stood.answered_at is None
        if stood.gone or stood.deciding or waits or not asked.mine(stood.unit):
            continue
        if asked.fell_due(stood.due_at):
            every[part.id] = stood.answered_at is not None and stood.answered_at < stood.due_at
    wrong = [one for one, good in every.items() if not good]
    named = _named(every.items(), wrong)
    return Figure(numerator=sum(every.values()), denominator=len(every), **named)


def _happened(asked: Asked, days: tuple[datetime, datetime], grades: Sequence[str]) -> list[UUID]:
    return sorted(
        one
        for one, known in asked.log.accidents_at(asked.at)
        if known["region"] == asked.who
        and days[0] <= known["happened"] < days[1]
        and not known.get("slight")
        and (not grades or known["grade"] in grades)
    )


def _accidents(asked: Asked, grades: Sequence[str]) -> Figure:
    ids = _happened(asked, (asked.days.begins, asked.days.ends), grades)
    return Figure(numerator=len(ids), denominator=len(ids), **_ids(ids))


def _fewer(asked: Asked, grades: Sequence[str]) -> Figure:
    """Against the same days of the year before, which of a quarter are the same dates."""
    now, then = (asked.days.begins, asked.days.ends), _year_before(asked.days)
    ids, base = _happened(asked, now, grades), _happened(asked, then, grades)
    return Figure(numerator=len(ids), denominator=len(base), **_ids(ids))


def _year_before(days: Days) -> tuple[datetime, datetime]:
    year = days.first.year
    return days.begins.replace(year=year - 1), days.ends.replace(year=year - 1)


def _hidden(asked: Asked, _: Any) -> Figure:
    ids = sorted(
        one
        for one, known in asked.log.accidents_at(asked.at)
        if known["region"] == asked.who
        and any(
            status == "confirmed"
            and kind in ("concealed", "false")
            and asked.days.begins <= when < asked.days.ends
            for kind, status, when in known.get("findings", {}).values()
        )
    )
    return Figure(numerator=len(ids), denominator=len(ids), **_ids(ids))


def _ids(ids: Sequence[UUID]) -> dict[str, Any]:
    said = ",".join(map(str, ids)).encode()
    digest = md5(said, usedforsecurity=False).hexdigest() if ids else None
    return {"costly": tuple(ids[:20]), "digest": digest}


_FIGURES: Mapping[str, Callable[[Asked, Sequence[str]], Figure]] = {
    "obligations_in_time": _in_time,
    "obligations_overdue": _overdue,
    "obligations_returned": _returned,
    "orders_in_time": _orders,
    "accidents": _accidents,
    "accidents_fewer": _fewer,
    "concealments": _hidden,
}
