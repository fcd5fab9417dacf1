"""What becomes of obligations of a played quarter that a figure decides, when their day is over."""

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction

from kernel import calendar
from reference.terms import DutyKind
from tests.services.tasks.quarterlog import Log, Owed
from tests.services.tasks.quarterplan import PARKS, Asks


def judging(log: Log, one: Owed, asks: Asks) -> Callable[[datetime], str]:
    """What a figure comes to for a unit, by what is known at an instant."""

    def judge(at: datetime) -> str:
        value = _VALUES.get(asks.metric, _reported)(log, one, asks, at)
        if isinstance(value, str):
            return value
        bound = Fraction(asks.target or 0)
        if value <= bound if asks.kind is DutyKind.PROHIBITION else value >= bound:
            return "met"
        return "left" if _unread(one, at) else "missed"

    return judge


def _unread(one: Owed, at: datetime) -> bool:
    """Whether a figure was reported in time and waits for its reviewer."""
    steps = [step for step in one.steps if step.at <= at]
    handed_in = sum(step.what == "report" and step.at < one.due_at for step in steps)
    return handed_in > sum(step.what in ("figure", "send back") for step in steps)


def _reported(_: Log, one: Owed, asks: Asks, at: datetime) -> Fraction | str:
    """The newest rate, or all counts together; of what nobody reported nothing is done."""
    said = [step.value for step in one.steps if step.what == "figure" and step.at <= at]
    if not said:
        return "left" if _unread(one, at) else "missed"
    if asks.kind is DutyKind.RATE_TARGET:
        return Fraction(100 * said[-1]["numerator"], said[-1]["denominator"])
    return Fraction(sum(numbers["count"] for numbers in said))


def _orders(log: Log, one: Owed, asks: Asks, at: datetime) -> Fraction | str:
    """Orders that fell due from the first of January to the last day, the end of it included."""
    first, last = calendar.opens_at(date(2023, 1, 1)), calendar.closes_at(asks.due_on or date.max)
    good = due = 0
    for part in log.parts:
        stood = part.stood(at)
        waits = stood.waits and stood.answered_at is None
        sent = bool(part.steps) and part.steps[0].at <= at
        if stood.unit != one.unit or stood.gone or stood.deciding or waits or not sent:
            continue
        if first < stood.due_at <= min(last, at):
            due += 1
            good += stood.answered_at is not None and stood.answered_at < stood.due_at
    return Fraction(100 * good, due) if due else "left"


def _obligations(log: Log, one: Owed, asks: Asks, at: datetime) -> Fraction | str:
    """What a unit did in time of what it did or owed too long, down to the last instant."""
    first, last = calendar.opens_at(date(2023, 1, 1)), calendar.closes_at(asks.due_on or date.max)
    good = due = 0
    for other in log.owed:
        if other.unit != one.unit or other.judge is not None:
            continue
        stood = other.stood(at)
        waits = stood.stopped and stood.closed_at is None
        if stood.gone or waits or not first < stood.due_at <= min(last, at):
            continue
        kept = stood.closed_at is not None and stood.late_at is None
        good, due = good + kept, due + (kept or stood.late_at is not None)
    return Fraction(100 * good, due) if due else "left"


def _happened(log: Log, one: Owed, asks: Asks, at: datetime, *, year: int) -> int:
    """Accidents in a place and the parks that lie in it, from January to the last day."""
    last = (asks.due_on or date.max).replace(year=year)
    return sum(
        one.place in {known["region"], PARKS.get(known["region"])}
        and date(year, 1, 1) <= calendar.day_of(known["happened"]) <= last
        and not known.get("slight")
        and (asks.metric == "accident_count" or known["grade"] != "general")
        for _, known in log.accidents_at(at)
    )


def _larger(log: Log, one: Owed, asks: Asks, at: datetime) -> Fraction | str:
    return Fraction(_happened(log, one, asks, at, year=2023))


def _fewer(log: Log, one: Owed, asks: Asks, at: datetime) -> Fraction | str:
    """By how much fewer than in the same days of the year before; from nothing there is none."""
    base = _happened(log, one, asks, calendar.opens_at(date(2023, 1, 1)), year=2022)
    now = _happened(log, one, asks, at, year=2023)
    return Fraction(100 * (base - now), base) if base else "left"


_VALUES: dict[str, Callable[[Log, Owed, Asks, datetime], Fraction | str]] = {
    "order_answered_on_time_rate": _orders,
    "obligation_done_on_time_rate": _obligations,
    "accident_count": _fewer,
    "accident_count_ge_larger": _larger,
}
