"""Units split, merge, move and are renamed; what was stays readable, what is owed is somebody's."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from contracts.tasks import UnitEnded, UnitRecorded
from kernel.calendar import SHANGHAI
from services.tasks.lines import operations as lines
from services.tasks.organisations.tables import Post
from tests.services.stage import Stage
from tests.services.tasks.city import found, get, post, put, reorganised, unit
from tests.services.tasks.story import CITY_OFFICE, COUNTY, COUNTY_OFFICE

INDUSTRY, COMMERCE = f"{COUNTY}.industry", f"{COUNTY}.commerce"
NEW, OTHER_NEW = f"{COUNTY}.economy", f"{COUNTY}.trade"
EVE, DAY = "2023-02-28", "2023-03-01"


async def answering(tasks: Stage, code: str, on: str) -> str:
    answer: str = (await get(tasks, f"units/{code}/answering", on=on))["answering"]
    return answer


async def test_a_rename_keeps_code_posts_and_what_it_was_called(tasks: Stage) -> None:
    await found(tasks)
    await reorganised(tasks, "rename", [INDUSTRY], [unit(INDUSTRY, "工信科技局")])

    then, now = [await get(tasks, f"units/{INDUSTRY}", on=on) for on in (EVE, DAY)]
    assert (then["name_zh"], now["name_zh"]) == (then["history"][0]["name_zh"], "工信科技局")
    assert [one["kind"] for one in then["posts"]] == [one["kind"] for one in now["posts"]]
    assert all(one["label_zh"].startswith("工信科技局") for one in now["posts"])
    assert await answering(tasks, INDUSTRY, DAY) == INDUSTRY


async def test_after_a_merger_the_new_unit_answers_and_the_old_ones_stay_readable(
    tasks: Stage,
) -> None:
    await found(tasks)
    merged = unit(NEW, "经济局", "department", "principal")
    await reorganised(tasks, "merge", [INDUSTRY, COMMERCE], [merged])

    for old in (INDUSTRY, COMMERCE):
        assert await answering(tasks, old, EVE) == old
        assert await answering(tasks, old, DAY) == NEW
        assert (await get(tasks, f"units/{old}", on=EVE))["effective_to"] == EVE
        gone = await tasks.as_(CITY_OFFICE).get(f"/tasks/organisations/units/{old}?on={DAY}")
        assert gone.status_code == 404
    ended = await tasks.told(UnitEnded)
    assert {(fact["unit"], fact["heir"], fact["ended_on"]) for fact in ended} == {
        (INDUSTRY, NEW, EVE),
        (COMMERCE, NEW, EVE),
    }
    assert NEW in {fact["unit"] for fact in await tasks.told(UnitRecorded)}


async def test_what_is_recorded_ahead_is_told_on_its_day(tasks: Stage) -> None:
    await found(tasks)
    before = len(await tasks.told())
    await reorganised(tasks, "merge", [COMMERCE, INDUSTRY], [unit(NEW)], on="2023-07-01")
    contact = {"email": "new@example.org", "effective_from": "2023-07-01"}
    assert (await put(tasks, f"posts/{COUNTY}.water.principal/contact", contact)).status_code == 200
    assert len(await tasks.told()) == before

    eve = datetime(2023, 6, 30, 23, 59, tzinfo=SHANGHAI)
    assert await tasks.fire_until(eve) == 1  # who was founded long ago is asked what runs
    assert await tasks.fire_until(eve + timedelta(minutes=1)) == 7  # two of them hand over

    told = (await tasks.told())[before:]
    assert {(fact["unit"], fact.get("heir")) for fact in told} == {
        (COMMERCE, NEW),
        (INDUSTRY, NEW),
        (NEW, None),
        (f"{COUNTY}.water", None),
    }
    water = next(fact for fact in told if fact["unit"] == f"{COUNTY}.water")
    assert "new@example.org" in {held["email"] for held in water["posts"]}


async def test_after_a_split_the_named_heir_answers_for_what_was_owed(tasks: Stage) -> None:
    await found(tasks)
    parts = [unit(NEW, "经济局"), unit(OTHER_NEW, "贸易局")]
    links = await reorganised(tasks, "split", [COMMERCE], parts, heir=OTHER_NEW)

    assert {link["successor"]: link["heir"] for link in links} == {NEW: False, OTHER_NEW: True}
    assert await answering(tasks, COMMERCE, DAY) == OTHER_NEW
    listed = await get(tasks, "successions", predecessor=COMMERCE)
    assert len(listed["items"]) == 2
    assert (await get(tasks, "successions", predecessor=COMMERCE, on=EVE))["items"] == []


async def test_a_split_without_an_heir_is_refused_and_nothing_changes(tasks: Stage) -> None:
    await found(tasks)
    body = {
        "kind": "split",
        "before": [COMMERCE],
        "after": [unit(NEW), unit(OTHER_NEW)],
        "effective_from": DAY,
    }

    assert (await post(tasks, "successions", body)).status_code == 422
    assert await answering(tasks, COMMERCE, DAY) == COMMERCE


async def test_a_part_may_leave_a_unit_that_stays(tasks: Stage) -> None:
    await found(tasks)
    await reorganised(tasks, "split", [COMMERCE], [COMMERCE, unit(NEW)], heir=COMMERCE)

    assert await answering(tasks, COMMERCE, DAY) == COMMERCE
    assert await answering(tasks, NEW, DAY) == NEW
    assert await tasks.told(UnitEnded) == []


async def test_a_unit_that_moves_takes_posts_and_holders_along(tasks: Stage) -> None:
    await found(tasks)
    head = f"{COMMERCE}.principal"
    body = {"name": "张三丰", "effective_from": "2023-01-01"}
    held = (await post(tasks, f"posts/{head}/holders", body)).json()

    target = "430482.county_commerce"
    await reorganised(tasks, "move", [COMMERCE], [unit(target, "商务局")])

    old = (await get(tasks, f"posts/{head}/holders"))["holders"]
    new = (await get(tasks, f"posts/{target}.principal/holders"))["holders"]
    assert [(one["person"], one["effective_to"]) for one in old] == [(held["person"], EVE)]
    assert [(one["person"], one["effective_from"]) for one in new] == [(held["person"], DAY)]
    assert await answering(tasks, COMMERCE, DAY) == target


async def test_the_posts_of_a_merged_unit_end_with_their_holders(tasks: Stage) -> None:
    await found(tasks)
    head = f"{COMMERCE}.principal"
    await post(tasks, f"posts/{head}/holders", {"name": "甲", "effective_from": "2023-01-01"})

    await reorganised(tasks, "merge", [COMMERCE], [INDUSTRY])

    assert (await get(tasks, "holders", post=head, on=DAY))["items"] == []
    assert len((await get(tasks, "holders", post=head, on=EVE))["items"]) == 1
    ended = await tasks.rows(Post, unit=COMMERCE)
    assert {row.effective_to for row in ended} == {date(2023, 2, 28)}


async def test_whoever_reported_to_a_unit_reports_to_its_heir(tasks: Stage) -> None:
    await found(tasks)
    body = {"superior": COMMERCE, "effective_from": "2023-01-01"}
    water = f"{COUNTY}.water"
    assert (await put(tasks, f"units/{water}/superior", body)).status_code == 200

    await reorganised(tasks, "merge", [COMMERCE], [INDUSTRY])

    before = await get(tasks, f"units/{water}/line", on=EVE)
    after = await get(tasks, f"units/{water}/line", on=DAY)
    assert before["units"][:3] == [water, COMMERCE, f"{COUNTY}.government"]
    assert after["units"][:3] == [water, INDUSTRY, f"{COUNTY}.government"]


async def test_units_that_reported_as_usual_do_not_lose_their_line(tasks: Stage) -> None:
    await found(tasks)
    government = f"{COUNTY}.government"
    await reorganised(tasks, "move", [government], [unit(f"{COUNTY}.people", "政府", "government")])

    line = await get(tasks, f"units/{INDUSTRY}/line", on=DAY)

    assert line["units"][:3] == [INDUSTRY, f"{COUNTY}.people", "430400.government"]


async def test_an_heir_sits_on_the_committees_of_those_it_followed(tasks: Stage) -> None:
    await found(tasks)
    committee = f"{COUNTY}.safety_committee"
    for member in (COMMERCE, INDUSTRY):
        body = {"unit": member, "effective_from": "2023-01-01"}
        path = f"committees/{committee}/members"
        assert (await post(tasks, path, body)).status_code == 201

    await reorganised(tasks, "merge", [COMMERCE, INDUSTRY], [unit(NEW)])

    async def members(on: str) -> list[str]:
        listed = await get(tasks, "committees/members", committee=committee, on=on)
        return [row["unit"] for row in listed["items"]]

    assert await members(EVE) == [COMMERCE, INDUSTRY]
    assert await members(DAY) == [NEW]


async def test_a_special_committee_that_is_merged_hands_its_members_over(tasks: Stage) -> None:
    await found(tasks)
    gas, energy = f"{COUNTY}.special_gas", f"{COUNTY}.special_energy"
    for committee, member in ((gas, INDUSTRY), (gas, COMMERCE), (energy, COMMERCE)):
        body = {"unit": member, "effective_from": "2023-01-01"}
        await post(tasks, f"committees/{committee}/members", body)

    await reorganised(tasks, "merge", [gas], [energy])

    listed = await get(tasks, "committees/members", committee=energy, on=DAY)
    assert [row["unit"] for row in listed["items"]] == [COMMERCE, INDUSTRY]


async def test_a_code_of_a_unit_that_is_no_more_is_not_given_again(tasks: Stage) -> None:
    await found(tasks)
    await reorganised(tasks, "merge", [COMMERCE], [INDUSTRY])
    body = {
        "kind": "split",
        "before": [INDUSTRY],
        "after": [INDUSTRY, unit(COMMERCE)],
        "effective_from": "2023-05-01",
    }

    refused = await post(tasks, "successions", body | {"heir": INDUSTRY})

    assert refused.json()["type"] == "/problems/code-used-before"


async def test_what_is_recorded_for_later_is_not_overtaken(tasks: Stage) -> None:
    await found(tasks)
    await reorganised(tasks, "rename", [COMMERCE], [unit(COMMERCE, "甲局")], on="2023-05-01")

    body = {"kind": "merge", "before": [COMMERCE], "after": [INDUSTRY], "effective_from": DAY}

    assert (await post(tasks, "successions", body)).status_code == 409


async def test_nobody_ends_a_unit_of_another_place(tasks: Stage) -> None:
    await found(tasks)
    for before, after in (("430426.commerce", INDUSTRY), (INDUSTRY, "430426.commerce")):
        body = {"kind": "merge", "before": [before], "after": [after], "effective_from": DAY}
        assert (await post(tasks, "successions", body, by=COUNTY_OFFICE)).status_code == 403


async def test_a_merger_into_a_unit_that_reports_to_the_merged_ones_subordinate_is_refused(
    tasks: Stage,
) -> None:
    await found(tasks)
    async with tasks.work(CITY_OFFICE) as session:
        for below, above in ((f"{COUNTY}.water", COMMERCE), (INDUSTRY, f"{COUNTY}.water")):
            await lines.report_to(
                session, unit_code=below, superior=above, on=date(2023, 1, 1), by=CITY_OFFICE
            )
            await session.flush()

    body = {"kind": "merge", "before": [COMMERCE], "after": [INDUSTRY], "effective_from": DAY}

    assert (await post(tasks, "successions", body)).status_code == 409


async def test_a_merger_that_would_close_a_circle_only_later_is_refused_too(tasks: Stage) -> None:
    await found(tasks)
    water = f"{COUNTY}.water"
    for below, above, on in ((water, COMMERCE, "2023-01-01"), (INDUSTRY, water, "2023-05-01")):
        stated = {"superior": above, "effective_from": on}
        assert (await put(tasks, f"units/{below}/superior", stated)).status_code == 200

    body = {"kind": "merge", "before": [COMMERCE], "after": [INDUSTRY], "effective_from": DAY}
    refused = await post(tasks, "successions", body)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/circular-line")
    assert "2023-05-01" in refused.json()["detail"]


async def test_a_line_that_was_to_end_goes_to_the_heir_for_no_longer(tasks: Stage) -> None:
    await found(tasks)
    water, party = f"{COUNTY}.water", f"{COUNTY}.party_committee"
    for above, on in ((COMMERCE, "2023-01-01"), (party, "2023-05-01")):
        stated = {"superior": above, "effective_from": on}
        assert (await put(tasks, f"units/{water}/superior", stated)).status_code == 200

    await reorganised(tasks, "merge", [COMMERCE], [INDUSTRY])

    seen = {}
    for day in (EVE, DAY, "2023-04-30", "2023-05-01"):
        seen[day] = (await get(tasks, f"units/{water}/line", on=day))["units"][1]
    assert seen == {EVE: COMMERCE, DAY: INDUSTRY, "2023-04-30": INDUSTRY, "2023-05-01": party}


@pytest.mark.parametrize("day", [EVE, DAY])
async def test_counts_keep_parks_in_two_trees_and_once_in_all(tasks: Stage, day: str) -> None:
    await found(tasks)
    await reorganised(tasks, "merge", [COMMERCE], [INDUSTRY])

    counted: Any = await get(tasks, "totals", on=day)

    park, county = "430472", "430408"
    assert counted["total"] == sum(counted["ranked"].values())
    assert counted["territory"]["000000"] == counted["total"]
    assert counted["territory"][county] == counted["ranked"][county] + counted["ranked"][park]
