"""Returns within their limit, objections and their arbitration, and what the catalogue learns."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from services.tasks.catalogue.rules import Lesson
from services.tasks.catalogue.tables import CatalogueLine, LearntLesson
from services.tasks.dispatches.tables import Dispatch
from services.tasks.objections.tables import Objection
from services.tasks.orders.tables import OrderEntry
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.hotline import (
    EMERGENCY_UNIT,
    GAS,
    GAS_LEADER,
    GAS_UNIT,
    HOUSING,
    HOUSING_LEADER,
    HOUSING_UNIT,
    MONDAY,
    OFFICE,
    OPERATOR,
    at,
    post,
)
from tests.services.tasks.story import COUNTY, person

SECOND = timedelta(seconds=1)
NOT_OURS = {"reason": "not_our_duty", "note": "不属我局职责。"}
RETURN_DUE = at(6, 7)
"""24:00 of 6 June, the working day after MONDAY."""


@pytest.fixture(autouse=True)
def monday(tasks: Stage) -> None:
    tasks.now = MONDAY


async def sent(tasks: Stage, lead: str = HOUSING_UNIT, *supporting: str) -> tuple[str, str]:
    """An order and the id of the part of its lead."""
    order_id = await hotline.taken(tasks)
    return order_id, await hotline.sent(tasks, order_id, lead, *supporting)


async def returned(tasks: Stage) -> tuple[str, str]:
    """An order that its lead has sent back."""
    order_id, held = await sent(tasks)
    await hotline.done(tasks, HOUSING, f"dispatches/{held}/return", NOT_OURS)
    return order_id, held


@pytest.mark.parametrize(("when", "code"), [(RETURN_DUE - SECOND, 200), (RETURN_DUE, 409)])
@pytest.mark.parametrize("signed", [False, True])
async def test_a_unit_sends_back_what_is_not_its_own_until_the_limit(
    tasks: Stage, when: datetime, code: int, signed: bool
) -> None:
    order_id, held = await sent(tasks)
    if signed:
        await hotline.done(tasks, HOUSING, f"dispatches/{held}/sign")
    tasks.now = when

    answer = await post(tasks, HOUSING, f"dispatches/{held}/return", NOT_OURS)

    assert answer.status_code == code
    stands = (await hotline.order(tasks, order_id)).status
    assert stands == ("returned" if code == 200 else "signed" if signed else "dispatched")
    if code == 409:
        assert answer.json()["type"] == "/problems/return-too-late"
        assert await hotline.told(tasks, "returned") == []


@pytest.mark.parametrize(("when", "code"), [(at(6, 26) - SECOND, 200), (at(6, 26), 409)])
async def test_the_limit_of_a_return_runs_past_a_holiday(
    tasks: Stage, when: datetime, code: int
) -> None:
    tasks.now = at(6, 21, 16)  # the eve of the Dragon Boat holiday; Sunday 25 June is worked
    _, held = await sent(tasks)
    tasks.now = when

    answer = await post(tasks, HOUSING, f"dispatches/{held}/return", NOT_OURS)

    assert answer.status_code == code


async def test_a_return_says_why(tasks: Stage) -> None:
    _, held = await sent(tasks)

    answer = await post(tasks, HOUSING, f"dispatches/{held}/return", {"reason": "not_our_duty"})

    assert answer.status_code == 422


async def test_what_is_being_handled_is_not_sent_back(tasks: Stage) -> None:
    order_id, _ = await sent(tasks)
    held = await hotline.handling(tasks, order_id)

    answer = await post(tasks, HOUSING, f"dispatches/{held}/return", NOT_OURS)

    assert answer.json()["type"] == "/problems/dispatch-action-refused"


async def test_an_accepted_return_goes_elsewhere_with_the_whole_time(tasks: Stage) -> None:
    order_id, _ = await returned(tasks)
    tasks.now = at(6, 8, 10)

    await hotline.sent(tasks, order_id, GAS_UNIT)

    before = await hotline.part(tasks, order_id, HOUSING_UNIT)
    after = await hotline.part(tasks, order_id, GAS_UNIT)
    assert (before.status, after.status) == ("returned", "sent")
    assert after.due_at == at(6, 16)
    order = await hotline.order(tasks, order_id)
    assert (order.lead, order.units, order.returns) == (GAS_UNIT, [GAS_UNIT], 1)
    await tasks.fire_until(at(6, 14))
    blamed = {fact["unit"] for fact in await hotline.told(tasks, "overdue")}
    assert HOUSING_UNIT not in blamed


async def test_it_does_not_go_back_to_the_unit_that_returned_it(tasks: Stage) -> None:
    order_id, _ = await returned(tasks)

    answer = await post(tasks, OPERATOR, f"dispatches/of/{order_id}", {"lead": HOUSING_UNIT})

    assert answer.json()["type"] == "/problems/back-to-returner"
    assert (await hotline.order(tasks, order_id)).status == "returned"
    assert await tasks.rows(LearntLesson) == []


async def test_a_refused_return_leaves_the_unit_the_time_it_had(tasks: Stage) -> None:
    order_id, held = await returned(tasks)
    tasks.now = at(6, 8, 10)

    await hotline.done(tasks, OPERATOR, f"dispatches/{held}/refuse-return", {"note": "是你的。"})

    part = await hotline.part(tasks, order_id, HOUSING_UNIT)
    assert (part.status, part.due_at, part.sign_due_at) == ("sent", at(6, 13), at(6, 10))
    again = await post(tasks, HOUSING, f"dispatches/{held}/return", NOT_OURS)
    assert again.json()["type"] == "/problems/returns-used-up"


async def test_nobody_is_overdue_while_a_return_is_decided_but_may_be_after_it(
    tasks: Stage,
) -> None:
    order_id, held = await returned(tasks)
    await tasks.fire_until(at(6, 14))
    waiting = await hotline.part(tasks, order_id, HOUSING_UNIT)
    tasks.now = at(6, 14, 10)

    await hotline.done(tasks, OPERATOR, f"dispatches/{held}/refuse-return", {"note": "是你的。"})

    assert waiting.overdue_at is None
    assert (await hotline.part(tasks, order_id, HOUSING_UNIT)).overdue_at == tasks.now
    told = [(fact["unit"], fact["step"]) for fact in await hotline.told(tasks, "overdue")]
    assert told == [(HOUSING_UNIT, "handle")]


async def test_a_supporting_unit_is_not_overdue_while_its_return_is_decided(tasks: Stage) -> None:
    order_id, _ = await sent(tasks, HOUSING_UNIT, GAS_UNIT)
    theirs = (await hotline.part(tasks, order_id, GAS_UNIT)).id
    await hotline.handling(tasks, order_id)
    await hotline.done(tasks, GAS, f"dispatches/{theirs}/return", NOT_OURS)

    await tasks.fire_until(at(6, 13))

    part = await hotline.part(tasks, order_id, GAS_UNIT)
    lead = await hotline.part(tasks, order_id, HOUSING_UNIT)
    assert (part.overdue_at, lead.overdue_at) == (None, None)
    assert lead.delayed_by == [OPERATOR.unit]  # the desk has not decided


async def test_a_supporting_unit_objects_and_another_one_takes_its_part(tasks: Stage) -> None:
    order_id, lead = await sent(tasks, HOUSING_UNIT, GAS_UNIT)
    theirs = (await hotline.part(tasks, order_id, GAS_UNIT)).id
    await hotline.done(tasks, GAS, f"dispatches/{theirs}/return", NOT_OURS)
    await hotline.done(tasks, OPERATOR, f"dispatches/{theirs}/refuse-return", {"note": "是你的。"})
    objection = await hotline.done(
        tasks,
        GAS,
        f"objections/to/{theirs}",
        {"named": EMERGENCY_UNIT, "grounds": "应由应急办理。"},
    )

    await hotline.done(
        tasks,
        OFFICE,
        f"objections/{objection['id']}/settle",
        {"ruling": "由应急局协办。", "to": {"lead": EMERGENCY_UNIT}},
    )

    assert (await hotline.part(tasks, order_id, GAS_UNIT)).status == "released"
    new = await hotline.part(tasks, order_id, EMERGENCY_UNIT)
    assert (new.part, new.status, new.arbitrated) == ("supporting", "sent", True)
    order = await hotline.order(tasks, order_id)
    assert (order.lead, order.units) == (HOUSING_UNIT, [HOUSING_UNIT, EMERGENCY_UNIT])
    assert (await tasks.rows(Dispatch, id=lead))[0].status == "sent"
    assert await tasks.rows(LearntLesson) == []


async def test_a_second_return_is_signed_by_a_leader_and_a_third_is_not_made(tasks: Stage) -> None:
    order_id, _ = await returned(tasks)
    second = await hotline.sent(tasks, order_id, GAS_UNIT)

    clerk = await post(tasks, GAS, f"dispatches/{second}/return", NOT_OURS)
    await hotline.done(tasks, GAS_LEADER, f"dispatches/{second}/return", NOT_OURS)
    desk = await post(tasks, OPERATOR, f"dispatches/of/{order_id}", {"lead": EMERGENCY_UNIT})
    third = await hotline.sent(tasks, order_id, EMERGENCY_UNIT, by=OFFICE)
    chief = person(hotline.Role.LEADER, EMERGENCY_UNIT)
    last = await post(tasks, chief, f"dispatches/{third}/return", NOT_OURS)

    assert clerk.json()["type"] == "/problems/leader-signs"
    assert desk.json()["type"] == "/problems/arbitration-needed"
    assert last.json()["type"] == "/problems/returns-used-up"
    assert (await hotline.part(tasks, order_id, EMERGENCY_UNIT)).arbitrated


async def test_a_supporting_unit_s_return_leaves_the_order_with_its_lead(tasks: Stage) -> None:
    order_id, _ = await sent(tasks, HOUSING_UNIT, GAS_UNIT)
    theirs = (await hotline.part(tasks, order_id, GAS_UNIT)).id
    lead = await hotline.handling(tasks, order_id)

    await hotline.done(tasks, GAS, f"dispatches/{theirs}/return", NOT_OURS)
    waiting = await post(tasks, HOUSING, f"dispatches/{lead}/answer", {"answer": "已整改。"})
    await hotline.done(tasks, OPERATOR, f"dispatches/{theirs}/accept-return", {"note": "可以。"})
    done = await post(tasks, HOUSING, f"dispatches/{lead}/answer", {"answer": "已整改。"})

    assert (waiting.status_code, done.status_code) == (409, 200)
    assert await tasks.rows(LearntLesson) == []


async def test_a_lead_s_return_is_accepted_only_by_sending_it_elsewhere(tasks: Stage) -> None:
    _, held = await returned(tasks)

    answer = await post(tasks, OPERATOR, f"dispatches/{held}/accept-return", {"note": "可以。"})

    assert answer.status_code == 409


async def test_no_unit_decides_on_its_own_return(tasks: Stage) -> None:
    _, held = await returned(tasks)
    of_the_unit = person(hotline.Role.COMMITTEE_OFFICE, HOUSING_UNIT)

    answer = await post(tasks, of_the_unit, f"dispatches/{held}/refuse-return", {"note": "?"})

    assert answer.status_code == 403


async def refused(tasks: Stage) -> tuple[str, str]:
    """An order whose lead was refused its return on MONDAY."""
    order_id, held = await returned(tasks)
    await hotline.done(tasks, OPERATOR, f"dispatches/{held}/refuse-return", {"note": "是你的。"})
    return order_id, held


OBJECTION = {"named": GAS_UNIT, "grounds": "燃气管线由城管局主管。"}


@pytest.mark.parametrize(("when", "code"), [(RETURN_DUE - SECOND, 201), (RETURN_DUE, 409)])
async def test_a_unit_objects_within_a_day_of_the_refusal(
    tasks: Stage, when: datetime, code: int
) -> None:
    order_id, held = await refused(tasks)
    tasks.now = when

    answer = await post(tasks, HOUSING, f"objections/to/{held}", OBJECTION)

    assert answer.status_code == code
    assert (await hotline.order(tasks, order_id)).status == (
        "disputed" if code == 201 else "dispatched"
    )


async def test_a_unit_returns_before_it_objects(tasks: Stage) -> None:
    _, held = await sent(tasks)

    answer = await post(tasks, HOUSING, f"objections/to/{held}", OBJECTION)

    assert answer.json()["type"] == "/problems/nothing-to-object-to"


@pytest.mark.parametrize("named", [HOUSING_UNIT, "430481.nobody"])
async def test_an_objection_names_another_unit(tasks: Stage, named: str) -> None:
    _, held = await refused(tasks)

    answer = await post(tasks, HOUSING, f"objections/to/{held}", OBJECTION | {"named": named})

    assert answer.status_code == 422


async def objected(tasks: Stage) -> tuple[str, str, str]:
    order_id, held = await refused(tasks)
    made = await hotline.done(tasks, HOUSING, f"objections/to/{held}", OBJECTION)
    return order_id, held, made["id"]


async def test_the_unit_that_is_named_says_what_it_thinks_once(tasks: Stage) -> None:
    _, _, objection = await objected(tasks)

    foreign = await post(tasks, HOUSING, f"objections/{objection}/reply", {"reply": "是的。"})
    said = await hotline.done(tasks, GAS, f"objections/{objection}/reply", {"reply": "不是。"})
    again = await post(tasks, GAS, f"objections/{objection}/reply", {"reply": "不是。"})

    assert (foreign.status_code, again.status_code) == (403, 409)
    assert (said["status"], said["reply"]) == ("replied", "不是。")


async def test_an_upheld_objection_moves_the_order_for_good(tasks: Stage) -> None:
    order_id, _, objection = await objected(tasks)
    tasks.now = at(6, 8, 10)

    settled = await hotline.done(
        tasks,
        OFFICE,
        f"objections/{objection}/settle",
        {"ruling": "由城管局办理。", "to": {"lead": GAS_UNIT}},
    )

    assert (settled["status"], settled["assigned"]) == ("upheld", GAS_UNIT)
    before = await hotline.part(tasks, order_id, HOUSING_UNIT)
    after = await hotline.part(tasks, order_id, GAS_UNIT)
    assert (before.status, after.due_at, after.arbitrated) == ("released", at(6, 16), True)
    final = await post(tasks, GAS_LEADER, f"dispatches/{after.id}/return", NOT_OURS)
    assert final.status_code == 409
    assert {(row.unit, row.lesson) for row in await tasks.rows(LearntLesson)} == {
        (HOUSING_UNIT, Lesson.RETURNED)
    }


async def test_a_dismissed_objection_leaves_it_where_it_was_for_good(tasks: Stage) -> None:
    order_id, held, objection = await objected(tasks)

    await hotline.done(tasks, OFFICE, f"objections/{objection}/settle", {"ruling": "由住建办理。"})

    part = await hotline.part(tasks, order_id, HOUSING_UNIT)
    assert (part.status, part.arbitrated, part.due_at) == ("sent", True, at(6, 13))
    again = await post(tasks, HOUSING, f"objections/to/{held}", OBJECTION)
    assert again.json()["type"] == "/problems/nothing-to-object-to"
    assert await tasks.rows(LearntLesson) == []
    twice = await post(tasks, OFFICE, f"objections/{objection}/settle", {"ruling": "再裁。"})
    assert twice.status_code == 409


@pytest.mark.parametrize("unit", [HOUSING_UNIT, GAS_UNIT, EMERGENCY_UNIT])
async def test_nobody_arbitrates_whose_unit_is_a_party_or_holds_a_part(
    tasks: Stage, unit: str
) -> None:
    _, held = await sent(tasks, HOUSING_UNIT, EMERGENCY_UNIT)
    await hotline.done(tasks, HOUSING, f"dispatches/{held}/return", NOT_OURS)
    await hotline.done(tasks, OPERATOR, f"dispatches/{held}/refuse-return", {"note": "是你的。"})
    objection = (await hotline.done(tasks, HOUSING, f"objections/to/{held}", OBJECTION))["id"]
    party = person(hotline.Role.COMMITTEE_OFFICE, unit)

    answer = await post(tasks, party, f"objections/{objection}/settle", {"ruling": "由他办理。"})

    assert answer.status_code == 403
    (row,) = await tasks.rows(Objection)
    assert row.decided_at is None


async def propose(tasks: Stage, matter: str = "noise") -> list[tuple[str, int]]:
    path = f"/tasks/catalogue/proposal?matter={matter}&region={COUNTY}"
    found = (await tasks.as_(OPERATOR).get(path)).json()
    return [(row["unit"], row["points"]) for row in found]


async def go_wrong(tasks: Stage) -> None:
    """An order that the catalogue's first unit returns and another one settles."""
    first = (await propose(tasks))[0][0]
    inspector = person(hotline.Role.INSPECTOR, first)
    order_id = await hotline.taken(tasks)
    held = await hotline.sent(tasks, order_id, first)
    await hotline.done(tasks, inspector, f"dispatches/{held}/return", NOT_OURS)
    await hotline.sent(tasks, order_id, GAS_UNIT)
    await hotline.answered(tasks, order_id, GAS)


