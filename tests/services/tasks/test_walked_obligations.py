"""Every route of what is owed and measured, by every role, at every standing: no leak."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contracts.gateway import Role
from kernel.access import Relation
from kernel.calendar import closes_at
from reference.terms import DutyKind
from services.tasks.appeals.tables import Appeal
from services.tasks.feeds.tables import Feed
from services.tasks.figures.tables import FigureReport
from services.tasks.obligations.tables import Obligation
from tests.services import played, walls
from tests.services.played import Play, Row
from tests.services.stage import Stage
from tests.services.tasks import quotas
from tests.services.tasks.measured import COUNTY_GOVERNMENT, HOUSING, asked, figure
from tests.services.tasks.quotas import PARTY, SECRETARY, handed_in, minutes, quota
from tests.services.tasks.sharing import DONE, divide, of, part, took
from tests.services.tasks.story import CITY, CITY_OFFICE, COUNTY
from tests.services.tasks.test_evidence_pieces import IN_DECEMBER
from tests.services.tasks.test_triggers import said

FIRE = f"{CITY}.fire_rescue"
MARKET = f"{CITY}.market_regulation"
SECRET = "县城东侧加油站围墙开裂"
PHOTO = b"%PDF-1.7\nproof\n%%EOF\n"
LISTS = {
    "GET /obligations",
    "GET /figures",
    "GET /figures/reports",
    "GET /feeds",
    "GET /parts",
    "GET /evidence",
    "GET /evidence/activities",
    "GET /appeals",
}
ROOMS = {"obligations", "figures", "feeds", "parts", "evidence", "appeals", "triggers"}
GOALS = "GET /plans/{year}/goals"
OWN = {"POST /feeds": "whoever asks gets a calendar of their own unit"}
FURTHER = {
    f"POST /parts/{{part_id}}/{step}": "the lead judges what supports it"
    for step in ("accept", "ask", "return")
}


@pytest.fixture
async def city(tasks: Stage, tmp_path: Path) -> Stage:
    await quotas.planned(tasks)
    quotas.keep_files(tasks, tmp_path)
    tasks.now = IN_DECEMBER
    return tasks


async def told(tasks: Stage) -> played.Plays:
    """Duties at every step, with evidence, figures, parts, appeals and calendars."""
    shared = await _parts(tasks)
    found = {**shared, **await _evidence(tasks), **await _figures(tasks)}
    return {**found, **await _appeals(tasks), **await _others(tasks)}


def about(row: Obligation, **more: Any) -> Play:
    return Play(row=Row.of(row), ids={"obligation_id": str(row.id)}, **more)


async def _parts(tasks: Stage) -> played.Plays:
    due_at = closes_at(date(2024, 1, 31))  # so that there is time left to object
    row = await asked(tasks, "10.4", DutyKind.DEADLINE_TASK, unit=HOUSING, due_at=due_at)
    await divide(tasks)
    theirs = await part(tasks, FIRE)
    given = await part(tasks, f"{CITY}.water")
    await took(tasks, of(f"{CITY}.water"), f"{CITY}.water", "hand-in")
    questioned = await part(tasks, MARKET)
    await took(tasks, of(MARKET), MARKET, "hand-in")
    await took(tasks, of(HOUSING), MARKET, "ask", question="谁主持？")
    lead = {Relation.UNIT: (HOUSING, "4304")}

    def step(one: Any, **more: Any) -> Play:
        return Play(row=Row.of(one), ids={"part_id": str(one.id)}, **more)

    return {
        "GET /parts/of/{obligation_id}": about(row),
        "POST /parts/{part_id}/hand-in": step(theirs, body=DONE),
        "POST /parts/{part_id}/files": step(theirs, body=PHOTO, query={"kind": "document"}),
        "POST /parts/{part_id}/ask": step(given, body={"question": "谁主持？"}, by=lead),
        "POST /parts/{part_id}/answer": step(questioned, body={"answer": "分管副局长。"}),
        "POST /parts/{part_id}/accept": step(given, body={}, by=lead),
        "POST /parts/{part_id}/return": step(given, body={"reason": "请补充。"}, by=lead),
        "POST /parts/{part_id}/excuse": step(theirs, body={"reason": "职责已调整。"}),
        "POST /appeals/for-part/{part_id}": step(
            theirs, body={"ground": "not_ours", "why": SECRET}
        ),
    }


async def _evidence(tasks: Stage) -> played.Plays:
    new, waiting, questioned, accepted = [await quota(tasks) for _ in range(4)]
    pieces = [
        await handed_in(tasks, row, on=day)
        for row, day in (
            (waiting, "2023-02-10"),
            (questioned, "2023-03-10"),
            (accepted, "2023-04-10"),
        )
    ]
    first, asked_of, counted = [piece["id"] for piece in pieces]
    for row, step, body in (
        (questioned, "ask", {"question": "谁主持？", "evidence_id": asked_of}),
        (accepted, "accept", {"evidence_id": counted}),
    ):
        answer = await quotas.post(tasks, CITY_OFFICE, row, step, body)
        assert answer.status_code == 200, answer.text
    file = (await quotas.added(tasks, new, PHOTO, "document", media_type="application/pdf")).json()
    above = {Relation.SUBTREE: ("430000.committee_office", "43")}
    name = "/obligations/{obligation_id}"
    one = about(new, body=PHOTO, query={"kind": "document"})
    return {
        f"GET {name}": about(waiting),
        f"GET {name}/progress": about(waiting),
        f"GET {name}/holders": about(waiting),
        f"POST {name}/files": one,
        f"GET {name}/files/{{file_id}}": Play(row=one.row, ids={**one.ids, "file_id": file["id"]}),
        f"POST {name}/evidence": about(new, body=minutes("2023-05-10")),
        f"POST {name}/accept": about(waiting, body={"evidence_id": first}),
        f"POST {name}/return": about(waiting, body={"evidence_id": first, "remark": SECRET}),
        f"POST {name}/ask": about(waiting, body={"evidence_id": first, "question": "何时？"}),
        f"POST {name}/answer": about(
            questioned, body={"evidence_id": asked_of, "answer": "书记。"}
        ),
        f"POST {name}/withdraw": about(
            accepted, body={"evidence_id": counted, "why": "照片不是当日的。"}, by=above
        ),
    }


async def _figures(tasks: Stage) -> played.Plays:
    row = await asked(tasks, "5.1", DutyKind.RATE_TARGET, unit=COUNTY_GOVERNMENT)
    numbers = figure(row, numerator=1, denominator=2)
    by = played.somebody(Role.LEADER, COUNTY_GOVERNMENT)
    made = await tasks.as_(by).post("/tasks/figures/reports", json=numbers)
    assert made.status_code == 201, made.text
    (report,) = await tasks.rows(FigureReport)
    ids = {"report_id": str(report.id)}
    return {
        "GET /obligations/{obligation_id}/standing": about(row),
        "POST /figures/reports": about(row, body=numbers | {"day": "2023-06-30"}),
        "GET /figures/reports/{report_id}/files": Play(row=Row.of(report), ids=ids),
        "POST /figures/reports/{report_id}/accept": Play(row=Row.of(report), ids=ids, body={}),
        "POST /figures/reports/{report_id}/return": Play(
            row=Row.of(report), ids=ids, body={"remark": "缺台账。"}
        ),
        "POST /figures/bases/{year}": Play(row=Row(CITY), ids={"year": "2023"}),
        "GET /plans/{year}/goals": Play(row=Row(CITY), ids={"year": "2023"}),
    }


async def _appeals(tasks: Stage) -> played.Plays:
    new, objected = await quota(tasks, "32.2"), await quota(tasks, "32.2")
    why = {"ground": "not_ours", "why": SECRET}
    made = await tasks.as_(SECRETARY).post(f"/tasks/appeals/for/{objected.id}", json=why)
    assert made.status_code == 201, made.text
    (appeal,) = await tasks.rows(Appeal)
    ids, remark = {"appeal_id": str(appeal.id)}, {"remark": "经核实。"}
    later = remark | {"due_at": "2024-01-20T00:00:00+08:00"}
    name, row = "POST /appeals/{appeal_id}", Row.of(objected)
    return {
        "POST /appeals/for/{obligation_id}": about(new, body=why),
        f"{name}/excuse": Play(row=row, ids=ids, body=remark),
        f"{name}/move": Play(row=row, ids=ids, body=later),
        f"{name}/refuse": Play(row=row, ids=ids, body=remark),
    }


async def _others(tasks: Stage) -> played.Plays:
    made = await tasks.as_(SECRETARY).post("/tasks/feeds", json={})
    assert made.status_code == 201, made.text
    (feed,) = await tasks.rows(Feed)
    row = Row.of(feed)
    return {
        "POST /feeds/{feed_id}/revoke": Play(row=row, ids={"feed_id": str(feed.id)}),
        "POST /triggers": Play(row=Row(COUNTY), body=said(only=[f"{COUNTY}.government"])),
    }


async def test_the_denied_hear_nothing_and_the_granted_are_served(city: Stage) -> None:
    plays = await told(city)

    found = await played.walked(city, plays, secrets=(SECRET,), further=FURTHER)

    assert [*played.summary(found, plays)] == []
    assert walls.amiss(city, await walls.passed(city, plays), plays) == []


async def test_lists_show_nobody_what_is_of_others(city: Stage) -> None:
    plays = await told(city)
    owed = plays["GET /obligations/{obligation_id}"]
    marks = {value for play in plays.values() for value in play.ids.values()} - {"2023"}
    every = {*marks, SECRET, PARTY}

    assert await played.overlooked(city, LISTS, owed, marks=every) == []
    assert await walls.overlooked(city, LISTS, owed, marks=every) == []
    shown = [
        await played.listed(city, name, CITY_OFFICE) for name in sorted(LISTS - {"GET /feeds"})
    ]
    assert sum(any(mark in text for mark in marks) for text in shown) >= 5


async def test_every_route_is_played_or_listed_or_of_who_asks(city: Stage) -> None:
    plays = await told(city)

    assert played.of_rooms(city.service, ROOMS) | {GOALS} == {*plays, *LISTS, *OWN}
