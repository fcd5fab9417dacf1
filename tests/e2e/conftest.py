"""One whole city for all end-to-end tests of a run, and one whose clock may be moved."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from devstack.layout import Layout
from tests import stacks
from tests.city import City
from tests.shared import joined


@pytest.fixture(scope="package")
def _stack(run_folder: Path) -> Iterator[Layout]:
    """The stack that all workers share; nobody moves its clock.

    It goes when this folder's tests are over: idle it would still cost the others a tenth.
    """
    with joined(run_folder / "city", "tests.stacks") as told:
        yield Layout(Path(told["var"]))


@pytest.fixture(scope="package")
async def city(_stack: Layout) -> AsyncIterator[City]:
    """The shared city, by its gateway."""
    city = City.of(_stack)
    async with city.gateway:
        yield city


@pytest.fixture
async def movable_city() -> AsyncIterator[City]:
    """A city of the test's own, whose clock it may move."""
    with stacks.started() as layout:
        city = City.of(layout)
        async with city.gateway:
            yield city