async def test_the_catalogue_learns_from_returns_and_from_who_settled_it(tasks: Stage) -> None:
    (ecology, points), *_ = before = await propose(tasks)

    await go_wrong(tasks)
    once = dict(await propose(tasks))
    await go_wrong(tasks)
    twice = await propose(tasks)

    assert dict(before).get(GAS_UNIT) is None
    assert (once[ecology], once[GAS_UNIT]) == (points - 30, 30)
    assert twice[0] == (GAS_UNIT, 60)
    assert dict(twice)[ecology] == points - 60
    assert dict(await propose(tasks, "gas")).get(GAS_UNIT) == 150  # another matter learnt nothing


async def test_what_was_learnt_can_be_worked_out_again_from_the_log(tasks: Stage) -> None:
    for _ in range(2):
        await go_wrong(tasks)
    await returned(tasks)  # one that nobody has decided on

    kept = Counter((row.unit, row.lesson) for row in await tasks.rows(LearntLesson))

    parts = {str(row.id): row for row in await tasks.rows(Dispatch)}
    entries = sorted(await tasks.rows(OrderEntry), key=lambda entry: entry.id)
    again: Counter[tuple[str, str]] = Counter()
    came_back: dict[object, str] = {}
    settled_after: set[object] = set()
    for entry in entries:
        if entry.action == "return":
            came_back[entry.order_id] = parts[entry.detail["dispatch"]].unit
        elif entry.action == "dispatch" and entry.order_id in came_back:
            again[came_back.pop(entry.order_id), "returned"] += 1
            settled_after.add(entry.order_id)
        elif entry.action == "answer" and entry.order_id in settled_after:
            again[parts[entry.detail["dispatch"]].unit, "settled"] += 1
    assert kept == again


