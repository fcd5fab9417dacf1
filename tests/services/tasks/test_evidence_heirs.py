"""What was handed in for a period goes to whoever answers for the unit since, with its files."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from kernel.calendar import Cadence
from reference.terms import Figure
from services.tasks.evidence.tables import Evidence, EvidenceFile, EvidenceFlag, EvidenceQuestion
from services.tasks.indicators import queries as indicators
from services.tasks.indicators.domain import Subject, period_of
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.city import reorganised, unit
from tests.services.tasks.pictures import jpeg, scene
from tests.services.tasks.quotas import (
    PARTY,
    PROVINCE_OFFICE,
    SECRETARY,
    added,
    handed_in,
    keep_files,
    planned,
    post,
    quota,
)
from tests.services.tasks.story import CITY_OFFICE, COUNTY
from tests.services.tasks.test_scores_counted import indicator

HEIR = "430481.party"
ON = datetime(2023, 12, 20, 2, tzinfo=UTC)


async def test_an_heir_goes_on_with_the_quota_where_the_unit_had_come_to(
    tasks: Stage, tmp_path: Path
) -> None:
    await planned(tasks)
    tasks.now = ON
    keep_files(tasks, tmp_path)
    row = await quota(tasks)
    file = (await added(tasks, row, jpeg(scene(1)))).json()
    first = await handed_in(tasks, row, on="2023-02-10", files=[file["id"]], host=PARTY)
    await post(tasks, CITY_OFFICE, row, "accept", {"evidence_id": first["id"]})
    second = await handed_in(tasks, row, on="2022-02-20")
    asked = {"evidence_id": second["id"], "question": "哪一年？"}
    await post(tasks, CITY_OFFICE, row, "ask", asked)
    heir = unit(HEIR, "县委", "party_committee")
    await reorganised(tasks, "move", [PARTY], [heir], on="2023-12-20")

    await tasks.fire_until(ON)

    (taken,) = await tasks.rows(Obligation, subject=HEIR)
    kept = (taken.least, taken.credited, taken.waiting, taken.period_from, taken.plan_version)
    assert kept == (2, 1, 1, row.period_from, 1)
    detail = (await tasks.as_(CITY_OFFICE).get(f"/tasks/obligations/{taken.id}")).json()
    pieces = {piece["happened_on"]: piece for piece in detail["evidence"]}
    assert {piece["subject"] for piece in pieces.values()} == {HEIR}
    assert [one["sha256"] for one in pieces["2023-02-10"]["files"]] == [file["sha256"]]
    assert pieces["2023-02-10"]["uncounted"] is None
    assert [one["question"] for one in pieces["2022-02-20"]["questions"]] == ["哪一年？"]
    assert [one["kind"] for one in pieces["2022-02-20"]["flags"]] == [
        "before_period",
        "no_holder",
    ]
    for table in (EvidenceFile, EvidenceFlag, EvidenceQuestion):
        assert len({one.id for one in await tasks.rows(table)}) >= 2
    body = {"evidence_id": pieces["2022-02-20"]["id"], "remark": "写错年份"}
    returned = await post(tasks, CITY_OFFICE, taken, "return", body)
    assert returned.status_code == 200, returned.text
    stays = await post(tasks, SECRETARY, row, "answer", {"answer": "迟了"})
    assert (stays.status_code, stays.json()["type"]) == (409, "/problems/action-refused")


async def test_what_was_returned_to_a_unit_costs_points_once_though_its_heir_has_a_copy(
    tasks: Stage,
) -> None:
    await planned(tasks)
    tasks.now = ON
    row = await quota(tasks)
    piece = await handed_in(tasks, row)
    body = {"evidence_id": piece["id"], "remark": "没有签名"}
    assert (await post(tasks, CITY_OFFICE, row, "return", body)).is_success
    before = await returned(tasks)
    heir = unit(HEIR, "县委", "party_committee")
    await reorganised(tasks, "move", [PARTY], [heir], on="2023-12-20")

    await tasks.fire_until(ON)

    (taken,) = await tasks.rows(Obligation, subject=HEIR)
    (copy,) = await tasks.rows(Evidence, obligation_id=taken.id)
    assert before == (1, [UUID(piece["id"])])
    assert await returned(tasks) == (1, [copy.id])


async def returned(tasks: Stage) -> tuple[int, list[UUID]]:
    """How often evidence of the county was returned in the last quarter, and which."""
    county = Subject(
        group="counties", unit=f"{COUNTY}.government", region_code=COUNTY, territory=True
    )
    async with tasks.work() as session:
        found = await indicators.counted(
            session,
            indicator(Figure.OBLIGATIONS_RETURNED),
            subjects=[county],
            period=period_of(ON.date(), Cadence.QUARTER),
            as_of=ON,
        )
    return found[COUNTY].numerator, list(found[COUNTY].costly)


async def test_what_an_ended_unit_owes_again_is_its_heir_s(tasks: Stage) -> None:
    await planned(tasks)
    tasks.now = ON
    row = await quota(tasks, least=1)
    false = await handed_in(tasks, row)
    await post(tasks, CITY_OFFICE, row, "accept", {"evidence_id": false["id"]})
    heir = unit(HEIR, "县委", "party_committee")
    await reorganised(tasks, "move", [PARTY], [heir], on="2023-12-20")
    await tasks.fire_until(ON)
    assert await tasks.rows(Obligation, subject=HEIR) == []

    body = {"evidence_id": false["id"], "why": "会议没有召开"}
    answer = await post(tasks, PROVINCE_OFFICE, row, "withdraw", body)
    assert answer.status_code == 200, answer.text
    await tasks.fire_until(ON)

    (taken,) = await tasks.rows(Obligation, subject=HEIR)
    (ended,) = await tasks.rows(Obligation, id=row.id)
    assert (taken.status, taken.credited) == (Status.OPEN, 0)
    assert ended.status == Status.SUPERSEDED
