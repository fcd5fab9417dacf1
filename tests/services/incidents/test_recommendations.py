"""Recommendations: made by the team, proved by the addressee, reviewed by others, tracked."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from contracts.incidents_cases import DeadlineMissed, RecommendationClosed, RecommendationMade
from kernel.access import Principal
from kernel.calendar import SHANGHAI
from tests.services.incidents.conftest import (
    ENTERPRISE,
    OTHER_ENTERPRISE,
    OTHER_USCC,
    USCC,
    Body,
)
from tests.services.incidents.story import (
    COUNTY_OFFICE,
    LEAD,
    OFFICE,
    PNG,
    SECOND,
    attached,
    done,
    keep_files,
    recommended,
    refused,
    teamed,
    who,
)
from tests.services.stage import Stage

OUTSIDE = who("inspector", "outside", region="430405", unit="430405.government")
DUE = datetime(2023, 7, 2, tzinfo=SHANGHAI)


async def proved(stage: Stage, path: str, by: Principal = COUNTY_OFFICE) -> Body:
    return await done(stage, by, f"{path}/proofs", note="已完成整治")


async def test_a_recommendation_goes_all_the_way_to_its_end(incidents: Stage) -> None:
    accident, *_ = await teamed(incidents)
    one = await recommended(incidents, accident)
    path = f"/recommendations/{one['id']}"
    [made] = await incidents.told(RecommendationMade)
    assert (made["unit"], made["round"]) == ("430481.government", 1)
    assert datetime.fromisoformat(made["due_at"]) == DUE

    await proved(incidents, path)
    await done(incidents, OFFICE, f"{path}/return", remark="缺少照片")
    await proved(incidents, path)
    await done(incidents, OFFICE, f"{path}/accept", remark="属实")
    closed = await done(incidents, OFFICE, f"{path}/close")
    await incidents.fire_until(DUE + timedelta(days=400))

    assert closed["status"] == "closed"
    assert len(await incidents.told(RecommendationClosed)) == 1
    assert await incidents.told(DeadlineMissed) == []
    seen = (await incidents.as_(COUNTY_OFFICE).get(f"/incidents{path}")).json()
    assert [proof["verdict"] for proof in seen["proofs"]] == ["returned", "accepted"]


async def test_nothing_handed_in_by_midnight_alarms_the_unit_once(incidents: Stage) -> None:
    accident, *_ = await teamed(incidents)
    await recommended(incidents, accident)
    await incidents.fire_until(DUE - timedelta(microseconds=1))
    assert await incidents.told(DeadlineMissed) == []
    await incidents.fire_until(DUE)
    await incidents.fire_until(DUE + timedelta(days=9))

    [missed] = await incidents.told(DeadlineMissed)
    assert (missed["kind"], missed["unit"]) == ("recommendation", "430481.government")


async def test_what_waits_for_review_is_nobodys_delay_until_it_comes_back(
    incidents: Stage,
) -> None:
    accident, *_ = await teamed(incidents)
    path = f"/recommendations/{(await recommended(incidents, accident))['id']}"
    await proved(incidents, path)
    await incidents.fire_until(DUE)
    assert await incidents.told(DeadlineMissed) == []

    incidents.now = DUE + timedelta(days=1)
    await done(incidents, OFFICE, f"{path}/return", remark="r")
    assert len(await incidents.told(DeadlineMissed)) == 1


async def test_an_enterprise_proves_its_own_and_who_tracks_it_is_alarmed(
    incidents: Stage,
) -> None:
    accident, *_ = await teamed(incidents)
    one = await recommended(incidents, accident, unit=None, enterprise_uscc=OTHER_USCC)
    path = f"/incidents/recommendations/{one['id']}"
    # The addressee, whose accident it was not, sees it; the enterprise of the accident does not.
    assert (await incidents.as_(OTHER_ENTERPRISE).get(path)).status_code == 200
    assert (await incidents.as_(ENTERPRISE).get(path)).status_code == 404
    await incidents.fire_until(DUE)
    [missed] = await incidents.told(DeadlineMissed)
    assert missed["unit"] == LEAD.unit

    await proved(incidents, f"/recommendations/{one['id']}", by=OTHER_ENTERPRISE)
    listed = (await incidents.as_(OTHER_ENTERPRISE).get("/incidents/recommendations")).json()
    assert [row["status"] for row in listed["items"]] == ["handed_in"]


async def test_a_unit_elsewhere_sees_and_proves_what_it_was_asked(incidents: Stage) -> None:
    accident, *_ = await teamed(incidents)
    one = await recommended(incidents, accident, unit="430405.government")
    listed = (await incidents.as_(OUTSIDE).get("/incidents/recommendations")).json()["items"]
    assert [row["id"] for row in listed] == [one["id"]]

    await proved(incidents, f"/recommendations/{one['id']}", by=OUTSIDE)
    assert (await incidents.as_(OUTSIDE).get(f"/incidents/accidents/{accident}")).status_code == 404


async def test_only_the_addressee_proves_and_nobody_reviews_their_own(incidents: Stage) -> None:
    accident, *_ = await teamed(incidents)
    one = await recommended(incidents, accident, unit="430400.emergency")
    path = f"/recommendations/{one['id']}"
    status, _ = await refused(incidents, OFFICE, f"{path}/proofs", note="n")
    assert status == 403

    await proved(incidents, path, by=SECOND)
    own = await refused(incidents, LEAD, f"{path}/accept", remark="r")
    assert own == (403, "own-proof")
    await done(incidents, OFFICE, f"{path}/accept", remark="r")
    assert await refused(incidents, LEAD, f"{path}/close") == (403, "own-proof")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"unit": "430481.government", "enterprise_uscc": USCC}, "addressee-unclear"),
        ({"unit": None}, "addressee-unclear"),
        ({"unit": "430481.nobody"}, "addressee-unclear"),
        ({"due_on": "2023-05-31"}, "day-gone-by"),
    ],
)
async def test_a_recommendation_goes_to_exactly_one_addressee_and_a_day_to_come(
    incidents: Stage, said: Body, code: str
) -> None:
    accident, *_ = await teamed(incidents)
    body = {
        "accident_id": accident,
        "kind": "handling",
        "unit": "430481.government",
        "text": "t",
        "due_on": "2023-06-01",
        **said,
    }
    sent = {name: value for name, value in body.items() if value is not None}
    assert await refused(incidents, LEAD, "/recommendations", **sent) == (422, code)


async def test_due_today_is_due_until_midnight(incidents: Stage) -> None:
    accident, *_ = await teamed(incidents)
    one = await recommended(incidents, accident, due_on="2023-06-01")
    assert one["due_at"] == "2023-06-02T00:00:00+08:00"


async def test_recommendations_are_filtered_and_exported(incidents: Stage) -> None:
    accident, *_ = await teamed(incidents)
    await recommended(incidents, accident)
    await recommended(incidents, accident, kind="handling", unit="430481.emergency")
    client = incidents.as_(OFFICE)
    page = await client.get("/incidents/recommendations", params={"kind": "handling"})
    file = await incidents.as_(OFFICE, Accept="text/csv").get("/incidents/recommendations")

    assert [row["unit"] for row in page.json()["items"]] == ["430481.emergency"]
    assert len(file.text.strip().splitlines()) == 3


async def test_a_proof_takes_files_while_it_waits_and_its_readers_get_them_back(
    incidents: Stage, tmp_path: Path
) -> None:
    keep_files(incidents, tmp_path)
    accident, *_ = await teamed(incidents)
    one = (await recommended(incidents, accident))["id"]
    path = f"/recommendations/{one}"
    early = await attached(incidents, COUNTY_OFFICE, one)
    await proved(incidents, path)
    strange = await attached(incidents, LEAD, one)
    first, again = [await attached(incidents, COUNTY_OFFICE, one) for _ in range(2)]

    assert (early.status_code, strange.status_code) == (409, 403)
    assert first.json() == again.json()
    [file] = (await incidents.as_(OFFICE).get(f"/incidents{path}")).json()["files"]
    read = await incidents.as_(OFFICE).get(f"/incidents{path}/files/{file['sha256']}")
    assert (read.content, read.headers["content-type"]) == (PNG, "image/png")
    hidden = await incidents.as_(ENTERPRISE).get(f"/incidents{path}/files/{file['sha256']}")
    assert hidden.status_code == 404
    missing = await incidents.as_(OFFICE).get(f"/incidents{path}/files/{'0' * 64}")
    assert missing.status_code == 404
    await done(incidents, OFFICE, f"{path}/accept", remark="r")
    assert (await attached(incidents, COUNTY_OFFICE, one, PNG + b"1")).status_code == 409
