from collections.abc import Iterator

import pytest

from kernel import keyring
from kernel.keyring import KeyRing, fresh_keys
from tests.services.conftest import PutOnStage
from tests.services.stage import Stage
from tests.services.tasks.hotline import MONDAY


@pytest.fixture(scope="session")
def _ring() -> KeyRing:
    """The same for all: what many tests begin with is sealed once."""
    return KeyRing(fresh_keys())


@pytest.fixture(autouse=True)
def keys(_ring: KeyRing) -> Iterator[None]:
    """What names of post-holders and callers of hotlines are sealed with."""
    keyring.use(_ring)
    yield
    keyring.use(None)


@pytest.fixture
async def tasks(put_on_stage: PutOnStage) -> Stage:
    """The tasks service over a fresh database."""
    return await put_on_stage("tasks")


@pytest.fixture
def monday(tasks: Stage) -> None:
    """It is MONDAY."""
    tasks.now = MONDAY
