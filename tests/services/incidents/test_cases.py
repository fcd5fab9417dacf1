"""An investigation from its opening to its closing, and beyond; who may do what to it."""

from datetime import timedelta

import pytest

from contracts.incidents import AccidentReported, InvestigationPublished
from contracts.incidents_cases import (
    InvestigationApproved,
    InvestigationClosed,
    InvestigationReopened,
    MemberStoodAside,
)
from kernel.access import Principal
from kernel.timers import Timer
from services.incidents.dossiers.domain import Part
from services.incidents.dossiers.tables import ReportPart
from services.incidents.investigations.tables import Investigation, Submission
from tests.services.incidents import casework
from tests.services.incidents.casework import (
    CITY_LEADER,
    CITY_OFFICE,
    CITY_TEAM,
    COUNTY_LEADER,
    COUNTY_TEAM,
    DOCUMENT,
    PROVINCE_LEADER,
    done,
    get,
    larger,
    post,
    put,
)
from tests.services.incidents.conftest import DAY, ENTERPRISE, USCC, reported
from tests.services.stage import Stage


async def heard(stage: Stage, kind: type[AccidentReported] = AccidentReported) -> None:
    """Deliver the service's own facts to it, as its consumer does."""
    await stage.hear(*[kind.model_validate(fact) for fact in await stage.told(kind)])


async def test_the_service_opens_the_investigation_once_it_hears_of_the_accident(
    incidents: Stage,
) -> None:
    accident = await larger(incidents)
    assert await incidents.rows(Investigation) == []

    await heard(incidents)
    [case] = await incidents.rows(Investigation)
    assert (case.status, case.level, case.unit) == ("open", "city", "430400.government")
    assert (str(case.accident_id), case.generation, case.inquiry) == (accident, 1, "casualties")
    kinds = {timer.kind for timer in await incidents.rows(Timer)}
    assert {"investigation_due", "investigation_warning"} <= kinds


async def test_an_act_before_that_opens_it_and_hearing_later_changes_nothing(
    incidents: Stage,
) -> None:
    accident = await larger(incidents)
    await done(incidents, CITY_TEAM, accident, "begin")
    await heard(incidents)

    [case] = await incidents.rows(Investigation)
    assert case.status == "investigating"
    assert len(await incidents.rows(Timer, kind="investigation_due")) == 1


async def test_the_whole_course_of_a_case(incidents: Stage) -> None:
    accident = await larger(incidents)
    await casework.closed(incidents, accident)

    seen = await get(incidents, CITY_TEAM, accident)
    [case] = seen["generations"]
    assert case["status"] == "closed"
    stamps = ("began_at", "submitted_at", "approved_at", "published_at", "closed_at")
    assert all(case[stamp] for stamp in stamps)
    [approved] = await incidents.told(InvestigationApproved)
    assert (approved["level"], approved["unit"]) == ("city", "430400.government")
    assert len(await incidents.told(InvestigationPublished)) == 1
    [closed] = await incidents.told(InvestigationClosed)
    assert (closed["closed_on"], closed["generation"]) == ("2023-06-02", 1)
    live = [t for t in await incidents.rows(Timer) if not t.cancelled_at and not t.fired_at]
    assert [timer.kind for timer in live if timer.kind.startswith("investigation")] == []


@pytest.mark.parametrize("part", Part)
async def test_a_report_without_any_one_of_its_six_parts_is_not_taken(
    incidents: Stage, part: Part
) -> None:
    accident = await larger(incidents)
    await done(incidents, CITY_TEAM, accident, "begin")
    for other in set(Part) - {part}:
        await put(incidents, CITY_TEAM, accident, f"dossier/{other}", {"text": "内容"})
    answer = await post(incidents, CITY_TEAM, accident, "submissions")

    assert (answer.status_code, answer.json()["missing"]) == (409, [part])
    assert await incidents.rows(Submission) == []
    dossier = await get(incidents, CITY_TEAM, accident, "dossier")
    assert dossier["missing"] == [part]


