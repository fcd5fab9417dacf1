"""Lead and supporting units: each its own part, closed together, delay where the work lay."""

import pytest

from contracts.gateway import Role
from reference.terms import DutyKind, UnitKind
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from services.tasks.organisations.tables import Unit
from services.tasks.parts.tables import Part
from tests.services.stage import Stage
from tests.services.tasks.city import reorganised, unit
from tests.services.tasks.measured import HOUSING, asked, planned
from tests.services.tasks.quotas import PROVINCE_OFFICE
from tests.services.tasks.sharing import (
    DONE,
    DUE,
    FIRE,
    HELPERS,
    all_but,
    divide,
    of,
    part,
    read,
    step,
    took,
)
from tests.services.tasks.story import CITY, CITY_OFFICE, OTHER_DESK, person


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    return await planned(tasks)


@pytest.fixture
async def shared(city: Stage) -> Obligation:
    """A duty that the city's housing department leads and six others support (article 10)."""
    row = await asked(city, "10.4", DutyKind.DEADLINE_TASK, unit=HOUSING, due_at=DUE)
    assert await divide(city) == 1 + len(HELPERS)
    return row


async def test_each_unit_that_a_duty_names_has_its_part_and_only_once(
    city: Stage, shared: Obligation
) -> None:
    again = await divide(city)

    found = await read(city, shared)
    roles = {one["unit"]: one["role"] for one in found["parts"]}
    assert again == 0
    assert roles == {HOUSING: "lead"} | dict.fromkeys(HELPERS, "supporting")
    assert set(found["holders"]) == HELPERS


async def test_those_who_lead_jointly_share_the_obligation_of_the_first_of_them(
    city: Stage,
) -> None:
    units = [f"{CITY}.{slug}" for slug in ("transport", "traffic_police")]
    rows = [await asked(city, "16.1", DutyKind.CONTINUOUS, unit=code, due_at=DUE) for code in units]

    await divide(city)

    parts = await city.rows(Part)
    roles = {one.unit: one.role for one in parts if one.role != "supporting"}
    assert roles == dict(zip(units, ("lead", "joint_lead"), strict=True))
    assert {one.obligation_id for one in parts} == {rows[0].id}


async def test_an_obligation_of_who_does_not_lead_is_not_divided(city: Stage) -> None:
    await asked(city, "10.4", DutyKind.DEADLINE_TASK, unit="430481.government", due_at=DUE)

    assert await divide(city) == 0


async def test_what_everybody_owes_by_itself_is_nobodys_part(city: Stage) -> None:
    """Every park has its risks assessed (23.1): none waits for another, or for who helps them."""
    parks = await city.rows(Unit, kind=UnitKind.PARK_COMMITTEE)
    for park in parks:
        await asked(city, "23.1", DutyKind.DEADLINE_TASK, unit=park.code, due_at=DUE)

    assert len(parks) > 1
    assert await divide(city) == 0


async def test_what_names_many_is_divided_among_all_who_carry_the_role(city: Stage) -> None:
    """Article 1 is supported by every member unit of the committee."""
    await asked(city, "1.1", DutyKind.CONTINUOUS, unit=f"{CITY}.organisation", due_at=DUE)

    opened = await divide(city, subjects=("city:lead",))

    assert opened > 20
    assert len({one.unit for one in await city.rows(Part)}) == opened


async def test_the_part_of_a_unit_that_ended_is_its_heirs(city: Stage) -> None:
    heir = unit(f"{CITY}.rescue", "救援局", "rescue", "principal")
    await reorganised(city, "merge", [FIRE, f"{CITY}.water"], [heir], on="2023-05-01")
    await asked(city, "10.4", DutyKind.DEADLINE_TASK, unit=HOUSING, due_at=DUE)

    await divide(city)

    units = {one.unit for one in await city.rows(Part)}
    assert f"{CITY}.rescue" in units
    assert units.isdisjoint({FIRE, f"{CITY}.water"})


