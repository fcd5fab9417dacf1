"""Figures that subjects report: whole numbers with evidence, reviewed before they count."""

from pathlib import Path
from typing import Any

import pytest

from contracts.gateway import Role
from reference.terms import DutyKind
from services.tasks.figures.tables import Figure
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.measured import (
    CITY_GOVERNMENT,
    HOUSING,
    accepted,
    asked,
    builder,
    figure,
    planned,
    standing,
)
from tests.services.tasks.quotas import added, keep_files
from tests.services.tasks.story import (
    CITY,
    CITY_OFFICE,
    COUNTY,
    MINE,
    OTHER,
    OTHER_DESK,
    officer,
    person,
    registered,
)

REPORTS = "/tasks/figures/reports"
AS_PDF = {"media_type": "application/pdf"}


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    return await planned(tasks)


@pytest.fixture
async def rate(city: Stage) -> Obligation:
    """All that was found in houses people built themselves is put right (10.4)."""
    return await asked(city, "10.4", DutyKind.RATE_TARGET, unit=HOUSING)


@pytest.fixture
async def pipes(city: Stage) -> Obligation:
    """At least 55 km of gas pipes are renewed (12.1)."""
    return await asked(city, "12.1", DutyKind.COUNT_TARGET, unit=HOUSING)


async def refused(city: Stage, body: dict[str, Any], by: Any = None) -> tuple[int, set[str]]:
    answer = await city.as_(by or builder()).post(REPORTS, json=body)
    return answer.status_code, {fault["code"] for fault in answer.json().get("errors", [])}


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ({"percent": 95}, "percentage_typed"),
        ({"rate": 0.95}, "percentage_typed"),
        ({"numerator": "95%", "denominator": 1}, "percentage_typed"),
        ({"numerator": 0.95, "denominator": 1}, "int_type"),
        ({"numerator": "95", "denominator": 100}, "int_type"),
        ({"numerator": -1, "denominator": 100}, "greater_than_equal"),
        ({"numerator": 95}, "count_or_ratio"),
        ({"count": 95, "numerator": 95, "denominator": 100}, "count_or_ratio"),
        ({}, "count_or_ratio"),
        ({"count": 95}, "shape_of_duty"),
        ({"numerator": 101, "denominator": 100}, "greater_than_denominator"),
        ({"numerator": 1, "denominator": 1, "files": []}, "proof_missing"),
        ({"numerator": 1, "denominator": 1, "files": ["95%"]}, "string_pattern_mismatch"),
        ({"numerator": 1, "denominator": 1, "day": "2022-12-31"}, "day_outside_of_period"),
        ({"numerator": 1, "denominator": 1, "day": "2023-06-02"}, "day_outside_of_period"),
        (
            {"numerator": 1, "denominator": 1, "files": [], "evidence_id": "95%"},
            "uuid_parsing",
        ),
    ],
)
async def test_only_whole_numbers_with_proof_are_taken(
    city: Stage, rate: Obligation, numbers: dict[str, Any], code: str
) -> None:
    assert await refused(city, figure(rate) | numbers) == (422, {code})


async def test_a_count_takes_no_ratio(city: Stage, pipes: Obligation) -> None:
    body = figure(pipes, numerator=1, denominator=2)

    assert await refused(city, body) == (422, {"shape_of_duty"})


async def test_evidence_must_have_been_handed_in_for_the_same_duty(
    city: Stage, rate: Obligation, pipes: Obligation
) -> None:
    handed = await city.as_(builder()).post(
        f"/tasks/obligations/{rate.id}/evidence",
        json={"note": "The list of houses.", "happened_on": "2023-05-31"},
    )
    proof = {"files": [], "evidence_id": handed.json()["id"]}

    alien = await refused(city, figure(pipes, count=5) | proof)
    own = await refused(city, figure(rate, numerator=1, denominator=2) | proof)

    assert alien == (422, {"evidence_not_known"})
    assert own == (201, set())


async def test_a_file_proves_a_figure_only_where_it_was_added_to_the_same_duty(
    city: Stage, rate: Obligation, pipes: Obligation, tmp_path: Path
) -> None:
    keep_files(city, tmp_path)
    body = figure(pipes, count=5)
    listed = await added(city, rate, b"%PDF-1.7 houses", "document", by=builder(), **AS_PDF)
    body["files"] = [*body["files"], "cd" * 32, listed.json()["sha256"]]

    answer = await city.as_(builder()).post(REPORTS, json=body)

    assert answer.status_code == 422
    faults = [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]
    assert faults == [("/files/1", "file_not_known"), ("/files/2", "file_not_known")]