@pytest.mark.parametrize("organ", [*casework.ORGANS, None])
async def test_a_report_is_handed_in_by_a_team_with_every_organ_of_the_law(
    incidents: Stage, organ: str | None
) -> None:
    """Each organ from both sides: without it, and once it is there (Decree 493, 22)."""
    accident = await larger(incidents)
    await done(incidents, CITY_TEAM, accident, "begin")
    await casework.manned(incidents, accident, without=organ)
    await casework.written(incidents, accident)
    answer = await post(incidents, CITY_TEAM, accident, "submissions")

    if organ is None:
        assert answer.status_code == 201
        return
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (409, "/problems/team-incomplete")
    assert (problem["missing"], problem["lead"]) == ([organ], organ != "government")
    assert await incidents.rows(Submission) == []
    place = {"accident_id": accident, "name": "王五", "organ": organ}
    if organ == "government":
        place |= {"part": "lead", "account": CITY_TEAM.subject}
    named = await incidents.as_(CITY_OFFICE).post("/incidents/teams/members", json=place)
    assert named.is_success, named.text
    await casework.signed(incidents, accident)
    await done(incidents, CITY_TEAM, accident, "submissions")


async def test_what_a_team_lacks_is_named_in_both_languages(incidents: Stage) -> None:
    accident = await larger(incidents)
    await done(incidents, CITY_TEAM, accident, "begin")
    await casework.manned(incidents, accident, without="government")
    await casework.written(incidents, accident)
    path = f"/incidents/investigations/{accident}/submissions"
    said = [
        (await incidents.as_(CITY_TEAM, **{"Accept-Language": tongue}).post(path)).json()["detail"]
        for tongue in ("zh-CN", "en")
    ]

    assert said == [
        "调查组缺少：组长、有关人民政府",
        "The team lacks: a lead, the government concerned.",
    ]


async def test_a_recusal_after_the_report_undoes_nothing_and_is_told(incidents: Stage) -> None:
    accident = await larger(incidents)
    await casework.submitted(incidents, accident)
    team = (await incidents.as_(CITY_OFFICE).get(f"/incidents/teams/{accident}")).json()
    union = next(one["id"] for one in team["members"] if one["organ"] == "union")
    ask = {"member_id": union, "relation": "employed", "ground": "曾在该企业任职"}
    asked = await incidents.as_(CITY_OFFICE).post("/incidents/teams/recusals", json=ask)
    assert await incidents.told(MemberStoodAside) == []
    path = f"/incidents/teams/recusals/{asked.json()['id']}/uphold"
    await incidents.as_(CITY_LEADER).post(path, json={"reason": "属实"})

    [told] = await incidents.told(MemberStoodAside)
    assert (told["organ"], told["unit"]) == ("union", "430400.government")
    assert (told["lead"], told["missing"]) == (True, ["union"])
    [submission] = await incidents.rows(Submission)
    assert submission.decided_at is None
    await done(incidents, CITY_LEADER, accident, "decision", {"decision": "returned", **DOCUMENT})
    again = await post(incidents, CITY_TEAM, accident, "submissions")
    assert again.json()["missing"] == ["union"]


@pytest.mark.parametrize(("entrusted", "status"), [(True, 201), (False, 409)])
async def test_an_enterprise_that_looks_into_it_itself_needs_no_team_of_the_law(
    incidents: Stage, entrusted: bool, status: int
) -> None:
    """What harmed nobody may be left to the enterprise (Decree 493, 19)."""
    calm = {"industry": "C26", "casualties": {"deaths": 0}, "direct_loss_wan": 10}
    told = await reported(incidents, **calm)
    accident = str(told["accident_id"])
    if entrusted:
        await done(incidents, COUNTY_LEADER, accident, "delegations", {"to": USCC, **DOCUMENT})
    by = ENTERPRISE if entrusted else COUNTY_TEAM
    await done(incidents, by, accident, "begin")
    for part in Part:
        await put(incidents, by, accident, f"dossier/{part}", {"text": "内容"})

    assert (await post(incidents, by, accident, "submissions")).status_code == status


async def test_a_part_written_again_is_a_new_version(incidents: Stage) -> None:
    accident = await larger(incidents)
    await done(incidents, CITY_TEAM, accident, "begin")
    for text in ("初稿", "二稿"):
        await put(incidents, CITY_TEAM, accident, "dossier/cause", {"text": text})

    assert len(await incidents.rows(ReportPart)) == 2
    [part] = (await get(incidents, CITY_TEAM, accident, "dossier"))["parts"]
    assert (part["version"], part["text"]) == (2, "二稿")


