"""Finding accidents by what was said of them."""

from datetime import timedelta
from uuid import UUID

import pytest

from contracts.inspections import EnterpriseRegistered
from kernel.access import Principal
from kernel.ids import uuid7
from services.incidents.search import domain, operations, queries
from services.incidents.search.tables import SearchGram, SearchText
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    HAPPENED,
    OTHER_COUNTY_DESK,
    OTHER_ENTERPRISE,
    OTHER_USCC,
    RECEIVED,
    USCC,
    Body,
    hear_itself,
    reported,
)
from tests.services.stage import Stage

PATH = "/incidents/accidents/search"


async def asked(stage: Stage, by: Principal, q: str, **more: object) -> Body:
    answer = await stage.as_(by).get(PATH, params={"q": q, **more})  # type: ignore[dict-item]
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found


async def found(stage: Stage, q: str, by: Principal = CITY_DESK, **more: object) -> list[str]:
    return [one["id"] for one in (await asked(stage, by, q, **more))["items"]]


async def told(stage: Stage, hours: int = 1, **changes: object) -> str:
    at = (HAPPENED - timedelta(hours=hours)).isoformat()
    accident: str = (await reported(stage, **{"occurred_at": at, "known_at": at} | changes))[
        "accident_id"
    ]
    return accident


@pytest.mark.parametrize(
    "q",
    [
        "顶板",
        "顶板冒落",
        "冒",
        "运输巷 冒落",
        "“一号井”下",
        "h2s",
        "Ｈ２Ｓ",
        "h2s 冒",
        "一号井下运输巷",
    ],
)
async def test_an_accident_is_found_by_any_part_of_what_was_said(incidents: Stage, q: str) -> None:
    accident = await told(incidents, place="一号井下运输巷", summary="顶板冒落，H2S超标。")
    await told(incidents, place="三号井", summary="设备触电")
    await hear_itself(incidents)

    assert await found(incidents, q) == [accident]


@pytest.mark.parametrize("q", ["冒顶", "一号井运输巷", "顶板 触电", "h3", "瓦"])
async def test_what_was_not_said_finds_nothing(incidents: Stage, q: str) -> None:
    await told(incidents, place="一号井下运输巷", summary="顶板冒落，H2S超标。")
    await hear_itself(incidents)

    assert await found(incidents, q) == []


async def test_an_unregistered_enterprise_is_found_by_what_people_call_it(incidents: Stage) -> None:
    accident = await told(
        incidents, by=COUNTY_DESK, enterprise_uscc=None, enterprise_name="无证小煤窑"
    )
    await told(incidents)
    await hear_itself(incidents)

    assert await found(incidents, "无证小煤窑") == [accident]


async def test_the_newest_come_first_page_by_page(incidents: Stage) -> None:
    made = [await told(incidents, hours=9 - n, summary=f"瓦斯爆炸 {n}") for n in range(5)]
    await hear_itself(incidents)
    client = incidents.as_(CITY_DESK)
    listed, cursor = [], None
    for _ in range(3):
        params = {"q": "瓦斯爆炸", "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await client.get(PATH, params=params)).json()
        listed += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]

    assert listed == made[::-1]
    assert cursor is None
    assert page["searched_back_to"] is None


async def test_a_walk_that_is_not_over_says_so_and_goes_on(
    incidents: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "WALK", 3)
    oldest = await told(incidents, hours=20, place="矸石山")
    for hours in range(7):
        await told(incidents, hours=hours, place="石门 山下")
    await hear_itself(incidents)
    pages, cursor, listed = 0, None, list[str]()
    while pages == 0 or cursor:
        page = await asked(incidents, CITY_DESK, "矸", **({"cursor": cursor} if cursor else {}))
        assert (page["searched_back_to"] is None) is (page["next_cursor"] is None)
        listed += [one["id"] for one in page["items"]]
        cursor, pages = page["next_cursor"], pages + 1

    assert (listed, pages) == ([oldest], 3)


async def test_a_cursor_belongs_to_its_query(incidents: Stage) -> None:
    for hours in range(3):
        await told(incidents, hours=hours)
    await hear_itself(incidents)
    page = await asked(incidents, CITY_DESK, "透水", limit=1)
    answer = await incidents.as_(CITY_DESK).get(
        PATH, params={"q": "号井", "limit": 1, "cursor": page["next_cursor"]}
    )

    assert answer.status_code == 422


@pytest.mark.parametrize("q", ["", "！？ ，", "x" * 101])
async def test_a_query_without_a_letter_is_refused(incidents: Stage, q: str) -> None:
    answer = await incidents.as_(CITY_DESK).get(PATH, params={"q": q})

    assert answer.status_code == 422


async def test_a_query_must_be_given_and_nothing_unknown_passes(incidents: Stage) -> None:
    client = incidents.as_(CITY_DESK)

    assert (await client.get(PATH)).status_code == 422
    assert (await client.get(PATH, params={"q": "井", "grad": "major"})).status_code == 422


async def test_everybody_finds_their_own_part(incidents: Stage) -> None:
    mine = await told(incidents)
    theirs = (
        await reported(
            incidents, OTHER_ENTERPRISE, enterprise_uscc=OTHER_USCC, region_code="430405"
        )
    )["accident_id"]
    await hear_itself(incidents)
    for q in ("透水", "井"):
        assert set(await found(incidents, q)) == {mine, theirs}
        for by in (COUNTY_DESK, ENTERPRISE):
            assert await found(incidents, q, by) == [mine]
        for by in (OTHER_COUNTY_DESK, OTHER_ENTERPRISE):
            assert await found(incidents, q, by) == [theirs]


async def test_a_search_is_narrowed_by_grade_and_division(incidents: Stage) -> None:
    larger = await told(incidents)
    general = await told(incidents, casualties={"deaths": 1})
    await hear_itself(incidents)

    assert await found(incidents, "透水", grade="larger") == [larger]
    assert await found(incidents, "透水", grade="general") == [general]
    assert await found(incidents, "透水", region="430405") == []


async def test_a_follow_up_is_searched_too_and_hearing_it_again_changes_nothing(
    incidents: Stage,
) -> None:
    accident = await told(incidents)
    await hear_itself(incidents)
    incidents.now = RECEIVED + timedelta(hours=1)
    body = {
        "report_id": str(uuid7()),
        "kind": "followup",
        "accident_id": accident,
        "summary": "排水三台",
    }
    await incidents.as_(ENTERPRISE).post("/incidents/reports", json=body)
    await hear_itself(incidents)
    grams = {row.gram for row in await incidents.rows(SearchGram)}
    async with incidents.work() as session:
        await operations.index(session, accident_id=UUID(accident))

    assert await found(incidents, "排水三台") == [accident]
    [row] = await incidents.rows(SearchText)
    assert grams == domain.grams(row.text)
    assert {row.gram for row in await incidents.rows(SearchGram)} == grams


async def test_an_accident_is_found_by_the_name_its_enterprise_has_now(incidents: Stage) -> None:
    accident = await told(incidents)
    await hear_itself(incidents)
    facts = {"uscc": USCC, "region_code": "430481", "industry": "coal_mining"}
    for name in ("源江煤业", "导子煤业"):
        event = EnterpriseRegistered(occurred_at=RECEIVED, name=name, **facts)  # type: ignore[arg-type]
        await incidents.hear(event)

    assert await found(incidents, "导子煤业") == [accident]
    assert await found(incidents, "源江") == []
