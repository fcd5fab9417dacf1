"""The incidents service on its stage, its actors, and a report to begin with."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from kernel import keyring
from kernel.access import Principal
from kernel.calendar import SHANGHAI
from kernel.ids import uuid7
from kernel.keyring import KeyRing, fresh_keys
from services.incidents.intake import operations
from services.incidents.intake.spool import Spool
from tests.services.conftest import PutOnStage
from tests.services.stage import Stage

USCC = "91430481MA4T00019M"
OTHER_USCC = "91430405MA4T00019K"
COUNTY = "430481"

ENTERPRISE = Principal(
    subject="enterprise", roles=frozenset({"enterprise"}), region=COUNTY, uscc=USCC
)
OTHER_ENTERPRISE = Principal(
    subject="other_enterprise", roles=frozenset({"enterprise"}), region="430405", uscc=OTHER_USCC
)


def desk(region: str, unit: str) -> Principal:
    return Principal(
        subject=f"desk {unit}", roles=frozenset({"duty_desk"}), region=region, unit=unit
    )


COUNTY_DESK = desk("430481", "430481.emergency")
OTHER_COUNTY_DESK = desk("430405", "430405.emergency")
CITY_DESK = desk("4304", "430400.emergency")
PROVINCE_DESK = desk("43", "430000.emergency")
INVESTIGATOR = Principal(
    subject="investigator",
    roles=frozenset({"investigator"}),
    region="4304",
    unit="430400.emergency",
)
PROVINCE = Principal(
    subject="province", roles=frozenset({"exchange_client"}), region="43", client=True
)

HAPPENED = datetime(2023, 6, 1, 9, 30, tzinfo=SHANGHAI)
KNOWN = datetime(2023, 6, 1, 10, 5, tzinfo=SHANGHAI)
RECEIVED = datetime(2023, 6, 1, 10, 40, tzinfo=SHANGHAI)
DAY = timedelta(days=1)

Body = dict[str, Any]
NewBody = Callable[..., Body]


@pytest.fixture(autouse=True)
def keys() -> Iterator[None]:
    keyring.use(KeyRing(fresh_keys()))
    yield
    keyring.use(None)


@pytest.fixture
async def incidents(put_on_stage: PutOnStage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    # Here the database is never away; a slow machine must not look like it.
    monkeypatch.setattr(operations, "PATIENCE_S", 60)
    stage = await put_on_stage("incidents")
    stage.application.state.spool = Spool()
    stage.now = RECEIVED
    return stage


def report_body(**changes: Any) -> Body:
    body: Body = {
        "report_id": str(uuid7()),
        "kind": "quick",
        "enterprise_uscc": USCC,
        "occurred_at": HAPPENED.isoformat(),
        "known_at": KNOWN.isoformat(),
        "region_code": COUNTY,
        "place": "二号井",
        "location": {"lon": 112.86, "lat": 26.42},
        "industry": "B06",
        "accident_type": "透水",
        "casualties": {"deaths": 5, "missing": 8},
        "missing_presumed_dead": False,
        "direct_loss_wan": 300.5,
        "summary": "井下透水",
        "measures": "已启动预案",
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


async def reported(stage: Stage, by: Principal = ENTERPRISE, **changes: Any) -> Body:
    answer = await stage.as_(by).post("/incidents/reports", json=report_body(**changes))
    assert answer.status_code == 201, answer.text
    return answer.json()
