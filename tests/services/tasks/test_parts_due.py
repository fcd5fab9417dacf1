"""Whoever shares a duty is reminded of its part before the deadline, like the lead of the whole."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.tasks_reminders import DigestDue
from kernel.access import Principal
from reference.terms import DutyKind
from services.tasks.obligations import operations as obligations
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from services.tasks.parts.tables import Part
from services.tasks.plans import operations as plans
from services.tasks.plans.tables import Duty
from tests.services.stage import NOON, Stage
from tests.services.tasks.ics import Part as Entry
from tests.services.tasks.measured import COUNTY_GOVERNMENT, HOUSING, asked, planned
from tests.services.tasks.sharing import DUE, FIRE, HELPERS, divide, of, part, read, took
from tests.services.tasks.story import CITY_OFFICE, OTHER_DESK
from tests.services.tasks.test_digests import armed, morning
from tests.services.tasks.test_feeds import address, entries


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    return await planned(tasks)


@pytest.fixture
async def shared(city: Stage) -> Obligation:
    """A duty that the city's housing department leads and six others support (article 10)."""
    row = await asked(city, "10.4", DutyKind.DEADLINE_TASK, unit=HOUSING, due_at=DUE)
    assert await divide(city) == 1 + len(HELPERS)
    return row


async def calendar(city: Stage, unit: str, more: str = "") -> list[Entry]:
    return await entries(city, await address(city, of(unit)) + more)


async def listed(city: Stage, by: Principal, query: str = "") -> list[dict[str, Any]]:
    answer = await city.as_(by).get(f"/tasks/parts?limit=200{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_a_calendar_shows_a_supporting_unit_its_part_by_the_deadline_of_the_whole(
    city: Stage, shared: Obligation
) -> None:
    (entry,) = await calendar(city, FIRE)
    (english,) = await calendar(city, FIRE, "&lang=en&shape=todo")

    assert entry.lines["UID"] == f"part-{(await part(city, FIRE)).id}@anlian"
    assert entry.lines["DTSTART;VALUE=DATE"] == "20230609"
    assert entry.text("SUMMARY").startswith("配合：")
    assert "自建房" in entry.text("SUMMARY")
    assert english.text("SUMMARY").startswith("Support: ")
    assert english.lines["DUE"] == "20230609T160000Z"


async def test_the_lead_is_told_of_the_whole_and_not_of_its_own_part_too(
    city: Stage, shared: Obligation
) -> None:
    (entry,) = await calendar(city, HOUSING)

    assert entry.lines["UID"] == f"obligation-{shared.id}@anlian"


async def test_who_leads_jointly_is_told_of_its_part(city: Stage) -> None:
    await asked(city, "10.4", DutyKind.DEADLINE_TASK, unit=HOUSING, due_at=DUE)
    await divide(city, lead=(HOUSING, FIRE), supporting=())

    (entry,) = await calendar(city, FIRE)

    assert entry.text("SUMMARY").startswith("共同牵头：")


async def test_a_part_that_was_handed_in_is_not_due_and_a_returned_one_is_again(
    city: Stage, shared: Obligation
) -> None:
    seen = []
    await took(city, of(FIRE), FIRE, "hand-in")
    seen.append(len(await calendar(city, FIRE)))
    await took(city, of(HOUSING), FIRE, "return", reason="Which sites?")
    seen.append(len(await calendar(city, FIRE)))
    await took(city, of(FIRE), FIRE, "hand-in")
    await took(city, of(HOUSING), FIRE, "accept")
    seen.append(len(await calendar(city, FIRE)))

    assert seen == [0, 1, 0]


@pytest.mark.parametrize("gone", [{"status": Status.EXCUSED}, {"stopped_at": NOON}])
async def test_nothing_is_due_of_what_nobody_owes_or_whose_clock_stands(
    city: Stage, shared: Obligation, gone: dict[str, Any]
) -> None:
    async with city.work() as session:
        row = await session.get_one(Obligation, shared.id)
        for name, value in gone.items():
            setattr(row, name, value)

    assert await calendar(city, FIRE) == []


async def test_a_part_is_due_later_with_the_whole(city: Stage, shared: Obligation) -> None:
    async with city.work() as session:
        row = await session.get_one(Obligation, shared.id)
        for days in (10, 20):
            due_at = DUE + timedelta(days=days)
            await obligations.postpone(session, row, due_at, reason="appeal", now=NOON)

    (entry,) = await calendar(city, FIRE)

    assert (entry.lines["DTSTART;VALUE=DATE"], entry.lines["SEQUENCE"]) == ("20230629", "1")


