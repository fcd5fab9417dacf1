"""Every route of incidents, played by every role at every standing to what it names."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from contracts.gateway import Role
from kernel.access import Policies, Principal
from kernel.ids import uuid7
from services.incidents.app import service
from services.incidents.policies import Act
from services.incidents.teams.tables import Member
from tests.services.incidents.conftest import COUNTY, HAPPENED, KNOWN, PNG, USCC
from tests.services.incidents.story import recommended
from tests.services.incidents.test_access import fill_every_table
from tests.services.stage import Stage
from tests.walking import play
from tests.walking.requests import Story

MARKER = "二号井"
HERE = "/api/v1/incidents"

TABLES = {
    "relay_id": "relay",
    "notice_id": "notice",
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
        },
    )


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
    for name, _, route in play.named(service()):
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


MEANT = {
    f"POST {HERE}/drafts": "a draft stands with whoever makes it, wherever its report will",
}

UNREACHED = {
    f"GET {HERE}/shared/{{accident_id}}": "an accident is shared with another county than its own",
    f"GET {HERE}/leads/{{lead_id}}/status": "only whoever handed the lead in follows it",
    f"POST {HERE}/drafts/{{draft_id}}/submit": "the draft of the story is not finished",
}


async def test_no_role_is_told_more_than_the_table_grants_it(
    incidents: Stage, tmp_path: Path
) -> None:
    story = await told(incidents, tmp_path)

    found = [one for role in Role for one in await play.leaks(incidents, story, MARKER, role)]

    assert [one for one in found if one.partition(" by ")[0] not in MEANT] == []
    assert {one.partition(" by ")[0] for one in found} == MEANT.keys()  # each still needed


async def test_the_walk_gets_to_the_row_of_every_route(incidents: Stage, tmp_path: Path) -> None:
    story = await told(incidents, tmp_path)

    assert {
        found.partition(": ")[0] for found in await play.unreached(incidents, story)
    } == UNREACHED.keys()


async def test_a_route_that_forgets_to_ask_the_table_would_be_found(
    incidents: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = await told(incidents, tmp_path)
    forgets = f"POST {HERE}/relays/{{relay_id}}/acknowledge"
    asked = Policies.require

    def forget(self: Policies, by: Principal, act: str, **about: Any) -> None:
        if act != Act.RELAY:
            asked(self, by, act, **about)

    monkeypatch.setattr(Policies, "require", forget)
    found = await play.leaks(incidents, story, MARKER, Role.DUTY_DESK)

    assert any(one.startswith(forgets) for one in found)
