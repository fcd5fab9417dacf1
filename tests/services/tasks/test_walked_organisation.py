"""Every route of units, chains, plans and drafts, by every role, at every standing: no leak."""

from typing import Any

import pytest

from kernel.access import Relation
from services.tasks.policies import Act
from tests.services import planted, played, walls
from tests.services.played import Play, Row
from tests.services.stage import Stage
from tests.services.tasks import drafting
from tests.services.tasks.city import found, post, unit
from tests.services.tasks.drafting import CLEAN, DOUBTFUL
from tests.services.tasks.story import CITY, COUNTY, MINE, registered
from tests.services.tasks.test_decisions import decide, decision

SECRET = "整治燃气"
HEAD, BUREAU = f"{COUNTY}.housing.principal", f"{COUNTY}.housing"
COMMITTEE = f"{COUNTY}.safety_committee"
DAY = {"effective_from": "2023-07-01"}
PLACE, WHOLE = Row(COUNTY), Row(CITY)
LISTS = {
    "GET /plan-drafts",
    "GET /chains/gaps",
    "GET /chains/overlaps",
    "GET /organisations/roster",
}
ROOMS = {"organisations", "chains", "plans", "plan-drafts", "openings"}
APART = {
    "POST /organisations/roster": "asked of each row of its workbook: see test_rosters",
    "POST /plan-drafts/files": "taken in as the text of POST /plan-drafts is",
    "GET /plans/{year}/goals": "a figure: see test_walked_obligations",
}


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    return await found(tasks)


async def organised(tasks: Stage) -> played.Plays:
    """Units with a holder and a seat, and a decision on who leads a kind of business."""
    held = await post(
        tasks, f"posts/{HEAD}/holders", {"name": "张三丰", "effective_from": "2023-01-10"}
    )
    assert held.status_code == 201, held.text
    seat = {"unit": BUREAU, "effective_from": "2023-02-01"}
    seated = await post(tasks, f"committees/{COMMITTEE}/members", seat)
    assert seated.status_code in (201, 409), seated.text
    made = await decide(tasks, region_code=COUNTY)
    assert made.status_code == 201, made.text
    name = "/organisations"
    stated = {"unit": unit(f"{COUNTY}.new_bureau"), **DAY}
    named = {"name": "李四光", **DAY}
    renamed = {"kind": "rename", "before": [BUREAU], "after": [unit(BUREAU, "住建城管局")], **DAY}
    post_of, seats = f"{name}/posts/{{post}}", f"{name}/committees/{{committee}}/members"
    other = f"{COUNTY}.transport"
    here: dict[str, Any] = {"row": PLACE, "known": True}  # who leads what is published
    return {
        f"PUT {post_of}/contact": Play(
            **here, ids={"post": HEAD}, body={"email": "a@example.org", **DAY}
        ),
        f"PUT {name}/units": Play(**here, body=stated),
        f"POST {post_of}/holders": Play(**here, ids={"post": f"{other}.principal"}, body=named),
        f"POST {name}/holders/{{holding_id}}/relief": Play(
            **here, ids={"holding_id": held.json()["id"]}, body={"last_day": "2023-06-30"}
        ),
        f"POST {seats}": Play(
            **here, ids={"committee": COMMITTEE}, body={"unit": f"{COUNTY}.water", **DAY}
        ),
        f"POST {seats}/{{unit}}/leaving": Play(
            **here,
            ids={"committee": COMMITTEE, "unit": BUREAU},
            body={"last_day": "2023-06-30"},
        ),
        f"PUT {name}/units/{{code}}/superior": Play(
            **here, ids={"code": BUREAU}, body={"superior": f"{COUNTY}.emergency", **DAY}
        ),
        f"POST {name}/successions": Play(**here, body=renamed),
        "POST /chains/decisions": Play(
            **here, body=decision(region_code=COUNTY, name="剧本杀", effective_from="2023-06-01")
        ),
        "POST /chains/decisions/{decision_id}/revocation": Play(
            **here,
            ids={"decision_id": made.json()["id"]},
            body={"last_day": "2023-06-30", "reason": "另行分工。"},
        ),
    }


