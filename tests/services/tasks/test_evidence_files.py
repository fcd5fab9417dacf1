"""Files are kept by their hash, and what looks wrong with evidence is shown to its reviewer."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.gateway import Role
from kernel.access import Principal
from services.tasks.evidence.tables import EvidenceFile, EvidenceFlag
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from services.tasks.prints import queries
from tests.services.stage import Stage
from tests.services.tasks.pictures import gps, jpeg, scene
from tests.services.tasks.quotas import (
    MINUTES,
    OBLIGATIONS,
    PARTY,
    SECRETARY,
    added,
    appointed,
    handed_in,
    keep_files,
    minutes,
    planned,
    post,
    quota,
    status,
)
from tests.services.tasks.story import (
    CITY_OFFICE,
    COUNTY,
    MINE,
    OTHER,
    OTHER_DESK,
    officer,
    person,
)

OTHER_PARTY = "430426.party_committee"
OTHER_SECRETARY = person(Role.LEADER, OTHER_PARTY)
DECEMBER = datetime(2023, 12, 20, 2, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"photo"


@pytest.fixture
async def meetings(tasks: Stage, tmp_path: Path) -> Obligation:
    return await prepared(tasks, tmp_path)


async def prepared(tasks: Stage, folder: Path) -> Obligation:
    await planned(tasks)
    tasks.now = DECEMBER
    keep_files(tasks, folder)
    return await quota(tasks)


async def elsewhere(tasks: Stage) -> Obligation:
    """The same duty of another county's committee."""
    await appointed(tasks, "2022-03-01", unit=OTHER_PARTY)
    return await quota(tasks, unit=OTHER_PARTY)


async def with_photo(
    tasks: Stage, row: Obligation, content: bytes, by: Principal = SECRETARY, **body: Any
) -> dict[str, Any]:
    file = await added(tasks, row, content, by=by)
    assert file.status_code in {200, 201}, file.text
    return await handed_in(tasks, row, by, files=[file.json()["id"]], **body)


def kinds(piece: dict[str, Any]) -> list[str]:
    return [flag["kind"] for flag in piece["flags"]]


async def test_a_photo_is_handed_in_with_evidence_and_read_back(
    tasks: Stage, meetings: Obligation
) -> None:
    content = jpeg(scene(1), at="2023:02:10 09:30:00", gps=gps(112.5, 26.25))
    piece = await with_photo(tasks, meetings, content, on="2023-02-10")

    (file,) = piece["files"]
    assert (file["kind"], file["taken_at"]) == ("photo", "2023-02-10T09:30:00+08:00")
    assert (file["lon"], file["lat"]) == pytest.approx((112.5, 26.25))
    assert kinds(piece) == []
    path = f"{OBLIGATIONS}/{meetings.id}/files/{file['id']}"
    answer = await tasks.as_(CITY_OFFICE).get(path)
    assert (answer.status_code, answer.content) == (200, content)
    assert (await tasks.as_(OTHER_DESK).get(path)).status_code == 404


async def test_a_file_sent_twice_is_one_until_it_is_handed_in(
    tasks: Stage, meetings: Obligation
) -> None:
    first = await added(tasks, meetings, PNG, media_type="image/png")
    again = await added(tasks, meetings, PNG, media_type="image/png")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    await handed_in(tasks, meetings, files=[first.json()["id"]])

    used = await post(
        tasks, SECRETARY, meetings, "evidence", minutes("2023-03-10", files=[first.json()["id"]])
    )

    assert used.status_code == 422
    assert len(await tasks.rows(EvidenceFile)) == 1


async def test_whoever_may_not_hand_in_adds_no_file(tasks: Stage, meetings: Obligation) -> None:
    stranger = await added(tasks, meetings, PNG, by=OTHER_DESK, media_type="image/png")
    office = await added(tasks, meetings, PNG, by=CITY_OFFICE, media_type="image/png")
    text = await added(tasks, meetings, b"#!/bin/sh", media_type="text/plain")

    assert (stranger.status_code, office.status_code, text.status_code) == (404, 403, 415)


