"""Which obligations ought to stand for an accident as it is known now. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contracts.incidents import Hop
from contracts.incidents_cases import RecommendationMade
from contracts.tasks import ObligationKind
from kernel import calendar
from reference import regions
from reference.chains import Answering
from reference.terms import Finding, Grade
from reference.units import Roll
from services.tasks.accidents import rules
from services.tasks.chains import domain as chains
from services.tasks.chains.domain import Decided
from services.tasks.obligations import rules as obligation_rules
from services.tasks.obligations.domain import Cause, Wanted, kind_of, place_of
from services.tasks.plans.domain_duties import PlanDuty

_RELAY_RULE = "decree-493 11@2007-06-01"
_HELD_TO_ACCOUNT = frozenset({Finding.LATE, Finding.FALSE, Finding.CONCEALED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An accident as it is known."""

    region_code: str
    enterprise_uscc: str | None
    industry: str | None
    happened_at: datetime
    received_at: datetime
    grade: Grade
    decided: Decided | None = None
    """Who leads its kind of business where that was decided; None where a field names it."""

    @property
    def on(self) -> date:
        """The day of the accident: who answered that day answers for it."""
        return calendar.day_of(self.happened_at)

    @property
    def places(self) -> frozenset[str]:
        """Where those who answer for it may stand: its own place and all above it."""
        return frozenset(place.code for place in regions.ancestors(self.region_code))

    def answering(self) -> Answering:
        """Who answers for it."""
        if self.decided is not None:
            return chains.with_decision(self.decided, region=self.region_code, on=self.on)
        return chains.answering(industry=self.industry, region=self.region_code, on=self.on)


def relay_duty(relay_id: object) -> str:
    """How the passing on of a report is named on an obligation."""
    return f"relay:{relay_id}"


def relays(hops: Sequence[Hop]) -> list[Wanted]:
    """Each desk passes the report on by the deadline of its hop."""
    return [
        Wanted(
            kind=ObligationKind.RELAY,
            cause=Cause.REPORT,
            duty=relay_duty(hop.relay_id),
            rule=_RELAY_RULE,
            due_at=hop.due_at,
            region_code=place_of(hop.from_unit),
            unit=hop.from_unit,
        )
        for hop in hops
    ]


def recommendation_duty(recommendation_id: object, *, turn: int) -> str:
    """How one round of a recommendation is named on an obligation."""
    return f"recommendation:{recommendation_id}:{turn}"


def recommended(told: RecommendationMade) -> Wanted:
    """The addressee acts by the day. The clock and its alarm stay with who made it."""
    unit, uscc = told.unit, told.addressee_uscc
    return Wanted(
        kind=ObligationKind.RECTIFICATION,
        cause=Cause.RECOMMENDATION,
        duty=recommendation_duty(told.recommendation_id, turn=told.round),
        rule=told.rule,
        due_at=told.due_at,
        region_code=place_of(unit) if unit else told.region_code,
        unit=unit,
        enterprise_uscc=uscc,
        clocked=False,
    )


def attendance(known: Known) -> list[Wanted]:
    """Heads go to the scene at once: due when it was heard of, so no clock runs."""
    attendants = rules.attendants(
        grade=known.grade, region=known.region_code, answering=known.answering(), on=known.on
    )
    return [
        Wanted(
            kind=ObligationKind.ATTENDANCE,
            cause=Cause.GRADE,
            duty="attendance",
            rule=attendant.rule,
            due_at=known.received_at,
            region_code=place_of(attendant.unit),
            unit=attendant.unit,
            clocked=False,
        )
        for attendant in attendants
    ]


def investigation_duty(generation: int) -> str:
    """How an investigation, or one that was reopened, is named on an obligation."""
    return "investigation" if generation == 1 else f"investigation:{generation}"


def investigation(
    known: Known,
    *,
    unit: str,
    generation: int = 1,
    due_at: datetime | None = None,
    stands: bool = False,
) -> Wanted:
    """The authority reports within the statutory period, or by `due_at` if that has moved."""
    return Wanted(
        kind=ObligationKind.INVESTIGATION,
        cause=Cause.INVESTIGATION,
        duty=investigation_duty(generation),
        rule=rules.INVESTIGATION_RULE,
        due_at=due_at or rules.investigation_due(happened_on=known.on),
        region_code=place_of(unit),
        unit=unit,
        stands=stands,
    )


def asked_by_grade(
    known: Known, duties: Sequence[PlanDuty], *, roll: Roll, on: date
) -> list[Wanted]:
    """What the plan asks, because of the grade, of those who answer for the accident."""
    return _of_duties(known, duties, cause=Cause.GRADE, roll=roll, on=on)


def asked_by_finding(
    known: Known, duties: Sequence[PlanDuty], *, finding: Finding, roll: Roll, on: date
) -> list[Wanted]:
    """Who is held to account for a report that fell short: the plan says, else the statute."""
    wanted = _of_duties(known, duties, cause=Cause.FINDING, roll=roll, on=on)
    if wanted or finding not in _HELD_TO_ACCOUNT:
        return wanted
    return [
        Wanted(
            kind=ObligationKind.ACCOUNTABILITY,
            cause=Cause.FINDING,
            duty="accountability",
            rule=rules.STATUTORY_ACCOUNTABILITY,
            due_at=calendar.window_closes_at(on, obligation_rules.DEFAULT_DAYS),
            region_code=place_of(unit),
            unit=unit,
        )
        for unit in rules.accountable(answering=known.answering(), on=known.on)
    ]


def _of_duties(
    known: Known, duties: Sequence[PlanDuty], *, cause: Cause, roll: Roll, on: date
) -> list[Wanted]:
    return [
        want for duty in duties for want in _of_duty(known, duty, cause=cause, roll=roll, on=on)
    ]


def _of_duty(known: Known, duty: PlanDuty, *, cause: Cause, roll: Roll, on: date) -> list[Wanted]:
    meant = duty.meant(roll, on=on)
    asked = rules.bound(
        meant.units, region=known.region_code, answering=known.answering(), roll=roll
    )
    places: list[tuple[str | None, str | None, str]] = [
        (unit, None, place_of(unit)) for unit in asked
    ]
    if meant.enterprises and known.enterprise_uscc:
        places.append((None, known.enterprise_uscc, known.region_code))
    return [
        Wanted(
            kind=kind_of(duty.metric),
            cause=cause,
            duty=duty.name,
            rule=duty.rule,
            due_at=duty.due_after(on),
            region_code=region,
            unit=unit,
            enterprise_uscc=uscc,
        )
        for unit, uscc, region in places
    ]
