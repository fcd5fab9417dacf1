"""How well a sign of an accident fits one that was reported, and how soon it must be checked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from uuid import UUID

from kernel import calendar
from reference import national
from reference.national.rows import LeadCheck, LeadSign
from reference.terms import LeadStep
from services.incidents.accidents.rules import Figures


class Reason(StrEnum):
    """Why a sign is taken to be about an accident, or not."""

    SAME_ENTERPRISE = "same_enterprise"  # 同一企业
    OTHER_ENTERPRISE = "other_enterprise"  # 企业不同
    SAME_COUNTY = "same_county"  # 同一县市区
    SAME_SPOT = "same_spot"  # 坐标相距五百米以内
    NEAR_BY = "near_by"  # 坐标相距两公里以内
    SAME_WORDS = "same_words"  # 地点描述相近
    SAME_HOURS = "same_hours"  # 时间相差两小时以内
    SAME_DAY = "same_day"  # 时间相差一天以内


_EARTH_M = 6_371_000
_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where, when and at whose site something is said to have happened."""

    region_code: str
    occurred_at: datetime
    place: str
    enterprise_uscc: str | None = None
    lon: float | None = None
    lat: float | None = None
    uncertain_by: timedelta = timedelta()
    """By how much the time may be wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How well a sign fits an accident, from 0 to 145, and why."""

    score: int
    reasons: tuple[Reason, ...] = ()
    certain: bool = False
    """Whether the sign is taken to be about the accident."""
    possible: bool = False
    """Whether the accident is shown to whoever checks the sign."""


def score(sign: Sighting, known: Sighting) -> Match:
    """A sign fits an accident by enterprise, place and time together (platform).

    More than three days apart, beyond what the sign itself leaves open, nothing fits.
    """
    on = calendar.day_of(sign.occurred_at)
    signs = {row.code: row for row in national.LEAD_SIGNS.at(on)}
    apart = abs(sign.occurred_at - known.occurred_at)
    if not signs or apart > farthest_apart(on=on) + sign.uncertain_by:
        return Match(score=0)
    reasons = (
        *_who(sign, known),
        *_where(sign, known, signs),
        *_when(apart, sign.uncertain_by, signs),
    )
    points = max(sum(signs[reason].points for reason in reasons), 0)
    return Match(
        score=points,
        reasons=reasons,
        certain=matched(points, on=on),
        possible=possible(points, on=on),
    )


def matched(points: int, *, on: date) -> bool:
    """From so many points on a sign is about an accident without asking a person (platform)."""
    return points >= national.THRESHOLDS.one("lead_matched", on=on).value


def possible(points: int, *, on: date) -> bool:
    """From so many points on an accident is shown to the person who checks (platform)."""
    return points >= national.THRESHOLDS.one("lead_possible", on=on).value


def farthest_apart(*, on: date) -> timedelta:
    """How far apart a sign and an accident may lie and still be one (platform)."""
    row = national.THRESHOLDS.get("lead_hours_apart", on=on)
    return timedelta(hours=row.value if row is not None else 0)


Signs = Mapping[str, LeadSign]


def _who(sign: Sighting, known: Sighting) -> Iterator[Reason]:
    if sign.enterprise_uscc and known.enterprise_uscc:
        same = sign.enterprise_uscc == known.enterprise_uscc
        yield Reason.SAME_ENTERPRISE if same else Reason.OTHER_ENTERPRISE


def _where(sign: Sighting, known: Sighting, signs: Signs) -> Iterator[Reason]:
    if sign.region_code == known.region_code:
        yield Reason.SAME_COUNTY
    metres = _metres(sign, known)
    if metres is not None and metres <= _most(signs, Reason.NEAR_BY):
        yield Reason.SAME_SPOT if metres <= _most(signs, Reason.SAME_SPOT) else Reason.NEAR_BY
    if _likeness(sign.place, known.place) * _PERCENT >= _least(signs, Reason.SAME_WORDS):
        yield Reason.SAME_WORDS


def _when(apart: timedelta, uncertain_by: timedelta, signs: Signs) -> Iterator[Reason]:
    if apart <= timedelta(hours=_most(signs, Reason.SAME_HOURS)):
        yield Reason.SAME_HOURS
    elif apart <= timedelta(hours=_most(signs, Reason.SAME_DAY)) + uncertain_by:
        yield Reason.SAME_DAY


def _most(signs: Signs, reason: Reason) -> int:
    bound = signs[reason].at_most
    assert bound is not None
    return bound


def _least(signs: Signs, reason: Reason) -> int:
    bound = signs[reason].at_least
    assert bound is not None
    return bound


def _metres(one: Sighting, other: Sighting) -> float | None:
    """The distance over the ground, if both have coordinates (haversine)."""
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    north, south = radians(one.lat), radians(other.lat)
    half = (
        sin((north - south) / 2) ** 2
        + cos(north) * cos(south) * sin(radians(one.lon - other.lon) / 2) ** 2
    )
    return 2 * _EARTH_M * asin(sqrt(half))


def _likeness(one: str, other: str) -> float:
    """The share of neighbouring characters that the shorter text has in common with the other."""
    pairs, others = _pairs(one), _pairs(other)
    if not pairs or not others:
        return 0.0
    return len(pairs & others) / min(len(pairs), len(others))


def _pairs(text: str) -> set[str]:
    plain = "".join(text.split()).casefold()
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def best(sign: Sighting, known: Iterable[tuple[UUID, Sighting]]) -> tuple[UUID, Match] | None:
    """The accident that a sign fits best, if it fits one well enough (platform)."""
    scored = [(accident, score(sign, sighting)) for accident, sighting in known]
    found = max(scored, key=lambda one: one[1].score, default=None)
    return found if found is not None and found[1].certain else None


def unreported_deaths(*, alleged: int, counted: Figures) -> int:
    """The dead above those reported, dead or missing, are the sign (Rules on Fines, 5)."""
    return max(alleged - counted.deaths - counted.missing, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When a step of the check must be done; at that very instant it is too late."""

    at: datetime
    row: LeadCheck


def check_due(step: LeadStep, *, received_at: datetime) -> Due:
    """An alleged accident is first checked in 5 days and settled in 2 months (Order 21, 12).

    Calendar days and months; the day of receipt is not counted (Civil Code 201 and 202) and
    the period ends at 24:00 of its last day, also where that is a day off.
    """
    first = calendar.day_of(received_at)
    row = national.LEAD_CHECKS.one(step, on=first)
    last = calendar.add_months(calendar.add_days(first, row.days or 0), row.months or 0)
    return Due(at=calendar.closes_at(last), row=row)
