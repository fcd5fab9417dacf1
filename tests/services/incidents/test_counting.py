"""The sums that handlers keep, against a full recount of the accidents."""

from datetime import date, datetime, timedelta
from importlib import import_module

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from contracts.incidents import AccidentRegraded, AccidentReported, AccidentUpdated
from kernel.access import Principal
from kernel.calendar import SHANGHAI
from services.incidents.statistics import operations
from services.incidents.statistics.domain import ZERO, Key, Measures, Shape, Standing
from services.incidents.statistics.domain_situation import Basis
from services.incidents.statistics.operations_recount import RECOUNT_DUE
from services.incidents.statistics.tables import MEASURES, CountedAccident, Statistic
from tests.services.incidents.conftest import CITY_DESK, OFFICE, USCC, Body, heard, reported
from tests.services.incidents.counting import (
    closures,
    correct,
    follow_up,
    hear_own,
    kept,
    recounted,
    strike,
)
from tests.services.stage import Stage

MARCH, JUNE = date(2023, 3, 1), date(2023, 6, 1)


def total_of(sums: dict[Key, Measures], **wanted: object) -> Measures:
    found = [
        measures
        for key, measures in sums.items()
        if key.shape == Shape.TOTAL and all(getattr(key, n) == v for n, v in wanted.items())
    ]
    return sum(found, start=ZERO)


async def test_a_report_enters_every_row_it_belongs_to(incidents: Stage) -> None:
    await reported(incidents, casualties={"deaths": 3, "serious_injuries": 1})
    await hear_own(incidents)

    sums = await kept(incidents)

    assert {key.shape for key in sums} == set(Shape)
    assert {measures.accidents for measures in sums.values()} == {1}
    assert {measures.graver for measures in sums.values()} == {1}
    assert total_of(sums, region_code="430481", month=JUNE).deaths == 3
    assert sums == await recounted(incidents)


async def test_the_missing_count_once_they_are_presumed_dead(incidents: Stage) -> None:
    body = await reported(incidents, casualties={"deaths": 5, "missing": 8})
    await hear_own(incidents)
    assert total_of(await kept(incidents)).deaths == 5

    await follow_up(incidents, body, missing_presumed_dead=True)
    await hear_own(incidents)

    assert total_of(await kept(incidents)).deaths == 13
    assert await kept(incidents) == await recounted(incidents)


async def test_a_park_is_counted_once_and_found_in_both_trees(incidents: Stage) -> None:
    await reported(incidents, CITY_DESK, region_code="430472", enterprise_uscc=None)
    await reported(incidents, CITY_DESK, region_code="430408", enterprise_uscc=None)
    await hear_own(incidents)

    sums = await kept(incidents)

    assert total_of(sums).accidents == 2
    assert total_of(sums, region_code="430408").accidents == 2
    assert total_of(sums, park_code="430472").accidents == 1


async def test_an_accident_before_midnight_in_shanghai_is_the_month_before(
    incidents: Stage,
) -> None:
    midnight = datetime(2023, 6, 1, tzinfo=SHANGHAI)
    for moment in (midnight - timedelta(minutes=1), midnight):
        await reported(incidents, occurred_at=moment.isoformat())
    await hear_own(incidents)

    sums = await kept(incidents)

    assert total_of(sums, month=date(2023, 5, 1)).accidents == 1
    assert total_of(sums, month=JUNE).accidents == 1
    assert sums == await recounted(incidents)


async def test_a_struck_off_accident_leaves_the_counts_for_a_line_of_its_own(
    incidents: Stage,
) -> None:
    body = await reported(incidents, casualties={"deaths": 4})
    await hear_own(incidents)

    await strike(incidents, body, Standing.STRUCK_OFF)

    sums = await kept(incidents)
    assert total_of(sums, standing=Standing.COUNTED) == ZERO
    assert total_of(sums, standing=Standing.STRUCK_OFF).deaths == 4
    assert sums == await recounted(incidents)


NEAR_MISS: Body = {"casualties": {"deaths": 0}, "direct_loss_wan": 99.99}


async def test_what_harmed_nobody_and_cost_little_stands_in_a_line_of_its_own(
    incidents: Stage,
) -> None:
    await reported(incidents, **NEAR_MISS)
    await reported(incidents, **NEAR_MISS | {"direct_loss_wan": 100})
    await reported(incidents, **NEAR_MISS | {"casualties": {"minor_injuries": 1}})
    await hear_own(incidents)

    sums = await kept(incidents)

    assert total_of(sums, standing=Standing.COUNTED).accidents == 2
    assert total_of(sums, standing=Standing.LEFT_OUT).accidents == 1
    assert sums == await recounted(incidents)
    route = "/incidents/statistics/analysis"
    answer = await incidents.as_(OFFICE).get(route, params={"month": "2023-06"})
    shown = answer.json()
    assert shown["left_out"]["cumulative"]["now"]["accidents"] == 1
    assert (shown["total"]["cumulative"]["now"]["accidents"], shown["discrepancies"]) == (2, [])


