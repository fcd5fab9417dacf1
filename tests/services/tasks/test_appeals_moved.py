"""Until a deadline that an appeal moved more can be done, and what was done already counts."""

from datetime import date, datetime
from typing import Any

import pytest

from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.quotas import SECRETARY, handed_in, planned, post, quota, status
from tests.services.tasks.story import CITY_OFFICE
from tests.services.tasks.test_appeals import decided, objected

END_OF_AUGUST = {"due_at": "2023-09-01T00:00:00+08:00"}


@pytest.fixture
async def half_year(tasks: Stage) -> Obligation:
    """One meeting until the end of June."""
    await planned(tasks)
    return await quota(tasks, least=1, last=date(2023, 6, 30))


async def test_what_is_done_until_a_deadline_that_was_moved_counts(
    tasks: Stage, half_year: Obligation
) -> None:
    appeal = (await objected(tasks, half_year, by=SECRETARY)).json()
    moved = await decided(tasks, appeal, "move", **END_OF_AUGUST)
    assert moved.status_code == 200, moved.text
    tasks.now = datetime.fromisoformat("2023-09-05T10:00:00+08:00")

    done = await handed_in(tasks, half_year, on="2023-08-31")
    accepted = await post(tasks, CITY_OFFICE, half_year, "accept", {"evidence_id": done["id"]})

    assert (done["flags"], accepted.json()["counts"]) == ([], True)
    assert await status(tasks, half_year) == (Status.ACCEPTED, 1, 0)
    path = f"/tasks/obligations/{half_year.id}"
    detail = (await tasks.as_(SECRETARY).get(path)).json()
    progress = (await tasks.as_(SECRETARY).get(f"{path}/progress")).json()
    assert (detail["evidence_until"], progress["by"]) == ("2023-09-15", "2023-08-31")


@pytest.mark.parametrize(
    ("more", "before", "after"),
    [
        (None, (Status.OPEN, 0, 0), (Status.ACCEPTED, 1, 0)),
        ("return", (Status.RETURNED, 0, 0), (Status.ACCEPTED, 1, 0)),
    ],
)
async def test_what_was_accepted_and_came_after_the_old_deadline_counts_once_it_is_moved(
    tasks: Stage, half_year: Obligation, more: str | None, before: Any, after: Any
) -> None:
    appeal = (await objected(tasks, half_year, by=SECRETARY)).json()
    tasks.now = datetime.fromisoformat("2023-07-05T10:00:00+08:00")
    done = await handed_in(tasks, half_year, on="2023-07-03")
    body = {"evidence_id": done["id"], "remark": "属实"}
    accepted = (await post(tasks, CITY_OFFICE, half_year, "accept", body)).json()
    assert (accepted["counts"], accepted["uncounted"]) == (False, "other_day")
    if more:
        other = await handed_in(tasks, half_year, on="2023-07-04")
        body = {"evidence_id": other["id"], "remark": "没有签名"}
        await post(tasks, CITY_OFFICE, half_year, more, body)
    assert await status(tasks, half_year) == before

    moved = await decided(tasks, appeal, "move", **END_OF_AUGUST)

    assert moved.status_code == 200, moved.text
    assert await status(tasks, half_year) == after
    (ended,) = await tasks.rows(Obligation, id=half_year.id)
    assert (ended.closed_at, ended.overdue_at) == (tasks.now, None)
