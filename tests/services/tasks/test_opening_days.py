"""Whom an event means is whoever was what it means on its day, however late it is opened."""

from datetime import date
from typing import Any

import pytest

from contracts.inspections import EnterpriseRegistered
from kernel import calendar
from reference.creditcodes import demonstration_code
from services.tasks.obligations.tables import Obligation
from services.tasks.openings import operations_sets
from tests.services.stage import Stage
from tests.services.tasks.story import CITY_OFFICE, COUNTY, MINE, OTHER, registered
from tests.services.tasks.test_triggers import NOW, owing, post, said

# 5.4: a high-risk enterprise reports a major hazard. It happened on 31 May, and is told on 1 June.
HIGH_RISK, ELSEWHERE = "5.4", "430426"
MINING, TRADE = "B10", "F52"
NEWCOMER = demonstration_code(region=COUNTY, number=3)
BEFORE, DAY, AFTER = date(2023, 5, 1), date(2023, 5, 31), date(2023, 6, 1)


def told(uscc: str, industry: str, day: date, **changed: Any) -> EnterpriseRegistered:
    """An entry of an enterprise as it is told on a day."""
    when = {"occurred_at": calendar.opens_at(day), **changed}
    return registered(uscc, COUNTY, industry).model_copy(update=when)


async def changed_since(tasks: Stage) -> None:
    """One has given up mining since the day, one began with it, and one came only afterwards."""
    await tasks.hear(
        told(MINE, MINING, BEFORE),
        told(MINE, TRADE, AFTER),
        told(OTHER, TRADE, BEFORE),
        told(OTHER, MINING, AFTER),
        told(NEWCOMER, MINING, AFTER),
    )


async def test_who_was_high_risk_on_the_day_owes_it_and_nobody_who_became_so_later(
    tasks: Stage,
) -> None:
    await changed_since(tasks)

    answer = await post(tasks, said(HIGH_RISK))

    assert answer.status_code == 201, answer.text
    assert await owing(tasks, HIGH_RISK) == {MINE}


async def test_what_changed_on_the_day_itself_counts(tasks: Stage) -> None:
    await tasks.hear(told(MINE, MINING, BEFORE), told(MINE, TRADE, DAY), told(OTHER, MINING, DAY))

    await post(tasks, said(HIGH_RISK))

    assert await owing(tasks, HIGH_RISK) == {OTHER}


async def test_in_several_pieces_they_are_the_same(
    tasks: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations_sets, "CHUNK", 1)
    await changed_since(tasks)
    also = [demonstration_code(region=COUNTY, number=number) for number in range(10, 13)]
    await tasks.hear(*(told(uscc, MINING, BEFORE) for uscc in also))

    await post(tasks, said(HIGH_RISK))

    assert await owing(tasks, HIGH_RISK) == {MINE, *also}


async def test_who_is_picked_by_name_has_to_have_been_meant_on_the_day(tasks: Stage) -> None:
    await changed_since(tasks)

    refused = await post(tasks, said(HIGH_RISK, only=[MINE, OTHER, NEWCOMER]))
    taken = await post(tasks, said(HIGH_RISK, only=[MINE]))

    faults = [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]]
    assert faults == [("/only/1", "not_meant"), ("/only/2", "subject_unknown")]
    assert taken.status_code == 201, taken.text
    assert await owing(tasks, HIGH_RISK) == {MINE}


async def test_whoever_watches_it_now_reviews_what_it_owes_of_then(tasks: Stage) -> None:
    await tasks.hear(told(MINE, MINING, BEFORE), told(MINE, MINING, AFTER, region_code=ELSEWHERE))

    await post(tasks, said(HIGH_RISK))

    await tasks.fire_until(NOW)
    (row,) = await tasks.rows(Obligation, duty=f"2023/{HIGH_RISK}")
    assert (row.subject, row.region_code) == (MINE, ELSEWHERE)


async def test_of_a_day_before_the_register_was_begun_its_first_day_is_asked(tasks: Stage) -> None:
    """A city begins with its register, and tells of what had happened before."""
    await tasks.hear(told(MINE, MINING, AFTER), told(OTHER, TRADE, AFTER))

    answer = await post(tasks, said(HIGH_RISK, only=[MINE]), CITY_OFFICE)
    await post(tasks, said(HIGH_RISK))

    assert answer.status_code == 201, answer.text
    assert await owing(tasks, HIGH_RISK) == {MINE}