async def test_what_was_left_out_counts_once_more_is_known_and_no_longer_than_it_is(
    incidents: Stage,
) -> None:
    body = await reported(incidents, **NEAR_MISS)
    await hear_own(incidents)
    for said, counted in (
        ({"direct_loss_wan": 100}, 1),
        ({"direct_loss_wan": 99.99}, 0),
        ({"casualties": {"serious_injuries": 1}}, 1),
    ):
        await follow_up(incidents, body, **said)
        await hear_own(incidents)

        sums = await kept(incidents)
        assert total_of(sums, standing=Standing.COUNTED).accidents == counted
        assert total_of(sums, standing=Standing.LEFT_OUT).accidents == 1 - counted
        assert sums == await recounted(incidents)


async def test_whoever_counts_by_what_is_told_hears_what_the_statistics_leave_out(
    incidents: Stage,
) -> None:
    body = await reported(incidents, **NEAR_MISS)
    await follow_up(incidents, body, direct_loss_wan=100)
    await follow_up(incidents, body, direct_loss_wan=99.99)
    await follow_up(incidents, body, casualties={"deaths": 3})

    told = [*await incidents.told(AccidentReported), *await incidents.told(AccidentUpdated)]
    (moved,) = await incidents.told(AccidentRegraded)

    assert [event["left_out"] for event in told] == [True, False, True]
    assert moved["left_out"] is False


async def test_sums_from_before_the_rule_was_kept_are_built_anew(incidents: Stage) -> None:
    await reported(incidents, **NEAR_MISS)
    await hear_own(incidents)
    async with incidents.work() as session:
        for table in (CountedAccident, Statistic):
            await session.execute(table.__table__.update().values(standing=Standing.COUNTED))
    assert total_of(await kept(incidents), standing=Standing.COUNTED).accidents == 1
    step = import_module("services.incidents.migrations.versions.0095_leaving_out_the_slight")

    async with incidents.work() as session:
        await session.execute(text(step.ORDERED))
    await incidents.fire_until(datetime(2100, 1, 1, tzinfo=SHANGHAI), RECOUNT_DUE)

    assert total_of(await kept(incidents), standing=Standing.COUNTED) == ZERO
    assert await kept(incidents) == await recounted(incidents)


async def test_sums_from_before_a_city_had_its_own_are_brought_forward(incidents: Stage) -> None:
    for region in ("430481", "430408", "430472", "430400"):
        await reported(incidents, CITY_DESK, region_code=region, enterprise_uscc=None)
    await reported(incidents, **NEAR_MISS)
    await hear_own(incidents)
    true = await kept(incidents)
    table = Statistic.__table__
    coded = table.c.shape != Shape.TOTAL
    own = {name: table.c[name] / 4 for name in MEASURES}  # of four that are alike
    async with incidents.work() as session:
        gathered = coded & (table.c.region_code == "430400")
        await session.execute(table.update().where(gathered).values(own))
        rows = [dict(row) for row in (await session.execute(select(table).where(coded))).mappings()]
        unread = [row | {"shape": "cell"} for row in rows if row["shape"] == Shape.GRADE]
        unread += [row | {"standing": Standing.STRUCK_OFF} for row in rows]
        await session.execute(table.insert(), unread)
    assert await kept(incidents) != true
    step = import_module("services.incidents.migrations.versions.0113_sums_of_the_whole_city")

    async with incidents.work() as session:
        for statement in (step.UNREAD, step.GATHERED):
            await session.execute(text(statement))

    assert await kept(incidents) == true == await recounted(incidents)


async def test_the_case_of_a_slight_accident_is_still_to_be_closed_in_time(
    incidents: Stage,
) -> None:
    await reported(incidents, **NEAR_MISS)
    await heard(incidents)

    for basis in Basis:
        assert (await closures(incidents, basis, month=date(2023, 12, 1))).whole == 1


async def test_a_fact_that_is_heard_again_changes_nothing(incidents: Stage) -> None:
    body = await reported(incidents)
    await hear_own(incidents)
    before = await kept(incidents)

    async with incidents.work() as session:
        await operations.count(session, accident_id=body["accident_id"], now=incidents.now)

    assert await kept(incidents) == before


