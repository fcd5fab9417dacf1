"""Every route of incidents, played by every role at every standing to what it names."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import text

from contracts.gateway import Role
from kernel.access import Policies, Principal, Relation
from kernel.ids import uuid7
from services.incidents.app import service
from services.incidents.policies import Act
from services.incidents.sharing.tables import Share
from services.incidents.statistics.domain_situation import Basis
from services.incidents.teams.tables import Member
from tests.services import planted, played, requests, walls
from tests.services.incidents.conftest import (
    COUNTY,
    HAPPENED,
    KNOWN,
    PNG,
    USCC,
    heard,
    reported,
)
from tests.services.incidents.story import recommended
from tests.services.incidents.test_access import fill_every_table
from tests.services.played import Play, Row
from tests.services.requests import Story
from tests.services.stage import Stage

NEXT_DOOR = Row(region_code="430405", enterprise_uscc=USCC, unit="430405.emergency")
MARKER = "二号井"
HERE = "/api/v1/incidents"
ROW = Row(region_code=COUNTY, enterprise_uscc=USCC, unit=f"{COUNTY}.emergency")

TABLES = {
    "relay_id": "relay",
    "notice_id": "notice",
    "direct_report_id": "direct_report",
    "finding_id": "finding",
    "call_id": "phone_call",
    "draft_id": "draft",
    "likeness_id": "likeness",
    "member_id": "team_member",
    "recusal_id": "recusal",
    "step_id": "investigation_step",
    "evidence_id": "evidence",
    "recommendation_id": "recommendation",
    "transfer_id": "transfer",
    "evaluation_id": "evaluation",
    "lookback_id": "lookback",
    "lead_id": "lead",
    "informant_id": "informant",
    "reveal_id": "reveal",
    "casualty_id": "casualty",
    "appraisal_id": "appraisal",
}


async def told(stage: Stage, files: Path) -> Story:
    """A story with a row for every parameter of a path, all of them of one county."""
    await fill_every_table(stage, files)
    [member, *_] = await stage.rows(Member)
    await recommended(stage, str(member.accident_id), unit="430481.emergency")
    async with stage.work() as session:

        async def one(query: str) -> Any:
            return str(await session.scalar(text(query)))

        ids = {
            name: await one(f"SELECT id FROM {table} ORDER BY id LIMIT 1")
            for name, table in TABLES.items()
        }
        ids["accident_id"] = await one("SELECT accident_id FROM team_member ORDER BY id LIMIT 1")
        ids["of_lead"] = await one(
            "SELECT account FROM team_member WHERE part = 'lead' AND status = 'active' LIMIT 1"
        )
        ids["recommendation_id"] = await one("SELECT id FROM recommendation ORDER BY id DESC")
        ids["relay_id"] = await one(
            "SELECT id FROM relay WHERE from_unit = '430481.emergency' ORDER BY id LIMIT 1"
        )
        proved = await one("SELECT recommendation_id FROM recommendation_proof LIMIT 1")
        toll = await one("SELECT report_id FROM toll_change LIMIT 1")
        ids["report_id"] = await one("SELECT id FROM report ORDER BY id LIMIT 1")
        public = await one("SELECT id FROM public_report LIMIT 1")
        case = await one("SELECT accident_id FROM appraisal LIMIT 1")
        proof = await one("SELECT sha256 FROM proof_file LIMIT 1")
        finding = await one("SELECT sha256 FROM finding_file LIMIT 1")
        other = await one(
            f"SELECT id FROM accident WHERE id <> '{ids['accident_id']}' ORDER BY id LIMIT 1"
        )
        ids["teller"] = await one(
            f"SELECT submitted_by FROM lead WHERE id = '{ids['lead_id']}' LIMIT 1"
        )
        session.add(Share.new(**_share(), accident_id=UUID(other)))
    return Story(
        ids={**ids, "region_code": COUNTY, "enterprise_uscc": USCC, "uscc": USCC},
        said=_said(public=public, case=case)
        | {
            f"GET {HERE}/recommendations/{{recommendation_id}}/files/{{sha256}}": {
                "recommendation_id": proved,
                "sha256": proof,
            },
            f"GET {HERE}/findings/{{finding_id}}/files/{{sha256}}": {"sha256": finding},
            f"POST {HERE}/tolls/{{report_id}}/reason": {"report_id": toll},
            f"POST {HERE}/duplicates": {"other_id": other},
            f"GET {HERE}/shared/{{accident_id}}": {"accident_id": other},
        },
    )


def _share() -> dict[str, Any]:
    """A further place into which an accident reaches."""
    stands = {"region_code": NEXT_DOOR.region_code, "enterprise_uscc": USCC, "unit": NEXT_DOOR.unit}
    return {**stands, "lead_region": COUNTY, "grade": "ordinary", "shared_at": KNOWN}


def fresh(*names: str) -> dict[str, str]:
    """Ids that a client makes for what it sends."""
    return {name: str(uuid7()) for name in names}


QUICK = {
    "accident_id": None,
    "occurred_at": HAPPENED.isoformat(),
    "known_at": KNOWN.isoformat(),
    "accident_type": "透水",
    "place": "三号井",
    "casualties": {"deaths": 1},
}

SAID: dict[str, dict[str, Any]] = {
    # A quick report opens an accident of its own; the id of a report is made by its sender.
    f"POST {HERE}/reports": QUICK | fresh("report_id"),
    f"POST {HERE}/calls": QUICK | fresh("report_id", "call_id"),
    f"POST {HERE}/public-reports/{{report_id}}/open": QUICK,
    f"POST {HERE}/drafts": {"accident_id": None, "report_id": None, **fresh("draft_id")},
    f"PUT {HERE}/drafts/{{draft_id}}": {"accident_id": None},
    f"POST {HERE}/drafts/{{draft_id}}/submit": {"accident_id": None},
    f"POST {HERE}/leads": fresh("lead_id"),
    f"POST {HERE}/reports/{{report_id}}/corrections": {
        **fresh("correction_id"),
        "changes": {"place": "三号井"},
    },
    **{
        f"POST {HERE}/investigations/{{accident_id}}/signatures{path}": {"content_sha256": "0" * 64}
        for path in ("", "/{member_id}/sheet", "/{member_id}/refusal")
    },
    f"GET {HERE}/accidents/search": {"q": "井下"},
    f"GET {HERE}/map": {"bbox": "112.5,26.3,113.2,27.1"},
    f"POST {HERE}/statistics/figures": {"month": "2023-05-01"},
    f"POST {HERE}/statistics/bulletins": {"month": "2023-05-01"},
    **{
        f"POST {HERE}/qualifications/{{accident_id}}/{action}": {
            "deciding_unit": "430000.committee_office"
        }
        for action in ("strike-off", "refuse-strike-off")
    },
}


def _said(*, public: str, case: str) -> dict[str, dict[str, Any]]:
    said = dict(SAID)
    for short, route in played.routes(service()):
        name = f"{short.partition(' ')[0]} {route.path}"
        if "/public-reports/{report_id}" in route.path:
            said[name] = said.get(name, {}) | {"report_id": public}
        if "/appraisals/{appraisal_id}" in route.path:
            said[name] = {"accident_id": case}
    for path in (
        "PUT {}/findings/{{finding_id}}/files",
        "POST {}/evidence",
        "POST {}/recommendations/{{recommendation_id}}/files",
    ):
        said[path.format(HERE)] = {"content": PNG, "type": "image/png", "name": "n"}
    return said


LISTS = frozenset(
    name
    for name, _ in played.routes(service())
    if name.startswith("GET /") and "{" not in name and not name.startswith("GET /statistics")
)
LEAD_STATUS = "GET /leads/{lead_id}/status"
TEAM = (Role.INVESTIGATOR, Role.INSPECTOR, Role.LAW_REVIEWER, Role.LEADER)
OF_CITY = Row(region_code="430400", unit="430400.committee_office")

OF_LISTS = {
    "GET /enterprises/{uscc}/timeline": "it lists the accidents that the actor reaches",
    "GET /statistics/entries": "it lists what is entered for places that the actor reaches",
}
"""Their question to the database keeps out whom the table keeps out."""
MEANT = {"POST /drafts": "a draft stands with whoever makes it, wherever its report will"}
FURTHER = {
    "GET /shared/{accident_id}": "an enterprise reads what is its own where that is led from",
    "GET /drafts/{draft_id}": "a draft is read by whoever made it",
    "PUT /drafts/{draft_id}": "a draft is changed by whoever made it",
    "POST /drafts/{draft_id}/submit": "a draft is handed in by whoever made it",
    "DELETE /drafts/{draft_id}": "a draft is thrown away by whoever made it",
}
NARROWER = {
    "not-the-team": "another unit conducts the investigation",
    "not-the-holder": "another government holds the investigation",
    "not-the-list": "another level keeps the list of what is supervised",
    "own-proposal": "whoever proposed a transfer does not approve it",
    "own-refusal": "the lead records no refusal of their own",
    "own-request": "another of the two who open a sealed name asked for it",
    "stands-below": "a higher level has the matter in hand",
}
"""What a refusal says of a granted actor who got to the row: a narrower rule than the table's."""

