"""Each member of the team signs the report that is handed in, or is on record as refusing."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from kernel.access import Principal
from services.incidents.dossiers.domain import Part
from services.incidents.dossiers.tables import Signature
from services.incidents.investigations.tables import Submission
from tests.services.incidents import casework
from tests.services.incidents.casework import (
    CITY_LEADER,
    CITY_OFFICE,
    CITY_TEAM,
    DOCUMENT,
    done,
    get,
    larger,
    post,
    put,
    sheet_of,
)
from tests.services.incidents.conftest import ENTERPRISE, Body, reported
from tests.services.incidents.telling import story
from tests.services.stage import Stage

SECOND = replace(CITY_TEAM, subject="second")
STRANGER = replace(CITY_TEAM, subject="stranger")


async def ready(stage: Stage) -> tuple[str, Body]:
    """A whole report of a whole team; a further member has an account. Nobody has signed."""
    accident = await larger(stage)
    await done(stage, CITY_TEAM, accident, "begin")
    await casework.worded(stage, accident)
    await named(stage, accident, SECOND)
    return accident, {"content_sha256": (await sheet_of(stage, accident))["content_sha256"]}


async def named(stage: Stage, accident: str, by: Principal | None, **said: Any) -> str:
    body = {
        "accident_id": accident,
        "name": "赵六一",
        "organ": "regulator",
        "unit": "430400.market",
    }
    body |= {"account": by.subject if by else None, **said}
    answer = await stage.as_(CITY_OFFICE).post("/incidents/teams/members", json=body)
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


async def line(stage: Stage, accident: str, by: Principal | str) -> Body:
    """The line of whoever has the account, or stands for the organ."""
    sheet = await sheet_of(stage, accident)
    if isinstance(by, str):
        return next(one for one in sheet["lines"] if one["organ"] == by)
    members = (await stage.as_(by).get(f"/incidents/teams/{accident}")).json()["members"]
    own = next(one["id"] for one in members if one["mine"])
    return next(one for one in sheet["lines"] if one["member_id"] == own)


async def waits_for(stage: Stage, accident: str) -> list[str]:
    """Whom the report waits for when somebody tries to hand it in."""
    answer = await post(stage, CITY_TEAM, accident, "submissions")
    if answer.status_code == 201:
        return []
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (409, "/problems/signatures-missing")
    assert await stage.rows(Submission) == []
    return list(problem["missing"])


async def kind_of(
    stage: Stage, by: Principal, accident: str, path: str, body: Body
) -> tuple[int, str]:
    answer = await post(stage, by, accident, path, body)
    return answer.status_code, answer.json().get("type", "").removeprefix("/problems/")


async def test_a_report_waits_for_each_single_member_of_the_team(incidents: Stage) -> None:
    accident, content = await ready(incidents)
    lines = (await sheet_of(incidents, accident))["lines"]
    assert await waits_for(incidents, accident) == [one["member_id"] for one in lines]

    await done(incidents, CITY_TEAM, accident, "signatures", content)
    await done(incidents, SECOND, accident, "signatures", content)
    by_hand = [one["member_id"] for one in lines if one["part"] == "member"][:-1]
    for n, member in enumerate(by_hand):
        assert await waits_for(incidents, accident) == by_hand[n:]
        path = f"signatures/{member}/sheet"
        await done(incidents, CITY_TEAM, accident, path, content | {"sheet": "签名页一"})

    assert (await sheet_of(incidents, accident))["complete"]
    assert await waits_for(incidents, accident) == []
    [submission] = await incidents.rows(Submission)
    assert submission.content_sha256 == content["content_sha256"]


async def test_who_has_not_signed_is_named_in_both_languages(incidents: Stage) -> None:
    accident, _ = await ready(incidents)
    await casework.signed(incidents, accident)
    await named(incidents, accident, None, organ="police")
    path = f"/incidents/investigations/{accident}/submissions"
    said = [
        (await incidents.as_(CITY_TEAM, **{"Accept-Language": tongue}).post(path)).json()
        for tongue in ("zh-CN", "en")
    ]

    assert [one["detail"] for one in said] == ["尚未签名：公安机关", "Not signed by: police."]
    assert said[0]["rule"] == "decree-493 30@2007-06-01"


async def test_anybody_can_compute_what_was_signed(incidents: Stage) -> None:
    accident, content = await ready(incidents)
    read = [f"{accident}:1", *([part, f"{part}内容"] for part in Part)]
    written = json.dumps(read, ensure_ascii=False, separators=(",", ":")).encode()

    assert content["content_sha256"] == hashlib.sha256(written).hexdigest()
    dossier = await get(incidents, CITY_OFFICE, accident, "dossier")
    assert dossier["content_sha256"] == content["content_sha256"]


async def test_a_changed_report_asks_for_new_signatures(incidents: Stage) -> None:
    accident, content = await ready(incidents)
    await casework.signed(incidents, accident)
    await put(incidents, CITY_TEAM, accident, "dossier/cause", {"text": "另有原因"})
    stale = await post(incidents, SECOND, accident, "signatures", content)
    sheet = await sheet_of(incidents, accident)

    assert len(await waits_for(incidents, accident)) == len(sheet["lines"])
    assert {one["status"] for one in sheet["lines"]} == {"outstanding"}
    assert {one["content_sha256"] for one in sheet["given"]} == {content["content_sha256"]}
    assert (stale.status_code, stale.json()["type"]) == (409, "/problems/report-changed")
    assert stale.json()["content_sha256"] == sheet["content_sha256"]
    await casework.signed(incidents, accident)
    assert await waits_for(incidents, accident) == []


async def test_the_same_words_written_again_are_the_report_that_was_signed(
    incidents: Stage,
) -> None:
    accident, _ = await ready(incidents)
    await casework.signed(incidents, accident)
    for text in ("另有原因", "cause内容"):
        await put(incidents, CITY_TEAM, accident, "dossier/cause", {"text": text})

    assert await waits_for(incidents, accident) == []


async def test_a_report_that_lacks_a_part_cannot_be_signed(incidents: Stage) -> None:
    accident = await larger(incidents)
    await done(incidents, CITY_TEAM, accident, "begin")
    await casework.manned(incidents, accident)
    for part in list(Part)[:-1]:
        await put(incidents, CITY_TEAM, accident, f"dossier/{part}", {"text": "内容"})
    answer = await post(incidents, CITY_TEAM, accident, "signatures", {"content_sha256": "0" * 64})
    sheet = await sheet_of(incidents, accident)

    assert (answer.status_code, answer.json()["missing"]) == (409, ["prevention"])
    assert (sheet["content_sha256"], sheet["complete"]) == (None, False)


async def test_who_dissents_signs_with_an_opinion_and_the_report_goes_on(incidents: Stage) -> None:
    accident, content = await ready(incidents)
    await done(
        incidents, SECOND, accident, "signatures", content | {"opinion": "对责任认定有不同意见"}
    )
    await casework.signed(incidents, accident)

    own = await line(incidents, accident, SECOND)
    assert (own["status"], own["said"]) == ("dissenting", "对责任认定有不同意见")
    assert (own["name"], own["unit"], own["part"]) == ("赵**", "430400.market", "member")
    assert await waits_for(incidents, accident) == []


async def test_a_refusal_is_recorded_by_the_lead_with_its_reason(incidents: Stage) -> None:
    accident, content = await ready(incidents)
    police = (await line(incidents, accident, "police"))["member_id"]
    path, said = f"signatures/{police}/refusal", content | {"reason": "认为证据不足"}

    assert await kind_of(incidents, SECOND, accident, path, said) == (403, "not-the-lead")
    assert await kind_of(incidents, STRANGER, accident, path, said) == (403, "not-on-team")
    bare = await post(incidents, CITY_TEAM, accident, path, content | {"reason": " "})
    assert bare.status_code == 422
    assert await incidents.rows(Signature) == []
    await done(incidents, CITY_TEAM, accident, path, said)
    await casework.signed(incidents, accident)
    own = await line(incidents, accident, "police")
    assert (own["status"], own["said"]) == ("refused", "认为证据不足")
    assert await waits_for(incidents, accident) == []


async def test_nobody_turns_a_signature_into_a_refusal_and_who_refused_may_sign_after_all(
    incidents: Stage,
) -> None:
    accident, content = await ready(incidents)
    own = (await line(incidents, accident, SECOND))["member_id"]
    path, said = f"signatures/{own}/refusal", content | {"reason": "拒签"}
    await done(incidents, CITY_TEAM, accident, path, said)
    await done(incidents, SECOND, accident, "signatures", content)

    assert await kind_of(incidents, CITY_TEAM, accident, path, said) == (
        409,
        "signature-action-refused",
    )
    assert (await line(incidents, accident, SECOND))["status"] == "signed"
    given = (await sheet_of(incidents, accident))["given"]
    assert [one["status"] for one in given] == ["refused", "signed"]


async def test_the_lead_signs_for_nobody_who_has_an_account_and_refuses_nothing_for_themselves(
    incidents: Stage,
) -> None:
    accident, content = await ready(incidents)
    second = (await line(incidents, accident, SECOND))["member_id"]
    lead = (await line(incidents, accident, CITY_TEAM))["member_id"]
    sheet, reason = content | {"sheet": "签名页一"}, content | {"reason": "拒签"}

    assert await kind_of(incidents, CITY_TEAM, accident, f"signatures/{second}/sheet", sheet) == (
        409,
        "signs-themselves",
    )
    assert await kind_of(incidents, CITY_TEAM, accident, f"signatures/{lead}/refusal", reason) == (
        403,
        "own-refusal",
    )
    assert await incidents.rows(Signature) == []


async def test_only_those_who_sit_on_the_team_sign(incidents: Stage) -> None:
    accident, content = await ready(incidents)
    other = await larger(incidents)
    elsewhere = await named(incidents, other, None)
    asked = await named(incidents, accident, None, organ="procuratorate", invited=True)
    sheet = content | {"sheet": "签名页一"}

    assert await kind_of(incidents, STRANGER, accident, "signatures", content) == (
        403,
        "not-on-team",
    )
    for member in (elsewhere, asked):
        path = f"signatures/{member}/sheet"
        assert await kind_of(incidents, CITY_TEAM, accident, path, sheet) == (409, "not-a-signer")
    assert (await post(incidents, ENTERPRISE, accident, "signatures", content)).status_code == 403


async def test_who_stood_aside_neither_signs_nor_is_waited_for(incidents: Stage) -> None:
    accident, content = await ready(incidents)
    member = (await line(incidents, accident, SECOND))["member_id"]
    await done(incidents, SECOND, accident, "signatures", content)
    ask = {"member_id": member, "relation": "employed", "ground": "曾在该企业任职"}
    asked = await incidents.as_(CITY_OFFICE).post("/incidents/teams/recusals", json=ask)
    path = f"/incidents/teams/recusals/{asked.json()['id']}/uphold"
    await incidents.as_(CITY_LEADER).post(path, json={"reason": "属实"})
    await put(incidents, CITY_TEAM, accident, "dossier/cause", {"text": "另有原因"})

    sheet = await sheet_of(incidents, accident)
    content = {"content_sha256": sheet["content_sha256"]}
    refused = await kind_of(incidents, SECOND, accident, "signatures", content)
    assert refused == (403, "member-recused")
    assert member not in {one["member_id"] for one in sheet["lines"]}
    assert [one["member_id"] for one in sheet["given"]] == [member]  # what was given stays
    await casework.signed(incidents, accident)
    assert await waits_for(incidents, accident) == []


async def test_who_joins_late_is_waited_for_too(incidents: Stage) -> None:
    accident, _ = await ready(incidents)
    await casework.signed(incidents, accident)
    late = await named(incidents, accident, None)

    assert await waits_for(incidents, accident) == [late]
    await incidents.as_(CITY_OFFICE).post(f"/incidents/teams/members/{late}/release")
    assert await waits_for(incidents, accident) == []


async def test_an_expert_may_sign_and_is_not_waited_for(incidents: Stage) -> None:
    accident, _ = await ready(incidents)
    await casework.signed(incidents, accident)
    await named(incidents, accident, None, organ="expert", part="expert")

    assert (await line(incidents, accident, "expert"))["rule"] is None
    assert (await sheet_of(incidents, accident))["complete"]
    await casework.signed(incidents, accident)
    assert (await line(incidents, accident, "expert"))["status"] == "signed"
    assert await waits_for(incidents, accident) == []


async def test_a_signature_given_again_is_the_one_that_it_is(incidents: Stage) -> None:
    accident, content = await ready(incidents)
    first = await done(incidents, SECOND, accident, "signatures", content)
    again = await done(incidents, SECOND, accident, "signatures", content)
    doubt = await done(incidents, SECOND, accident, "signatures", content | {"opinion": "保留意见"})

    assert (first, doubt["number"]) == (again, 2)
    assert [row.status for row in await incidents.rows(Signature)] == ["signed", "dissenting"]


@pytest.mark.parametrize("stage", ["open", "submitted"])
async def test_what_is_not_being_written_is_not_signed(incidents: Stage, stage: str) -> None:
    accident = await larger(incidents)
    if stage == "submitted":
        await casework.submitted(incidents, accident)
    else:
        await casework.manned(incidents, accident)
    content = {"content_sha256": "0" * 64}
    answer = await post(incidents, CITY_TEAM, accident, "signatures", content)

    assert (answer.status_code, answer.json()["investigation_status"]) == (409, stage)


async def test_signatures_hold_for_a_report_returned_and_handed_in_unchanged_and_for_no_other_case(
    incidents: Stage,
) -> None:
    accident = await larger(incidents)
    await casework.submitted(incidents, accident)
    await done(incidents, CITY_LEADER, accident, "decision", {"decision": "returned", **DOCUMENT})
    await done(incidents, CITY_TEAM, accident, "submissions")
    await done(incidents, CITY_LEADER, accident, "decision", {"decision": "approved", **DOCUMENT})
    day = incidents.now.date().isoformat()
    await done(
        incidents, CITY_TEAM, accident, "publication", {"published_on": day, "title": "调查报告"}
    )
    await casework.settled(incidents, accident)
    await done(incidents, CITY_LEADER, accident, "close")
    await done(incidents, CITY_LEADER, accident, "reopen", DOCUMENT)
    await done(incidents, CITY_TEAM, accident, "begin")
    await casework.worded(incidents, accident)  # word for word the report of before

    answer = await post(incidents, CITY_TEAM, accident, "submissions")
    assert answer.json()["type"] == "/problems/signatures-missing"


async def test_signatures_are_told_in_the_story_and_not_to_the_enterprise(
    incidents: Stage,
) -> None:
    accident, content = await ready(incidents)
    opinion = {"opinion": "张三丰不应担责"}
    await done(incidents, SECOND, accident, "signatures", content | opinion)
    await done(incidents, CITY_TEAM, accident, "signatures", content)
    entries = await story(incidents, accident)

    assert [one["zh"] for one in entries if one["kind"] == "signature"] == [
        "行业监管部门成员附不同意见在调查报告上签名",
        "人民政府成员在调查报告上签名",
    ]
    assert "张三丰" not in str(entries)
    seen = await incidents.as_(ENTERPRISE).get(f"/incidents/accidents/{accident}/timeline")
    assert "签名" not in seen.text


async def test_an_enterprise_that_looks_into_it_itself_needs_no_signatures_of_a_team(
    incidents: Stage,
) -> None:
    told = await reported(incidents, industry="C26", casualties={"deaths": 0})
    accident = str(told["accident_id"])
    county = casework.COUNTY_LEADER
    to = {"to": ENTERPRISE.uscc}
    await done(incidents, county, accident, "delegations", {**to, **DOCUMENT})
    await casework.submitted(incidents, accident, ENTERPRISE)

    assert await incidents.rows(Signature) == []
    [submission] = await incidents.rows(Submission)
    assert submission.content_sha256 is not None