async def test_counting_anew_repairs_sums_that_were_bent(incidents: Stage) -> None:
    await reported(incidents)
    await hear_own(incidents)
    true = await kept(incidents)
    async with incidents.work() as session:
        await session.execute(Statistic.__table__.update().values(deaths=99))
    assert await kept(incidents) != true

    answer = await incidents.as_(OFFICE).post("/incidents/statistics/recount")
    assert (answer.status_code, answer.json()) == (202, {"years": [2023]})
    assert await kept(incidents) != true  # nobody waits for it
    await incidents.fire_until(incidents.now)

    assert await kept(incidents) == true == await recounted(incidents)


async def test_a_corrected_day_takes_an_accident_to_another_month(incidents: Stage) -> None:
    body = await reported(incidents)
    await hear_own(incidents)

    await correct(incidents, body, happened_at=datetime(2023, 5, 31, 23, 59, tzinfo=SHANGHAI))
    await hear_own(incidents)

    sums = await kept(incidents)
    assert total_of(sums, month=JUNE) == ZERO
    assert total_of(sums, month=date(2023, 5, 1)).accidents == 1
    assert sums == await recounted(incidents)


STEPS = st.one_of(
    st.tuples(
        st.just("report"),
        st.sampled_from(["430481", "430408", "430472", "430400"]),
        st.sampled_from(["fire", "water_inrush", "forest_fire"]),
        st.sampled_from(["B06", "E47", None]),
        st.integers(0, 12),
        st.integers(1, 12),
    ),
    st.tuples(st.just("follow"), st.integers(0, 9), st.integers(0, 40), st.integers(0, 9000)),
    st.tuples(st.just("stand"), st.integers(0, 9), st.sampled_from(Standing)),
    st.tuples(st.just("correct"), st.integers(0, 9), st.integers(0, 200)),
)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=2, max_size=9))
async def test_whatever_happens_the_sums_are_equal_to_a_recount(
    incidents: Stage, steps: list[tuple[object, ...]]
) -> None:
    known: list[Body] = []
    for kind, *said in steps:
        if kind == "report":
            region, accident_type, industry, deaths, month = said
            happened = datetime(2022, int(str(month)), 9, 8, tzinfo=SHANGHAI)
            incidents.now = happened.replace(hour=11)
            known.append(
                await reported(
                    incidents,
                    CITY_DESK,
                    region_code=region,
                    accident_type=accident_type,
                    industry=industry,
                    casualties={"deaths": deaths},
                    occurred_at=happened.isoformat(),
                    known_at=happened.isoformat(),
                    enterprise_uscc=None,
                )
            )
        elif known and kind == "follow":
            which, deaths, loss = said
            body = known[int(str(which)) % len(known)]
            incidents.now = datetime.fromisoformat(body["received_at"])
            changed = {"casualties": {"deaths": deaths}, "direct_loss_wan": loss}
            await follow_up(incidents, body, **changed)
        elif known and kind == "correct":
            which, days = said
            await hear_own(incidents)
            body = known[int(str(which)) % len(known)]
            incidents.now = datetime.fromisoformat(body["received_at"])
            earlier = incidents.now - timedelta(days=int(str(days)), hours=3)
            await correct(incidents, body, happened_at=earlier)
        elif known:
            which, standing = said
            await hear_own(incidents)
            await strike(incidents, known[int(str(which)) % len(known)], Standing(str(standing)))
    await hear_own(incidents)

    assert await kept(incidents) == await recounted(incidents)
    for month in (date(2022, 12, 1), date(2023, 12, 1)):
        found = [await closures(incidents, basis, month=month) for basis in Basis]
        assert found[0] == found[1]


async def test_a_park_sees_its_own_sums_and_no_others(incidents: Stage) -> None:
    await reported(incidents, CITY_DESK, region_code="430472", enterprise_uscc=None)
    await reported(incidents, CITY_DESK, region_code="430408", enterprise_uscc=None)
    await hear_own(incidents)
    park = Principal(subject="park", roles=frozenset({"duty_desk"}), region="430472")
    county = Principal(subject="county", roles=frozenset({"duty_desk"}), region="430408")
    company = Principal(
        subject="company", roles=frozenset({"enterprise"}), region="430408", uscc=USCC
    )

    for by, accidents in ((park, 1), (county, 2), (company, 0)):
        async with incidents.work(by) as session:
            rows = (await session.scalars(select(Statistic).filter_by(shape="total"))).all()
        assert sum(row.accidents for row in rows) == accidents
