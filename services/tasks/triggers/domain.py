"""A duty for everybody in scope: whom it means, and by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contracts.tasks import ObligationKind
from reference import city, holidays
from reference.cityrows import EnterpriseGroup
from services.tasks.obligations import rules
from services.tasks.obligations.domain import kind_of
from services.tasks.plans.domain_duties import PlanDuty


@dataclass(frozen=True, slots=True, kw_only=True)
class ForEverybody:
    """A duty of a plan that one event opens for everybody in scope."""

    duty: PlanDuty
    kind: ObligationKind
    region_code: str
    due_at: datetime
    units: tuple[str, ...]
    enterprises: tuple[EnterpriseGroup, ...]


def for_everybody(
    duties: Sequence[PlanDuty], *, on: date, counted_from: date
) -> tuple[ForEverybody, ...]:
    """What duties set off on a day mean; their periods count from when it was known here."""
    return tuple(_meant(duty, on=on, counted_from=counted_from) for duty in duties)


def _meant(duty: PlanDuty, *, on: date, counted_from: date) -> ForEverybody:
    meant = duty.meant(on=on)
    return ForEverybody(
        duty=duty,
        kind=kind_of(duty.metric),
        region_code=city.current().code,
        due_at=due_of(duty, on=counted_from),
        units=meant.units,
        enterprises=meant.enterprises,
    )


def due_of(duty: PlanDuty, *, on: date) -> datetime:
    """When a duty set off on a day falls due."""
    return rules.triggered_due(
        happened_on=on, within_days=duty.within_days, days_off=holidays.calendar()
    )
