"""Supervisory orders as the packs know them: what a kind takes, its limits, what follows delay."""

from datetime import date

from reference import national
from reference.national.rows_supervisions import SupervisionClimb, SupervisionLimit, SupervisionRule
from reference.packs import NothingInForce
from reference.terms import SupervisionKind, SupervisionStep


def rule(kind: SupervisionKind, *, on: date) -> SupervisionRule:
    """What an order of a kind takes on a day."""
    return national.SUPERVISION_RULES.one(kind, on=on)


def limit(step: SupervisionStep, kind: SupervisionKind, *, on: date) -> SupervisionLimit:
    """The limit of a step: of the kind itself before that of every kind."""
    rows = national.SUPERVISION_LIMITS
    found = rows.get((step, kind), on=on) or rows.get((step, None), on=on)
    if found is None:
        raise NothingInForce(f"no limit of {step} for {kind} in force on {on.isoformat()}")
    return found


def climbs(kind: SupervisionKind, *, on: date) -> tuple[SupervisionClimb, ...]:
    """What follows when an order of a kind stays unanswered, soonest first."""
    rows = (row for row in national.SUPERVISION_CLIMBS.at(on) if row.kind is kind)
    return tuple(sorted(rows, key=lambda row: row.after))