async def test_the_whole_is_done_when_the_last_part_is(city: Stage, shared: Obligation) -> None:
    await all_but(city)
    await took(city, of(HOUSING), HOUSING, "hand-in")
    (before,) = await city.rows(Obligation, id=shared.id)

    await took(city, CITY_OFFICE, HOUSING, "accept")

    (after,) = await city.rows(Obligation, id=shared.id)
    found = await read(city, shared)
    assert (before.status, after.status) == (Status.OPEN, Status.FULFILLED)
    assert (found["done"], found["holders"]) == (True, [])


@pytest.mark.parametrize("kind", [DutyKind.RECURRING_QUOTA, DutyKind.RATE_TARGET])
async def test_where_something_is_counted_done_parts_are_not_enough(
    city: Stage, kind: DutyKind
) -> None:
    row = await asked(city, "10.4", kind, unit=HOUSING, due_at=DUE)
    await divide(city)
    await all_but(city)
    await took(city, of(HOUSING), HOUSING, "hand-in")
    await took(city, CITY_OFFICE, HOUSING, "accept")

    (found,) = await city.rows(Obligation, id=row.id)
    assert found.status == Status.OPEN


async def test_what_the_lead_proved_ends_it_only_once_the_others_have_done_their_part(
    city: Stage,
) -> None:
    row = await asked(city, "10.4", DutyKind.DEADLINE_TASK, unit=HOUSING, due_at=DUE, least=1)
    await divide(city)
    path = f"/tasks/obligations/{row.id}"
    handed_in = {"note": "All sites were looked at.", "happened_on": "2023-05-31"}
    assert (await city.as_(of(HOUSING)).post(f"{path}/evidence", json=handed_in)).is_success
    assert (await city.as_(CITY_OFFICE).post(f"{path}/accept", json={})).is_success
    (proved,) = await city.rows(Obligation, id=row.id)

    await all_but(city)
    await took(city, of(HOUSING), HOUSING, "hand-in")
    await took(city, CITY_OFFICE, HOUSING, "accept")

    (ended,) = await city.rows(Obligation, id=row.id)
    assert (proved.status, proved.credited, proved.parts_open) == (Status.OPEN, 1, 1 + len(HELPERS))
    assert (ended.status, ended.parts_open) == (Status.FULFILLED, 0)


async def test_a_quota_that_was_proved_and_shared_is_owed_again_where_the_proof_was_false(
    city: Stage,
) -> None:
    row = await asked(city, "10.4", DutyKind.RECURRING_QUOTA, unit=HOUSING, due_at=DUE, least=1)
    await divide(city)
    path = f"/tasks/obligations/{row.id}"
    handed_in = {"note": "All sites were looked at.", "happened_on": "2023-05-31"}
    piece = (await city.as_(of(HOUSING)).post(f"{path}/evidence", json=handed_in)).json()
    assert (await city.as_(CITY_OFFICE).post(f"{path}/accept", json={})).is_success
    await all_but(city)
    await took(city, of(HOUSING), HOUSING, "hand-in")
    await took(city, CITY_OFFICE, HOUSING, "accept")
    (done,) = await city.rows(Obligation, id=row.id)

    body = {"evidence_id": piece["id"], "why": "没有检查过"}
    answer = await city.as_(PROVINCE_OFFICE).post(f"{path}/withdraw", json=body)

    assert answer.status_code == 200, answer.text
    (owed,) = await city.rows(Obligation, id=row.id)
    assert (done.status, owed.status) == (Status.ACCEPTED, Status.OPEN)


async def test_the_lead_waits_for_every_supporting_part(city: Stage, shared: Obligation) -> None:
    await all_but(city, FIRE)

    early = await step(city, of(HOUSING), HOUSING, "hand-in")
    await took(city, CITY_OFFICE, FIRE, "excuse", reason="Its work is done by the county.")
    late = await step(city, of(HOUSING), HOUSING, "hand-in")

    assert (early.status_code, early.json()["type"]) == (409, "/problems/parts-wait-for")
    assert late.status_code == 200


