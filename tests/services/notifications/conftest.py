"""The notifications service on its stage, with keys for its encrypted columns."""

from collections.abc import Iterator

import pytest

from kernel import keyring
from kernel.keyring import KeyRing, fresh_keys
from tests.services.conftest import PutOnStage
from tests.services.stage import Stage


@pytest.fixture(autouse=True)
def keys() -> Iterator[None]:
    keyring.use(KeyRing(fresh_keys()))
    yield
    keyring.use(None)


@pytest.fixture
async def stage(put_on_stage: PutOnStage) -> Stage:
    return await put_on_stage("notifications")
