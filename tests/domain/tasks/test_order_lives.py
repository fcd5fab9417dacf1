"""The lives of orders, parts, objections, extensions and repeats: every pair walked."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.problems import Problem
from services.tasks.dispatches import domain as dispatches
from services.tasks.dispatches.domain import DispatchStatus
from services.tasks.extensions import domain as extensions
from services.tasks.objections import domain as objections
from services.tasks.orders import domain as orders
from services.tasks.orders.domain import OrderAction, OrderStatus
from services.tasks.repeats import domain as repeats

Machine = Mapping[tuple[Any, Any], Any]

MACHINES: list[tuple[Machine, Callable[..., Any], type[StrEnum], type[StrEnum]]] = [
    (orders.TRANSITIONS, orders.after, OrderStatus, OrderAction),
    (dispatches.TRANSITIONS, dispatches.after, DispatchStatus, dispatches.DispatchAction),
    (
        objections.TRANSITIONS,
        objections.after,
        objections.ObjectionStatus,
        objections.ObjectionAction,
    ),
    (
        extensions.TRANSITIONS,
        extensions.after,
        extensions.ExtensionStatus,
        extensions.ExtensionAction,
    ),
    (repeats.TRANSITIONS, repeats.after, repeats.RepeatStatus, repeats.RepeatAction),
]


def pairs() -> Iterator[tuple[Machine, Callable[..., Any], StrEnum, StrEnum]]:
    for machine, after, statuses, actions in MACHINES:
        for status in statuses:
            for action in actions:
                yield machine, after, status, action


@pytest.mark.parametrize(("machine", "after", "status", "action"), list(pairs()))
def test_what_is_not_declared_is_refused(
    machine: Machine, after: Callable[..., Any], status: StrEnum, action: StrEnum
) -> None:
    if (status, action) in machine:
        assert after(status, action) is machine[status, action]
    else:
        with pytest.raises(Problem) as refused:
            after(status, action)
        assert refused.value.status == 409


@pytest.mark.parametrize(("machine", "after", "statuses", "actions"), MACHINES)
def test_every_state_is_reached_and_every_action_is_of_use(
    machine: Machine, after: Callable[..., Any], statuses: type[StrEnum], actions: type[StrEnum]
) -> None:
    reached = {next(iter(statuses))}
    for _ in statuses:
        reached |= {to for (status, _), to in machine.items() if status in reached}

    assert reached == set(statuses)
    assert {action for _, action in machine} == set(actions)


def test_an_order_ends_only_when_it_is_filed() -> None:
    assert {status for status, _ in orders.TRANSITIONS} == set(OrderStatus) - {OrderStatus.CLOSED}


def test_a_part_ends_answered_returned_released_or_withdrawn() -> None:
    ends = set(DispatchStatus) - dispatches.LIVE
    assert ends == {
        DispatchStatus.ANSWERED,
        DispatchStatus.RETURNED,
        DispatchStatus.RELEASED,
        DispatchStatus.WITHDRAWN,
    }
    assert dispatches.OWED < dispatches.LIVE


@given(st.lists(st.sampled_from(OrderAction), max_size=40))
def test_no_order_is_answered_without_being_held_and_none_is_filed_unvisited(
    wanted: list[OrderAction],
) -> None:
    status, story = OrderStatus.RECEIVED, [OrderStatus.RECEIVED]
    for action in wanted:
        if (status, action) in orders.TRANSITIONS:
            status = orders.after(status, action)
            story.append(status)
    if OrderStatus.HANDLING in story:
        assert OrderStatus.SIGNED in story[: story.index(OrderStatus.HANDLING)] or (
            OrderStatus.ANSWERED in story[: story.index(OrderStatus.HANDLING)]
        )
    if status is OrderStatus.CLOSED:
        assert story[-2] is OrderStatus.VISITED
