"""A payload that is refused for what it says is refused with the field that says it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from kernel.access import Principal
from kernel.calendar import SHANGHAI
from services.incidents.evaluations.tables import Evaluation
from services.incidents.lookbacks.tables import Lookback
from tests.services.incidents.conftest import USCC, Body
from tests.services.incidents.story import LEAD, OFFICE, post, published, teamed
from tests.services.stage import Stage

UNIT = "430481.government"


async def faults(stage: Stage, by: Principal, path: str, **body: Any) -> list[tuple[str, str]]:
    answer = await post(stage, by, path, **body)
    assert answer.status_code == 422, answer.text
    named = answer.json()["errors"]
    assert all(one["detail"] for one in named)
    return [(one["pointer"], one["code"]) for one in named]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"unit": UNIT, "enterprise_uscc": USCC}, ("/enterprise_uscc", "second_addressee")),
        ({}, ("/unit", "missing")),
        ({"unit": "430481.nobody"}, ("/unit", "unit_unknown")),
        ({"unit": UNIT, "due_on": "2023-05-31"}, ("/due_on", "gone_by")),
    ],
)
async def test_of_a_recommendation(incidents: Stage, said: Body, fault: tuple[str, str]) -> None:
    accident, *_ = await teamed(incidents)
    body = {"accident_id": accident, "kind": "handling", "text": "t", "due_on": "2023-06-01"}

    assert await faults(incidents, LEAD, "/recommendations", **body | said) == [fault]


async def test_of_a_step(incidents: Stage) -> None:
    accident, lead, _ = await teamed(incidents)
    body = {"accident_id": accident, "member_id": lead["id"], "task": "t"}
    due = incidents.now.isoformat()

    assert await faults(incidents, LEAD, "/steps", **body, due_at=due) == [("/due_at", "gone_by")]


async def test_of_a_transfer(incidents: Stage) -> None:
    accident, lead, _ = await teamed(incidents)
    body = {"accident_id": accident, "addressee": "police", "matter": "m"}
    found = await faults(incidents, LEAD, "/transfers", **body, officers=[lead["id"]])

    assert found == [("/officers", "too_few")]


async def test_of_what_comes_of_it_within_the_year(incidents: Stage) -> None:
    accident, *_ = await teamed(incidents)
    day = date(2023, 9, 10)
    incidents.now = datetime(2023, 9, 10, 10, tzinfo=SHANGHAI)
    await published(incidents, accident, published_on=day, approved_on=day)
    [evaluation], [lookback] = await incidents.rows(Evaluation), await incidents.rows(Lookback)
    incidents.now = datetime(2024, 7, 11, tzinfo=SHANGHAI)
    await incidents.fire_until(incidents.now)
    look, evaluate = f"/lookbacks/{lookback.id}/make", f"/evaluations/{evaluation.id}/conclude"
    one = [str(evaluation.id)]
    yesterday = (incidents.now.date() - timedelta(days=1)).isoformat()
    relapsed = {"result": "relapsed", "note": "n"}
    unmet = {"result": "partly", "conclusion": "c", "unmet": one}

    nameless = await faults(incidents, OFFICE, look, **relapsed)
    named = await faults(incidents, OFFICE, look, result="lasting", note="n", relapsed=one)
    assert (nameless, named) == ([("/relapsed", "missing")], [("/relapsed", "not_empty")])
    for path, body in ((look, relapsed | {"relapsed": one}), (evaluate, unmet)):
        for redo_by in ({}, {"redo_by": yesterday}):
            found = await faults(incidents, OFFICE, path, **body | redo_by)
            assert found == [("/redo_by", "gone_by")]
