"""Every role, in every relation to a row, through the table of the assessment."""

from typing import Any

import pytest

from contracts.gateway import Role
from kernel.access import Principal, Relation
from kernel.timers import Timer
from services.tasks.cards.tables import CardRow
from services.tasks.policies import POLICIES
from services.tasks.policies_scoring import ScoreAct
from tests.services.stage import Stage
from tests.services.tasks.hotline import at
from tests.services.tasks.scoring import LEIYANG, MAYOR, OFFICE
from tests.services.tasks.story import COUNTY_OFFICE, officer
from tests.services.tasks.test_policies import STANDS

ROW = CardRow(unit=f"{LEIYANG}.emergency", region_code=LEIYANG)
HEADS = {"committee_office", "leader"}
STAFF = {"duty_desk", "inspector", "investigator", "law_reviewer"}
UNIT, SUBTREE = Relation.UNIT, Relation.SUBTREE


def expected(act: ScoreAct, role: Role, how: Relation) -> bool:
    """The table once more, said the other way round."""
    if act in {ScoreAct.READ_RANKINGS, ScoreAct.READ_LISTED}:
        return True
    if how not in {UNIT, SUBTREE}:
        return False
    if act is ScoreAct.READ_DRAFT_RANKINGS:
        return role in HEADS | {"auditor"}
    if act in {ScoreAct.READ_SCORES, ScoreAct.READ_CARDS}:
        return role in HEADS | {"auditor"} or (role in STAFF and how is UNIT)
    if act in {ScoreAct.COMPUTE_SCORES, ScoreAct.DRAFT_RANKING}:
        return role == "committee_office"
    if act is ScoreAct.PUBLISH_RANKING:
        return role in HEADS
    if act in {ScoreAct.OBJECT_TO_SCORE, ScoreAct.REPLY_TO_CARD}:
        return role in HEADS | STAFF and how is UNIT
    if act in {ScoreAct.NOTIFY_CARD, ScoreAct.STATE_VERDICT}:
        return role == "committee_office" and how is SUBTREE
    return role in HEADS and how is SUBTREE


@pytest.mark.parametrize("act", ScoreAct)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("how", STANDS)
def test_a_role_may_do_only_what_the_table_says(act: ScoreAct, role: Role, how: Relation) -> None:
    who = STANDS[how]
    actor = Principal(
        subject=who.subject, roles=frozenset({role}), unit=who.unit, region=who.region
    )

    assert POLICIES.allows(actor, act, ROW) is expected(act, role, how)


async def test_a_county_neither_computes_nor_begins_nor_recounts(tasks: Stage) -> None:
    body = {"cadence": "month", "day": "2023-05-01"}
    paths: list[tuple[str, Any]] = [("runs", body), ("schedule", None), ("recounts", None)]
    for path, sent in paths:
        refused = await tasks.as_(COUNTY_OFFICE).post(f"/tasks/scores/{path}", json=sent)
        assert refused.status_code == 403

    assert await tasks.rows(Timer) == []


async def test_a_county_does_not_read_what_others_come_to_before_it_is_published(
    tasks: Stage,
) -> None:
    body = {"cadence": "month", "day": "2023-05-01"}
    run = (await tasks.as_(OFFICE).post("/tasks/scores/runs", json=body)).json()

    for path in ("sums?group=counties&cadence=month&day=2023-05-01", "runs", f"runs/{run['id']}"):
        read, refused = [
            await tasks.as_(by).get(f"/tasks/scores/{path}") for by in (OFFICE, COUNTY_OFFICE)
        ]
        assert (read.status_code, refused.status_code) == (200, 403), path


async def test_an_office_begins_every_rhythm_once(tasks: Stage) -> None:
    tasks.now = at(6, 7, 12)
    for _ in range(2):
        answer = await tasks.as_(OFFICE).post("/tasks/scores/schedule")
        assert answer.status_code == 204

    due = {row.entity_id: row.due_at for row in await tasks.rows(Timer)}
    assert due == {
        "week@2023-06-05": at(6, 12, 0, 30),
        "half_month@2023-06-01": at(6, 16, 0, 30),
        "month@2023-06-01": at(7, 1, 0, 30),
        "quarter@2023-04-01": at(7, 1, 0, 30),
        "year@2022-12-01": at(12, 1, 0, 30),
    }


async def test_a_period_that_has_not_begun_is_not_computed(tasks: Stage) -> None:
    tasks.now = at(6, 30, 23)
    body = {"cadence": "month", "day": "2023-07-01"}

    refused = await tasks.as_(OFFICE).post("/tasks/scores/runs", json=body)

    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/period-not-begun"


async def test_a_period_long_before_any_row_has_nothing(tasks: Stage) -> None:
    body = {"group": "counties", "cadence": "year", "day": "1990-06-01"}

    drafted = await tasks.as_(OFFICE).post("/tasks/rankings", json=body)
    sums = await tasks.as_(OFFICE).get("/tasks/scores/sums", params=body)

    assert drafted.status_code == 409
    assert drafted.json()["type"] == "/problems/nothing-computed"
    assert sums.json() == []


async def test_indicators_and_groups_are_public_and_dated(tasks: Stage) -> None:
    anybody = tasks.as_(officer("91430481MA4T00019M"))

    rows = {row["code"]: row for row in (await anybody.get("/tasks/indicators")).json()}
    before = (await anybody.get("/tasks/indicators?on=2016-12-31")).json()
    groups = {row["code"]: row for row in (await anybody.get("/tasks/indicators/groups")).json()}

    assert rows["duties_in_time"]["weight"] == "0.60"
    assert rows["duties_in_time"]["rule"] == "platform scoring@2017-01-01"
    assert before == []
    assert len(groups["counties"]["units"]) == 12
    assert set(groups["parks"]["units"]).isdisjoint(groups["counties"]["units"])


async def test_a_body_that_is_not_asked_for_is_refused(tasks: Stage) -> None:
    for body in ({"cadence": "decade", "day": "2023-05-01"}, {"cadence": "month"}, {}):
        refused = await tasks.as_(OFFICE).post("/tasks/scores/runs", json=body)
        assert refused.status_code == 422
    unknown = await tasks.as_(MAYOR).get("/tasks/scores/lines?colour=red")
    assert unknown.status_code == 422
