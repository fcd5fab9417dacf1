"""By when whoever is meant must have done what an event sets off."""

from datetime import date, datetime

from reference import holidays
from services.tasks.obligations import rules
from services.tasks.plans.domain_duties import PlanDuty

HEARD = frozenset(
    {
        "incidents.accident.reported",
        "incidents.accident.regraded",
        "incidents.finding.made",
        "incidents.investigation.published",
    }
)
"""Facts that set duties off by themselves; what else a plan names, a person must tell."""


def due_of(duty: PlanDuty, *, on: date) -> datetime:
    """When a duty set off on a day falls due."""
    return rules.triggered_due(
        happened_on=on, within_days=duty.within_days, days_off=holidays.calendar()
    )
