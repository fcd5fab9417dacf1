"""Each key invariant has a bug planted against it, which the invariant's own test catches."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from kernel import inbox
from kernel.inbox import Turn
from services.tasks.accidents import operations_anew, operations_standing
from services.tasks.accidents import rules as accident_rules
from services.tasks.chains import queries as chains
from services.tasks.evidence import operations_review
from services.tasks.inheritances import operations as inheritance
from services.tasks.obligations import operations as obligations
from services.tasks.obligations import operations_releases
from services.tasks.obligations import queries as obligation_queries
from services.tasks.obligations import rules as obligation_rules
from services.tasks.obligations.domain import LIVE, UNOWED
from services.tasks.obligations.tables import Obligation
from services.tasks.openings import operations as openings
from services.tasks.openings import operations_sets
from services.tasks.openings.operations_sets import Chunk
from services.tasks.releases import operations as release_work
from services.tasks.releases import queries as releases
from services.tasks.successions import operations as successions
from services.tasks.supervisions import operations_causes_gone
from tests.services.stage import Stage
from tests.services.tasks import (
    test_accidents,
    test_inheritance,
    test_obligations,
    test_opening_days,
    test_publication,
    test_struck_off,
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


def whatever_was_released() -> Any:
    return Obligation.status.not_in(UNOWED)


async def as_they_are(session: Any, codes: Any, **_: Any) -> Any:
    return await chains.known_among(session, codes)


async def unwatched(*_: Any, **__: Any) -> bool:
    return False


def as_it_was(due_at: Any, **_: Any) -> Any:
    return due_at


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
    (
        operations_sets,
        "_ENTERPRISES_THEN",
        operations_sets._ENTERPRISES,
        test_opening_days.test_who_was_high_risk_on_the_day_owes_it_and_nobody_who_became_so_later,
    ),
    (
        chains,
        "entries_among",
        as_they_are,
        test_opening_days.test_who_is_picked_by_name_has_to_have_been_meant_on_the_day,
    ),
    (
        releases,
        "live",
        nobody,
        test_struck_off.test_what_was_open_ends_with_the_reason_and_nobody_is_late_with_it,
    ),
    (
        obligation_queries,
        "owed",
        whatever_was_released,
        test_struck_off.test_what_was_late_by_then_stays_late_and_nothing_else_is_counted,
    ),
    (
        operations_releases,
        "_is_watched",
        unwatched,
        test_struck_off.test_what_was_due_by_then_is_late_though_no_clock_had_rung,
    ),
    (
        operations_standing,
        "strike_off",
        forget,
        test_struck_off.test_nothing_is_asked_while_it_is_struck_off,
    ),
    (
        obligation_rules,
        "resumed_due",
        as_it_was,
        test_struck_off.test_taken_back_what_was_open_is_owed_with_the_time_that_was_left,
    ),
    (
        operations_anew,
        "ask",
        forget,
        test_struck_off.test_taken_back_what_was_told_meanwhile_is_asked,
    ),
    (
        operations_review,
        "_release_again",
        forget,
        test_struck_off.test_what_was_proved_falsely_is_not_owed_again,
    ),
    (
        operations_causes_gone,
        "withdraw_about",
        forget,
        test_struck_off.test_what_climbs_because_of_it_is_withdrawn,
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


async def test_ending_only_the_first_of_a_set_would_be_caught(
    tasks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_work, "_go_on", forget)

    with pytest.raises(AssertionError):
        await test_struck_off.test_everybody_who_had_to_learn_from_it_is_spared_some_at_a_time(
            tasks, monkeypatch
        )


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
