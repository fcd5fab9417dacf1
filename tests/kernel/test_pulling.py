"""A standing pull hands over what has come, at once, and knows when it ended."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig

import kernel.pulling
from devstack.broker import Broker as Server
from devstack.ports import anywhere
from kernel.broker import Broker, ensure_stream
from kernel.pulling import PullRefused, pulling
from tests.eventually import eventually
from tests.kernel.serving import served

STREAM = "PULLED"
DURABLE = "reader"


async def prepared(broker: Broker) -> JetStreamContext:
    stream = await broker.ready()
    await ensure_stream(stream, service="pulled", replicas=1)
    reader = ConsumerConfig(durable_name=DURABLE, ack_policy=AckPolicy.EXPLICIT, ack_wait=60)
    await stream.add_consumer(STREAM, reader)
    return stream


async def tell(stream: JetStreamContext, *bodies: str) -> None:
    for body in bodies:
        await stream.publish("pulled.thing", body.encode())


async def test_a_lone_message_does_not_wait_for_company(broker: Broker) -> None:
    stream = await prepared(broker)
    async with pulling(broker.client, stream=STREAM, durable=DURABLE, batch=64) as pull:
        await tell(stream, "alone")
        async with asyncio.timeout(20):  # the client library's fetch would wait the whole minute
            (message,) = await pull.take(seconds=60)
        assert message.data == b"alone"
        await message.ack_sync()


async def test_what_comes_after_a_wait_in_vain_comes_by_the_same_request(broker: Broker) -> None:
    stream = await prepared(broker)
    async with pulling(broker.client, stream=STREAM, durable=DURABLE, batch=64) as pull:
        with pytest.raises(TimeoutError):
            await pull.take(seconds=0.05)
        await tell(stream, "late")
        (message,) = await pull.take(seconds=20)
        assert message.data == b"late"
        assert (await stream.consumer_info(STREAM, DURABLE)).num_waiting == 1
        await message.ack_sync()


async def test_more_than_a_batch_comes_in_batches_in_order(broker: Broker) -> None:
    stream = await prepared(broker)
    sent = [f"{number}" for number in range(10)]
    async with pulling(broker.client, stream=STREAM, durable=DURABLE, batch=4) as pull:
        await tell(stream, *sent)
        taken: list[str] = []
        while len(taken) < len(sent):
            batch = await pull.take(seconds=20)
            assert len(batch) <= 4
            taken += [message.data.decode() for message in batch]
            for message in batch:
                await message.ack_sync()
    assert taken == sent


async def waiting(stream: JetStreamContext) -> int | None:
    return (await stream.consumer_info(STREAM, DURABLE)).num_waiting


async def _stand(stream: JetStreamContext, count: int) -> bool:
    return await waiting(stream) == count


async def test_the_next_request_stands_before_the_last_is_used_up(broker: Broker) -> None:
    """With none standing, what comes would wait for a way to the broker and back."""
    stream = await prepared(broker)
    async with pulling(broker.client, stream=STREAM, durable=DURABLE, batch=4) as pull:
        await tell(stream, "1")
        await pull.take(seconds=20)
        await eventually(lambda: _stand(stream, 1))
        await tell(stream, "2")
        await pull.take(seconds=20)
        await tell(stream, "3", "4")
        taken: list[Msg] = []
        while len(taken) < 2:
            taken += await pull.take(seconds=20)
        await eventually(lambda: _stand(stream, 1))


async def test_what_was_left_of_a_request_that_ended_is_asked_anew(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel.pulling, "STANDS_S", 1)
    stream = await prepared(broker)
    async with pulling(broker.client, stream=STREAM, durable=DURABLE, batch=4) as pull:
        monkeypatch.setattr(pull, "_until", float("inf"))
        with pytest.raises(TimeoutError):
            await pull.take(seconds=0.05)
        monkeypatch.setattr(pull, "_until", float("inf"))  # only the broker says that it ended

        await eventually(lambda: _stand(stream, 0))
        with pytest.raises(TimeoutError):
            await pull.take(seconds=0.5)
        await eventually(lambda: _stand(stream, 1))


async def test_a_consumer_that_was_deleted_ends_the_pull(broker: Broker) -> None:
    stream = await prepared(broker)
    async with pulling(broker.client, stream=STREAM, durable=DURABLE, batch=4) as pull:
        with pytest.raises(TimeoutError):
            await pull.take(seconds=0.05)
        await stream.delete_consumer(STREAM, DURABLE)
        with pytest.raises(PullRefused):
            await pull.take(seconds=20)


async def test_what_came_before_the_refusal_is_handed_over_before_it(broker: Broker) -> None:
    stream = await prepared(broker)
    async with pulling(broker.client, stream=STREAM, durable=DURABLE, batch=4) as pull:
        with pytest.raises(TimeoutError):
            await pull.take(seconds=0.05)
        await tell(stream, "last")
        await eventually(lambda: len(pull._arrived) == 1)
        await stream.delete_consumer(STREAM, DURABLE)
        await eventually(lambda: len(pull._arrived) == 2)
        (message,) = await pull.take(seconds=20)
        assert message.data == b"last"
        with pytest.raises(PullRefused):
            await pull.take(seconds=20)


async def test_a_broker_that_was_started_again_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel.pulling, "STANDS_S", 3600)
    server = Server(tmp_path, anywhere(), anywhere(), "secret")
    server.prepare()
    broker = Broker(server.url(), name="test")
    async with AsyncExitStack() as stack:
        async with served(server):
            await broker.run()
            stack.push_async_callback(broker.close)
            stream = await prepared(broker)
            pull = await stack.enter_async_context(
                pulling(broker.client, stream=STREAM, durable=DURABLE, batch=64)
            )
            with pytest.raises(TimeoutError):
                await pull.take(seconds=0.05)
        await stack.enter_async_context(served(server))
        await eventually(lambda: _back(broker), within=20)
        await tell(stream, "after")
        async with asyncio.timeout(20):
            (message,) = await pull.take(seconds=60)
        assert message.data == b"after"


async def _back(broker: Broker) -> bool:
    return broker.connected and broker.client.stats["reconnects"] > 0
