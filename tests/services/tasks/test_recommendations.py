"""What an investigation asks of a unit is a duty of that unit until it is closed there."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.incidents_cases import RecommendationClosed, RecommendationKind, RecommendationMade
from contracts.tasks import ObligationKind, ObligationOpened, ObligationOverdue
from kernel.ids import uuid7
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.story import ACCIDENT, COUNTY, MINE, RECEIVED

ONE = uuid7()
DUE = RECEIVED + timedelta(days=90)


def made(**changed: Any) -> RecommendationMade:
    facts: dict[str, Any] = {
        "occurred_at": RECEIVED,
        "accident_id": ACCIDENT,
        "region_code": COUNTY,
        "recommendation_id": ONE,
        "kind": RecommendationKind.RECTIFICATION,
        "unit": f"{COUNTY}.government",
        "rule": "decree-493 25@2007-06-01",
        "due_at": DUE,
    }
    return RecommendationMade(**facts | changed)


def closed(**changed: Any) -> RecommendationClosed:
    facts: dict[str, Any] = {
        "occurred_at": RECEIVED,
        "accident_id": ACCIDENT,
        "region_code": COUNTY,
        "recommendation_id": ONE,
    }
    return RecommendationClosed(**facts | changed)


async def standing(tasks: Stage) -> list[tuple[str, str]]:
    rows = await tasks.rows(Obligation, kind=ObligationKind.RECTIFICATION)
    return sorted((row.duty.rpartition(":")[2], row.status) for row in rows)


async def test_a_recommendation_is_a_duty_until_it_is_closed(tasks: Stage) -> None:
    await tasks.hear(made(), made())
    assert await standing(tasks) == [("1", Status.OPEN)]
    [opened] = await tasks.told(ObligationOpened)
    assert (opened["unit"], opened["kind"]) == (f"{COUNTY}.government", "rectification")

    await tasks.hear(closed())
    assert await standing(tasks) == [("1", Status.FULFILLED)]


async def test_a_later_round_is_a_duty_of_its_own(tasks: Stage) -> None:
    await tasks.hear(made(), closed(), made(round=2))
    assert await standing(tasks) == [("1", Status.FULFILLED), ("2", Status.OPEN)]
    await tasks.hear(closed(round=2))
    assert await standing(tasks) == [("1", Status.FULFILLED), ("2", Status.FULFILLED)]


async def test_closing_one_leaves_the_others_open(tasks: Stage) -> None:
    await tasks.hear(made(), made(recommendation_id=uuid7()), closed())
    assert await standing(tasks) == [("1", Status.FULFILLED), ("1", Status.OPEN)]


@pytest.mark.parametrize(
    ("addressee", "subject"),
    [({"unit": None, "addressee_uscc": MINE}, MINE), ({}, f"{COUNTY}.government")],
)
async def test_the_alarm_stays_with_who_asked(
    tasks: Stage, addressee: dict[str, Any], subject: str
) -> None:
    await tasks.hear(made(**addressee))
    [row] = await tasks.rows(Obligation)
    assert (row.subject, row.due_at) == (subject, DUE)
    await tasks.fire_until(DUE + timedelta(days=1))
    assert await tasks.told(ObligationOverdue) == []
