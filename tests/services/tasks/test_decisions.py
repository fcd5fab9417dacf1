"""Chains as at a day: rules, decisions, heirs and post-holders; gaps and overlaps."""

from asyncio import gather
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from contracts.tasks import ChainDecided
from kernel.access import Principal
from kernel.audit import AuditRecord
from reference.terms import Grade
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.city import found, post, put, reorganised, unit
from tests.services.tasks.story import (
    CITY_OFFICE,
    COUNTY,
    COUNTY_DESK,
    COUNTY_OFFICE,
    HAPPENED,
    MINE,
    OTHER,
    officer,
    registered,
    reported,
)

NAME = "密室逃脱"
CHAINS = "/tasks/chains"


async def read(tasks: Stage, path: str, by: Any = CITY_OFFICE, **query: Any) -> httpx.Response:
    return await tasks.as_(by).get(f"{CHAINS}/{path}", params=query)


async def chain(tasks: Stage, **query: Any) -> list[dict[str, Any]]:
    answer = await read(tasks, "resolve", **query)
    assert answer.status_code == 200, answer.text
    links: list[dict[str, Any]] = answer.json()["links"]
    return links


def decision(**changed: Any) -> dict[str, Any]:
    stated = {
        "name": NAME,
        "about": "室内实景娱乐",
        "region_code": "430400",
        "field": "tourism",
        "reason": "业务相近、业态相似",
        "document": "安委办〔2023〕1号",
        "effective_from": "2023-03-01",
    }
    return stated | changed


async def decide(tasks: Stage, by: Any = CITY_OFFICE, **changed: Any) -> httpx.Response:
    return await tasks.as_(by).post(f"{CHAINS}/decisions", json=decision(**changed))


async def revoke(tasks: Stage, made: dict[str, Any], last_day: str) -> httpx.Response:
    body = {"last_day": last_day, "reason": "另行规定"}
    return await tasks.as_(CITY_OFFICE).post(
        f"{CHAINS}/decisions/{made['id']}/revocation", json=body
    )


async def test_a_new_business_is_proposed_a_field_by_likeness_with_the_reason(
    tasks: Stage,
) -> None:
    answer = (await read(tasks, "proposals", name=NAME, about="室内实景娱乐", region=COUNTY)).json()

    best = answer["proposals"][0]
    assert answer["proposed"] == best["field"] == "tourism"
    assert best["leads"][0] == f"{COUNTY}.culture_tourism"
    assert best["score"] > 0
    assert "娱乐" in best["reason_zh"]
    assert best["reason_en"]


async def test_a_decided_business_has_a_chain_from_its_day_to_its_revocation(
    tasks: Stage,
) -> None:
    await found(tasks)
    made = (await decide(tasks)).json()
    assert made["score"] > 0
    assert (await revoke(tasks, made, "2023-04-30")).status_code == 200

    statuses = {}
    for day in ("2023-02-28", "2023-03-01", "2023-04-30", "2023-05-01"):
        answer = await read(tasks, "resolve", industry=NAME, region=COUNTY, on=day)
        statuses[day] = answer.status_code
    assert list(statuses.values()) == [422, 200, 200, 422]
    (first, *_) = await chain(tasks, industry=NAME, region=COUNTY, on="2023-03-01")
    assert (first["unit"], first["basis"]) == (f"{COUNTY}.culture_tourism", "decision")
    assert first["decision_id"] == made["id"]
    assert "安委办〔2023〕1号" in first["reason_zh"]


async def test_decisions_and_revocations_are_told_and_noted(tasks: Stage) -> None:
    made = (await decide(tasks)).json()
    await revoke(tasks, made, "2023-04-30")

    told = [(fact["decision_id"], fact["effective_to"]) for fact in await tasks.told(ChainDecided)]
    assert told == [(made["id"], None), (made["id"], "2023-04-30")]
    notes = await tasks.rows(AuditRecord, entity="chain_decision")
    assert sorted(note.act for note in notes) == ["decide", "revoke"]


