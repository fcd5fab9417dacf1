"""Every route of notifications, by every role, at every standing: no leak, nobody shut out."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from contracts.inspections import EnterpriseFlagged, VisitOpened
from kernel.access import Policies, Principal
from kernel.ids import uuid7
from services.notifications.endpoints.tables import Endpoint
from services.notifications.messages.domain import Channel, Status
from services.notifications.messages.tables import Delivery, Message
from services.notifications.policies import Act
from tests.services import played, walls
from tests.services.notifications.facts import AT, LEIYANG, MINE, reported
from tests.services.notifications.streams import streaming
from tests.services.notifications.test_webhooks import PRODUCTION, subscribed
from tests.services.played import STRANGER, Play, Row
from tests.services.stage import Stage

DESK = f"{LEIYANG}.emergency"
URL = "https://city.example.cn/county"
MESSAGE = "GET /messages/{message_id}"
DISABLE = "POST /endpoints/{endpoint_id}/disable"
LISTS = {"GET /messages", "GET /endpoints"}
STREAM = "GET /stream"
EVERYTHING = {"Last-Event-ID": str(UUID(int=0))}


def flagged(uscc: str = MINE, region: str = LEIYANG) -> EnterpriseFlagged:
    return EnterpriseFlagged(
        occurred_at=AT, uscc=uscc, region_code=region, accident_id=uuid7(), reason="accident"
    )


def ordered(unit: str) -> VisitOpened:
    return VisitOpened(
        occurred_at=AT,
        visit_id=uuid7(),
        uscc=MINE,
        region_code=unit.partition(".")[0],
        unit=unit,
        kind="special",
        origin=uuid7(),
        due_on=AT.date(),
    )


@pytest.fixture(params=[reported, flagged], ids=["to a desk", "to an enterprise"])
async def told(stage: Stage, request: pytest.FixtureRequest) -> Stage:
    """A message, and a system of its county that was called."""
    stage.application.state.guard = PRODUCTION
    await subscribed(stage, URL, name="county", region_code=LEIYANG)
    await stage.hear(request.param())
    return stage


async def message(stage: Stage) -> tuple[Delivery, tuple[str, str]]:
    """The one that was delivered, and its words."""
    (delivery,) = await stage.rows(Delivery, channel=Channel.INBOX, status=Status.DELIVERED)
    (words,) = await stage.rows(Message, message_id=delivery.message_id)
    return delivery, (words.subject_en, words.subject_zh)


async def plays(stage: Stage) -> played.Plays:
    """How each route that names a row is played."""
    delivery, _ = await message(stage)
    (endpoint,) = await stage.rows(Endpoint)
    one: dict[str, Any] = {
        "row": Row.of(delivery),
        "ids": {"message_id": str(delivery.delivery_id)},
    }
    other: dict[str, Any] = {
        "row": Row.of(endpoint),
        "ids": {"endpoint_id": str(endpoint.endpoint_id)},
    }
    name = "/endpoints/{endpoint_id}"
    wanted = {"name": "province", "url": URL, "region_code": LEIYANG}
    return {
        MESSAGE: Play(**one),
        "POST /messages/{message_id}/acknowledge": Play(**one),
        "POST /endpoints": Play(row=Row.of(endpoint), body=wanted),
        f"GET {name}/deliveries": Play(**other),
        f"POST {name}/replay": Play(**other, body={"since": AT.isoformat()}),
        DISABLE: Play(**other, body={"reason": "搬迁"}),
        f"POST {name}/enable": Play(**other),
    }


async def test_every_route_is_played_or_listed_or_streamed(told: Stage) -> None:
    every = {name for name, _ in played.routes(told.service)}

    assert every == {*await plays(told), *LISTS, STREAM}


async def test_the_denied_hear_nothing_and_the_granted_are_served(told: Stage) -> None:
    every, (_, words) = await plays(told), await message(told)

    found = await played.walked(told, every, secrets=(*words, URL))

    assert [*played.summary(found, every)] == []
    assert walls.amiss(told, await walls.passed(told, every), every) == []


@pytest.mark.parametrize("below", ["true", "false"])
async def test_lists_show_nobody_what_is_of_others(told: Stage, below: str) -> None:
    every, (_, words) = await plays(told), await message(told)
    marks = {URL, *words, *(value for play in every.values() for value in play.ids.values())}
    shown = set()
    for row in {play.row for play in every.values()}:
        play = Play(row=row, query={"below": below})
        listed = LISTS if row == every[MESSAGE].row else {"GET /endpoints"}
        assert await played.overlooked(told, listed, play, marks=marks) == []
        assert await walls.overlooked(told, listed, play, marks=marks) == []
        for _, _, by in played.actors(play):
            for name in listed:
                text = (await played.asked(told, name, by, query=play.query)).text
                shown |= {name for mark in marks if mark in text}
    assert shown == LISTS


async def heard(stage: Stage, by: Principal) -> str:
    """The first that somebody is told who follows the inbox and missed everything."""
    async with streaming(stage, by, **EVERYTHING) as sent, asyncio.timeout(10):
        start = await sent.get()
        return (await sent.get())["body"].decode() if start["status"] == 200 else ""


async def test_the_stream_tells_everybody_of_their_own_inbox_alone(stage: Stage) -> None:
    """What is asked about is the oldest message of all: whoever may hear it hears it first."""
    await stage.hear(ordered(DESK))
    delivery, _ = await message(stage)
    await stage.hear(*map(ordered, ("430400.emergency", "430426.emergency")))
    await stage.hear(flagged(), flagged(STRANGER, "430426"))

    for role, standing, by in played.actors(Play(row=Row.of(delivery))):
        allowed = stage.service.policies.allows(by, Act.FOLLOW, delivery)
        told = await heard(stage, by)
        assert (str(delivery.delivery_id) in told) is allowed, (role, standing)
        assert bool(told) is bool(stage.service.policies.granted(by, Act.FOLLOW)), (role, standing)


@pytest.mark.parametrize(
    ("name", "served"),
    [(MESSAGE, "duty_desk subtree"), (DISABLE, "administrator elsewhere")],
)
async def test_a_route_that_asks_nobody_would_be_noticed(
    told: Stage, monkeypatch: pytest.MonkeyPatch, name: str, served: str
) -> None:
    """The planted bug: it serves whoever the database lets see the row, and who has the act."""
    every = await plays(told)
    monkeypatch.setattr(Policies, "require", lambda *_, **__: None)

    found = await played.walked(told, every, secrets=(), only=name.__eq__)

    assert any(leak.startswith(f"{name} {served}: 200") for leak in found.leaks)