async def test_a_return_for_want_of_clarity_teaches_nothing(tasks: Stage) -> None:
    order_id, held = await sent(tasks)
    await hotline.done(
        tasks, HOUSING, f"dispatches/{held}/return", {"reason": "unclear", "note": "诉求不清。"}
    )

    await hotline.sent(tasks, order_id, GAS_UNIT)

    assert await tasks.rows(LearntLesson) == []


def line(**changed: object) -> dict[str, object]:
    body: dict[str, object] = {
        "matter": "noise",
        "lead": "{county}.urban_management",
        "reason": "职责调整。",
        "effective_from": "2023-06-05",
    }
    return body | changed


async def test_a_line_is_written_over_the_pack_from_its_day_on(tasks: Stage) -> None:
    tomorrow = line(effective_from="2023-06-06", region_code=COUNTY)

    await hotline.done(tasks, OFFICE, "catalogue/lines", tomorrow)

    today = await propose(tasks)
    tasks.now = at(6, 6, 10)
    assert today[0][0] != GAS_UNIT
    assert (await propose(tasks))[0] == (GAS_UNIT, 100)
    shown = (await tasks.as_(OPERATOR).get("/tasks/catalogue/lines")).json()
    assert ("noise", COUNTY) in {(row["matter"], row["region"]) for row in shown}


