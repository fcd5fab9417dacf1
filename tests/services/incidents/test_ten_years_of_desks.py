"""Ten years of a desk by a virtual clock: what it does not do is told in its time, and once.

In each year there is an accident, a lead and a report of the public; some duties are done in
time, a case stands still for its appraisals, a rescue goes on for days.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from contracts import incidents as contract
from contracts import incidents_cases as cases
from contracts import incidents_enterprises as enterprises
from contracts import incidents_reports as reports
from kernel import calendar
from kernel.calendar import SHANGHAI
from services.incidents.directreports.tables import DirectReport
from services.incidents.relays.tables import Relay
from tests.services.incidents.casework import CITY_TEAM, done, larger
from tests.services.incidents.clues import do, handed_in
from tests.services.incidents.conftest import CITY_DESK, COUNTY_DESK, ENTERPRISE, told_by_the_public
from tests.services.incidents.counting import hear_own
from tests.services.incidents.test_case_clocks import appraised, ended
from tests.services.stage import Stage

YEARS = 10
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOMENT = timedelta(microseconds=1)
PACE = timedelta(days=41, hours=7, seconds=1)
"""Falls on no regular day, so that what comes due is met before, at and after its moment."""

Duty = tuple[str, ...]
"""Which fact tells that it was missed, of what, and which part of it."""

_PARTS: dict[str, tuple[str, ...]] = {
    contract.RelayOverdue.subject: ("relay_id",),
    contract.NoticeOverdue.subject: ("accident_id", "from_unit"),
    enterprises.DirectReportOverdue.subject: ("accident_id", "level"),
    contract.EntryOverdue.subject: ("accident_id", "stage"),
    contract.LeadOverdue.subject: ("lead_id", "step"),
    reports.PublicReportOverdue.subject: ("public_report_id",),
    contract.FollowUpMissed.subject: ("accident_id", "day"),
    cases.InvestigationOverdue.subject: ("accident_id", "stage"),
}


@dataclass
class Desk:
    """A stage whose clock walks on, and what will be missed on the way."""

    stage: Stage
    owed: dict[Duty, datetime] = field(default_factory=dict)

    def owes(self, fact: type[contract.Event], *of: object, by: datetime) -> None:
        """Nobody will do this."""
        self.owed[fact.subject, *map(str, of)] = by

    async def walk(self, until: datetime) -> None:
        """Go on: at each moment exactly what is due by then has been told, each thing once."""
        begun = self.stage.now
        edges = {due - late for due in self.owed.values() for late in (MOMENT, timedelta())}
        paced = {begun + n * PACE for n in range((until - begun) // PACE)}
        for now in sorted(one for one in edges | paced | {until} if begun <= one <= until):
            self.stage.now = now
            await self.stage.fire_until(now)
            assert await self._told() == Counter(d for d, due in self.owed.items() if due <= now)

    async def _told(self) -> Counter[Duty]:
        return Counter(
            (fact["subject"], *(str(fact[part]) for part in parts))
            for fact in await self.stage.told()
            if (parts := _PARTS.get(fact["subject"])) is not None
        )


async def an_accident(desk: Desk, year: int) -> None:
    """A larger accident; in every second year what can be done of it at once is done."""
    stage, now = desk.stage, desk.stage.now
    happened = now - HOUR
    accident = await larger(
        stage, occurred_at=happened.isoformat(), known_at=(now - HOUR / 2).isoformat()
    )
    await hear_own(stage)
    if year % 2:
        await _in_time(stage, accident)
    else:
        desk.owes(contract.EntryOverdue, accident, "entered", by=now + DAY)
        desk.owes(enterprises.DirectReportOverdue, accident, "province", by=now + HOUR / 2)
    week_ends = calendar.closes_at(calendar.day_of(now) + 7 * DAY)
    desk.owes(contract.EntryOverdue, accident, "completed", by=week_ends)
    desk.owes(contract.NoticeOverdue, accident, "430481.emergency", by=now + 2 * HOUR)
    for hop in await stage.rows(Relay, accident_id=UUID(accident)):
        if hop.forwarded_at is None:
            desk.owes(contract.RelayOverdue, hop.id, by=hop.due_at)
    await _rescue(desk, accident, days=year % 4)
    stands = await _appraisal(desk, accident, days=(year % 3) * 7)
    ends = calendar.closes_at(calendar.day_of(happened) + (60 + stands) * DAY)
    desk.owes(cases.InvestigationOverdue, accident, "investigation", by=ends)


async def _in_time(stage: Stage, accident: str) -> None:
    """The county passes it on and enters it, and its unit tells the province itself."""
    county = stage.as_(COUNTY_DESK)
    mine = {"accident_id": UUID(accident), "from_unit": "430481.emergency", "means": "text"}
    for hop in await stage.rows(Relay, **mine):
        for action in ("acknowledge", "forward"):
            answer = await county.post(f"/incidents/relays/{hop.id}/{action}", json={})
            assert answer.is_success, answer.text
    [direct] = await stage.rows(DirectReport, accident_id=UUID(accident))
    path = f"/incidents/direct-reports/{direct.id}/tell"
    answer = await stage.as_(ENTERPRISE).post(path, json={"receipt": "省厅值班员接收"})
    assert answer.is_success, answer.text
    answer = await county.post(f"/incidents/statistics/entries/{accident}/entered")
    assert answer.is_success, answer.text


async def _rescue(desk: Desk, accident: str, *, days: int) -> None:
    """A rescue of so many days in which nobody follows up."""
    first = calendar.day_of(desk.stage.now)
    for number in range(1, days):
        day = first + number * DAY
        desk.owes(contract.FollowUpMissed, accident, day, by=calendar.closes_at(day))
    if days:
        await desk.walk(datetime.combine(first + days * DAY, time(9), SHANGHAI))
    county = desk.stage.as_(COUNTY_DESK)
    answer = await county.post(f"/incidents/rescues/{accident}/end", json={"reason": "救援结束"})
    assert answer.is_success, answer.text


async def _appraisal(desk: Desk, accident: str, *, days: int) -> int:
    """A case that stands still for so many days."""
    if days:
        await done(desk.stage, CITY_TEAM, accident, "begin")
        began_on = calendar.day_of(desk.stage.now)
        appraisal = (await appraised(desk.stage, accident, began_on)).json()
        await desk.walk(desk.stage.now + days * DAY)
        answer = await ended(desk.stage, accident, appraisal["id"], began_on + days * DAY)
        assert answer.is_success, answer.text
    return days


async def a_lead(desk: Desk, year: int) -> None:
    """A sign that matches nothing; in every second year it is looked into at once, and left."""
    lead = await handed_in(
        desk.stage,
        region_code="430407",
        enterprise_uscc=None,
        location=None,
        occurred_at=(desk.stage.now - 3 * HOUR).isoformat(),
    )
    if year % 2:
        answer = await do(desk.stage, lead["id"], "first-check", by=CITY_DESK, note="已核查")
        assert answer.is_success, answer.text
    else:
        first = datetime.fromisoformat(lead["first_check_due_at"])
        desk.owes(contract.LeadOverdue, lead["id"], "first_check", by=first)
    result = datetime.fromisoformat(lead["result_due_at"])
    desk.owes(contract.LeadOverdue, lead["id"], "result", by=result)


async def a_public_report(desk: Desk) -> None:
    """Somebody without an account tells of an accident, and no desk looks."""
    told = await told_by_the_public(desk.stage)
    by = desk.stage.now + HOUR / 2
    desk.owes(reports.PublicReportOverdue, told["public_report_id"], by=by)


async def test_whatever_a_desk_leaves_undone_in_ten_years_is_told_in_its_time_and_once(
    incidents: Stage,
) -> None:
    desk = Desk(incidents)
    for year in range(YEARS):
        day = date(2023 + year, 1 + year, 28) + timedelta(days=year % 3)
        begins = datetime.combine(day, time(2 + 2 * year), SHANGHAI)
        incidents.now = begins if not year else incidents.now
        await desk.walk(begins)
        await an_accident(desk, year)
        await a_lead(desk, year)
        await a_public_report(desk)
    await desk.walk(incidents.now + 400 * DAY)
    assert len(desk.owed) > YEARS * 6
