"""The city whose quarter is played: the places on record, and the plan that was issued to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from contracts.tasks import PlanIssued
from kernel import calendar
from kernel.calendar import Cadence
from reference import units
from reference.terms import DutyKind
from services.tasks.organisations import operations as recording
from services.tasks.organisations.domain import of_pack
from services.tasks.plans import operations as plans
from services.tasks.plans.tables import Article, Duty
from tests.services.stage import NOON, Stage
from tests.services.tasks.city import FOUNDED
from tests.services.tasks.hotline import at
from tests.services.tasks.story import CITY

BEGINS = at(3, 30, 9)
"""Two days before the quarter: what is due as it begins was asked before."""
ENDS = at(7, 3, 12)
LEIYANG, CHANGNING, HENGDONG, SHIGU = COUNTIES = ("430481", "430482", "430424", "430407")
PARKS = {"430471": "430406", "430472": "430408", "430473": "430407"}
"""The parks, and the county that each lies in."""
PLACES = (CITY, *COUNTIES, *PARKS)
DEPARTMENTS = (
    "commerce",
    "culture_tourism",
    "development",
    "education",
    "emergency",
    "fire_rescue",
    "housing",
    "transport",
    "water",
)
"""Those of the city's departments that are on record, beside its government."""
AT = {**dict.fromkeys(COUNTIES, "county"), **dict.fromkeys(PARKS, "park"), CITY: "city"}


@dataclass(frozen=True, kw_only=True)
class Asks:
    """A duty of the plan as the play knows it."""

    code: str
    kind: DutyKind
    of: str
    """Whom it means, as `<sort of place>:<kind or role>`."""
    metric: str = "played"
    cadence: Cadence | None = None
    least: int | None = None
    due_on: date | None = None
    comparator: str | None = None
    target: str | None = None
    trigger: str | None = None
    within_days: int | None = None


_K = DutyKind
_END = date(2023, 6, 30)
EXECUTIVE = "gov_executive_or_committee_plenary_meeting"
STANDING = "party_standing_committee_meeting"
_ASKED = (
    Asks(code="1.1", kind=_K.RECURRING_QUOTA, of="county:government", cadence=Cadence.MONTH),
    Asks(code="1.2", kind=_K.RECURRING_QUOTA, of="park:park_committee", cadence=Cadence.MONTH),
    Asks(
        code="1.3",
        kind=_K.RECURRING_QUOTA,
        of="county:government",
        metric=EXECUTIVE,
        cadence=Cadence.QUARTER,
        least=2,
    ),
    Asks(
        code="1.4",
        kind=_K.RECURRING_QUOTA,
        of="county:party_committee_principal",
        metric=STANDING,
        cadence=Cadence.QUARTER,
        least=3,
    ),
    Asks(code="2.1", kind=_K.DEADLINE_TASK, of="city:regulator", due_on=date(2023, 5, 20)),
    Asks(code="2.2", kind=_K.DEADLINE_TASK, of="county:emergency", due_on=date(2023, 4, 30)),
    Asks(code="2.3", kind=_K.CONTINUOUS, of="township:government", due_on=date(2023, 6, 15)),
    Asks(
        code="3.1",
        kind=_K.RATE_TARGET,
        of="park:park_committee",
        metric="played_rate",
        due_on=date(2023, 5, 31),
        comparator=">=",
        target="90",
    ),
    Asks(
        code="3.2",
        kind=_K.COUNT_TARGET,
        of="county:emergency",
        metric="played_count",
        due_on=_END,
        comparator=">=",
        target="10",
    ),
    Asks(
        code="3.3",
        kind=_K.RATE_TARGET,
        of="city:regulator",
        metric="order_answered_on_time_rate",
        due_on=date(2023, 6, 12),
        comparator=">=",
        target="80",
    ),
    Asks(
        code="3.4",
        kind=_K.REDUCTION_TARGET,
        of="county:government",
        metric="accident_count",
        due_on=date(2023, 6, 15),
        comparator=">=",
        target="20",
    ),
    Asks(
        code="3.5",
        kind=_K.PROHIBITION,
        of="county:government",
        metric="accident_count_ge_larger",
        due_on=_END,
    ),
    Asks(
        code="3.6",
        kind=_K.PROHIBITION,
        of="park:park_committee",
        metric="accident_count_ge_larger",
        due_on=_END,
    ),
    Asks(
        code="3.7",
        kind=_K.RATE_TARGET,
        of="township:government",
        metric="obligation_done_on_time_rate",
        due_on=date(2023, 6, 15),
        comparator=">=",
        target="100",
    ),
    Asks(
        code="4.1",
        kind=_K.EVENT_TRIGGERED,
        of="county:government",
        trigger="accident_grade_ge_larger",
        within_days=10,
    ),
    Asks(
        code="4.2",
        kind=_K.EVENT_TRIGGERED,
        of="county:party_committee",
        trigger="investigation_report_published",
        within_days=15,
    ),
    Asks(
        code="4.3",
        kind=_K.EVENT_TRIGGERED,
        of="city:regulator",
        trigger="study_checked",
        within_days=20,
    ),
)
PLAN: Mapping[str, Asks] = {asks.code: asks for asks in _ASKED}


def plays(unit: str) -> bool:
    """Whether a unit is on record: of the city a few, of the other places all."""
    place, _, slug = unit.partition(".")
    return place in PLACES and (place != CITY or slug in {*DEPARTMENTS, *_OF_THE_CITY})


_OF_THE_CITY = ("government", "committee_office", "government_office")


def meant(of: str) -> list[str]:
    """The units on record that a duty means, one by one."""
    sort, _, role = of.partition(":")
    role = role.removesuffix("_principal")
    return [
        unit.code
        for unit in units.units(on=FOUNDED)
        if plays(unit.code)
        and sort == ("township" if unit.township else AT[unit.region])
        and role in {unit.kind, *unit.roles}
    ]


async def founded(tasks: Stage) -> None:
    """The units that play are on record."""
    every = of_pack(on=FOUNDED, address=lambda _: None)
    played = [unit for unit in every if plays(unit.facts.code)]
    async with tasks.work() as session:
        await recording.record_units(session, units=played, on=FOUNDED, now=NOON)


async def issued(tasks: Stage, now: datetime) -> None:
    """The plan is issued and heard of."""
    async with tasks.work() as session:
        await plans.issue_version(
            session,
            year=2023,
            title="全市安全生产工作要点",
            articles=[_article(number) for number in range(1, 5)],
            duties=[_duty(asks) for asks in _ASKED],
            now=now,
        )
    told = (await tasks.told(PlanIssued))[-1]
    await tasks.hear(PlanIssued.model_validate({k: v for k, v in told.items() if k != "subject"}))


def _article(number: int) -> Article:
    return Article(number=number, section=1, title_zh=f"第{number}条", allocations=[])


def _duty(asks: Asks) -> Duty:
    article, _, position = asks.code.partition(".")
    return Duty(
        code=asks.code,
        article=int(article),
        position=int(position),
        kind=asks.kind.value,
        text_zh=f"任务{asks.code}",
        metric=asks.metric,
        subjects=[asks.of],
        lead=[],
        supporting=[],
        cadence=asks.cadence.value if asks.cadence else None,
        least=asks.least,
        comparator=asks.comparator,
        target=asks.target,
        trigger=asks.trigger,
        within_days=asks.within_days,
        due_on=asks.due_on,
    )


def closes(day: date) -> datetime:
    """24:00 of a day."""
    return calendar.closes_at(day)