async def drafts(tasks: Stage) -> played.Plays:
    """A draft to work on and one that is ready to be issued."""
    doubtful = await drafting.drafted(tasks, DOUBTFUL, year=2025)
    ready = await drafting.drafted(tasks, CLEAN, year=2024)
    await drafting.accepted(tasks, ready)
    duty: dict[str, Any] = doubtful["duties"][0]
    flag: dict[str, Any] = doubtful["flags"][0]
    ids, issue = {"draft_id": doubtful["id"]}, {"draft_id": ready["id"]}
    one = ids | {"duty_id": duty["id"]}
    why, name = {"reason": "与原文不符。"}, "/plan-drafts/{draft_id}"
    added = {
        "text": "开好会议",
        "kind": "continuous",
        "lead": [f"{CITY}.housing"],
        "article": 1,
        **why,
    }
    kept = {"flags": [flag["id"]], "resolution": "dismissed", "note": "已核对原文。"}
    dropped, settled = doubtful["duties"][1]["id"], doubtful["flags"][1]["id"]
    for path, body in (
        (f"duties/{dropped}/drop", why),
        ("settlement", kept | {"flags": [settled], "resolution": "kept"}),
    ):
        answer = await drafting.post(tasks, doubtful["id"], path, **body)
        assert answer.is_success, answer.text
    return {
        "POST /plan-drafts": Play(row=WHOLE, body={"year": 2026, "text": CLEAN}),
        f"GET {name}": Play(row=WHOLE, ids=ids),
        f"PATCH {name}": Play(row=WHOLE, ids=ids, body={"title": "工作要点"}),
        f"GET {name}/history": Play(row=WHOLE, ids=ids),
        f"POST {name}/issue": Play(row=WHOLE, ids=issue),
        f"POST {name}/discard": Play(row=WHOLE, ids=ids, body=why),
        f"POST {name}/acceptance": Play(row=WHOLE, ids=ids, body={"duties": [duty["id"]]}),
        f"POST {name}/duties": Play(row=WHOLE, ids=ids, body=added),
        f"PATCH {name}/duties/{{duty_id}}": Play(
            row=WHOLE, ids=one, body={"revision": duty["revision"], "text": "开好例会", **why}
        ),
        f"POST {name}/duties/{{duty_id}}/split": Play(
            row=WHOLE,
            ids=one,
            body={
                "revision": duty["revision"],
                "parts": [{"text": "开好会议一"}, {"text": "开好会议二"}],
                **why,
            },
        ),
        f"POST {name}/duties/{{duty_id}}/drop": Play(row=WHOLE, ids=one, body=why),
        f"POST {name}/settlement": Play(row=WHOLE, ids=ids, body=kept),
        f"POST {name}/duties/{{duty_id}}/restore": Play(
            row=WHOLE, ids=ids | {"duty_id": dropped}, body=why
        ),
        f"POST {name}/flags/{{flag_id}}/reopen": Play(
            row=WHOLE, ids=ids | {"flag_id": settled}, body=why
        ),
    }


async def test_units_tell_the_denied_nothing_and_serve_the_granted(city: Stage) -> None:
    plays = await organised(city)

    found = await played.walked(city, plays, secrets=())

    assert [*played.summary(found, plays)] == []
    assert walls.amiss(city, await walls.passed(city, plays), plays) == []


async def test_drafts_tell_the_denied_nothing_and_serve_the_granted(city: Stage) -> None:
    plays = await drafts(city)

    found = await played.walked(city, plays, secrets=(SECRET,))

    assert [*played.summary(found, plays)] == []
    assert walls.amiss(city, await walls.passed(city, plays), plays) == []


async def test_lists_of_drafts_show_nobody_what_is_of_the_city_alone(city: Stage) -> None:
    plays = await drafts(city)
    play = plays["GET /plan-drafts/{draft_id}"]
    marks = set(play.ids.values())

    assert await played.overlooked(city, {"GET /plan-drafts"}, play, marks=marks) == []
    assert await walls.overlooked(city, LISTS, play, marks=marks) == []
    shown = await played.listed(city, "GET /plan-drafts", drafting.EDITOR)
    assert all(mark in shown for mark in marks)


@pytest.mark.parametrize("name", ["GET /chains/resolve", "GET /chains/picture"])
async def test_the_chain_of_an_enterprise_is_told_to_those_who_read_of_it(
    city: Stage, name: str
) -> None:
    """Chains are published, and which one is an enterprise's is its own."""
    await city.hear(registered(MINE, COUNTY))
    play = Play(row=Row(COUNTY, enterprise_uscc=MINE), query={"enterprise": MINE})
    for role, standing, by in played.actors(play):
        allowed = city.service.policies.allows(by, Act.READ_ENTERPRISE, play.row)
        answer = await played.asked(city, name, by, query=play.query)
        assert answer.status_code == (200 if allowed else 404), (role, standing)
        if standing is Relation.ELSEWHERE:
            with planted.open_table():
                behind = await played.asked(city, name, by, query=play.query)
            assert behind.status_code == 404, (role, standing)


async def test_every_route_is_played_or_published_or_stands_apart(city: Stage) -> None:
    plays = {**await organised(city), **await drafts(city)}

    left = played.of_rooms(city.service, ROOMS) - played.published(city.service)
    assert left == {*plays, *LISTS, *APART}
