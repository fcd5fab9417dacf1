"""Whatever people do in whatever order, an order never contradicts the parts its units hold."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from kernel.access import Principal
from services.tasks.dispatches.domain import LIVE, DispatchStatus
from services.tasks.dispatches.tables import Dispatch
from services.tasks.objections.tables import Objection
from services.tasks.orders.domain import OPEN, OrderStatus
from services.tasks.orders.tables import Order
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.hotline import EMERGENCY_UNIT, GAS_UNIT, HOUSING_UNIT, OFFICE, OPERATOR
from tests.services.tasks.story import person

UNITS = (HOUSING_UNIT, GAS_UNIT, EMERGENCY_UNIT)
STEPS = 70

# What an order says while its lead's part stands so.
SAYS = {
    DispatchStatus.SENT: OrderStatus.DISPATCHED,
    DispatchStatus.SIGNED: OrderStatus.SIGNED,
    DispatchStatus.HANDLING: OrderStatus.HANDLING,
    DispatchStatus.RETURNING: OrderStatus.RETURNED,
    DispatchStatus.DISPUTED: OrderStatus.DISPUTED,
}


class Walk:
    """One order, and people who do at random what they might."""

    def __init__(self, tasks: Stage, order_id: str, seed: int) -> None:
        self.tasks = tasks
        self.order_id = order_id
        self.chance = random.Random(seed)
        self.answers: Counter[int] = Counter()

    async def go(self) -> None:
        for _ in range(STEPS):
            self.tasks.now += timedelta(hours=self.chance.choice((0, 1, 8)))
            if self.chance.random() < 0.3:
                await self.tasks.fire_until(self.tasks.now)
            by, path, body = self.chance.choice(list(await self.moves()))
            answer = await hotline.post(self.tasks, by, path, body)
            self.answers[answer.status_code] += 1
            assert answer.status_code < 500, (path, answer.text)
            await self.holds()

    async def moves(self) -> list[tuple[Principal, str, dict[str, Any] | None]]:
        lead, other = self.chance.sample(UNITS, 2)
        to = {"lead": lead, "supporting": [other] if self.chance.random() < 0.5 else []}
        at_desk: list[tuple[Principal, str, dict[str, Any] | None]] = [
            (self.chance.choice((OPERATOR, OFFICE)), f"dispatches/of/{self.order_id}", to),
            (OPERATOR, f"orders/{self.order_id}/urge", {"note": "请尽快。"}),
            (OPERATOR, f"callbacks/of/{self.order_id}", {"result": "unsatisfied"}),
        ]
        rulings: list[dict[str, Any]] = [{"ruling": "由他办理。"}, {"ruling": "改派。", "to": to}]
        settled = [
            (OFFICE, f"objections/{row.id}/settle", self.chance.choice(rulings))
            for row in await self.tasks.rows(Objection)
            if row.decided_at is None
        ]
        parts = await self.tasks.rows(Dispatch)
        held = [move for part in parts if part.status in LIVE for move in self._of(part)]
        return at_desk + settled + held

    def _of(self, part: Dispatch) -> Iterator[tuple[Principal, str, dict[str, Any] | None]]:
        leader = person(hotline.Role.LEADER, part.unit)
        path, note = f"dispatches/{part.id}", {"note": "说明。"}
        named = self.chance.choice(UNITS)
        yield leader, f"{path}/sign", None
        if self.chance.random() < 0.2:  # most of them quarrel first
            yield leader, f"{path}/handle", None
        yield leader, f"{path}/answer", {"answer": "已整改。"}
        yield leader, f"{path}/return", {"reason": "not_our_duty", **note}
        yield leader, f"objections/to/{part.id}", {"named": named, "grounds": "应由其办理。"}
        yield leader, f"order-extensions/for/{part.id}", {"days": 2, "reason": "需要检测。"}
        yield OPERATOR, f"{path}/refuse-return", note
        yield OPERATOR, f"{path}/accept-return", note

    async def holds(self) -> None:
        order = await hotline.order(self.tasks, self.order_id)
        parts = await self.tasks.rows(Dispatch)
        live = [part for part in parts if part.status in LIVE]
        leads = [part for part in live if part.leads]
        assert len({part.unit for part in live}) == len(live)  # one part a unit
        assert len(leads) == (order.stands in OPEN - {OrderStatus.RECEIVED})
        if leads:
            assert order.stands is SAYS[leads[0].stands]
            assert order.lead == leads[0].unit
            assert {part.unit for part in live} <= set(order.units)
            assert {tuple(part.units) for part in live} == {tuple(order.units)}
        else:
            assert live == []
        await self._told_once()

    async def _told_once(self) -> None:
        told = Counter(
            (fact["unit"], fact["step"], fact["due_at"])
            for fact in await hotline.told(self.tasks, "overdue")
        )
        assert all(times == 1 for times in told.values())


@pytest.mark.parametrize("seed", range(6))
async def test_an_order_and_its_parts_never_contradict_each_other(tasks: Stage, seed: int) -> None:
    tasks.now = hotline.MONDAY
    order_id = await hotline.taken(tasks)
    walk = Walk(tasks, order_id, seed)

    await walk.go()

    assert walk.answers[200] + walk.answers[201] > 5
    assert walk.answers[409] > 5
    assert len(await tasks.rows(Order)) == 1