async def test_the_line_before_ends_on_the_eve_and_history_is_not_rewritten(tasks: Stage) -> None:
    await hotline.done(tasks, OFFICE, "catalogue/lines", line())
    await hotline.done(
        tasks, OFFICE, "catalogue/lines", line(lead="{county}.housing", effective_from="2023-07-01")
    )

    back = await post(tasks, OFFICE, "catalogue/lines", line(effective_from="2023-07-01"))

    rows = sorted(await tasks.rows(CatalogueLine), key=lambda row: row.effective_from)
    assert [str(row.effective_to) for row in rows] == ["2023-06-30", "None"]
    assert back.json()["type"] == "/problems/line-written-later"


async def test_a_line_that_loops_is_refused_and_nothing_is_lost(tasks: Stage) -> None:
    # The pack has noise handled as environment.
    looping = line(matter="environment", lead=None, same_as="noise")

    answer = await post(tasks, OFFICE, "catalogue/lines", looping)

    assert answer.status_code == 409
    assert answer.json()["matters"] == ["environment", "noise", "environment"]
    assert await tasks.rows(CatalogueLine) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"lead": None},
        {"same_as": "gas"},
        {"matter": "witchcraft"},
        {"lead": None, "same_as": "witchcraft"},
        {"lead": "{county}.nobody"},
        {"lead": "{moon}.housing"},
        {"supporting": ["430481.nobody"]},
        {"lead": None, "same_as": "gas", "supporting": ["{county}.housing"]},
    ],
)
async def test_a_line_names_units_or_another_matter_that_exist(
    tasks: Stage, wrong: dict[str, object]
) -> None:
    answer = await post(tasks, OFFICE, "catalogue/lines", line(**wrong))

    assert answer.status_code == 422


async def test_a_county_s_office_writes_no_line_for_the_city(tasks: Stage) -> None:
    county = person(hotline.Role.COMMITTEE_OFFICE, f"{COUNTY}.committee_office")

    city = await post(tasks, county, "catalogue/lines", line())
    own = await post(tasks, county, "catalogue/lines", line(region_code=COUNTY))

    assert (city.status_code, own.status_code) == (403, 201)


async def test_a_leader_of_another_unit_does_not_return_it(tasks: Stage) -> None:
    _, held = await sent(tasks, HOUSING_UNIT, GAS_UNIT)

    answer = await post(tasks, GAS_LEADER, f"dispatches/{held}/return", NOT_OURS)
    own = await post(tasks, HOUSING_LEADER, f"dispatches/{held}/return", NOT_OURS)

    assert (answer.status_code, own.status_code) == (403, 200)
