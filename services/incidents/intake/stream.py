"""The spool's stream and its one reader, as the broker keeps them."""

from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from kernel.broker import DAY, DUPLICATE_WINDOW_S

STREAM = "INTAKE"
SUBJECT = "intake.incidents.report"
DURABLE = "incidents"
KEPT_DAYS = 30
ACK_WAIT_S = 15
"""After this, what a dead process was storing is given out again."""


async def ensure_spool(stream: JetStreamContext, *, replicas: int) -> None:
    """Make the spool and its reader if they are not there.

    One report is given out at a time: a follow-up never overtakes the report that opened its
    accident, not even when the process that was storing that one died.
    """
    try:
        await stream.stream_info(STREAM)
    except NotFoundError:
        await stream.add_stream(
            StreamConfig(
                name=STREAM,
                subjects=["intake.>"],
                retention=RetentionPolicy.LIMITS,
                storage=StorageType.FILE,
                discard=DiscardPolicy.NEW,
                max_age=KEPT_DAYS * DAY,
                duplicate_window=DUPLICATE_WINDOW_S,
                num_replicas=replicas,
                deny_purge=True,
            )
        )
    await stream.add_consumer(
        STREAM,
        ConsumerConfig(
            durable_name=DURABLE,
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ACK_WAIT_S,
            max_deliver=-1,
            max_ack_pending=1,
            num_replicas=replicas,
        ),
    )
