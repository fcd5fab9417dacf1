"""A hotline order from its receipt to its filing, and who may do what with it."""

import pytest

from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.hotline import (
    GOVERNMENT_LINE,
    MONDAY,
    OPERATOR,
)


@pytest.fixture(autouse=True)
def monday(tasks: Stage) -> None:
    tasks.now = MONDAY


async def test_an_order_goes_from_its_receipt_to_its_filing(tasks: Stage) -> None:
    order_id = await hotline.taken(tasks, GOVERNMENT_LINE)
    await hotline.sent(tasks, order_id)
    await hotline.answered(tasks, order_id)
    await hotline.done(tasks, GOVERNMENT_LINE, f"callbacks/of/{order_id}", {"result": "satisfied"})
    await hotline.done(tasks, GOVERNMENT_LINE, f"orders/{order_id}/close")

    story = (await tasks.as_(OPERATOR).get(f"/tasks/orders/{order_id}")).json()

    assert story["status"] == "closed"
    assert [(step["action"], step["status"]) for step in story["entries"]] == [
        ("receive", "received"),
        ("dispatch", "dispatched"),
        ("sign", "signed"),
        ("handle", "handling"),
        ("answer", "answered"),
        ("visit", "visited"),
        ("close", "closed"),
    ]
    assert story["satisfied"] is True
    for past in ("received", "dispatched", "answered", "closed"):
        assert [fact["order_id"] for fact in await hotline.told(tasks, past)] == [order_id]
