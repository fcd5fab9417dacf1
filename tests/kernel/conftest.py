import logging
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog

from kernel.broker import Broker
from kernel.db import Database
from tests.conftest import NatsServer
from tests.kernel import probe
from tests.lending import MakeDatabase


@pytest.fixture
def the_log_as_it_was() -> Iterator[None]:
    """Leave the session's own logging as a test found it that configures a process's."""
    root = logging.getLogger()
    before, configured = (root.handlers, root.level), structlog.get_config()
    logging.captureWarnings(False)  # of an earlier test: begun once, it does not begin again
    yield
    structlog.configure(**configured)
    root.handlers, root.level = before
    logging.captureWarnings(False)


@pytest.fixture
async def publisher(database_url: MakeDatabase) -> AsyncIterator[Database]:
    """The database of a service that tells."""
    database = probe.opened(await database_url("probe", prepare=probe.prepare))
    yield database
    await database.close()


@pytest.fixture
async def listener(database_url: MakeDatabase) -> AsyncIterator[Database]:
    """The database of a service that listens."""
    database = probe.opened(await database_url("listener", prepare=probe.prepare))
    yield database
    await database.close()


@pytest.fixture
async def broker(nats_server: NatsServer) -> AsyncIterator[Broker]:
    """A connection to a broker without streams."""
    connected = Broker(nats_server.url, name="test")
    await connected.run()
    stream = await connected.ready()
    for info in await stream.streams_info():
        await stream.delete_stream(info.config.name)
    yield connected
    await connected.close()