UNSEEN = {
    "GET /calls": "the call of the story opened another accident",
    "GET /rescues/days": "no day of the rescue has passed",
    "GET /shared": "an accident is shared with another county than its own",
}


def plays(stage: Stage, story: Story) -> dict[str, Play]:
    """How each route that names a row is played, about the row of the story."""
    found = {}
    for name, route in played.routes(stage.service):
        if name in LISTS:
            continue
        method = name.partition(" ")[0]
        asked = requests.request(route, method, story)
        found[name] = Play(
            row=_row(name),
            ids=requests.path_of(route, method, story),
            body=asked.get("content", asked.get("json")),
            media=str(story.of(method, route.path).get("type", "")),
            query={key: str(value) for key, value in asked["params"].items()},
            lists=name in OF_LISTS,
            named=dict.fromkeys(TEAM, str(story.ids["of_lead"])) | _teller(name, story),
        )
    return found


def _teller(name: str, story: Story) -> dict[Role, str]:
    """Everybody is who handed the lead in: that alone opens it to nobody."""
    return dict.fromkeys(Role, str(story.ids["teller"])) if name == LEAD_STATUS else {}


def _row(name: str) -> Row:
    if name.startswith("GET /shared/"):
        return NEXT_DOOR
    if "/statistics/" in name and "{" not in name and name != "GET /statistics/entries":
        return OF_CITY
    if "/recommendations/{" in name:  # it asks the county's desk, not the enterprise
        return replace(ROW, enterprise_uscc=None)
    return ROW