async def test_two_decisions_on_one_business_in_one_place_are_refused(tasks: Stage) -> None:
    made = (await decide(tasks)).json()

    refused = await decide(tasks, region_code=COUNTY, field="commerce")
    assert refused.status_code == 409
    assert refused.json()["decision"] == made["id"]

    await revoke(tasks, made, "2023-04-30")
    assert (await decide(tasks, effective_from="2023-04-30")).status_code == 409
    assert (await decide(tasks, effective_from="2023-05-01")).status_code == 201


async def test_a_decision_is_revoked_once_on_a_day_on_which_it_holds(tasks: Stage) -> None:
    made = (await decide(tasks)).json()

    days = ("2023-02-28", "2023-04-30", "2023-05-30")
    assert [(await revoke(tasks, made, day)).status_code for day in days] == [422, 200, 409]


async def test_an_office_decides_only_for_its_own_place(tasks: Stage) -> None:
    assert (await decide(tasks, by=COUNTY_OFFICE)).status_code == 403
    assert (await decide(tasks, by=COUNTY_DESK, region_code=COUNTY)).status_code == 403
    assert (await decide(tasks, by=COUNTY_OFFICE, region_code=COUNTY)).status_code == 201


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"field": "alchemy"}, 422), ({"lead": f"{COUNTY}.nothing"}, 404), ({"reason": ""}, 422)],
)
async def test_a_decision_names_what_there_is(
    tasks: Stage, changed: dict[str, str], status: int
) -> None:
    await found(tasks)

    assert (await decide(tasks, **changed)).status_code == status


async def test_a_chain_names_who_holds_the_post_in_charge_that_day(tasks: Stage) -> None:
    await found(tasks)
    head = f"{COUNTY}.housing.principal"
    body = {"name": "张三丰", "effective_from": "2023-01-10", "effective_to": "2023-03-31"}
    await post(tasks, f"posts/{head}/holders", body)

    holders = {}
    for day in ("2023-01-09", "2023-01-10", "2023-03-31", "2023-04-01"):
        (first, *_) = await chain(tasks, industry="construction", region=COUNTY, on=day)
        holders[day] = (first["post"], first["holder"])
    assert list(holders.values()) == [
        (head, None),
        (head, "张三丰"),
        (head, "张三丰"),
        (head, None),
    ]


async def test_a_link_names_the_head_and_the_deputy_in_charge_and_who_held_each_that_day(
    tasks: Stage,
) -> None:
    await found(tasks)
    head, deputy = (f"{COUNTY}.housing.{kind}" for kind in ("principal", "deputy"))
    held = {"name": "李建国", "effective_from": "2023-01-10", "effective_to": "2023-03-31"}
    await post(tasks, f"posts/{deputy}/holders", held)

    seen = []
    for day in ("2023-01-09", "2023-03-31", "2023-04-01"):
        (first, *_) = await chain(tasks, industry="construction", region=COUNTY, on=day)
        seen.append([(one["post"], one["kind"], one["holder"]) for one in first["in_charge"]])
    nobody = [(head, "principal", None), (deputy, "deputy", None)]
    assert seen == [nobody, [nobody[0], (deputy, "deputy", "李建国")], nobody]
    client = tasks.as_(CITY_OFFICE, Accept="text/vnd.mermaid")
    query = {"industry": "construction", "region": COUNTY, "on": "2023-03-31"}
    chart = await client.get(f"{CHAINS}/picture", params=query)
    assert "<br/>Head: —<br/>Deputy in charge: 李建国" in chart.text


async def test_a_link_shows_only_posts_in_charge_that_its_unit_has(tasks: Stage) -> None:
    """What was merged has a head, a liaison officer and no deputy."""
    await found(tasks)
    works = unit(f"{COUNTY}.works", "建设局", "department", "liaison", "principal")
    ended = [f"{COUNTY}.housing", f"{COUNTY}.urban_management"]
    await reorganised(tasks, "merge", ended, [works])

    query = {"industry": "construction", "region": COUNTY}
    before, after = [
        (await chain(tasks, **query, on=day))[0]["in_charge"]
        for day in ("2023-02-28", "2023-03-01")
    ]
    assert [one["kind"] for one in before] == ["principal", "deputy"]
    assert [(one["post"], one["label_zh"]) for one in after] == [
        (f"{COUNTY}.works.principal", "建设局principal")
    ]


