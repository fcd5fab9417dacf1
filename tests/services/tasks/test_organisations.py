"""Units and posts keep their history, and every question can be asked as at a day."""

from datetime import date

import pytest

from contracts.tasks import UnitRecorded
from kernel.access import Principal
from reference import city
from services.tasks.organisations import operations
from services.tasks.organisations.domain import NewUnit, PostFacts, UnitFacts, of_pack
from services.tasks.organisations.operations import RecordedLater
from services.tasks.organisations.tables import Post, Unit
from services.tasks.plans import operations as plans
from tests.services.stage import NOON, Stage
from tests.services.tasks.story import CITY_OFFICE, COUNTY, MINE, OTHER, officer, registered

BUREAU = f"{COUNTY}.emergency"
FIRST, LATER = date(2020, 1, 1), date(2023, 1, 1)


def post(slug: str, email: str | None = "desk@example.org") -> PostFacts:
    return PostFacts(
        code=f"{BUREAU}.{slug}",
        unit=BUREAU,
        kind=slug,
        label_zh="岗位",
        label_en="Post",
        email=email,
    )


def bureau(name: str = "应急管理局", *posts: PostFacts) -> NewUnit:
    facts = UnitFacts(
        code=BUREAU,
        name_zh=name,
        name_en="Emergency Bureau",
        region_code=COUNTY,
        level="county",
        kind="emergency",
    )
    return NewUnit(facts=facts, posts=posts)


async def record(tasks: Stage, unit: NewUnit, on: date) -> int:
    async with tasks.work() as session:
        return await operations.record_units(session, units=[unit], on=on, now=NOON)


async def test_a_rename_keeps_what_was_before(tasks: Stage) -> None:
    await record(tasks, bureau("安监局"), FIRST)
    await record(tasks, bureau("应急管理局"), LATER)

    client = tasks.as_(CITY_OFFICE)
    before = (await client.get(f"/tasks/organisations/units/{BUREAU}?on=2022-12-31")).json()
    after = (await client.get(f"/tasks/organisations/units/{BUREAU}?on=2023-01-01")).json()
    assert (before["name_zh"], after["name_zh"]) == ("安监局", "应急管理局")
    assert [row["name_zh"] for row in after["history"]] == ["安监局", "应急管理局"]


async def test_a_unit_did_not_exist_before_its_first_day(tasks: Stage) -> None:
    await record(tasks, bureau(), LATER)

    answer = await tasks.as_(CITY_OFFICE).get(f"/tasks/organisations/units/{BUREAU}?on=2022-12-31")

    assert answer.status_code == 404


async def test_what_is_stated_again_unchanged_is_not_told_again(tasks: Stage) -> None:
    unit = bureau("应急管理局", post("duty_desk"))

    changed = [await record(tasks, unit, FIRST), await record(tasks, unit, LATER)]

    assert changed == [1, 0]
    assert len(await tasks.told(UnitRecorded)) == 1
    assert len(await tasks.rows(Unit)) == 1


async def test_a_changed_address_of_a_post_is_told_with_the_unit(tasks: Stage) -> None:
    await record(tasks, bureau("应急管理局", post("duty_desk", "old@example.org")), FIRST)
    await record(tasks, bureau("应急管理局", post("duty_desk", "new@example.org")), LATER)

    told = await tasks.told(UnitRecorded)
    assert [fact["posts"][0]["email"] for fact in told] == ["old@example.org", "new@example.org"]
    assert len(await tasks.rows(Unit)) == 1
    assert len(await tasks.rows(Post)) == 2


async def test_posts_are_listed_as_at_a_day(tasks: Stage) -> None:
    await record(tasks, bureau("应急管理局", post("duty_desk"), post("liaison")), FIRST)
    await record(tasks, bureau("应急管理局", post("duty_desk")), LATER)

    client = tasks.as_(CITY_OFFICE)
    kinds = {}
    for day in ("2022-12-31", "2023-01-01"):
        path = f"/tasks/organisations/posts?unit={BUREAU}&region={COUNTY}&on={day}"
        kinds[day] = [row["kind"] for row in (await client.get(path)).json()["items"]]
    assert kinds == {"2022-12-31": ["duty_desk", "liaison"], "2023-01-01": ["duty_desk"]}


async def test_a_post_that_is_no_longer_stated_ends(tasks: Stage) -> None:
    await record(tasks, bureau("应急管理局", post("duty_desk"), post("liaison")), FIRST)
    await record(tasks, bureau("应急管理局", post("duty_desk")), LATER)

    (ended,) = await tasks.rows(Post, kind="liaison")
    assert ended.effective_to == date(2022, 12, 31)


async def test_a_correction_on_the_very_day_makes_no_history(tasks: Stage) -> None:
    await record(tasks, bureau("应急局"), FIRST)
    await record(tasks, bureau("应急管理局"), FIRST)

    (row,) = await tasks.rows(Unit)
    assert row.name_zh == "应急管理局"