async def test_every_route_is_answered_as_the_table_says_to_every_role_at_every_standing(
    incidents: Stage, tmp_path: Path
) -> None:
    story = await told(incidents, tmp_path)
    every = plays(incidents, story)

    found = await played.walked(incidents, every, secrets=(MARKER,), further=FURTHER)

    assert {" ".join(case.split(" ")[:2]) for case in found.leaks} == MEANT.keys(), found.leaks
    assert found.blind == OF_LISTS.keys()
    shut = {case: _narrower(case) for case in found.shut}
    assert [case for case, rule in shut.items() if rule is None] == []
    assert set(shut.values()) == NARROWER.keys()  # each still needed
    # Of a route at which nobody gets to the row the denials would prove nothing.
    narrowed = {" ".join(case.split(" ")[:2]) for case in shut}
    reached = found.opened | found.refused.keys() | narrowed
    assert every.keys() <= reached
    assert walls.amiss(incidents, await walls.passed(incidents, every), every) == []


def _narrower(case: str) -> str | None:
    return next((rule for rule in NARROWER if f"/problems/{rule}" in case), None)


async def test_lists_show_the_row_to_whoever_may_read_it_and_to_nobody_else(
    incidents: Stage, tmp_path: Path
) -> None:
    story = await told(incidents, tmp_path)
    marks = {str(story.ids[name]) for name in ("accident_id", *TABLES)} | {MARKER}

    shown = set()
    for name, route in played.routes(incidents.service):
        if name not in LISTS:
            continue
        asked = requests.request(route, "GET", story)["params"]
        play = Play(row=ROW, query={key: str(value) for key, value in asked.items()})
        assert await played.overlooked(incidents, {name}, play, marks=marks) == []
        assert await walls.overlooked(incidents, {name}, play, marks=marks) == []
        for _, _, by in played.actors(play):
            if incidents.service.policies.allows(by, str(route.act), ROW):
                text = await played.listed(incidents, name, by, query=play.query)
                shown |= {name for mark in marks if mark in text}
    assert LISTS - shown == UNSEEN.keys()


@pytest.mark.parametrize("basis", Basis)
async def test_behind_an_open_table_a_stranger_s_analysis_counts_nothing(
    incidents: Stage, basis: Basis
) -> None:
    await reported(incidents)
    await heard(incidents)
    asked = {"month": "2023-06-01", "basis": str(basis)}
    counted = {}
    for _, standing, by in played.actors(Play(row=OF_CITY)):
        with planted.open_table():
            said = await played.listed(incidents, "GET /statistics/analysis", by, query=asked)
        counted[standing] = orjson.loads(said)["total"]["cumulative"]["now"]

    assert counted[Relation.SUBTREE]["accidents"] == 1
    assert not any(counted[Relation.ELSEWHERE].values())


async def test_a_route_that_forgets_to_ask_the_table_would_be_found(
    incidents: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = await told(incidents, tmp_path)
    forgets = "POST /relays/{relay_id}/acknowledge"
    asked = Policies.require

    def forget(self: Policies, by: Principal, act: str, **about: Any) -> None:
        if act != Act.RELAY:
            asked(self, by, act, **about)

    monkeypatch.setattr(Policies, "require", forget)
    found = await played.walked(
        incidents, plays(incidents, story), secrets=(MARKER,), only=forgets.__eq__
    )

    assert any(case.startswith(forgets) for case in found.leaks)