async def test_a_returned_part_is_its_units_again(city: Stage, shared: Obligation) -> None:
    await took(city, of(FIRE), FIRE, "hand-in")
    handed_in = await read(city, shared)

    await took(city, of(HOUSING), FIRE, "return", reason="Which sites?")

    returned = await read(city, shared)
    assert HOUSING in handed_in["holders"]
    assert FIRE not in handed_in["holders"]
    assert set(returned["holders"]) == HELPERS
    assert [entry["note"] for entry in returned["entries"]] == [DONE["note"], "Which sites?"]


async def test_each_step_belongs_to_somebody(city: Stage, shared: Obligation) -> None:
    stranger = await step(city, OTHER_DESK, FIRE, "hand-in")
    beside = await step(city, of(HOUSING), FIRE, "hand-in")
    await took(city, of(FIRE), FIRE, "hand-in")
    own = await step(city, of(FIRE), FIRE, "accept")
    office = await step(city, CITY_OFFICE, FIRE, "accept")
    excused_by_lead = await step(city, of(HOUSING), FIRE, "excuse", {"reason": "x"})
    lead_excused = await step(city, CITY_OFFICE, HOUSING, "excuse", {"reason": "x"})
    await took(city, of(HOUSING), FIRE, "accept")
    await all_but(city, FIRE)
    await took(city, of(HOUSING), HOUSING, "hand-in")
    by_itself = await step(city, of(HOUSING), HOUSING, "accept")

    answers = (stranger, beside, own, office, excused_by_lead, lead_excused, by_itself)
    assert [answer.status_code for answer in answers] == [404, 403, 403, 403, 403, 409, 403]


async def test_an_office_that_shares_an_obligation_does_not_judge_its_parts(city: Stage) -> None:
    """Article 29 is led by the publicity department, jointly with the committee's office."""
    publicity = f"{CITY}.publicity"
    await asked(city, "29.1", DutyKind.CONTINUOUS, unit=publicity, due_at=DUE)
    await divide(city, subjects=("city:lead",))
    lead = await part(city, publicity)
    async with city.work() as session:
        row = await session.get_one(Part, lead.id)
        row.status = "handed_in"

    answer = await step(city, CITY_OFFICE, publicity, "accept")

    assert (await part(city, CITY_OFFICE.unit or "")).role == "joint_lead"
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/review-not-yours")


async def test_who_handed_a_part_in_and_moved_to_the_lead_does_not_accept_it(
    city: Stage, shared: Obligation
) -> None:
    moved = person(Role.INSPECTOR, HOUSING, subject=of(FIRE).subject)
    await took(city, of(FIRE), FIRE, "hand-in")

    own = await step(city, moved, FIRE, "accept")

    assert (own.status_code, own.json()["type"]) == (403, "/problems/review-not-yours")


async def test_evidence_of_another_obligation_proves_nothing(
    city: Stage, shared: Obligation
) -> None:
    other = await asked(city, "12.1", DutyKind.CONTINUOUS, unit=HOUSING, due_at=DUE)
    handed = await city.as_(of(HOUSING)).post(
        f"/tasks/obligations/{other.id}/evidence",
        json={"note": "The list.", "happened_on": "2023-05-31"},
    )

    body = DONE | {"evidence_id": handed.json()["id"]}
    answer = await step(city, of(FIRE), FIRE, "hand-in", body)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/alien-evidence")


async def test_what_is_over_takes_no_further_step(city: Stage, shared: Obligation) -> None:
    async with city.work() as session:
        row = await session.get_one(Obligation, shared.id)
        row.status = Status.SUPERSEDED

    answer = await step(city, of(FIRE), FIRE, "hand-in")

    assert answer.status_code == 409


async def test_those_who_share_it_see_each_other_and_strangers_see_nothing(
    city: Stage, shared: Obligation
) -> None:
    listed = [
        len((await city.as_(by).get("/tasks/parts?limit=200")).json()["items"])
        for by in (of(FIRE), CITY_OFFICE, OTHER_DESK)
    ]
    hidden = await city.as_(OTHER_DESK).get(f"/tasks/parts/of/{shared.id}")

    assert listed == [7, 7, 0]
    assert hidden.status_code == 404
