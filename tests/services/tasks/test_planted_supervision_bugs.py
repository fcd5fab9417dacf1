"""Each key invariant of supervision has a bug planted against it, which its own test catches."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from kernel.files import Objects
from services.tasks.supervisionanswers import domain as answers
from services.tasks.supervisionclimbs import operations as climbs
from services.tasks.supervisionclimbs import queries as following
from services.tasks.supervisions import domain as lives
from services.tasks.supervisions import (
    operations,
    operations_drafting,
    operations_files,
    operations_inheritance,
    operations_issuing,
    queries,
    rules,
)
from services.tasks.supervisions.tables import Supervision
from tests.services.stage import Stage
from tests.services.tasks import (
    test_supervision_answers,
    test_supervision_causes,
    test_supervision_climbs,
    test_supervisions,
)
from tests.services.tasks.city import found

Check = Callable[..., Awaitable[None]]

pytestmark = pytest.mark.usefixtures("monday")


async def nobody(*_: Any, **__: Any) -> None:
    """Find nothing, or do nothing, where there is something."""


def nothing(*_: Any, **__: Any) -> None:
    """Do nothing where something has to be done."""


async def none_issued(*_: Any, **__: Any) -> bool:
    return False


async def no_drafters(*_: Any, **__: Any) -> frozenset[str]:
    return frozenset()


async def as_named(session: Any, units: Any, *, now: Any) -> tuple[str, ...]:
    return tuple(units)


async def one_more_than_the_last(session: Any, row: Supervision) -> int:
    last = select(func.max(Supervision.number)).where(
        Supervision.issuer == row.issuer, Supervision.kind == row.kind
    )
    return (await session.scalar(last) or 0) + 1


def always(*_: Any, **__: Any) -> bool:
    return True


def never(*_: Any, **__: Any) -> bool:
    return False


FIVE_CHECK: Check = (
    test_supervision_answers
    .test_a_rectification_is_not_accepted_while_one_of_the_five_is_not_in_place
)  # fmt: skip


async def without_funds(city: Stage) -> None:
    await FIVE_CHECK(city, "funds")


BUGS: list[tuple[Any, str, Any, Check]] = [
    (
        operations_issuing,
        "_next_number",
        one_more_than_the_last,
        test_supervisions.test_numbers_have_no_gap_and_no_twin_however_many_sign_at_once,
    ),
    (
        operations_issuing,
        "_next_number",
        one_more_than_the_last,
        test_supervisions.test_each_unit_kind_and_year_counts_for_itself_and_no_number_comes_back,
    ),
    (
        queries,
        "drafters",
        no_drafters,
        test_supervisions.test_whoever_had_a_hand_in_a_listing_does_not_sign_it,
    ),
    (
        queries,
        "drafters",
        no_drafters,
        test_supervision_answers.test_a_listing_is_lifted_after_a_check_on_site_by_another_than_listed_it,
    ),
    (
        operations_issuing,
        "_let_followed_climb",
        nobody,
        test_supervision_climbs.test_an_order_climbs_on_when_what_followed_it_is_withdrawn,
    ),
    (
        rules,
        "signs",
        always,
        test_supervisions.test_a_leader_of_another_unit_or_place_does_not_sign,
    ),
    (
        queries,
        "addressed",
        queries.issuing,
        test_supervisions.test_only_whom_it_is_addressed_to_signs_for_it,
    ),
    (
        rules,
        "is_late",
        lambda *, done_at, due_at: done_at > due_at,
        test_supervisions.test_an_answer_is_late_at_the_end_of_its_last_day,
    ),
    (
        lives,
        "fits",
        always,
        test_supervision_answers.test_a_listing_is_lifted_after_a_check_on_site_by_another_than_listed_it,
    ),
    (
        operations,
        "answer_is_here",
        nobody,
        test_supervision_climbs.test_an_answer_stops_every_clock_but_that_of_its_acceptance,
    ),
    (
        following,
        "is_followed",
        none_issued,
        test_supervision_climbs.test_what_is_followed_leaves_the_climbing_to_what_follows_even_after_a_return,
    ),
    (
        climbs,
        "_arm_next",
        nobody,
        test_supervision_climbs.test_after_an_outage_every_missed_step_is_taken_once,
    ),
    (
        following,
        "standing_after",
        nobody,
        test_supervision_climbs.test_the_climb_stops_with_the_answer_and_begins_anew_after_a_return,
    ),
    (
        queries,
        "sees",
        always,
        test_supervisions.test_a_draft_is_hidden_from_an_addressee_of_the_issuer_s_own_place,
    ),
    (answers, "lacking", lambda shown: (), without_funds),
    (
        answers,
        "refuse_unshown",
        nothing,
        test_supervision_answers.test_all_of_the_five_are_shown_exactly_where_they_are_asked_for,
    ),
    (
        operations_files,
        "refuse_unknown",
        nobody,
        test_supervision_answers.test_files_are_handed_in_and_read_by_both_sides_and_nobody_else,
    ),
    (
        rules,
        "extended",
        lambda due_at, *, working_days, days_off: due_at + timedelta(days=working_days),
        test_supervision_answers.test_more_time_is_given_once_by_the_issuer_from_the_end_of_the_time_there_was,
    ),
    (
        operations_drafting,
        "borne",
        as_named,
        test_supervision_causes.test_a_unit_that_ended_before_it_was_signed_leaves_it_to_its_heir,
    ),
    (
        queries,
        "standing",
        nobody,
        test_supervision_causes.test_a_second_order_of_a_kind_about_a_thing_names_the_first,
    ),
    (
        operations_inheritance,
        "hand_over",
        nobody,
        test_supervision_causes.test_what_is_open_follows_the_heir_with_its_number_deadline_and_story,
    ),
    (
        operations_inheritance,
        "_holds_the_same",
        none_issued,
        test_supervision_causes.test_an_heir_does_not_owe_the_same_twice,
    ),
]


@pytest.mark.parametrize(
    ("module", "name", "bug", "check"), BUGS, ids=[f"{bug[1]}-{bug[3].__name__}" for bug in BUGS]
)
async def test_a_planted_bug_is_caught(
    tasks: Stage,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    module: Any,
    name: str,
    bug: Any,
    check: Check,
) -> None:
    tasks.application.state.runtime.objects = Objects.at(str(tmp_path))
    city = await found(tasks)
    monkeypatch.setattr(module, name, bug)

    with pytest.raises((AssertionError, KeyError, ValueError, IndexError)):
        await check(city)
