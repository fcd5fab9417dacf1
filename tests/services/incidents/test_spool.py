"""Reports that come in while the database is away: taken, kept, stored later, once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from nats.aio.msg import Msg
from sqlalchemy import make_url

from contracts.incidents import (
    AccidentReported,
)
from contracts.incidents_reports import (
    ReportSetAside,
)
from kernel import clock, letters
from kernel.access import NotFound, Principal
from kernel.broker import Broker
from kernel.consumer import is_outage
from kernel.db import Database
from kernel.inbox import DeadLetter
from services.incidents.accidents.tables import Accident
from services.incidents.app import service
from services.incidents.directreports.tables import DirectReport
from services.incidents.intake import operations
from services.incidents.intake import spool as spooling
from services.incidents.intake.spool import Spool
from services.incidents.intake.stream import DURABLE, STREAM, SUBJECT, ensure_spool
from services.incidents.reports.tables import Report
from tests.conftest import NatsServer
from tests.eventually import eventually
from tests.lending import Lender
from tests.services.incidents.conftest import ENTERPRISE, RECEIVED, heard, report_body
from tests.services.stage import Stage, migrated, staged

ROUTE = "/incidents/reports"


class Door:
    """The only way to the database: closed it refuses, stuck it takes and never answers."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._inside: set[asyncio.StreamWriter] = set()
        self.stuck = False
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Nobody gets in, and whoever was inside is thrown out."""
        if self._server is not None:
            self._server.close()
        for writer in self._inside:
            writer.close()
        self._inside.clear()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        beyond_reader, beyond_writer = await asyncio.open_connection(*self._target)
        self._inside |= {writer, beyond_writer}
        await asyncio.gather(self._carry(reader, beyond_writer), self._carry(beyond_reader, writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while chunk := await reader.read(65536):
                if not self.stuck:
                    writer.write(chunk)
        except ConnectionError:
            pass
        finally:
            writer.close()


@dataclass
class Scene:
    """The service, the door to its database, its broker and its spool."""

    stage: Stage
    door: Door
    broker: Broker
    spool: Spool

    async def report(self, body: dict[str, Any], by: Principal = ENTERPRISE) -> Any:
        return await self.stage.as_(by).post(ROUTE, json=body)

    async def stored(self, table: type[Any], count: int) -> list[Any]:
        """The rows of a table, once there are so many; a database still away has none."""

        async def look() -> list[Any]:
            try:
                rows = await self.stage.rows(table)
            except Exception as reason:
                if not is_outage(reason):
                    raise
                rows = []
            assert len(rows) == count
            return rows

        return await eventually(look, within=40)

    async def waiting(self) -> int:
        stream = await self.broker.ready()
        return int((await stream.stream_info(STREAM)).state.messages)


@pytest.fixture
async def scene(lender: Lender, nats_server: NatsServer) -> AsyncIterator[Scene]:
    async with lender.lent("incidents", prepare=migrated("incidents")) as copy:
        address = make_url(copy.urls.app)
        door = Door(str(address.host), int(address.port or 5432))
        await door.open()
        through = address.set(host="127.0.0.1", port=door.port)
        broker = Broker(nats_server.url, name="test")
        await broker.run()
        stream = await broker.ready()
        for info in await stream.streams_info():
            await stream.delete_stream(info.config.name)
        spool = Spool()
        urls = replace(copy.urls, app=through.render_as_string(hide_password=False))
        async with staged(service(spool), replace(copy, urls=urls)) as stage:
            stage.application.state.spool = spool
            stage.now = RECEIVED
            async with draining(spool, stage.database, broker):
                yield Scene(stage=stage, door=door, broker=broker, spool=spool)
        await broker.close()
        await door.close()


@asynccontextmanager
async def draining(spool: Spool, database: Database, broker: Broker) -> AsyncIterator[None]:
    worker = asyncio.create_task(spool.run(database, broker))
    stream = await broker.ready()

    async def made() -> bool:
        return STREAM in {info.config.name for info in await stream.streams_info()}

    await eventually(made)
    yield
    worker.cancel()
    await asyncio.wait({worker}, timeout=5)


async def test_a_report_is_taken_while_the_database_is_away_and_stored_later(scene: Scene) -> None:
    body = report_body()
    await scene.door.close()
    started = clock.ticks()
    spooled = await scene.report(body)
    took = clock.ticks() - started
    scene.stage.now = RECEIVED + timedelta(hours=2)
    await scene.door.open()
    [accident] = await scene.stored(Accident, 1)
    committed = await scene.report(body)

    assert (spooled.status_code, spooled.json()["receipt"]) == (202, "spooled")
    assert took < 3
    assert (committed.status_code, committed.json()["receipt"]) == (201, "committed")
    assert committed.json() | {"receipt": "spooled"} == spooled.json()
    assert accident.received_at == RECEIVED
    assert (accident.late, len(await scene.stage.told(AccidentReported))) == (False, 1)


async def test_the_receipt_of_what_waits_names_what_the_unit_tells_itself(scene: Scene) -> None:
    await scene.door.close()
    spooled = await scene.report(report_body(casualties={"deaths": 3}))
    await scene.door.open()
    await scene.stored(Accident, 1)
    await heard(scene.stage)

    [named] = spooled.json()["also_report"]
    [row] = await scene.stage.rows(DirectReport)
    assert (spooled.json()["receipt"], named["id"]) == ("spooled", str(row.id))
    path = f"/incidents/direct-reports/{named['id']}/tell"
    answer = await scene.stage.as_(ENTERPRISE).post(path, json={"receipt": "省厅值班员接收"})
    assert (answer.status_code, answer.json()["due_at"]) == (200, named["due_at"])


async def test_a_database_that_takes_and_never_answers_does_not_hold_the_reporter(
    scene: Scene,
) -> None:
    await scene.report(report_body())  # a connection stands
    scene.door.stuck = True
    started = clock.ticks()
    answer = await scene.report(report_body())
    took = clock.ticks() - started
    scene.door.stuck = False
    await scene.door.close()
    await scene.door.open()

    assert answer.status_code == 202
    assert took < 3
    await scene.stored(Accident, 2)


async def test_what_waited_is_stored_once_and_not_kept_longer(scene: Scene) -> None:
    body = report_body()
    await scene.door.close()
    answers = [await scene.report(body) for _ in range(3)]
    await scene.door.open()

    async def emptied() -> bool:
        return await scene.waiting() == 0

    await eventually(emptied, within=20)
    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert len({answer.content for answer in answers}) == 1
    await scene.stored(Report, 1)


async def test_a_report_sent_again_before_it_was_stored_keeps_its_first_time(
    scene: Scene,
) -> None:
    body = report_body()
    await scene.door.close()
    first = await scene.report(body)
    scene.stage.now = RECEIVED + timedelta(hours=5)
    again = await scene.report(body)

    assert again.json()["received_at"] == first.json()["received_at"]
    assert again.json()["late"] is False


async def test_what_waits_keeps_its_first_time_when_the_process_is_another_one(
    scene: Scene,
) -> None:
    body = report_body()
    await scene.door.close()
    first = await scene.report(body)
    scene.stage.application.state.spool = another = Spool()
    another._broker = scene.broker  # it has connected, and has not looked at the spool yet
    another._learned.set()
    scene.stage.now = RECEIVED + timedelta(hours=5)
    again = await scene.report(body)

    assert again.json() == first.json()


async def sent_again_after_a_start(scene: Scene) -> tuple[Spool, Any, asyncio.Task[Any]]:
    """A spool that has not looked yet, the first answer, and the report on its way once more."""
    body = report_body()
    await scene.door.close()
    first = await scene.report(body)
    await scene.door.open()
    scene.stage.application.state.spool = another = Spool()
    another._broker = scene.broker
    scene.stage.now = RECEIVED + timedelta(hours=5)
    return another, first, asyncio.create_task(scene.report(body))


async def test_a_new_process_stores_nothing_before_it_knows_what_waits(scene: Scene) -> None:
    another, first, sending = await sent_again_after_a_start(scene)
    async with draining(another, scene.stage.database, scene.broker):
        again = await sending

    assert again.json()["received_at"] == first.json()["received_at"]


async def test_a_broker_that_tells_slowly_is_waited_for(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spooling, "AWAY_S", 0.01)
    another, first, sending = await sent_again_after_a_start(scene)
    await asyncio.wait({sending}, timeout=0.2)  # twenty times as long as if it were away
    assert not another._learned.is_set()
    async with draining(another, scene.stage.database, scene.broker):
        again = await sending

    assert again.json()["received_at"] == first.json()["received_at"]


async def test_a_new_process_learns_what_waits(scene: Scene) -> None:
    body = report_body()
    await scene.door.close()
    first = await scene.report(body)
    another = Spool()
    async with draining(another, scene.stage.database, scene.broker):
        scene.stage.application.state.spool = another
        await eventually(lambda: len(another._waiting) == 1)
        assert await another.holds(UUID(first.json()["accident_id"]))
        await scene.door.open()
        await scene.stored(Accident, 1)

        async def emptied() -> bool:
            return await scene.waiting() == 0

        await eventually(emptied, within=20)
        assert not await another.holds(UUID(first.json()["accident_id"]))


async def test_a_follow_up_never_overtakes_the_report_that_opened_its_accident(
    scene: Scene,
) -> None:
    await scene.door.close()
    first = (await scene.report(report_body())).json()
    await scene.door.open()
    follow_up = report_body() | {"kind": "followup", "accident_id": first["accident_id"]}
    answer = await scene.report(follow_up)

    assert answer.status_code in (201, 202), answer.text
    reports = await scene.stored(Report, 2)
    assert {row.version: row.kind for row in reports} == {1: "quick", 2: "followup"}


async def test_while_one_report_is_being_stored_the_next_is_not_given_out(
    nats_server: NatsServer,
) -> None:
    broker = Broker(nats_server.url, name="test")
    await broker.run()
    stream = await broker.ready()
    for info in await stream.streams_info():
        await stream.delete_stream(info.config.name)
    await ensure_spool(stream, replicas=1)
    for word in (b"opening", b"follow-up"):
        await stream.publish(SUBJECT, word)
    died = await stream.pull_subscribe_bind(durable=DURABLE, stream=STREAM)
    assert [message.data for message in await died.fetch(2, timeout=1)] == [b"opening"]
    with pytest.raises(TimeoutError):
        await died.fetch(1, timeout=0.5)
    await broker.close()


async def test_a_follow_up_waits_as_well_and_says_what_it_cannot_know(scene: Scene) -> None:
    first = (await scene.report(report_body())).json()
    follow_up = report_body() | {"kind": "followup", "accident_id": first["accident_id"]}
    await scene.door.close()
    answer = await scene.report(follow_up)
    await scene.door.open()

    assert (answer.status_code, answer.json()["receipt"]) == (202, "spooled")
    assert answer.json()["relays"] == []
    assert "earlier ones" in answer.json()["grade_basis"]["note"]
    await scene.stored(Report, 2)


async def test_a_follow_up_that_the_rules_refuse_later_is_set_aside_for_people(
    scene: Scene,
) -> None:
    lost = report_body() | {"kind": "followup", "accident_id": report_body()["report_id"]}
    await scene.door.close()
    answer = await scene.report(lost)
    await scene.door.open()
    [letter] = await scene.stored(DeadLetter, 1)
    assert answer.status_code == 202
    assert (letter.publisher, letter.status, letter.error) == (STREAM, "dead", "NotFound")
    (told,) = await scene.stage.told(ReportSetAside)
    assert (told["report_id"], told["region_code"]) == (lost["report_id"], lost["region_code"])
    assert told["letter_id"] == str(letter.id)


async def test_one_that_is_given_out_again_once_it_was_set_aside_calls_nobody_twice(
    scene: Scene,
) -> None:
    lost = report_body() | {"kind": "followup", "accident_id": report_body()["report_id"]}
    await scene.door.close()
    await scene.report(lost)
    await scene.door.open()
    [letter] = await scene.stored(DeadLetter, 1)
    again = Msg(_client=scene.broker.client, data=letter.envelope)
    sequence = Msg.Metadata.SequencePair(consumer=1, stream=int(letter.event_key.split(":")[1]))
    again._metadata = Msg.Metadata(
        sequence=sequence,
        num_pending=0,
        num_delivered=2,
        timestamp=RECEIVED,
        stream=STREAM,
        consumer=STREAM,
    )

    assert await scene.spool._store(scene.stage.database, again)

    [letter] = await scene.stored(DeadLetter, 1)
    assert letter.attempts == 2
    assert len(await scene.stage.told(ReportSetAside)) == 1


async def test_what_was_set_aside_is_stored_when_it_is_replayed_and_only_once(
    scene: Scene,
) -> None:
    opening = report_body()
    lost = report_body() | {"kind": "followup", "accident_id": opening["report_id"]}
    await scene.door.close()
    await scene.report(lost)
    await scene.door.open()
    [letter] = await scene.stored(DeadLetter, 1)
    with pytest.raises(NotFound):
        await letters.replay(scene.stage.database, service(), letter.id)
    assert [each.id for each in await letters.waiting(scene.stage.database)] == [letter.id]

    await scene.report(opening)
    for _ in range(2):
        await letters.replay(scene.stage.database, service(), letter.id)

    reports = await scene.stored(Report, 2)
    assert {str(row.id) for row in reports} == {opening["report_id"], lost["report_id"]}
    assert await letters.waiting(scene.stage.database) == []


async def test_what_would_be_refused_is_refused_while_the_database_is_away(scene: Scene) -> None:
    await scene.door.close()
    wrong = await scene.report(report_body(casualties={"deaths": -1}))
    strange = await scene.report(report_body(enterprise_uscc="91430405MA4T00019K"))

    assert (wrong.status_code, strange.status_code) == (422, 403)
    assert await scene.waiting() == 0


async def test_when_nothing_can_take_a_report_it_is_refused_at_once(scene: Scene) -> None:
    await scene.door.close()
    await scene.broker.close()
    answer = await scene.report(report_body())

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["type"] == "/problems/database-unavailable"


async def test_an_answer_before_the_disk_would_be_noticed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: a spool that says yes and keeps nothing."""

    async def forget(self: Spool, arrival: object) -> object:
        return arrival

    monkeypatch.setattr(spooling.Spool, "keep", forget)
    monkeypatch.setattr(operations, "PATIENCE_S", 0.2)
    await scene.door.close()
    answer = await scene.report(report_body())

    assert answer.status_code == 202
    assert await scene.waiting() == 0  # so the tests above, which find it stored, would fail
