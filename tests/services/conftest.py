"""Puts any service on a stage; each service's own conftest names its fixture."""

import importlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from kernel.web import Service
from tests.lending import Lender
from tests.services.stage import Stage, migrated, staged

PutOnStage = Callable[[str], Awaitable[Stage]]


@pytest.fixture
async def put_on_stage(lender: Lender) -> AsyncIterator[PutOnStage]:
    """`await put_on_stage("tasks")`: the service over an empty, migrated database.

    Also the gateway's own routes, as if it stated to itself who calls.
    """
    async with AsyncExitStack() as stack:

        async def put(name: str) -> Stage:
            module = "gateway.app" if name == "gateway" else f"services.{name}.app"
            service: Service = importlib.import_module(module).service()
            copy = await stack.enter_async_context(lender.lent(name, prepare=migrated(name)))
            return await stack.enter_async_context(staged(service, copy))

        yield put