async def test_a_reviewer_opens_what_proves_a_figure(
    city: Stage, rate: Obligation, tmp_path: Path
) -> None:
    keep_files(city, tmp_path)
    content = b"%PDF-1.7 houses"
    file = (await added(city, rate, content, "document", by=builder(), **AS_PDF)).json()
    body = figure(rate, numerator=2, denominator=3) | {"files": [file["sha256"]]}
    told = (await city.as_(builder()).post(REPORTS, json=body)).json()

    (proof,) = (await city.as_(CITY_OFFICE).get(f"{REPORTS}/{told['id']}/files")).json()
    opened = await city.as_(CITY_OFFICE).get(f"/tasks/obligations/{rate.id}/files/{proof['id']}")

    assert (proof["id"], proof["sha256"]) == (file["id"], file["sha256"])
    assert (opened.status_code, opened.content) == (200, content)
    hidden = await city.as_(OTHER_DESK).get(f"{REPORTS}/{told['id']}/files")
    assert hidden.status_code == 404


async def test_what_is_handed_in_does_not_end_what_a_figure_decides_on(
    city: Stage, rate: Obligation
) -> None:
    path = f"/tasks/obligations/{rate.id}"
    for note in ("The list of houses.", "What it left out."):
        body = {"note": note, "happened_on": "2023-05-31"}
        handed = await city.as_(builder()).post(f"{path}/evidence", json=body)
        assert handed.status_code == 201, handed.text

    accepted = await city.as_(CITY_OFFICE).post(f"{path}/accept", json={})

    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    (row,) = await city.rows(Obligation, id=rate.id)
    assert (row.status, row.closed_at, row.credited, row.waiting) == (Status.OPEN, None, 1, 1)
    progress = await city.as_(builder()).get(f"{path}/progress")
    assert (progress.status_code, progress.json()["type"]) == (409, "/problems/measured-by-figure")


async def test_a_figure_counts_once_it_is_accepted(city: Stage, rate: Obligation) -> None:
    body = figure(rate, numerator=2, denominator=3)
    told = (await city.as_(builder()).post(REPORTS, json=body)).json()
    waiting = await standing(city, rate)

    answer = await city.as_(CITY_OFFICE).post(f"{REPORTS}/{told['id']}/accept", json={})
    twice = await city.as_(CITY_OFFICE).post(f"{REPORTS}/{told['id']}/accept", json={})

    found = await standing(city, rate)
    assert (waiting["value"], waiting["reason"]["code"]) == (None, "nothing_reported")
    assert (answer.status_code, twice.status_code) == (200, 409)
    assert found["value"] == {"numerator": 200, "denominator": 3, "decimal": "66.6667"}
    assert (found["verdict"], found["told_by"]) == ("not_met", "reported")


async def test_a_returned_figure_never_counts(city: Stage, rate: Obligation) -> None:
    body = figure(rate, numerator=3, denominator=3)
    told = (await city.as_(builder()).post(REPORTS, json=body)).json()

    path = f"{REPORTS}/{told['id']}/return"
    answer = await city.as_(CITY_OFFICE).post(path, json={"remark": "Which houses?"})

    assert answer.json()["status"] == "returned"
    assert await city.rows(Figure) == []


async def test_nothing_of_nothing_is_null(city: Stage, rate: Obligation) -> None:
    await accepted(city, rate, builder(), numerator=0, denominator=0)

    found = await standing(city, rate)

    assert (found["verdict"], found["value"]) == ("not_measurable", None)
    assert found["reason"]["code"] == "nothing_due"


async def test_of_rates_the_newest_day_holds_and_a_correction_replaces_what_it_corrects(
    city: Stage, rate: Obligation
) -> None:
    await accepted(city, rate, builder(), day="2023-05-31", numerator=9, denominator=10)
    await accepted(city, rate, builder(), day="2023-03-31", numerator=1, denominator=10)
    newest = await standing(city, rate)
    await accepted(city, rate, builder(), day="2023-05-31", numerator=10, denominator=10)

    corrected = await standing(city, rate)

    assert (newest["numerator"], newest["verdict"]) == (9, "not_met")
    assert (corrected["numerator"], corrected["verdict"]) == (10, "met")
    assert sorted(row.version for row in await city.rows(Figure)) == [1, 1, 2]