async def test_history_is_not_rewritten(tasks: Stage) -> None:
    await record(tasks, bureau(), LATER)

    with pytest.raises(RecordedLater):
        await record(tasks, bureau("安监局"), FIRST)


async def test_the_packs_units_are_recorded_with_an_address_for_every_post(tasks: Stage) -> None:
    units = of_pack(on=LATER, address=lambda code: f"{code}@example.org")
    async with tasks.work() as session:
        changed = await operations.record_units(session, units=units, on=LATER, now=NOON)

    told = {fact["unit"]: fact for fact in await tasks.told(UnitRecorded)}
    assert changed == len(units) == len(told)
    assert {f"{BUREAU}.duty_desk", f"{BUREAU}.principal"} <= {
        held["post"] for held in told[BUREAU]["posts"]
    }


async def test_the_tree_hangs_a_park_below_its_county(tasks: Stage) -> None:
    units = of_pack(on=LATER, address=lambda _: None)
    async with tasks.work() as session:
        await operations.record_units(session, units=units, on=LATER, now=NOON)

    code = city.current().code
    tree = (await tasks.as_(CITY_OFFICE).get(f"/tasks/organisations/tree?region={code}")).json()

    below = {place["region_code"]: place for place in tree["below"]}
    for park in city.current().parks:
        assert park.code in {place["region_code"] for place in below[park.parent]["below"]}
    assert BUREAU in {unit["code"] for unit in below[COUNTY]["units"]}


async def test_units_are_listed_by_place_and_kind(tasks: Stage) -> None:
    units = of_pack(on=LATER, address=lambda _: None)
    async with tasks.work() as session:
        await operations.record_units(session, units=units, on=LATER, now=NOON)

    listed = (
        await tasks.as_(officer(MINE)).get(
            f"/tasks/organisations/units?region={COUNTY}&kind=emergency"
        )
    ).json()

    assert [unit["code"] for unit in listed["items"]] == [BUREAU]


async def test_a_chain_names_lead_support_and_territory_with_the_reason_of_each(
    tasks: Stage,
) -> None:
    answer = await tasks.as_(CITY_OFFICE).get(
        f"/tasks/chains/resolve?industry=construction&region={COUNTY}"
    )

    links = answer.json()["links"]
    assert (links[0]["part"], links[0]["unit"]) == ("lead", f"{COUNTY}.housing")
    assert links[0]["post"] == f"{COUNTY}.housing.principal"
    assert [link["position"] for link in links] == list(range(1, len(links) + 1))
    assert [link["part"] for link in links] == sorted(
        (link["part"] for link in links), key=["lead", "supporting", "territorial"].index
    )
    assert all(link["reason_zh"] and link["reason_en"] for link in links)


async def test_the_chain_of_an_enterprise_follows_its_newest_entry(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY, "B10"), registered(MINE, COUNTY, "construction"))

    answer = await tasks.as_(officer(MINE)).get(f"/tasks/chains/resolve?enterprise={MINE}")

    assert answer.json()["sector"] == "construction"
    assert answer.json()["enterprise_uscc"] == MINE


async def test_an_enterprise_does_not_learn_of_another_one(tasks: Stage) -> None:
    await tasks.hear(registered(MINE, COUNTY), registered(OTHER, "430426"))

    answer = await tasks.as_(officer(OTHER)).get(f"/tasks/chains/resolve?enterprise={MINE}")

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("", "query:enterprise"),
        ("industry=coal_mining", "query:enterprise"),
        ("industry=alchemy&region=430481", "query:industry"),
        ("industry=coal_mining&region=999999", "query:region"),
        ("enterprise=123", "query:enterprise"),
    ],
)
async def test_an_unanswerable_question_names_what_is_missing(
    tasks: Stage, query: str, pointer: str
) -> None:
    answer = await tasks.as_(CITY_OFFICE).get(f"/tasks/chains/resolve?{query}")

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


async def test_an_issued_plan_shows_its_articles_and_what_sets_its_duties_off(
    tasks: Stage,
) -> None:
    async with tasks.work() as session:
        issued = [await plans.issue(session, year=2023, now=NOON) for _ in range(2)]

    client = tasks.as_(officer(MINE))
    articles = (await client.get("/tasks/plans/2023/articles")).json()
    triggered = (await client.get("/tasks/plans/2023/triggers")).json()
    assert issued == [True, False]
    assert [article["number"] for article in articles] == list(range(1, 36))
    assert {"1.3", "1.4", "9.11"} <= {duty["code"] for duty in triggered}
    assert (await client.get("/tasks/plans/1999")).status_code == 404


async def test_somebody_without_a_role_reads_nothing(tasks: Stage) -> None:
    nobody = Principal(subject="nobody", region="4304")

    answer = await tasks.as_(nobody).get("/tasks/organisations/units")

    assert answer.status_code == 403
