"""Evidence as the packs know it: what can have been done, what counts, and its limits."""

from datetime import date
from decimal import Decimal

from reference import city, national
from reference.national.evidencerows import Activity, CreditRule, DecisionLimit
from reference.terms import EvidenceLimitCode


def activity(code: str, *, on: date) -> Activity | None:
    """What can have been done, if the code is one in force."""
    return national.ACTIVITIES.get(code, on=on)


def activities(*, on: date) -> tuple[Activity, ...]:
    """The catalogue of a day."""
    return national.ACTIVITIES.at(on)


def limit(code: EvidenceLimitCode, *, on: date) -> Decimal:
    """A number from which evidence is refused or looked at twice."""
    return national.EVIDENCE_LIMITS.one(code, on=on).value


def appeal_limit(*, on: date) -> DecisionLimit:
    """Within how many working days an objection to a duty is decided on, and by which rule."""
    return national.DECISIONS.one("appeal", on=on)


def credit_rule(metric: str | None, *, on: date) -> CreditRule:
    """What counts for duties of a metric: the city's row, else the one of every metric."""
    own = city.current().credits.get(metric, on=on) if metric is not None else None
    return own or national.CREDITS.one(None, on=on)
