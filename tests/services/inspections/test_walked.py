"""Every route of inspections, by every role, at every standing: no leak, and nobody shut out."""

from dataclasses import replace

import pytest

from kernel.access import Policies
from kernel.ids import uuid7
from services.inspections.registry import operations as registry
from services.inspections.visits.tables import Visit
from tests.services import played, walls
from tests.services.inspections import story
from tests.services.inspections.story import COUNTY, MINE
from tests.services.played import Play, Row
from tests.services.stage import NOON, Stage

NAME = "蒸湘演示铅锌矿"
LISTS = {"GET /registry/enterprises", "GET /visits"}


async def told(stage: Stage) -> played.Plays:
    """An enterprise with an accident, for which a visit was ordered."""
    async with stage.work() as session:
        enterprise = story.enterprise(name=NAME)
        await registry.register(session, enterprises=[enterprise], now=NOON)
    await stage.hear(story.reported())
    (visit,) = await stage.rows(Visit)
    row = Row(visit.region_code, visit.enterprise_uscc, visit.unit)
    one = {"visit_id": str(visit.id)}
    result = {"result": "现场已检查，无遗留问题。"}
    body = {"uscc": MINE, "name": NAME, "region_code": COUNTY, "industry": "B10"}
    return {
        "POST /registry/enterprises": Play(row=row, body=body),
        "GET /registry/enterprises/{uscc}": Play(row=row, ids={"uscc": MINE}),
        "GET /visits/{visit_id}": Play(row=row, ids=one),
        "POST /visits/{visit_id}/complete": Play(row=row, ids=one, body=result),
        "POST /visits/{visit_id}/cancel": Play(row=row, ids=one, body=result),
    }


async def test_every_route_is_played_or_is_a_list(inspections: Stage) -> None:
    plays = await told(inspections)

    assert {name for name, _ in played.routes(inspections.service)} == {*plays, *LISTS}


async def test_the_denied_hear_nothing_and_the_granted_are_served(inspections: Stage) -> None:
    plays = await told(inspections)

    found = await played.walked(inspections, plays, secrets=(NAME,))

    assert [*played.summary(found, plays)] == []


async def test_what_is_over_is_denied_like_what_is_not(inspections: Stage) -> None:
    """The state of a row is looked at after whose it is."""
    plays = await told(inspections)
    async with inspections.work() as session:
        await session.execute(Visit.__table__.update().values(status="completed"))

    found = await played.walked(inspections, plays, secrets=(NAME,))

    assert found.leaks == []


async def test_lists_show_nobody_what_is_of_others(inspections: Stage) -> None:
    plays = await told(inspections)
    play = plays["GET /visits/{visit_id}"]
    policies = inspections.service.policies
    assert await played.overlooked(inspections, LISTS, play, marks={MINE, NAME}) == []
    for name, route in played.routes(inspections.service):
        if name not in LISTS:
            continue
        assert route.act is not None
        for role, standing, by in played.actors(play):
            if not policies.granted(by, route.act):
                continue
            shown = MINE in await played.listed(inspections, name, by)
            assert shown == policies.allows(by, route.act, play.row), (name, role, standing)


async def test_behind_an_open_table_the_rows_of_others_stay_hidden(inspections: Stage) -> None:
    plays = await told(inspections)
    visit = plays["GET /visits/{visit_id}"]

    assert walls.amiss(inspections, await walls.passed(inspections, plays), plays) == []
    assert await walls.overlooked(inspections, LISTS, visit, marks={MINE, NAME}) == []


async def test_a_wall_that_was_taken_down_would_be_noticed(inspections: Stage) -> None:
    """The planted bug: a table whose isolation somebody forgot."""
    plays = await told(inspections)
    async with inspections.copy.entered() as inside:
        await inside.execute("ALTER TABLE visit DISABLE ROW LEVEL SECURITY")

    found = walls.named(await walls.passed(inspections, plays))

    assert found == {name for name in plays if "{visit_id}" in name}
    visit = plays["GET /visits/{visit_id}"]
    assert await walls.overlooked(inspections, {"GET /visits"}, visit, marks={MINE}) == []


async def test_a_service_that_asks_nobody_would_be_noticed(
    inspections: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: nobody looks into the table, and the database alone hides what it can.

    What it hides proves nothing of the table: those elsewhere are played with that wall open.
    """
    plays = await told(inspections)
    monkeypatch.setattr(Policies, "require_role", lambda *_, **__: None)
    monkeypatch.setattr(Policies, "require", lambda *_, **__: None)
    completing = "POST /visits/{visit_id}/complete"

    found = await played.walked(inspections, plays, secrets=(NAME,), only=completing.__eq__)

    for served in ("leader unit", "inspector elsewhere"):
        assert any(leak.startswith(f"{completing} {served}: 200") for leak in found.leaks)


async def test_a_play_of_a_row_that_is_not_there_would_be_noticed(inspections: Stage) -> None:
    """Whoever is denied hears of no row then, whether the table was asked or not."""
    plays = await told(inspections)
    reading = "GET /visits/{visit_id}"
    nothing = replace(plays[reading], ids={"visit_id": str(uuid7())})

    seen = await played.walked(inspections, plays, secrets=(NAME,), only=reading.__eq__)
    found = await played.walked(inspections, {reading: nothing}, secrets=(NAME,))

    assert (seen.blind, found.blind) == (set(), {reading})
