import pytest

from tests.services.conftest import PutOnStage
from tests.services.stage import Stage


@pytest.fixture
async def inspections(put_on_stage: PutOnStage) -> Stage:
    """The inspections service over a fresh database."""
    return await put_on_stage("inspections")