async def test_who_holds_a_post_in_charge_is_masked_where_it_is_not_published(
    tasks: Stage,
) -> None:
    await found(tasks)
    company = unit(f"{COUNTY}.works", "建设公司", "state_enterprise", "principal", "deputy")
    await reorganised(
        tasks, "merge", [f"{COUNTY}.housing", f"{COUNTY}.urban_management"], [company]
    )
    body = {"name": "李建国", "effective_from": "2023-03-10"}
    await post(tasks, f"posts/{COUNTY}.works.deputy/holders", body)

    answer = await read(
        tasks, "resolve", by=officer(MINE), industry="construction", region=COUNTY, on="2023-04-01"
    )

    holders = [one["holder"] for one in answer.json()["links"][0]["in_charge"]]
    assert holders == [None, "李**"]
    assert "李建国" not in answer.text


async def test_of_a_unit_that_is_not_recorded_the_pack_says_which_posts_there_are(
    tasks: Stage,
) -> None:
    links = await chain(tasks, industry="construction", region=COUNTY)

    kinds = [[one["kind"] for one in link["in_charge"]] for link in links]
    assert kinds == [["principal", "deputy"]] * len(links)
    assert links[0]["in_charge"][1]["label_zh"].endswith("分管负责人")


async def test_a_chain_follows_units_that_were_merged_and_renamed(tasks: Stage) -> None:
    await found(tasks)
    housing, works = f"{COUNTY}.housing", f"{COUNTY}.works"
    await reorganised(
        tasks, "merge", [housing, f"{COUNTY}.urban_management"], [unit(works, "建设局")]
    )

    (before, *_) = await chain(tasks, industry="construction", region=COUNTY, on="2023-02-28")
    (after, *_) = await chain(tasks, industry="construction", region=COUNTY, on="2023-03-01")

    assert (before["unit"], before["followed"]) == (housing, None)
    assert (after["unit"], after["followed"], after["name_zh"]) == (works, housing, "建设局")


async def gaps(tasks: Stage, path: str = "gaps", **query: Any) -> list[dict[str, Any]]:
    answer = await read(tasks, path, **query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_new_business_is_a_gap_until_it_is_decided(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY, NAME), registered(OTHER, "430426", "construction"))
    (gap,) = await gaps(tasks)
    assert (gap["uscc"], gap["lack"]) == (MINE, "new_business")
    assert gap["reason_zh"]
    assert gap["reason_en"]

    await decide(tasks)

    assert await gaps(tasks) == []
    assert [gap["uscc"] for gap in await gaps(tasks, on="2023-02-28")] == [MINE]


async def test_an_enterprise_outside_of_the_city_is_a_gap(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, "430112", "construction"))

    nation = Principal(
        subject="province", roles=CITY_OFFICE.roles, unit="430000.emergency", region="43"
    )
    items = (await read(tasks, "gaps", by=nation)).json()["items"]

    assert [(gap["uscc"], gap["lack"]) for gap in items] == [(MINE, "no_lead")]


async def test_two_leads_are_an_overlap_until_one_is_decided_on(tasks: Stage) -> None:
    await found(tasks)
    await tasks.hear(
        registered(MINE, COUNTY, "road_transport"), registered(OTHER, "430426", "construction")
    )
    (overlap,) = await gaps(tasks, "overlaps")
    leads = [f"{COUNTY}.transport", f"{COUNTY}.traffic_police"]
    assert (overlap["uscc"], overlap["leads"]) == (MINE, leads)

    await decide(tasks, name="road_transport", field="traffic", lead=leads[1])

    assert await gaps(tasks, "overlaps") == []
    found_links = await chain(tasks, enterprise=MINE)
    assert [link["unit"] for link in found_links if link["part"] == "lead"] == [leads[1]]
    assert leads[0] in [link["unit"] for link in found_links if link["part"] == "supporting"]


async def test_a_merger_of_two_leads_ends_their_overlap(tasks: Stage) -> None:
    await found(tasks)
    await tasks.hear(registered(MINE, COUNTY, "road_transport"))
    before = [f"{COUNTY}.transport", f"{COUNTY}.traffic_police"]
    await reorganised(tasks, "merge", before, [unit(f"{COUNTY}.roads", "路政局")])

    assert await gaps(tasks, "overlaps") == []
    assert len(await gaps(tasks, "overlaps", on="2023-02-28")) == 1