async def test_a_photo_used_again_is_shown_to_the_reviewer_who_must_say_why(
    tasks: Stage, meetings: Obligation
) -> None:
    content = jpeg(scene(1))
    first = await with_photo(tasks, meetings, content, on="2023-02-10")
    second = await with_photo(tasks, meetings, content, on="2023-03-10")
    assert (kinds(first), kinds(second)) == ([], ["reused_file"])
    assert second["flags"][0]["contradicts"] == first["id"]

    silent = await post(tasks, CITY_OFFICE, meetings, "accept", {"evidence_id": second["id"]})
    said = await post(
        tasks,
        CITY_OFFICE,
        meetings,
        "accept",
        {"evidence_id": second["id"], "remark": "同一会议室的会标照片"},
    )

    assert silent.status_code == 409
    assert silent.json()["flags"] == ["reused_file"]
    assert said.status_code == 200
    listed = (await tasks.as_(CITY_OFFICE).get("/tasks/evidence?flagged=true")).json()
    assert [row["id"] for row in listed["items"]] == [second["id"]]


async def test_a_photo_of_another_county_is_recognised_though_it_cannot_be_seen(
    tasks: Stage, meetings: Obligation
) -> None:
    there = await elsewhere(tasks)
    await with_photo(tasks, there, jpeg(scene(1)), OTHER_SECRETARY)

    smaller = jpeg(scene(1).resize((640, 533)), quality=40)
    piece = await with_photo(tasks, meetings, smaller)

    assert kinds(piece) == ["like_picture"]
    assert OTHER_PARTY not in str(piece)
    hidden = await tasks.as_(SECRETARY).get("/tasks/evidence")
    assert {row["subject"] for row in hidden.json()["items"]} == {PARTY}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("09:00", "15:00"), ["reused_file"]),
        (("09:00", "09:00"), []),
        (("09:00", None), []),
        ((None, "15:00"), []),
        ((None, None), []),
    ],
)
async def test_a_photo_used_again_on_the_same_day_proves_no_act_of_another_time(
    tasks: Stage, meetings: Obligation, said: tuple[str | None, ...], told: list[str]
) -> None:
    content = jpeg(scene(1))
    times = [hour and f"2023-02-10T{hour}:00+08:00" for hour in said]

    first, second = [await with_photo(tasks, meetings, content, happened_at=time) for time in times]

    assert (kinds(first), kinds(second)) == ([], told)


@pytest.mark.parametrize("corrected", [None, "2023-02-10T15:00:00+08:00"])
async def test_what_was_returned_may_be_handed_in_again_with_the_same_photo(
    tasks: Stage, meetings: Obligation, corrected: str | None
) -> None:
    content = jpeg(scene(1))
    first = corrected and "2023-02-10T09:00:00+08:00"
    await with_photo(tasks, meetings, content, happened_at=first)
    await post(tasks, CITY_OFFICE, meetings, "return", {"remark": "缺签到册"})

    again = await with_photo(tasks, meetings, content, happened_at=corrected)

    assert kinds(again) == []


