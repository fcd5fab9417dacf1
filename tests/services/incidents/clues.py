"""Leads to hand in, and those who hand them in, check them and decide on them."""

from datetime import datetime, timedelta
from typing import Any

from kernel.access import Principal
from kernel.calendar import SHANGHAI
from kernel.ids import uuid7
from services.incidents.informants.tables import Informant
from tests.services.incidents.conftest import COUNTY, COUNTY_DESK, HAPPENED, USCC, Body
from tests.services.stage import Stage

HOTLINE = Principal(
    subject="hotline_12350",
    roles=frozenset({"hotline_client"}),
    region="4304",
    unit="430400.emergency",
    client=True,
)
OTHER_HOTLINE = Principal(
    subject="hotline_12345",
    roles=frozenset({"hotline_client"}),
    region="4304",
    unit="430400.emergency",
    client=True,
)
LEADER = Principal(
    subject="leader", roles=frozenset({"leader"}), region="4304", unit="430400.government"
)
OFFICE = Principal(
    subject="office",
    roles=frozenset({"committee_office"}),
    region="4304",
    unit="430400.committee_office",
)
SECRET_NAME, SECRET_PHONE = "欧阳举报", "13812345678"
SECRET_WORDS = "工友王某说井下死了两个人"
RESULT_DUE = datetime(2023, 8, 2, tzinfo=SHANGHAI)


def lead_body(**changes: Any) -> Body:
    body: Body = {
        "lead_id": str(uuid7()),
        "source": "hotline",
        "region_code": COUNTY,
        "place": "二号井",
        "location": {"lon": 112.86, "lat": 26.42},
        "occurred_at": (HAPPENED + timedelta(minutes=20)).isoformat(),
        "enterprise_uscc": USCC,
        "deaths_alleged": 2,
        "account": SECRET_WORDS,
        "informant": {"name": SECRET_NAME, "contact": SECRET_PHONE},
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


async def handed_in(stage: Stage, by: Principal = HOTLINE, **changes: Any) -> Body:
    answer = await stage.as_(by).post("/incidents/leads", json=lead_body(**changes))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def fill(stage: Stage, accident: str) -> None:
    """A row in every table of leads, informants and qualifications."""
    await handed_in(stage)
    [informant] = await stage.rows(Informant)
    desk = stage.as_(COUNTY_DESK)
    await desk.post(f"/incidents/informants/{informant.id}/reveals", json={"reason": "r"})
    await desk.post(f"/incidents/qualifications/{accident}/qualify", json={"opinion": "o"})


async def do(stage: Stage, lead: str, action: str, by: Principal = COUNTY_DESK, **body: Any) -> Any:
    return await stage.as_(by).post(f"/incidents/leads/{lead}/{action}", json=body)


async def read(stage: Stage, lead: str, by: Principal = COUNTY_DESK) -> Body:
    answer = await stage.as_(by).get(f"/incidents/leads/{lead}")
    assert answer.status_code == 200, answer.text
    return answer.json()
