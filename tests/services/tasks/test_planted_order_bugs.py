"""Each key invariant of hotline orders has a bug planted against it, which its own test catches."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from services.tasks.callbacks import operations as callbacks
from services.tasks.callbacks import rules as visiting
from services.tasks.callers import operations as callers
from services.tasks.catalogue import rules as catalogue
from services.tasks.dispatches import operations as dispatches
from services.tasks.dispatches import operations_overdue as overdue
from services.tasks.dispatches import operations_sending as sending
from services.tasks.dispatches import queries as parts
from services.tasks.dispatches import rules as returning
from services.tasks.dispatches.domain import LIVE, ReturnReason
from services.tasks.orders import queries as orders
from services.tasks.orders import rules as limits
from services.tasks.repeats import operations as repeats
from tests.services.stage import Stage
from tests.services.tasks import (
    test_callers,
    test_dispatch_catalogue,
    test_order_clocks,
    test_order_repeats,
    test_order_returns,
    test_order_safety,
    test_order_visits,
    test_orders,
)

Check = Callable[[Stage], Awaitable[None]]


pytestmark = pytest.mark.usefixtures("monday")


def nothing(*_: Any, **__: Any) -> None:
    """Do nothing where something has to be done."""


async def nobody(*_: Any, **__: Any) -> None:
    """Find nothing, or do nothing, where there is something."""


async def no_units(*_: Any, **__: Any) -> tuple[str, ...]:
    return ()


BUGS: list[tuple[Any, str, Any, Check]] = [
    (orders, "find", nobody, test_orders.test_a_month_of_orders_replayed_leaves_no_duplicate),
    (
        parts,
        "returners",
        no_units,
        test_order_returns.test_it_does_not_go_back_to_the_unit_that_returned_it,
    ),
    (
        returning,
        "returns_left",
        lambda *_, **__: True,
        test_order_returns.test_a_second_return_is_signed_by_a_leader_and_a_third_is_not_made,
    ),
    (
        returning,
        "leader_signs",
        lambda *_, **__: False,
        test_order_returns.test_a_second_return_is_signed_by_a_leader_and_a_third_is_not_made,
    ),
    (
        returning,
        "delayed_by",
        lambda held: tuple(part.unit for part in held if part.leads),
        test_order_clocks.test_the_delay_of_a_supporting_unit_is_not_the_lead_s,
    ),
    (
        overdue,
        "OWED",
        LIVE,
        test_order_returns.test_a_supporting_unit_is_not_overdue_while_its_return_is_decided,
    ),
    (
        dispatches,
        "leave_to_lead",
        nobody,
        test_order_clocks.test_the_delay_of_a_supporting_unit_is_not_the_lead_s,
    ),
    (
        sending,
        "MISDISPATCHED",
        frozenset(ReturnReason),
        test_dispatch_catalogue.test_a_return_for_want_of_clarity_teaches_nothing,
    ),
    (
        sending,
        "learn",
        nobody,
        test_dispatch_catalogue.test_what_was_learnt_can_be_worked_out_again_from_the_log,
    ),
    (
        catalogue,
        "circle",
        lambda *_, **__: (),
        test_dispatch_catalogue.test_a_line_that_loops_is_refused_and_nothing_is_lost,
    ),
    (
        limits,
        "extended",
        lambda _, *, due_at, **__: due_at,
        test_order_clocks.test_an_extension_moves_what_is_due_for_all_who_hold_a_part,
    ),
    (
        visiting,
        "is_redone",
        lambda _, *, satisfied, **__: satisfied is False,
        test_order_visits.test_it_is_handled_again_twice_and_then_filed_as_it_is,
    ),
    (
        repeats,
        "_hand_over",
        nobody,
        test_order_repeats.test_the_merged_order_is_answered_with_the_other_and_visited_by_itself,
    ),
    (
        callbacks,
        "_tell_reward",
        nobody,
        test_order_safety.test_only_the_first_who_told_is_rewarded,
    ),
    (callers, "_keep_look", nothing, test_callers.test_the_first_look_is_masked_and_kept),
]


@pytest.mark.parametrize(
    ("module", "name", "bug", "check"), BUGS, ids=[f"{bug[1]}-{bug[3].__name__}" for bug in BUGS]
)
async def test_a_planted_bug_is_caught(
    tasks: Stage,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    bug: Any,
    check: Check,
) -> None:
    monkeypatch.setattr(module, name, bug)

    with pytest.raises((AssertionError, KeyError, ValueError)):
        await check(tasks)