async def test_a_digest_counts_a_part_once_and_the_lead_s_whole_once(
    city: Stage, shared: Obligation
) -> None:
    await took(city, of(FIRE), FIRE, "hand-in")
    await armed(city, morning(6, 7, 12))

    await city.fire_until(morning(6, 8))

    soon = {fact["unit"]: fact["due_soon"] for fact in await city.told(DigestDue)}
    assert soon == dict.fromkeys({HOUSING, *HELPERS} - {FIRE}, 1)
    named = {fact["unit"]: fact["parts"] for fact in await city.told(DigestDue)}
    rows = [one for one in await city.rows(Part) if one.unit not in {HOUSING, FIRE}]
    assert named == {HOUSING: []} | {one.unit: [str(one.id)] for one in rows}


async def test_a_digest_says_what_a_part_is_of_and_by_when_it_is_due(
    city: Stage, shared: Obligation
) -> None:
    await armed(city, morning(6, 7, 12))

    await city.fire_until(morning(6, 8))

    (fact,) = [one for one in await city.told(DigestDue) if one["unit"] == FIRE]
    (named,) = fact["parts_due"]
    assert [named["part_id"]] == fact["parts"]
    assert named["title_zh"].startswith("配合：")
    assert "自建房" in named["title_zh"]
    assert named["title_en"].startswith("Support: ")
    assert named["due_at"] == "2023-06-09T16:00:00Z"
    (lead,) = [one for one in await city.told(DigestDue) if one["unit"] == HOUSING]
    assert lead["parts_due"] == []


async def test_a_digest_shortens_what_is_long(city: Stage) -> None:
    words = "整治" * 60
    await planned_once_more(city, words)
    row = await asked(
        city, "10.4", DutyKind.DEADLINE_TASK, unit=HOUSING, due_at=DUE, plan_version=2
    )
    await divide(city, supporting=(FIRE,))
    await armed(city, morning(6, 7, 12))

    await city.fire_until(morning(6, 8))

    (fact,) = [one for one in await city.told(DigestDue) if one["unit"] == FIRE]
    (named,) = fact["parts_due"]
    assert row.plan_version == 2
    assert named["title_zh"] == f"配合：{words}"[:79] + "…"


async def planned_once_more(city: Stage, words: str) -> None:
    """A second version of the plan, of one duty with these words."""
    asks = Duty(
        code="10.4",
        article=10,
        position=4,
        kind=DutyKind.DEADLINE_TASK,
        text_zh=words,
        metric="plan_2023_10_4",
        subjects=["city:involved"],
        lead=[HOUSING],
        supporting=[],
    )
    async with city.work() as session:
        await plans.issue_version(
            session, year=2023, title=None, articles=[], duties=[asks], now=NOON
        )


async def test_a_list_of_parts_says_what_is_asked_by_when(city: Stage, shared: Obligation) -> None:
    found = await listed(city, of(FIRE), f"&unit={FIRE}&duty=2023/10.4&sort=due_at")
    early = await listed(city, of(FIRE), "&due_before=2023-06-09T00:00:00Z")
    file = await city.as_(of(FIRE), Accept="text/csv").get("/tasks/parts")

    said = [(one["duty"], one["due_at"], one["stopped_at"]) for one in found]
    assert said == [("2023/10.4", "2023-06-10T00:00:00+08:00", None)]
    assert early == []
    assert file.text.count("2023/10.4") == 1 + len(HELPERS)


async def test_a_unit_of_another_place_knows_what_it_supports_and_strangers_nothing(
    city: Stage,
) -> None:
    row = await asked(city, "10.4", DutyKind.DEADLINE_TASK, unit=HOUSING, due_at=DUE)
    await divide(city, supporting=(COUNTY_GOVERNMENT,))
    county = of(COUNTY_GOVERNMENT)

    (entry,) = await calendar(city, COUNTY_GOVERNMENT)
    mine = await listed(city, county, f"&unit={COUNTY_GOVERNMENT}")
    whole = await city.as_(county).get(f"/tasks/parts/of/{row.id}")
    strangers = await listed(city, OTHER_DESK)

    assert "自建房" in entry.text("SUMMARY")
    assert [one["duty"] for one in mine] == ["2023/10.4"]
    assert whole.json()["due_at"] == (await read(city, row))["due_at"] is not None
    assert strangers == []
    assert len(await listed(city, CITY_OFFICE)) == 2