async def test_gaps_are_paged_and_each_office_sees_its_own(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY, NAME), registered(OTHER, "430426", NAME))

    first = (await read(tasks, "gaps", limit=1)).json()
    second = (await read(tasks, "gaps", limit=1, cursor=first["next_cursor"])).json()
    mine = (await read(tasks, "gaps", by=COUNTY_OFFICE)).json()

    assert {one["uscc"] for page in (first, second) for one in page["items"]} == {MINE, OTHER}
    assert second["next_cursor"] is None
    assert [one["uscc"] for one in mine["items"]] == [MINE]
    assert (await read(tasks, "gaps", by=officer(MINE))).status_code == 403


@pytest.mark.parametrize("path", ["gaps", "overlaps", "decisions"])
async def test_lists_of_chains_are_files_too(tasks: Stage, path: str) -> None:
    await tasks.hear(registered(MINE, COUNTY, NAME))
    await decide(tasks)

    client = tasks.as_(CITY_OFFICE, Accept="text/csv")
    answer = await client.get(f"{CHAINS}/{path}")

    assert answer.headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize(
    "path",
    [
        f"resolve?industry=construction&region={COUNTY}",
        f"picture?industry=construction&region={COUNTY}",
        f"proposals?name=x&region={COUNTY}",
        "gaps?",
        "overlaps?",
    ],
)
async def test_nothing_is_said_of_days_before_the_first_rule(tasks: Stage, path: str) -> None:
    answer = await tasks.as_(CITY_OFFICE).get(f"{CHAINS}/{path}&on=1990-01-01")

    assert answer.json()["type"] == "/problems/no-chains-then"


async def test_of_two_who_decide_at_once_one_is_refused(tasks: Stage) -> None:
    answers = await gather(decide(tasks), decide(tasks, region_code=COUNTY))

    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_a_chain_is_drawn(tasks: Stage) -> None:
    query = {"industry": "construction", "region": COUNTY}
    drawn = await read(tasks, "picture", **query)
    client = tasks.as_(CITY_OFFICE, Accept="text/vnd.mermaid")
    chart = await client.get(f"{CHAINS}/picture", params=query)

    assert drawn.headers["content-type"] == "image/svg+xml"
    assert ElementTree.fromstring(drawn.text).tag.endswith("svg")
    assert chart.text.startswith("flowchart LR")
    refused = await read(tasks, "picture", industry="alchemy", region=COUNTY)
    assert refused.status_code == 422


async def test_an_accident_of_a_business_that_was_decided_on_calls_the_lead_it_was_given(
    tasks: Stage,
) -> None:
    assert (await decide(tasks)).status_code == 201
    await tasks.hear(reported(industry=NAME, grade=Grade.GENERAL, relays=()))

    day = HAPPENED.date().isoformat()
    links = await chain(tasks, industry=NAME, region=COUNTY, on=day)
    leads = {link["unit"] for link in links if link["part"] == "lead"}
    called = {row.unit for row in await tasks.rows(Obligation, duty="attendance")}
    assert any("tourism" in code for code in leads)
    assert {code for code in leads if code.startswith(COUNTY)} <= called
    assert any("tourism" in (code or "") for code in called)


async def test_a_lead_that_an_office_recorded_goes_to_the_scene(tasks: Stage) -> None:
    """The packs do not know it, whoever decided did: the duties of the accident open."""
    await found(tasks)
    bureau = f"{COUNTY}.newbureau"
    stated = {"unit": unit(bureau), "effective_from": "2023-01-01"}
    assert (await put(tasks, "units", stated)).status_code == 200
    assert (await decide(tasks, lead=bureau)).status_code == 201

    await tasks.hear(reported(industry=NAME, grade=Grade.GENERAL, relays=()))

    called = {row.unit for row in await tasks.rows(Obligation, duty="attendance")}
    assert {bureau, f"{COUNTY}.emergency"} <= called
    assert await tasks.rows(Obligation, duty="investigation")
