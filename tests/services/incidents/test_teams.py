"""Who sits on a team, what it lacks, and who must stand aside."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from kernel.access import Principal
from tests.services.incidents.conftest import COUNTY_DESK, ENTERPRISE, INVESTIGATOR, reported
from tests.services.incidents.story import (
    LEAD,
    LEADER,
    OFFICE,
    ORGANS,
    SECOND,
    STRANGER,
    done,
    named,
    post,
    recommended,
    refused,
    teamed,
)
from tests.services.stage import Stage


async def composition(stage: Stage, accident: str) -> tuple[bool, bool, list[str]]:
    seen = (await stage.as_(OFFICE).get(f"/incidents/teams/{accident}")).json()["composition"]
    return seen["complete"], seen["lead"], [one["organ"] for one in seen["missing"]]


async def test_the_check_names_each_organ_that_is_missing_until_none_is(incidents: Stage) -> None:
    accident = (await reported(incidents, industry="C26"))["accident_id"]
    assert await composition(incidents, accident) == (False, False, [*ORGANS, "procuratorate"])

    for organ in ORGANS:
        part = "lead" if organ == "government" else "member"
        await named(incidents, accident, None, organ=organ, part=part)
    assert await composition(incidents, accident) == (False, True, ["procuratorate"])

    await named(incidents, accident, None, organ="procuratorate", invited=True)
    assert await composition(incidents, accident) == (True, True, [])


async def test_who_is_only_invited_does_not_stand_for_a_required_organ(incidents: Stage) -> None:
    accident = (await reported(incidents, industry="C26"))["accident_id"]
    member = await named(incidents, accident, None, organ="union", invited=True)
    assert "union" in (await composition(incidents, accident))[2]
    await done(incidents, OFFICE, f"/teams/members/{member['id']}/join")
    assert "union" not in (await composition(incidents, accident))[2]
    await done(incidents, OFFICE, f"/teams/members/{member['id']}/release")
    assert "union" in (await composition(incidents, accident))[2]


async def test_a_name_is_sealed_in_the_database_and_masked_for_readers(incidents: Stage) -> None:
    accident, *_ = await teamed(incidents)
    page = await incidents.as_(OFFICE).get(
        "/incidents/teams/members", params={"accident": accident}
    )
    file = await incidents.as_(OFFICE, Accept="text/csv").get("/incidents/teams/members")

    assert [member["name"] for member in page.json()["items"]] == ["张**", "张**"]
    assert "三丰" not in file.text
    assert "张**" in file.text
    async with incidents.work() as session:
        stored = await session.scalars(text("SELECT name FROM team_member"))
        assert all("张".encode() not in blob for blob in stored)


async def test_a_team_has_one_lead_and_nobody_twice(incidents: Stage) -> None:
    accident, *_ = await teamed(incidents)
    body = {"accident_id": accident, "name": "n", "organ": "police"}

    twice = await refused(incidents, OFFICE, "/teams/members", **body, account=SECOND.subject)
    rival = await refused(incidents, OFFICE, "/teams/members", **body, part="lead")
    assert twice == rival == (409, "already-on-team")


@pytest.mark.parametrize(
    ("by", "status"), [(INVESTIGATOR, 403), (COUNTY_DESK, 403), (ENTERPRISE, 403)]
)
async def test_a_team_is_named_by_the_government_and_its_office(
    incidents: Stage, by: Principal, status: int
) -> None:
    accident = (await reported(incidents))["accident_id"]
    answer = await post(
        incidents, by, "/teams/members", accident_id=accident, name="n", organ="police"
    )
    assert answer.status_code == status


async def asked(stage: Stage, member_id: str, by: Principal = OFFICE, **said: object) -> str:
    body = {"member_id": member_id, "relation": "employed", "ground": "曾任该企业安全总监", **said}
    recusal: str = (await done(stage, by, "/teams/recusals", **body))["id"]
    return recusal


async def test_a_recused_member_cannot_act_afterwards_and_is_not_named_again(
    incidents: Stage,
) -> None:
    accident, _, second = await teamed(incidents)
    recusal = await asked(incidents, second["id"])
    await recommended(incidents, accident, by=SECOND)  # until it is decided, the member works on
    await done(incidents, LEADER, f"/teams/recusals/{recusal}/uphold", reason="属实")

    act = {"accident_id": accident, "kind": "rectification", "text": "t", "due_on": "2023-07-01"}
    assert await refused(
        incidents, SECOND, "/recommendations", **act, unit="430481.government"
    ) == (403, "member-recused")
    assert await refused(
        incidents,
        OFFICE,
        "/teams/members",
        accident_id=accident,
        name="n",
        organ="police",
        account=SECOND.subject,
    ) == (403, "member-recused")
    team = (await incidents.as_(OFFICE).get(f"/incidents/teams/{accident}")).json()
    assert [member["status"] for member in team["members"]] == ["active", "recused"]


async def test_who_stood_aside_does_not_conduct_the_investigation_either(
    incidents: Stage,
) -> None:
    """A place on the team is not needed for that, but none may have been left by recusal."""
    accident, _, second = await teamed(incidents)
    case = f"/investigations/{accident}"
    await done(incidents, STRANGER, f"{case}/begin")
    upheld = await asked(incidents, second["id"])
    await done(incidents, LEADER, f"/teams/recusals/{upheld}/uphold", reason="属实")
    day = incidents.now.date().isoformat()
    appraisal = {"subject": "原因", "institution": "中心", "began_on": day}

    aside = (403, "member-recused")
    assert await refused(incidents, SECOND, f"{case}/appraisals", **appraisal) == aside
    assert await refused(incidents, SECOND, f"{case}/submissions") == aside
    part = f"/incidents{case}/dossier/cause"
    answers = [
        await incidents.as_(by).put(part, json={"text": "经过"}) for by in (SECOND, STRANGER)
    ]
    assert [answer.status_code for answer in answers] == [403, 200]


async def test_a_dismissed_recusal_leaves_the_member_on_the_team(incidents: Stage) -> None:
    accident, _, second = await teamed(incidents)
    recusal = await asked(incidents, second["id"])
    await done(incidents, LEADER, f"/teams/recusals/{recusal}/dismiss", reason="查无此事")

    await recommended(incidents, accident, by=SECOND)
    again = await refused(incidents, LEADER, f"/teams/recusals/{recusal}/uphold", reason="r")
    assert again == (409, "member-action-refused")


async def test_a_relation_is_declared_by_the_member_only(incidents: Stage) -> None:
    _, _, second = await teamed(incidents)
    body = {"member_id": second["id"], "relation": "kinship", "ground": "g", "declared": True}

    assert await refused(incidents, LEAD, "/teams/recusals", **body) == (
        403,
        "not-yours-to-declare",
    )
    assert (await done(incidents, SECOND, "/teams/recusals", **body))["declared"]


async def test_nobody_decides_on_their_own_recusal_nor_on_one_they_asked_for(
    incidents: Stage,
) -> None:
    accident, _, second = await teamed(incidents)
    own = await named(incidents, accident, LEADER, organ="government")
    of_self, by_self = (
        await asked(incidents, own["id"]),
        await asked(incidents, second["id"], LEADER),
    )

    for recusal in (of_self, by_self):
        path = f"/teams/recusals/{recusal}/dismiss"
        assert await refused(incidents, LEADER, path, reason="r") == (403, "own-recusal")
        assert (await post(incidents, OFFICE, path, reason="r")).status_code == 403


async def test_only_the_team_acts_and_only_the_lead_gives_steps(incidents: Stage) -> None:
    accident, _, second = await teamed(incidents)
    due = (incidents.now + timedelta(days=3)).isoformat()
    step = {"accident_id": accident, "member_id": second["id"], "task": "询问", "due_at": due}

    assert await refused(incidents, STRANGER, "/steps", **step) == (403, "not-on-team")
    assert await refused(incidents, SECOND, "/steps", **step) == (403, "not-the-lead")
    assert (await done(incidents, LEAD, "/steps", **step))["status"] == "open"


async def test_the_team_is_nothing_to_the_enterprise(incidents: Stage) -> None:
    accident, *_ = await teamed(incidents)
    client = incidents.as_(ENTERPRISE)

    assert (await client.get(f"/incidents/teams/{accident}")).status_code == 403
    story = (await client.get(f"/incidents/accidents/{accident}/timeline")).json()["entries"]
    assert "team" not in {entry["kind"] for entry in story}
