"""Each key invariant of scores and cards has a bug planted against it, which its test catches."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import and_, false, select, true

from services.tasks.cards import operations as weighing
from services.tasks.cards import operations_listing as listing
from services.tasks.cards import operations_steps as steps
from services.tasks.cards import rules as cards
from services.tasks.indicators import queries as counting
from services.tasks.indicators import rules as marks
from services.tasks.obligations import queries as owed
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from services.tasks.rankings import operations as rankings
from services.tasks.rankings import queries as placed
from services.tasks.rankings.tables import Ranking
from services.tasks.scoreobjections import operations as objections
from services.tasks.scores import operations as scores
from services.tasks.scores import operations_items as items
from services.tasks.scores import operations_runs as runs
from services.tasks.scores import queries as written
from services.tasks.scores import queries_readers as readers
from services.tasks.scores.domain import LineKind
from services.tasks.scores.tables import ScoreLine
from tests.services.stage import Stage
from tests.services.tasks import (
    test_card_facts,
    test_cards,
    test_listed_units,
    test_rankings,
    test_score_items,
    test_scores,
    test_scores_counted,
)

Check = Callable[[Stage], Awaitable[None]]
Prepare = Callable[[Stage], Awaitable[Stage]]


async def nobody(*_: Any, **__: Any) -> None:
    """Do nothing where something has to be done."""


async def unprepared(tasks: Stage) -> Stage:
    return tasks


async def none_of_them(*_: Any, **__: Any) -> list[Any]:
    """Find nothing, or do nothing where something has to be done."""
    return []


async def nobody_yet(*_: Any, **__: Any) -> set[str]:
    """Find that nobody is listed."""
    return set()


async def no_line(*_: Any, **__: Any) -> Callable[[str], None]:
    """Know of no superior."""
    return lambda _: None


async def always(*_: Any, **__: Any) -> bool:
    """Let everything pass."""
    return True


async def take_nothing_back(*_: Any, **__: Any) -> int:
    """Leave the lines of who is no more."""
    return 0


def full_marks_for_nothing(part: int, whole: int) -> Decimal:
    return marks.rounded(Decimal(100) * part / whole) if whole else Decimal("100.00")


def down_and_down(*, earned: Decimal, weight: Decimal, taken_off: Decimal) -> Decimal | None:
    return marks.rounded(earned / weight) + taken_off if weight else None


def nothing_is_a_score(*, earned: Decimal, weight: Decimal, taken_off: Decimal) -> Decimal:
    return marks.rounded(earned / weight) + taken_off if weight else Decimal("0.00")


def signed_zero(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"))


def due_whenever(period: Any, as_of: Any) -> Any:
    return and_(Obligation.unit.is_not(None), Obligation.due_at > period.begins_at)


async def in_pieces(tasks: Stage) -> None:
    with pytest.MonkeyPatch.context() as patch:
        await test_scores.test_a_run_goes_on_where_it_stopped(tasks, patch)


_LINE = scores.line
_ITEMS = written.items
_KEPT = items._kept


class Believing(dict[Any, Any]):
    """Equal to whatever it is compared with."""

    def __ne__(self, _: object) -> bool:
        return False


async def believed(session: Any, found: Any) -> Any:
    return Believing(await _KEPT(session, found))


async def meanwhile(tasks: Stage) -> None:
    with pytest.MonkeyPatch.context() as patch:
        await test_score_items.test_what_changed_between_counting_and_listing_is_counted_anew(
            tasks, patch
        )


async def anybodys(session: Any, line_id: Any, **_: Any) -> Any:
    return await session.get(ScoreLine, line_id)


async def the_newest(session: Any, line: Any) -> Any:
    """The items of whichever line stands now."""
    same = {"subject": line.subject, "indicator": line.indicator, "kind": LineKind.COUNTED}
    rows = await session.scalars(select(ScoreLine).filter_by(**same).order_by(ScoreLine.sequence))
    return await _ITEMS(session, rows.all()[-1])


BUGS: list[tuple[Any, str, Any, Prepare, Check]] = [
    (
        marks,
        "score",
        down_and_down,
        test_rankings.prepared,
        test_rankings.test_no_total_is_below_zero_and_the_arithmetic_says_so,
    ),
    (
        marks,
        "percent",
        full_marks_for_nothing,
        test_scores.prepared,
        test_scores.test_where_nothing_fell_due_nothing_is_measured_and_it_is_said,
    ),
    (
        marks,
        "rounded",
        signed_zero,
        test_scores.prepared,
        test_scores.test_computed_twice_it_is_the_same_to_the_bit,
    ),
    (
        scores,
        "_same",
        lambda *_: False,
        test_scores.prepared,
        test_scores.test_computed_twice_it_is_the_same_to_the_bit,
    ),
    (
        items,
        "keep",
        nobody,
        test_scores.prepared,
        test_score_items.test_a_line_lists_what_it_counted_whatever_came_in_later,
    ),
    (
        counting._Counting,
        "flags",
        property(lambda _: true()),
        unprepared,
        partial(test_score_items.test_what_is_listed_comes_to_what_the_line_says, seed=0),
    ),
    (
        items,
        "_kept",
        believed,
        test_scores.prepared,
        meanwhile,
    ),
    (
        written,
        "items",
        the_newest,
        test_scores.prepared,
        test_score_items.test_a_line_lists_what_it_counted_whatever_came_in_later,
    ),
    (
        readers,
        "seen",
        anybodys,
        test_scores.prepared,
        test_score_items.test_who_may_not_read_the_line_reads_none_of_its_items,
    ),
    (
        scores,
        "add_up",
        nobody,
        test_scores.prepared,
        test_scores.test_the_sums_are_those_of_the_lines_and_can_be_built_anew,
    ),
    (
        runs,
        "_name",
        lambda subject: subject.group,
        test_scores.prepared,
        in_pieces,
    ),
    (
        readers,
        "_held_then",
        lambda by: false(),
        test_scores.prepared,
        test_scores.test_a_score_stays_with_who_held_the_post_then,
    ),
    (
        counting,
        "_fell_due",
        due_whenever,
        unprepared,
        partial(test_scores_counted.test_duties_are_counted_as_row_by_row, seed=0),
    ),
    (
        owed,
        "UNOWED",
        frozenset({Status.SUPERSEDED}),
        unprepared,
        partial(test_scores_counted.test_duties_are_counted_as_row_by_row, seed=0),
    ),
    (
        runs,
        "_take_back",
        take_nothing_back,
        test_scores.prepared,
        test_scores.test_who_is_no_more_by_the_end_of_a_period_is_not_ranked_by_old_lines,
    ),
    (
        rankings.scores,
        "is_computed",
        always,
        test_rankings.prepared,
        test_rankings.test_a_period_that_is_not_over_is_not_published,
    ),
    (
        weighing.queries,
        "naming",
        none_of_them,
        test_cards.prepared,
        test_card_facts.test_what_is_dismissed_in_the_next_year_carries_no_card_of_this_one,
    ),
    (
        weighing.queries,
        "last_change",
        nobody,
        test_cards.prepared,
        test_cards.test_a_decided_card_is_flagged_and_stays_until_somebody_decides,
    ),
    (
        weighing,
        "_is_refuted",
        lambda *_: False,
        test_cards.prepared,
        test_card_facts.test_after_a_card_was_lifted_only_further_accidents_propose_another,
    ),
    (
        marks,
        "score",
        nothing_is_a_score,
        test_rankings.prepared,
        test_rankings.test_a_computed_period_is_drafted_and_published_by_a_person,
    ),
    (
        placed,
        "reached_by",
        lambda by: select(Ranking),
        test_rankings.prepared,
        test_rankings.test_a_draft_is_absent_to_those_who_may_not_see_it,
    ),
    (
        rankings,
        "_objections_until",
        lambda now: now + timedelta(days=5),
        test_rankings.prepared,
        test_rankings.test_a_unit_objects_until_the_last_working_day_and_to_nothing_of_others,
    ),
    (
        objections.scores,
        "line",
        lambda *args, kind, **more: _LINE(*args, kind=LineKind.COUNTED, **more),
        test_rankings.prepared,
        test_rankings.test_an_objection_upheld_reverses_the_line_for_good,
    ),
    (
        weighing,
        "_let_go",
        nobody,
        test_cards.prepared,
        partial(
            test_cards.test_an_open_proposal_is_withdrawn_when_facts_fall_below,
            fact=test_cards._merged,
        ),
    ),
    (
        weighing,
        "_let_go",
        nobody,
        test_cards.prepared,
        test_cards.test_a_decided_card_is_flagged_and_stays_until_somebody_decides,
    ),
    (
        marks,
        "counts_in",
        lambda *, happened_on, **_: happened_on.year,
        test_cards.prepared,
        test_cards.test_accidents_of_two_years_of_the_assessment_do_not_add_up,
    ),
    (
        steps.reviewing,
        "may_review",
        lambda **_: True,
        test_cards.prepared,
        test_cards.test_the_head_of_a_field_and_the_city_are_carded_by_a_major_accident,
    ),
    (
        listing.queries,
        "listed_units",
        nobody_yet,
        test_cards.prepared,
        test_listed_units.test_a_unit_that_is_listed_for_two_cards_is_told_once,
    ),
    (
        listing.lines,
        "above",
        no_line,
        test_cards.prepared,
        test_listed_units.test_last_years_carded_units_are_listed_from_the_first_of_january,
    ),
    (
        objections,
        "note_unruled",
        nobody,
        test_rankings.prepared,
        test_rankings.test_whoever_does_not_rule_in_time_is_overdue_once,
    ),
    (
        objections.rules,
        "ruling_due",
        lambda made_at, **_: made_at + timedelta(days=5),
        test_rankings.prepared,
        test_rankings.test_whoever_does_not_rule_in_time_is_overdue_once,
    ),
    (
        cards,
        "listed_in",
        lambda year: year,
        test_cards.prepared,
        test_listed_units.test_last_years_carded_units_are_listed_from_the_first_of_january,
    ),
]


@pytest.mark.parametrize(
    ("module", "name", "bug", "prepare", "check"),
    BUGS,
    ids=[f"{number}-{bug[1]}" for number, bug in enumerate(BUGS)],
)
async def test_a_planted_bug_is_caught(
    tasks: Stage,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    bug: Any,
    prepare: Prepare,
    check: Check,
) -> None:
    prepared = await prepare(tasks)
    monkeypatch.setattr(module, name, bug)

    with pytest.raises((AssertionError, KeyError, ValueError, TypeError)):
        await check(prepared)
