"""The incidents service on its stage, its actors, and a report to begin with."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from kernel import keyring
from kernel.access import Principal
from kernel.calendar import SHANGHAI
from kernel.envelope import Envelope
from kernel.ids import uuid7
from kernel.keyring import KeyRing, fresh_keys
from kernel.transactions import ANYBODY
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
SECOND_INVESTIGATOR = Principal(
    subject="second investigator",
    roles=frozenset({"investigator"}),
    region="4304",
    unit="430400.emergency",
)
PROVINCE = Principal(
    subject="province", roles=frozenset({"exchange_client"}), region="43", client=True
)

AUDITOR = Principal(
    subject="auditor", roles=frozenset({"auditor"}), region="4304", unit="430400.emergency"
)
OFFICE = Principal(
    subject="office",
    roles=frozenset({"committee_office"}),
    region="4304",
    unit="430400.committee_office",
)

HAPPENED = datetime(2023, 6, 1, 9, 30, tzinfo=SHANGHAI)
KNOWN = datetime(2023, 6, 1, 10, 5, tzinfo=SHANGHAI)
RECEIVED = datetime(2023, 6, 1, 10, 40, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)

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


_TOLD = text("SELECT * FROM event_log ORDER BY recorded_at, version")


async def hear_itself(stage: Stage) -> None:
    """Deliver to the service all that it told, as its consumer would."""
    async with stage.work() as session:
        rows = (await session.execute(_TOLD)).all()
    for row in rows:
        await stage.apply(Envelope.of_row(row, service="incidents"))


async def heard(stage: Stage) -> None:
    """The service hears what it told itself, until it has nothing more to say."""
    query = text("SELECT * FROM event_log ORDER BY recorded_at, aggregate_id, version")
    known = -1
    while True:
        async with stage.work() as session:
            rows = (await session.execute(query)).all()
        if len(rows) == known:
            return
        known = len(rows)
        for row in rows:
            await stage.apply(
                Envelope(
                    id=str(row.event_id),
                    source="/anlian/incidents",
                    type=row.subject,
                    subject=row.aggregate_id,
                    time=row.occurred_at,
                    version=row.version,
                    data=orjson.loads(row.data),
                )
            )


def public_body(**changes: Any) -> Body:
    body: Body = {
        "public_report_id": str(uuid7()),
        "text": "二号井冒水，有人没上来",
        "region_code": COUNTY,
        "place": "二号井",
        "name": "张三丰",
        "phone": "13812345678",
        "missing": 2,
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


async def told_by_the_public(stage: Stage, address: str = "203.0.113.9", **changes: Any) -> Body:
    client = stage.as_(ANYBODY, **{"X-Forwarded-For": address})
    answer = await client.post("/incidents/public-reports", json=public_body(**changes))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def called(stage: Stage, by: Principal | None = None, **changes: Any) -> Body:
    body: Body = {
        "call_id": str(uuid7()),
        "called_at": RECEIVED.isoformat(),
        "caller_name": "李四",
        "caller_phone": "13987654321",
        "answered_by": "王五",
        "report": report_body(),
    } | changes
    answer = await stage.as_(by or COUNTY_DESK).post("/incidents/calls", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def filled(stage: Stage) -> None:
    """A row in every table: a finding, a call, a draft, a correction, a pair, a share."""
    told = await reported(stage, also_in=["430407"])
    await reported(stage, by=COUNTY_DESK)
    await heard(stage)
    await called(stage)
    await told_by_the_public(stage)
    enterprise = stage.as_(ENTERPRISE)
    draft = {"draft_id": str(uuid7()), "body": {"place": "二号井"}}
    assert (await enterprise.post("/incidents/drafts", json=draft)).is_success
    correction = {
        "correction_id": str(uuid7()),
        "changes": {"place": "三号井"},
        "why": "写错",
    }
    route = f"/incidents/reports/{told['report_id']}/corrections"
    assert (await enterprise.post(route, json=correction)).is_success