async def test_of_a_form_that_everybody_hands_in_the_newest_are_compared(
    tasks: Stage, meetings: Obligation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_COMPARED", 2)
    pieces = []
    for month in range(2, 6):
        tasks.now += timedelta(minutes=1)
        pieces.append(await with_photo(tasks, meetings, jpeg(scene(1)), on=f"2023-0{month}-10"))

    assert [flag["contradicts"] for flag in pieces[3]["flags"]] == [pieces[2]["id"]]


async def test_a_meeting_held_together_is_proved_by_the_same_minutes(
    tasks: Stage, meetings: Obligation
) -> None:
    there = await elsewhere(tasks)
    first = await handed_in(tasks, there, OTHER_SECRETARY, note=MINUTES, held_with=[PARTY])

    together = await handed_in(tasks, meetings, note=MINUTES, held_with=[OTHER_PARTY])
    alone = await handed_in(tasks, meetings, note=MINUTES, on="2023-03-10")

    assert (kinds(first), kinds(together)) == ([], [])
    assert kinds(alone) == ["copied_words", "copied_words"]


async def test_minutes_with_a_date_changed_are_copied(tasks: Stage, meetings: Obligation) -> None:
    await handed_in(tasks, meetings, note=f"2月10日，{MINUTES}")

    copy = await handed_in(tasks, meetings, note=f"6月9日，{MINUTES}", on="2023-06-09")

    assert kinds(copy) == ["copied_words"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"on": "2024-02-01"}, "in_future"),
        ({"on": "2022-12-31"}, "before_period"),
        ({"on": "2021-12-31"}, "no_unit"),
        ({"on": "2022-02-01"}, "no_holder"),
    ],
)
async def test_a_day_on_which_it_cannot_have_been_is_noted_and_not_refused(
    tasks: Stage, meetings: Obligation, body: dict[str, Any], kind: str
) -> None:
    piece = await handed_in(tasks, meetings, **body)

    assert kind in kinds(piece)
    assert await status(tasks, meetings) == (Status.OPEN, 0, 1)


async def test_a_photo_of_another_time_and_place_is_noted(
    tasks: Stage, meetings: Obligation
) -> None:
    content = jpeg(scene(1), at="2022:12:01 09:30:00", gps=gps(113.5, 26.25))

    piece = await with_photo(tasks, meetings, content, point={"lon": 112.5, "lat": 26.25})

    assert set(kinds(piece)) == {"photo_time", "photo_place", "outside_area"}


async def test_two_acts_too_far_apart_for_the_time_between_are_noted(
    tasks: Stage, meetings: Obligation
) -> None:
    first = {"happened_at": "2023-02-10T09:00:00+08:00", "point": {"lon": 112.5, "lat": 26.25}}
    await handed_in(tasks, meetings, on="2023-02-10", **first)

    second = {"happened_at": "2023-02-10T09:30:00+08:00", "point": {"lon": 112.5, "lat": 27.15}}
    piece = await handed_in(tasks, meetings, on="2023-02-10", note=MINUTES, **second)

    assert kinds(piece) == ["too_fast"]
    (flag,) = await tasks.rows(EvidenceFlag)
    assert (flag.region_code, flag.reason_zh) == (
        COUNTY,
        "与另一活动相距约 100 公里，相隔仅 30 分钟。",
    )


async def drill(tasks: Stage, row: Obligation, *kinds: str) -> Any:
    by, files = officer(MINE), []
    for n, kind in enumerate(kinds):
        file = await added(tasks, row, PNG + bytes([n]), kind, by=by, media_type="image/png")
        assert file.status_code == 201, file.text
        files.append(file.json()["id"])
    body = {"note": "消防演练", "activity": "drill", "happened_on": "2023-03-10", "files": files}
    answer = await post(tasks, by, row, "evidence", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("kinds", "reason"), [(("photo", "document"), None), (("photo",), "incomplete")]
)
async def test_an_enterprise_s_drill_is_shown_by_a_photo_and_a_document(
    tasks: Stage, tmp_path: Path, kinds: tuple[str, ...], reason: str | None
) -> None:
    await planned(tasks)
    keep_files(tasks, tmp_path)
    row = await quota(tasks, "4.2", unit=None, uscc=MINE, last=date(2023, 6, 30), least=1)
    await drill(tasks, row, *kinds)

    accepted = await post(tasks, CITY_OFFICE, row, "accept", {"remark": "属实"})

    assert (accepted.status_code, accepted.json()["uncounted"]) == (200, reason)
    expected = (Status.OPEN, 0, 0) if reason else (Status.ACCEPTED, 1, 0)
    assert await status(tasks, row) == expected
    others = await tasks.as_(officer(OTHER)).get("/tasks/evidence")
    own = await tasks.as_(officer(MINE)).get("/tasks/evidence")
    assert (len(others.json()["items"]), len(own.json()["items"])) == (0, 1)
