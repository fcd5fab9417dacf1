"""A standing pull hands over what has come, at once, and knows when it ended."""

import asyncio

import pytest
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig

from kernel.broker import Broker, ensure_stream
from kernel.pulling import PullRefused, pulling

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


async def test_a_consumer_that_was_deleted_ends_the_pull(broker: Broker) -> None:
    stream = await prepared(broker)
    async with pulling(broker.client, stream=STREAM, durable=DURABLE, batch=4) as pull:
        with pytest.raises(TimeoutError):
            await pull.take(seconds=0.05)
        await stream.delete_consumer(STREAM, DURABLE)
        with pytest.raises(PullRefused):
            await pull.take(seconds=20)
