"""How much two reports look like one accident, and what they make together."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from reference import national, nearby
from reference.cityrows import Place
from reference.national.rows import Resemblance
from services.incidents.accidents.rules import Figures

_MINUTE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An accident as one reporter saw it."""

    enterprise: str | None
    occurred_at: datetime
    accident_type: str
    place: str
    point: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How much two accidents look like one, and why."""

    score: int
    reasons: tuple[str, ...]
    is_offered: bool = False
    """Whether a person is asked."""


def likeness(one: Seen, other: Seen, *, on: date) -> Likeness:
    """The points of every ground on which two accidents look like one (platform).

    A bound counts as inside; of several bounds of a measure the tightest counts. Further apart
    in time than the widest bound, nothing else counts.
    """
    rows = national.RESEMBLANCES.at(on)
    apart_s = abs((one.occurred_at - other.occurred_at).total_seconds())
    in_time = _tightest(rows, "minutes", apart_s / _MINUTE_S)
    if in_time is None:
        return Likeness(score=0, reasons=())
    found = [in_time, *_grounds(rows, one, other)]
    points = sum(row.points for row in found)
    return Likeness(
        score=points,
        reasons=tuple(row.code for row in found),
        is_offered=offered(points, on=on),
    )


def offered(points: int, *, on: date) -> bool:
    """From so many points on a person is asked whether two accidents are one (platform)."""
    return points >= national.THRESHOLDS.one("likeness_offered", on=on).value


def _grounds(rows: tuple[Resemblance, ...], one: Seen, other: Seen) -> list[Resemblance]:
    known = one.enterprise is not None and other.enterprise is not None
    same = known and one.enterprise == other.enterprise
    apart = nearby.metres(one.point, other.point) if one.point and other.point else None
    near = _tightest(rows, "metres", apart) if apart is not None else None
    holds = {
        "enterprise": same,
        "other_enterprise": known and not same,
        "place": _plain(one.place) == _plain(other.place),
        "type": one.accident_type == other.accident_type,
    }
    return [row for row in rows if holds.get(row.measure)] + ([near] if near else [])


def _tightest(rows: tuple[Resemblance, ...], measure: str, found: float) -> Resemblance | None:
    fitting = [
        row
        for row in rows
        if row.measure == measure and row.at_most is not None and found <= row.at_most
    ]
    return min(fitting, key=lambda row: row.at_most or 0, default=None)


def _plain(place: str) -> str:
    return "".join(place.split()).casefold()


def widest_minutes(*, on: date) -> int:
    """How far apart in time two accidents may be and still be compared (platform)."""
    rows = national.RESEMBLANCES.at(on)
    return max(row.at_most or 0 for row in rows if row.measure == "minutes")


def joined(one: Figures, other: Figures) -> Figures:
    """Two reports of one accident make the graver of each figure (platform).

    Nobody is counted twice: the reporters saw the same people.
    """
    return Figures(
        deaths=max(one.deaths, other.deaths),
        missing=max(one.missing, other.missing),
        serious_injuries=max(one.serious_injuries, other.serious_injuries),
        minor_injuries=max(one.minor_injuries, other.minor_injuries),
        trapped=max(one.trapped, other.trapped),
        evacuated=max(one.evacuated, other.evacuated),
        missing_presumed_dead=one.missing_presumed_dead or other.missing_presumed_dead,
        direct_loss_wan=_graver(one.direct_loss_wan, other.direct_loss_wan),
        burnt_area_ha=_graver(one.burnt_area_ha, other.burnt_area_ha),
    )


def counted(figures: Figures) -> tuple[int, int, Decimal, Decimal]:
    """What is counted of an accident: the dead, serious injuries, loss, and burnt forest
    (Decree 493, 3; Forest Fires 40).
    """
    loss, area = figures.direct_loss_wan or Decimal(), figures.burnt_area_ha or Decimal()
    return figures.counted_deaths, figures.serious_injuries, loss, area


def _graver(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    known = [figure for figure in (one, other) if figure is not None]
    return max(known, default=None)