async def test_counts_of_several_days_are_added_up(city: Stage, pipes: Obligation) -> None:
    await accepted(city, pipes, builder(), day="2023-03-31", count=30)
    before = await standing(city, pipes)
    await accepted(city, pipes, builder(), day="2023-05-31", count=25)

    found = await standing(city, pipes)
    in_spring = await standing(city, pipes, on="2023-04-30")

    assert (before["count"], before["verdict"]) == (30, "not_met")
    assert (found["count"], found["verdict"]) == (55, "met")
    assert in_spring["reason"]["code"] == "nothing_reported"  # it was accepted in June


async def test_one_report_of_a_day_waits_at_a_time(city: Stage, pipes: Obligation) -> None:
    body = figure(pipes, count=30)

    first = await city.as_(builder()).post(REPORTS, json=body)
    second = await city.as_(builder()).post(REPORTS, json=body)

    assert (first.status_code, second.status_code) == (201, 409)


async def test_the_base_of_what_is_reported_is_stated_once(city: Stage) -> None:
    row = await asked(city, "22.3", DutyKind.REDUCTION_TARGET, unit=HOUSING)
    await accepted(city, row, builder(), day="2022-12-31", count=3)
    await accepted(city, row, builder(), day="2023-05-31", count=2)

    again = await city.as_(builder()).post(REPORTS, json=figure(row, day="2022-12-30", count=9))

    found = await standing(city, row)
    assert again.status_code == 409
    assert (found["base"], found["count"]) == (3, 2)
    assert found["value"] == {"numerator": 100, "denominator": 3, "decimal": "33.3333"}


async def test_a_rate_of_money_is_no_share_and_is_said_for_its_own_number(city: Stage) -> None:
    row = await asked(city, "10.3", DutyKind.RATE_TARGET, unit=HOUSING)
    at_most = 25 * 10**9  # two deaths on 25 bn yuan: 0.8 on ten

    await accepted(city, row, builder(), numerator=2, denominator=at_most)
    kept = await standing(city, row)
    await accepted(city, row, builder(), numerator=2, denominator=at_most - 1)
    broken = await standing(city, row)

    assert (kept["verdict"], kept["value"]["decimal"]) == ("met", "0.8000")
    assert (broken["verdict"], broken["value"]["decimal"]) == ("not_met", "0.8000")


async def test_nobody_accepts_what_they_reported_nor_what_is_reviewed_above_them(
    city: Stage, rate: Obligation
) -> None:
    own = await asked(city, "35.1", DutyKind.RATE_TARGET, unit=f"{CITY}.committee_office")
    of_government = await asked(city, "35.1", DutyKind.RATE_TARGET, unit=CITY_GOVERNMENT)
    mayor = person(Role.LEADER, CITY_GOVERNMENT)
    answers = []
    for row, by in ((own, CITY_OFFICE), (of_government, mayor)):
        body = figure(row, numerator=1, denominator=1)
        told = (await city.as_(by).post(REPORTS, json=body)).json()
        path = f"{REPORTS}/{told['id']}/accept"
        answers.append((await city.as_(CITY_OFFICE).post(path, json={})).status_code)

    assert answers == [403, 403]


async def test_an_enterprise_reports_its_own_and_sees_no_other(city: Stage) -> None:
    await city.hear(registered(MINE, COUNTY), registered(OTHER, "430426"))
    own = await asked(city, "15.10", DutyKind.RATE_TARGET, uscc=MINE)
    other = await asked(city, "15.10", DutyKind.RATE_TARGET, uscc=OTHER, region="430426")
    await accepted(city, own, officer(MINE), numerator=5, denominator=5)

    alien = await refused(city, figure(other, numerator=5, denominator=5), officer(MINE))
    listed = (await city.as_(officer(OTHER)).get("/tasks/figures")).json()["items"]
    hidden = (await city.as_(OTHER_DESK).get(REPORTS)).json()["items"]

    assert (await standing(city, own, by=officer(MINE)))["verdict"] == "met"
    assert alien[0] == 404
    assert (listed, hidden) == ([], [])
