"""How much is missing, whether the pace suffices, and how a quota is shared in time. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from kernel import calendar
from kernel.calendar import Cadence

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What is owed in which days; `spacing`: at most one counts in each of these periods."""

    least: int
    first: date
    last: date
    spacing: Cadence | None = None
    ended: bool = False
    """Whether nothing more is asked, however often it was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How it stands on a day."""

    least: int
    counted: int
    missing: int
    by: date
    last_on: date | None
    """The day of the last act that counts."""
    empty_months: tuple[date, ...]
    """The first days of the months so far in which nothing was done that counts."""
    on_pace: bool
    """Whether as much was done as goes with the days that have passed."""
    possible: bool
    """Whether what is missing can still be done in time, one at most in each span."""


def outlook(owed: Owed, *, counted: Iterable[date], today: date) -> Outlook:
    """What is missing by the last day, and whether the pace suffices (platform).

    One is behind when a whole occurrence more should have been done by the share of the days
    that have passed.
    """
    days = sorted(counted)
    missing = 0 if owed.ended else max(0, owed.least - len(days))
    total = (owed.last - owed.first).days + 1
    passed = min(max((today - owed.first).days + 1, 0), total)
    return Outlook(
        least=owed.least,
        counted=len(days),
        missing=missing,
        by=owed.last,
        last_on=days[-1] if days else None,
        empty_months=_empty_months(owed, days, today=today),
        on_pace=owed.ended or len(days) >= owed.least * passed // total,
        possible=missing <= _room(owed, days, today=today),
    )


def _empty_months(owed: Owed, days: Collection[date], *, today: date) -> tuple[date, ...]:
    done = {day.replace(day=1) for day in days}
    found = []
    month = owed.first.replace(day=1)
    while owed.first <= today and month <= min(today, owed.last):
        if month not in done:
            found.append(month)
        month = calendar.add_months(month, 1)
    return tuple(found)


def _room(owed: Owed, days: Collection[date], *, today: date) -> int:
    """How many more can count from today on."""
    first = max(today, owed.first)
    if first > owed.last:
        return 0
    if owed.spacing is None:
        return owed.least
    taken = {calendar.period_of(day, owed.spacing) for day in days}
    spans = set()
    day = first
    while day <= owed.last:
        span = calendar.period_of(day, owed.spacing)
        spans.add(span)
        day = span[1] + _DAY
    return len(spans - taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """The days on which somebody held the post; None where it goes on."""

    person: UUID
    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What somebody owes of a quota, and what they have. Nobody: the unit, for vacant days."""

    person: UUID | None
    days: int
    owed: int
    counted: int


def parts(owed: Owed, *, terms: Sequence[Term], counted: Iterable[date]) -> list[Part]:
    """A quota is shared by days in the post, the largest remainders first (platform).

    The parts add up to what is owed. An act is theirs who held the post on its day; days on
    which nobody did are the unit's.
    """
    held = _days_held(owed, terms)
    shares = _shared(owed.least, held)
    done: dict[UUID | None, int] = dict.fromkeys(held, 0)
    for day in counted:
        person = _holder(terms, day)
        done[person] = done.get(person, 0) + 1
    return [
        Part(person=person, days=held.get(person, 0), owed=shares.get(person, 0), counted=count)
        for person, count in done.items()
    ]


def _days_held(owed: Owed, terms: Sequence[Term]) -> dict[UUID | None, int]:
    """Days by person in the order in which they came to the post; the unit's last."""
    days: dict[UUID | None, int] = {}
    for term in sorted(terms, key=lambda term: term.first):
        first, last = max(term.first, owed.first), min(term.last or owed.last, owed.last)
        if first <= last:
            days[term.person] = days.get(term.person, 0) + (last - first).days + 1
    vacant = (owed.last - owed.first).days + 1 - sum(days.values())
    return days | {None: vacant} if vacant else days


def _shared(least: int, held: Mapping[UUID | None, int]) -> dict[UUID | None, int]:
    total = sum(held.values())
    exact = {person: Fraction(least * days, total) for person, days in held.items()}
    shares = {person: int(part) for person, part in exact.items()}
    left = least - sum(shares.values())
    # Of equal remainders the earlier holder's goes first: sorting keeps their order.
    for person in sorted(exact, key=lambda person: shares[person] - exact[person])[:left]:
        shares[person] += 1
    return shares


def _holder(terms: Iterable[Term], day: date) -> UUID | None:
    for term in terms:
        if term.first <= day and (term.last is None or day <= term.last):
            return term.person
    return None


def in_words(found: Outlook, *, waiting: int) -> tuple[str, str]:
    """The outlook in a sentence, in Chinese and English (platform)."""
    if found.counted < found.least and not found.missing:
        return "该任务已办结，无须再完成。", "It has ended: nothing more is asked."
    if not found.missing:
        return (
            f"已完成 {found.counted} 次，达到要求的 {found.least} 次。",
            f"Done: {found.counted} of {found.least}.",
        )
    zh = [f"还差 {found.missing} 次，须在 {_zh(found.by)} 前完成"]
    en = [f"{found.missing} more by {_en(found.by)}"]
    if found.last_on is None:
        zh.append("尚未开展过")
        en.append("none yet")
    elif any(month > found.last_on for month in found.empty_months):
        zh.append(f"{found.last_on.month} 月以来没有开展")
        en.append(f"none since {found.last_on:%B}")
    if waiting:
        zh.append(f"{waiting} 次待审核")
        en.append(f"{waiting} waiting for review")
    if not found.possible:
        zh.append("已无法按期完成")
        en.append("cannot be done in time any more")
    elif not found.on_pace:
        zh.append("进度落后")
        en.append("behind")
    return "，".join(zh) + "。", ", ".join(en) + "."


def _zh(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _en(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
