"""How much two orders look like one matter. Pure; the points are rows of the pack."""

from dataclasses import dataclass
from datetime import date, timedelta

from reference import national, nearby
from reference.cityrows import Place
from reference.national.rows import Repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An order as far as repeats are recognised by it."""

    matter: str
    place: str
    caller: bytes | None
    enterprise: str | None
    point: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """How much two orders look like one, and why."""

    score: int
    reasons: tuple[str, ...]
    is_offered: bool
    """Whether a person is asked."""


def likeness(one: Told, other: Told, *, on: date) -> Alike:
    """Every ground on which two orders look like one counts its points (platform).

    A bound counts as inside, and of several distances the tightest counts. What is not known
    of either of them counts nothing.
    """
    rows = national.REPEATS.at(on)
    holds = {
        "caller": one.caller is not None and one.caller == other.caller,
        "matter": one.matter == other.matter,
        "enterprise": one.enterprise is not None and one.enterprise == other.enterprise,
        "place": _plain(one.place) == _plain(other.place),
    }
    found = [row for row in rows if holds.get(row.measure)]
    near = _nearest(rows, one.point, other.point)
    if near is not None and not holds["place"]:
        found.append(near)
    score = sum(row.points for row in found)
    return Alike(
        score=score,
        reasons=tuple(row.code for row in found),
        is_offered=score >= national.THRESHOLDS.one("orders_offered_as_one", on=on).value,
    )


def farthest_apart(*, on: date) -> timedelta:
    """How long after an order another can still repeat it (platform)."""
    return timedelta(days=national.THRESHOLDS.one("orders_days_apart", on=on).value)


def _nearest(rows: tuple[Repeat, ...], one: Place | None, other: Place | None) -> Repeat | None:
    if one is None or other is None:
        return None
    apart = nearby.metres(one, other)
    fitting = [row for row in rows if row.at_most is not None and apart <= row.at_most]
    return min(fitting, key=lambda row: row.at_most or 0, default=None)


def _plain(place: str) -> str:
    return "".join(place.split()).casefold()
