"""Each key invariant has a bug planted against it, which the invariant's own test catches."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from kernel import inbox
from kernel.inbox import Turn
from services.tasks.accidents import rules as accident_rules
from services.tasks.inheritances import operations as inheritance
from services.tasks.obligations import operations as obligations
from services.tasks.obligations import queries as obligation_queries
from services.tasks.obligations import rules as obligation_rules
from services.tasks.obligations.domain import LIVE
from services.tasks.openings import operations as openings
from services.tasks.openings import operations_sets
from services.tasks.openings.operations_sets import Chunk
from services.tasks.successions import operations as successions
from tests.services.stage import Stage
from tests.services.tasks import (
    test_accidents,
    test_inheritance,
    test_obligations,
    test_publication,
)

Check = Callable[..., Awaitable[None]]


async def forget(*_: Any, **__: Any) -> None:
    """Do nothing where something has to be done."""


async def always_next(*_: Any, **__: Any) -> Turn:
    return Turn.NEXT


async def open_again(session: Any, _: Any, **rest: Any) -> None:
    await obligations.open_single(session, **rest)


async def of_whom_it_names(_: Any, wanted: Any, **__: Any) -> list[Any]:
    return list(wanted)


async def never_stands(*_: Any, **__: Any) -> bool:
    return False


async def no_enterprise(*_: Any, **__: Any) -> Chunk:
    return Chunk(0, None)


async def nobody(*_: Any, **__: Any) -> list[Any]:
    return []


def committing_early() -> Callable[..., Awaitable[Chunk]]:
    ordinary = operations_sets.open_enterprises

    async def opened(session: Any, *args: Any, **rest: Any) -> Chunk:
        chunk = await ordinary(session, *args, **rest)
        await session.commit()
        return chunk

    return opened


BUGS: list[tuple[Any, str, Any, Check]] = [
    (
        obligations,
        "close",
        forget,
        test_accidents.test_what_a_milder_grade_no_longer_asks_is_superseded_and_kept,
    ),
    (
        obligations,
        "_open_beside",
        open_again,
        test_accidents.test_a_graver_grade_asks_further_units_and_moves_the_investigation,
    ),
    (
        inbox,
        "take_turn",
        always_next,
        test_accidents.test_a_report_delivered_twice_opens_each_duty_once,
    ),
    (
        inbox,
        "take_turn",
        always_next,
        test_accidents.test_a_later_fact_waits_for_the_earlier_one,
    ),
    (
        accident_rules,
        "bound",
        lambda subjects, **_: tuple(subjects),
        test_accidents.test_the_plan_of_the_year_holds_leaders_to_account_for_a_larger_accident,
    ),
    (
        operations_sets,
        "open_enterprises",
        no_enterprise,
        test_publication.test_every_party_committee_and_group_and_every_enterprise_has_to_meet,
    ),
    (
        openings,
        "_mark_some",
        nobody,
        test_publication.test_whoever_did_not_meet_is_overdue_and_units_are_told_one_by_one,
    ),
    (
        inheritance,
        "_hand_on",
        forget,
        test_inheritance.test_after_a_merger_the_new_unit_owes_what_the_old_one_owed,
    ),
    (
        successions,
        "_arm_inheritance",
        lambda *_: None,
        test_inheritance.test_what_is_recorded_ahead_hands_over_on_its_day,
    ),
    (
        obligations,
        "_borne",
        of_whom_it_names,
        test_inheritance.test_what_is_asked_later_is_asked_of_the_heir,
    ),
    (
        inheritance,
        "place_of",
        lambda _: test_inheritance.COUNTY,
        test_inheritance.test_what_goes_to_another_place_is_seen_there_with_its_evidence,
    ),
    (
        obligation_queries,
        "stands",
        never_stands,
        test_inheritance.test_what_the_heir_owes_already_it_does_not_owe_twice,
    ),
]


@pytest.mark.parametrize(
    ("module", "name", "bug", "check"), BUGS, ids=[bug[3].__name__ for bug in BUGS]
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

    with pytest.raises((AssertionError, IntegrityError, KeyError, ValueError)):
        await check(tasks)


async def test_opening_in_several_transactions_would_be_caught(
    tasks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations_sets, "open_enterprises", committing_early())

    with pytest.raises((AssertionError, IntegrityError)):
        await test_publication.test_a_worker_killed_half_way_goes_on_with_who_is_left(
            tasks, monkeypatch
        )


async def test_reviewing_one_s_own_leaders_would_be_caught(
    tasks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = await test_obligations.prepared(tasks)
    monkeypatch.setattr(obligation_rules, "may_review", lambda **_: True)

    with pytest.raises(AssertionError):
        await test_obligations.test_a_government_is_reviewed_from_above(tasks, relay)


async def test_calling_what_waits_for_review_overdue_would_be_caught(
    tasks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = await test_obligations.prepared(tasks)
    monkeypatch.setattr(obligations, "OWED", LIVE)

    with pytest.raises(AssertionError):
        await test_obligations.test_what_was_handed_in_on_time_is_not_overdue_while_it_waits(
            tasks, relay
        )