@pytest.mark.parametrize("text", ["", "  ", "\n"])
async def test_an_empty_part_is_refused(incidents: Stage, text: str) -> None:
    accident = await larger(incidents)
    await done(incidents, CITY_TEAM, accident, "begin")
    answer = await put(incidents, CITY_TEAM, accident, "dossier/cause", {"text": text})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("by", "status"),
    [
        (COUNTY_LEADER, 403),
        (PROVINCE_LEADER, 403),
        (casework.leader("430400.emergency"), 403),
        (CITY_TEAM, 403),
        (casework.leader("430405.government"), 404),
        (CITY_LEADER, 200),
    ],
)
@pytest.mark.parametrize("decision", ["approved", "returned"])
async def test_only_the_government_that_holds_a_case_decides_on_its_report(
    incidents: Stage, by: Principal, status: int, decision: str
) -> None:
    accident = await larger(incidents)
    await casework.submitted(incidents, accident)
    body = {"decision": decision, **DOCUMENT}
    answer = await post(incidents, by, accident, "decision", body)

    assert answer.status_code == status
    [submission] = await incidents.rows(Submission)
    assert submission.decision == (decision if status == 200 else None)
    told = await incidents.told(InvestigationApproved)
    assert len(told) == (status == 200 and decision == "approved")


async def test_a_wrong_level_is_told_who_decides(incidents: Stage) -> None:
    accident = await larger(incidents)
    await casework.submitted(incidents, accident)
    body = {"decision": "approved", **DOCUMENT}
    answer = (await post(incidents, COUNTY_LEADER, accident, "decision", body)).json()

    assert answer["type"] == "/problems/not-the-holder"
    assert (answer["holder"], answer["level"]) == ("430400.government", "city")


async def test_a_returned_report_comes_again_with_its_versions(incidents: Stage) -> None:
    accident = await larger(incidents)
    await casework.submitted(incidents, accident)
    await done(incidents, CITY_LEADER, accident, "decision", {"decision": "returned", **DOCUMENT})
    await put(incidents, CITY_TEAM, accident, "dossier/cause", {"text": "补充调查"})
    await casework.signed(incidents, accident)
    await done(incidents, CITY_TEAM, accident, "submissions")
    await done(incidents, CITY_LEADER, accident, "decision", {"decision": "approved", **DOCUMENT})

    first, second = (await get(incidents, CITY_TEAM, accident, "dossier"))["submissions"]
    assert (first["decision"], second["decision"]) == ("returned", "approved")
    assert "cause@1" in first["parts"]
    assert "cause@2" in second["parts"]


async def test_a_report_is_not_published_before_it_was_approved(incidents: Stage) -> None:
    accident = await larger(incidents)
    await casework.submitted(incidents, accident)
    publication = {"published_on": "2023-06-01", "title": "调查报告"}
    early = await post(incidents, CITY_TEAM, accident, "publication", publication)
    incidents.now += DAY
    await done(incidents, CITY_LEADER, accident, "decision", {"decision": "approved", **DOCUMENT})
    earlier = await post(incidents, CITY_TEAM, accident, "publication", publication)
    later = await post(
        incidents, CITY_TEAM, accident, "publication", publication | {"published_on": "2023-06-02"}
    )

    assert (early.status_code, early.json()["investigation_status"]) == (409, "submitted")
    assert (earlier.status_code, earlier.json()["errors"][0]["code"]) == (422, "before_approval")
    assert later.status_code == 201


async def test_a_case_closes_only_when_all_four_questions_are_settled(incidents: Stage) -> None:
    accident = await larger(incidents)
    await casework.approved(incidents, accident)
    publication = {"published_on": "2023-06-01", "title": "调查报告"}
    await done(incidents, CITY_TEAM, accident, "publication", publication)
    bare = await post(incidents, CITY_LEADER, accident, "close")
    await casework.settled(incidents, accident)
    no = {"met": False, "evidence": "整改未完成"}
    await put(incidents, CITY_OFFICE, accident, "questions/measures", no)
    open_still = await post(incidents, CITY_LEADER, accident, "close")
    questions = await get(incidents, CITY_OFFICE, accident, "questions")

    assert bare.json()["unsettled"] == ["cause", "liable", "measures", "education"]
    assert (open_still.status_code, open_still.json()["unsettled"]) == (409, ["measures"])
    assert questions["unsettled"] == ["measures"]
    yes = {"met": True, "evidence": "整改验收单"}
    await put(incidents, CITY_OFFICE, accident, "questions/measures", yes)
    wrong = await post(incidents, COUNTY_LEADER, accident, "close")
    assert wrong.status_code == 403
    assert (await post(incidents, CITY_LEADER, accident, "close")).is_success


async def test_an_answer_without_evidence_is_refused(incidents: Stage) -> None:
    accident = await larger(incidents)
    await done(incidents, CITY_TEAM, accident, "begin")
    answer = await put(
        incidents, CITY_TEAM, accident, "questions/cause", {"met": True, "evidence": " "}
    )

    assert answer.status_code == 422


