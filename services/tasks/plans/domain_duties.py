"""A duty of a plan as what asks somebody for something, whether issued or the pack's own."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from kernel.calendar import Cadence
from reference import cityrows as pack
from reference import holidays, subjects
from reference.cityrows import EnterpriseGroup
from reference.subjects import Subjects
from reference.terms import DutyKind
from reference.units import Roll
from services.tasks.obligations import rules


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDuty:
    """What one duty of one version of a year's plan asks of whom."""

    year: int
    version: int | None
    """None of the pack's plan, which holds until a version is issued."""
    code: str
    kind: DutyKind
    metric: str
    subjects: tuple[str, ...]
    lead: tuple[str, ...]
    supporting: tuple[str, ...]
    rule: str
    cadence: Cadence | None = None
    least: int | None = None
    due_on: date | None = None
    trigger: str | None = None
    within_days: int | None = None

    @property
    def name(self) -> str:
        """How an obligation names it: `2023/1.3`."""
        return f"{self.year}/{self.code}"

    @property
    def shared(self) -> bool:
        """Whether it names whoever leads, or is involved: they share one obligation of it."""
        return not _SHARED.isdisjoint(self.subjects)

    def due_after(self, day: date) -> datetime:
        """When it falls due, set off on a day."""
        return rules.triggered_due(
            happened_on=day, within_days=self.within_days, days_off=holidays.calendar()
        )

    def meant(self, roll: Roll, *, on: date) -> Subjects:
        """Everybody whom it means on a day, of the units there are then."""
        return subjects.meant(
            self.subjects, lead=self.lead, supporting=self.supporting, roll=roll, on=on
        )

    def groups(self, *, on: date) -> tuple[EnterpriseGroup, ...]:
        """The groups of enterprises that it means."""
        return subjects.groups(self.subjects, on=on)

    def sharing(self, roll: Roll, *, on: date) -> frozenset[str]:
        """Who has a part in the obligation of the first that leads, and none of its own.

        Whom the duty names beside `lead` and `involved` owes it by itself all the same.
        """
        leading = subjects.allocated(self.lead, roll=roll)
        if not self.shared or not leading:
            return frozenset()
        lead, *joint = leading
        involved = self.supporting if _INVOLVED in self.subjects else ()
        helping = subjects.allocated(involved, roll=roll)
        others = tuple(subject for subject in self.subjects if subject not in _SHARED)
        own = replace(self, subjects=others).meant(roll, on=on).units
        return frozenset({*joint, *helping}) - {lead, *own}


_INVOLVED = "city:involved"
_SHARED = frozenset({"city:lead", _INVOLVED})


def of_pack(duty: pack.Duty) -> PlanDuty:
    """A duty of the plan that came with the city's pack."""
    allocation = subjects.allocation(duty, on=duty.effective_from)
    return PlanDuty(
        year=duty.effective_from.year,
        version=None,
        code=duty.code,
        kind=duty.kind,
        metric=duty.metric,
        subjects=duty.subjects,
        lead=allocation.lead,
        supporting=allocation.supporting,
        rule=duty.rule,
        cadence=duty.cadence,
        least=duty.least,
        due_on=duty.due,
        trigger=duty.trigger,
        within_days=duty.within_days,
    )
