"""Each invariant of evidence has a bug planted against it, which its own test catches."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from services.tasks.credits import rules as credits
from services.tasks.credits.rules import Tally
from services.tasks.evidence import domain as evidence
from services.tasks.evidence import operations as handing_in
from services.tasks.evidence import operations_counts as counts
from services.tasks.evidence import operations_review as review
from services.tasks.evidence import rules as flags
from services.tasks.obligations import domain as obligation_domain
from services.tasks.obligations import operations as obligations
from services.tasks.prints import domain as prints
from services.tasks.prints import operations as printing
from services.tasks.progress import rules as progress
from tests.domain.tasks import test_evidence_lives, test_prints
from tests.rules.tasks import test_credits, test_progress
from tests.services.stage import Stage
from tests.services.tasks import (
    test_appeals,
    test_evidence_files,
    test_evidence_heirs,
    test_evidence_histories,
    test_evidence_pieces,
    test_obligations,
)

Check = Callable[..., Any]


async def forget(*_: Any, **__: Any) -> None:
    """Do nothing where something has to be done."""


def count_everything(done: Any, **_: Any) -> Tally:
    return Tally(counted=tuple(done))


def nothing_left_over(least: int, held: Any) -> Any:
    total = sum(held.values())
    return {person: least * days // total for person, days in held.items()}


PURE: list[tuple[Any, str, Any, Check]] = [
    (
        credits,
        "_place",
        lambda *_: None,
        test_credits.test_one_a_month_counts_at_most_and_the_next_month_counts_again,
    ),
    (
        credits,
        "by_itself",
        lambda *_, **__: None,
        test_credits.test_as_much_counts_as_the_best_choice_found_by_trying_all_of_them,
    ),
    (
        credits.Done,
        "act",
        property(lambda one: (one.id,)),
        test_credits.test_without_a_spacing_the_same_act_handed_in_twice_counts_once,
    ),
    (
        credits,
        "_is_same",
        lambda one, times: one.happened_at in times,
        test_credits.test_on_one_day_as_many_acts_count_as_times_were_said_in_whatever_order,
    ),
    (
        progress,
        "_shared",
        nothing_left_over,
        test_progress.test_parts_are_those_of_a_count_day_by_day,
    ),
    (
        progress,
        "_holder",
        lambda *_: None,
        test_progress.test_parts_are_those_of_a_count_day_by_day,
    ),
    (
        progress,
        "_room",
        lambda owed, *_, **__: owed.least,
        test_progress.test_what_can_still_be_done_is_what_doing_it_day_by_day_would_give,
    ),
    (
        prints,
        "picture_marks",
        lambda print_: [hash(print_)],
        test_prints.test_pictures_that_differ_in_three_bits_at_most_share_a_mark,
    ),
    (
        test_evidence_lives,
        "reviewed",
        lambda **_: obligation_domain.Action.AWAIT,
        test_evidence_lives.test_a_quota_stands_where_its_pieces_put_it,
    ),
]


@pytest.mark.parametrize(("module", "name", "bug", "check"), PURE, ids=[b[1] for b in PURE])
def test_a_planted_bug_in_a_rule_is_caught(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, bug: Any, check: Check
) -> None:
    monkeypatch.setattr(module, name, bug)

    with pytest.raises(BaseException) as caught:  # noqa: PT011 -- hypothesis may raise a group
        check()

    assert not isinstance(caught.value, TypeError | AttributeError)


Prepared = Callable[[Stage, Path], Awaitable[tuple[Any, ...]]]


async def meetings(tasks: Stage, _: Path) -> tuple[Any, ...]:
    return (await test_evidence_pieces.prepared(tasks),)


async def with_files(tasks: Stage, folder: Path) -> tuple[Any, ...]:
    return (await test_evidence_files.prepared(tasks, folder),)


async def relay(tasks: Stage, _: Path) -> tuple[Any, ...]:
    return (await test_obligations.prepared(tasks),)


async def nothing(*_: Any) -> tuple[Any, ...]:
    return ()


async def folder_alone(_: Stage, folder: Path) -> tuple[Any, ...]:
    return (folder,)


BUGS: list[tuple[Any, str, Any, Prepared, Check]] = [
    (
        credits,
        "tally",
        count_everything,
        nothing,
        test_evidence_histories.test_counters_and_state_are_those_of_a_recount,
    ),
    (
        counts,
        "HELD",
        frozenset({evidence.EvidenceState.WAITING}),
        nothing,
        test_evidence_histories.test_counters_and_state_are_those_of_a_recount,
    ),
    (
        handing_in,
        "refuse_closed",
        lambda *_, **__: None,
        meetings,
        test_evidence_pieces.test_a_closed_period_takes_no_evidence_and_says_since_when,
    ),
    (
        flags,
        "may_withdraw",
        lambda **_: True,
        meetings,
        test_evidence_pieces.test_an_acceptance_that_proved_false_is_taken_back_and_it_is_owed_again,
    ),
    (
        obligations,
        "reopen",
        forget,
        meetings,
        test_evidence_pieces.test_an_acceptance_that_proved_false_is_taken_back_and_it_is_owed_again,
    ),
    (
        review,
        "_refuse_flagged",
        forget,
        with_files,
        test_evidence_files.test_a_photo_used_again_is_shown_to_the_reviewer_who_must_say_why,
    ),
    (
        printing,
        "set_scope",
        forget,
        with_files,
        test_evidence_files.test_a_photo_of_another_county_is_recognised_though_it_cannot_be_seen,
    ),
    (
        handing_in,
        "copy_all",
        forget,
        folder_alone,
        test_evidence_heirs.test_an_heir_goes_on_with_the_quota_where_the_unit_had_come_to,
    ),
    (
        obligations,
        "stop_clock",
        forget,
        relay,
        test_appeals.test_the_clock_stands_until_it_is_decided,
    ),
    (
        obligations,
        "run_clock",
        forget,
        relay,
        test_appeals.test_a_refusal_in_time_lets_the_clock_go_on_to_its_deadline,
    ),
]


@pytest.mark.parametrize(
    ("module", "name", "bug", "prepared", "check"), BUGS, ids=[bug[1] for bug in BUGS]
)
async def test_a_planted_bug_is_caught(
    tasks: Stage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    bug: Any,
    prepared: Prepared,
    check: Check,
) -> None:
    given = await prepared(tasks, tmp_path)
    monkeypatch.setattr(module, name, bug)

    with pytest.raises((AssertionError, KeyError)):
        await check(tasks, *given)
