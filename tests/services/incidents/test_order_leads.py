"""A hotline order that speaks of deaths is a lead: opened once, matched with what was reported."""

from typing import Any

from contracts.incidents import LeadSettled, LeadUnmatched
from contracts.tasks_orders import OrderDeathsTold
from kernel.ids import uuid7
from reference.terms import Hotline, OrderClass
from services.incidents.leads.tables import Lead
from tests.services.incidents.clues import do
from tests.services.incidents.conftest import COUNTY, HAPPENED, USCC, reported
from tests.services.stage import Stage


def told(**changed: Any) -> OrderDeathsTold:
    facts: dict[str, Any] = {
        "occurred_at": HAPPENED,
        "order_id": uuid7(),
        "region_code": COUNTY,
        "hotline": Hotline.WORK_SAFETY,
        "order_class": OrderClass.SAFETY_REPORT,
        "matter": "concealed_accident",
        "lead_id": uuid7(),
        "enterprise_uscc": USCC,
        "happened_at": HAPPENED,
        "uncertain_by_hours": 24,
        "deaths_alleged": 2,
        "lon": 112.86,
        "lat": 26.42,
    }
    return OrderDeathsTold(**facts | changed)


async def test_deaths_a_caller_spoke_of_are_checked(incidents: Stage) -> None:
    event = told()

    await incidents.hear(event)

    (lead,) = await incidents.rows(Lead)
    assert (lead.id, lead.source, lead.status) == (event.lead_id, "hotline", "checking")
    assert (lead.deaths_alleged, lead.uncertain_by_hours) == (2, 24)
    assert (lead.informant_id, lead.account) == (None, None)
    (alarm,) = await incidents.told(LeadUnmatched)
    assert alarm["lead_id"] == str(event.lead_id)


async def test_told_again_it_is_the_same_lead(incidents: Stage) -> None:
    envelope = incidents.envelope(told())

    for _ in range(2):
        await incidents.apply(envelope)

    assert len(await incidents.rows(Lead)) == 1


async def test_where_neither_point_nor_enterprise_is_known_it_is_checked_too(
    incidents: Stage,
) -> None:
    await incidents.hear(told(lon=None, lat=None, enterprise_uscc=None))

    (lead,) = await incidents.rows(Lead)
    assert (lead.lon, lead.enterprise_uscc, lead.status) == (None, None, "checking")
    assert lead.place


async def test_an_accident_that_was_reported_with_all_its_dead_owes_no_check(
    incidents: Stage,
) -> None:
    accident = await reported(incidents, casualties={"deaths": 2})

    await incidents.hear(told())

    (lead,) = await incidents.rows(Lead)
    assert (lead.status, str(lead.accident_id)) == ("matched", accident["accident_id"])


async def test_what_the_check_found_is_told_by_the_lead_s_id(incidents: Stage) -> None:
    event = told()
    await incidents.hear(event)

    await do(incidents, str(event.lead_id), "dismiss", note="查无此事")

    (settled,) = await incidents.told(LeadSettled)
    assert (settled["lead_id"], settled["confirmed"]) == (str(event.lead_id), False)