async def test_a_closed_case_is_reopened_beside_itself(incidents: Stage) -> None:
    accident = await larger(incidents)
    await casework.closed(incidents, accident)
    [before] = await incidents.rows(Investigation)
    incidents.now += timedelta(days=200)
    wrong = await post(incidents, COUNTY_LEADER, accident, "reopen", DOCUMENT)
    bare = await post(incidents, CITY_LEADER, accident, "reopen", {"reason": "发现新证据"})
    new = await done(incidents, CITY_LEADER, accident, "reopen", DOCUMENT)

    assert (wrong.status_code, bare.status_code) == (403, 422)
    assert (new["generation"], new["status"], new["reason"]) == (2, "open", DOCUMENT["reason"])
    old, _ = sorted(await incidents.rows(Investigation), key=lambda one: one.generation)
    kept = {name: value for name, value in vars(before).items() if not name.startswith("_")}
    assert {name: getattr(old, name) for name in kept} == kept
    [told] = await incidents.told(InvestigationReopened)
    assert told["generation"] == 2
    clock = await get(incidents, CITY_TEAM, accident, "clock")
    assert (clock["starts_on"], clock["days_used"]) == ("2023-12-19", 0)
    again = await post(incidents, CITY_LEADER, accident, "reopen", DOCUMENT)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-closed")


async def test_a_reopened_case_goes_its_whole_way_and_is_published_again(incidents: Stage) -> None:
    accident = await larger(incidents)
    await casework.closed(incidents, accident)
    await done(incidents, CITY_LEADER, accident, "reopen", DOCUMENT)
    await casework.closed(incidents, accident)

    seen = await get(incidents, CITY_TEAM, accident)
    assert [case["status"] for case in seen["generations"]] == ["closed", "closed"]
    assert seen["publication"]["published_on"] == "2023-06-03"
    told = await incidents.told(InvestigationPublished)
    assert [fact["generation"] for fact in told] == [1, 2]


@pytest.mark.parametrize("path", ["begin", "submissions", "close"])
async def test_nothing_is_done_to_a_closed_case(incidents: Stage, path: str) -> None:
    accident = await larger(incidents)
    await casework.closed(incidents, accident)
    by = CITY_LEADER if path == "close" else CITY_TEAM
    answer = await post(incidents, by, accident, path)

    assert (answer.status_code, answer.json()["investigation_status"]) == (409, "closed")


async def test_those_below_the_holder_do_not_conduct_the_case(incidents: Stage) -> None:
    accident = await larger(incidents)
    below = await post(incidents, COUNTY_TEAM, accident, "begin")
    enterprise = await post(incidents, ENTERPRISE, accident, "begin")

    assert (below.status_code, below.json()["type"]) == (403, "/problems/not-the-team")
    assert (enterprise.status_code, enterprise.json()["type"]) == (403, "/problems/not-the-team")


async def test_an_enterprise_conducts_what_its_county_entrusted_to_it(incidents: Stage) -> None:
    accident = (await reported(incidents, industry="C26", casualties={"deaths": 0}))["accident_id"]
    entrusted = {"to": USCC, **DOCUMENT}
    await done(incidents, COUNTY_LEADER, accident, "delegations", entrusted)
    await casework.submitted(incidents, accident, ENTERPRISE)
    body = {"decision": "approved", **DOCUMENT}

    assert (await post(incidents, COUNTY_LEADER, accident, "decision", body)).is_success
    [case] = await incidents.rows(Investigation)
    assert (case.inquiry, case.delegated_to, case.status) == ("no_casualties", USCC, "approved")


async def test_what_was_entrusted_to_an_enterprise_falls_back_when_somebody_was_harmed(
    incidents: Stage,
) -> None:
    accident = (await reported(incidents, industry="C26", casualties={"deaths": 0}))["accident_id"]
    await done(incidents, COUNTY_LEADER, accident, "delegations", {"to": USCC, **DOCUMENT})
    await reported(
        incidents,
        kind="followup",
        accident_id=accident,
        casualties={"deaths": 1},
        region_code=None,
        occurred_at=None,
        known_at=None,
        accident_type=None,
        place=None,
        location=None,
        industry=None,
        missing_presumed_dead=None,
    )
    answer = await post(incidents, ENTERPRISE, accident, "begin")

    assert answer.status_code == 403
    assert (await post(incidents, COUNTY_TEAM, accident, "begin")).is_success
    [case] = await incidents.rows(Investigation)
    assert (case.inquiry, case.delegated_to) == ("casualties", None)
