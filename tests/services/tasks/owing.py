"""Everything that calendars and digests know, made by those who make it, and who does it then."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contracts.gateway import Role
from kernel.calendar import Cadence, closes_at
from kernel.ids import uuid7
from reference.terms import DutyKind
from services.tasks.indicators.domain import period_of
from services.tasks.obligations.tables import Obligation
from services.tasks.rankings.tables import Ranking, RankingRow
from services.tasks.supervisionanswers.tables import SupervisionCommitment
from services.tasks.supervisions.tables import Supervision
from tests.services.stage import Stage
from tests.services.tasks import (
    hotline,
    scoring,
    supervising,
    test_cards,
    test_order_clocks,
    test_order_objections,
)
from tests.services.tasks.hotline import GAS_UNIT, HOUSING_UNIT, OPERATOR, at
from tests.services.tasks.measured import HOUSING, asked
from tests.services.tasks.story import CITY, COUNTY, person
from tests.services.tasks.supervising import COLLEAGUE, GAS, ISSUER, do

Made = Callable[[Stage], Awaitable[str]]
"""Makes something owed; what the rest needs to know of it."""
Done = Callable[[Stage, str], Awaitable[Any]]

TOMORROW = at(6, 7)
"""24:00 of the working day after MONDAY."""
LEAD = HOUSING_UNIT
EDUCATION = f"{CITY}.education"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One sort of what is due."""

    kind: str
    unit: str
    due_at: datetime
    made: Made
    done: Done
    lapses: bool = False


async def _obligation(city: Stage) -> str:
    row = await asked(
        city, "10.4", DutyKind.RATE_TARGET, unit=HOUSING, due_at=closes_at(date(2023, 6, 14))
    )
    return str(row.id)


async def _excused(city: Stage, found: str) -> None:
    async with city.work() as session:
        (await session.get_one(Obligation, found)).status = "accepted"


async def _returned(city: Stage) -> str:
    _, held = await hotline.returned(city)
    return held


async def _kept(city: Stage, held: str) -> None:
    await hotline.done(city, OPERATOR, f"dispatches/{held}/refuse-return", {"note": "是你的。"})


async def _sent(city: Stage) -> str:
    _, held = await hotline.dispatched(city)
    return held


async def _signed(city: Stage, held: str) -> None:
    await hotline.done(city, hotline.HOUSING, f"dispatches/{held}/sign")


async def _dispatched(city: Stage) -> str:
    order_id, _ = await hotline.dispatched(city)
    return order_id


async def _objected(city: Stage) -> str:
    _, _, body = await _objection(city)
    return str(body["id"])


async def _objection(city: Stage) -> tuple[str, str, dict[str, Any]]:
    order_id, held = await test_order_objections.refused(city)
    said = test_order_objections.OBJECTION
    return (
        order_id,
        held,
        await hotline.done(city, hotline.HOUSING, f"objections/to/{held}", said),
    )


async def _settled(city: Stage, objection: str) -> None:
    body = {"ruling": "由其办理。"}
    await hotline.done(city, hotline.OFFICE, f"objections/{objection}/settle", body)


async def _more_time(city: Stage) -> str:
    _, _, request = await test_order_clocks.asked(city)
    return str(request["id"])


async def _given(city: Stage, request: str) -> None:
    await hotline.done(city, OPERATOR, f"order-extensions/{request}/approve", {"remark": "同意"})


async def _issued_to_two(city: Stage) -> str:
    return await supervising.issued(city, addressees=[HOUSING_UNIT, GAS_UNIT])


async def _promised(city: Stage) -> str:
    supervision = await supervising.received(city)
    async with city.work() as session:
        (await session.get_one(Supervision, supervision)).met_at = city.now
        session.add(
            SupervisionCommitment(
                id=uuid7(), supervision_id=supervision, text="整改", due_at=at(6, 16)
            )
        )
    return supervision


async def _kept_promise(city: Stage, supervision: str) -> None:
    answer = await do(city, supervising.HOUSING, f"{supervision}/answers", text="已改", five=None)
    assert answer.status_code == 201, answer.text
    await _accepted(city, supervision)


async def _accepted(city: Stage, supervision: str) -> None:
    answer = await do(city, COLLEAGUE, f"{supervision}/accept", remark="属实")
    assert answer.status_code == 200, answer.text


async def _noticed(city: Stage) -> str:
    card = await test_cards.two_larger(city)
    body = {"note": "拟黄牌警告", "threshold_confirmed": True}
    answer = await test_cards.post(city, scoring.OFFICE, card, "notify", **body)
    assert answer.status_code == 200, answer.text
    return str(card.id)


async def _replied(city: Stage, _: str = "") -> str:
    (card,) = await test_cards.cards(city)
    answer = await test_cards.post(city, test_cards.LEADER, card, "reply", reply="已整改")
    assert answer.status_code == 200, answer.text
    return str(card.id)


async def _noticed_and_replied(city: Stage) -> str:
    await _noticed(city)
    return await _replied(city)


async def _declined(city: Stage, _: str) -> None:
    (card,) = await test_cards.cards(city)
    answer = await test_cards.post(city, scoring.MAYOR, card, "decline", grounds="不予处理")
    assert answer.status_code == 200, answer.text


async def _ranked(city: Stage) -> str:
    """The ranking of May is published, and a county says that its rank is wrong."""
    month = period_of(date(2023, 5, 1), Cadence.MONTH)
    unit = f"{scoring.LEIYANG}.government"
    ranking = Ranking(
        id=uuid7(),
        region_code=CITY,
        group_code="counties",
        cadence="month",
        first=month.first,
        last=month.last,
        year=2023,
        version=1,
        number=5,
        status="published",
        as_of=city.now,
        units=1,
        unmeasured=0,
        drafted_at=city.now,
        drafted_by="platform",
        published_at=city.now,
        published_by="mayor",
        objections_until=at(6, 13),
    )
    row = RankingRow(
        ranking_id=ranking.id,
        place=1,
        subject=unit,
        region_code=scoring.LEIYANG,
        name_zh="耒阳市",
        name_en="Leiyang",
        rank=1,
        tied=False,
        score=50,
        earned=50,
        weight=100,
        taken_off=0,
        unmeasured=0,
    )
    async with city.work() as session:
        session.add(ranking)
        await session.flush()
        session.add(row)
    path = f"/tasks/score-objections/to/{ranking.id}"
    by = scoring.county_leader(scoring.LEIYANG)
    answer = await city.as_(by).post(path, json={"grounds": "名次有误"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def _ruled(city: Stage, objection: str) -> None:
    path = f"/tasks/score-objections/{objection}/dismiss"
    answer = await city.as_(scoring.OFFICE).post(path, json={"ruling": "无误"})
    assert answer.status_code == 200, answer.text


async def _objected_to_duty(city: Stage) -> str:
    due = closes_at(date(2023, 12, 29))
    row = await asked(city, "10.4", DutyKind.RATE_TARGET, unit=EDUCATION, due_at=due)
    by = person(Role.LEADER, EDUCATION, subject="head of education")
    body = {"ground": "not_ours", "why": "不属于我局职责。"}
    answer = await city.as_(by).post(f"/tasks/appeals/for/{row.id}", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def _refused(city: Stage, appeal: str) -> None:
    path = f"/tasks/appeals/{appeal}/refuse"
    answer = await city.as_(scoring.OFFICE).post(path, json={"remark": "是你局职责。"})
    assert answer.status_code == 200, answer.text


DESK = str(OPERATOR.unit)
CASES = (
    Case(
        kind="obligation",
        unit=HOUSING,
        due_at=closes_at(date(2023, 6, 14)),
        made=_obligation,
        done=_excused,
    ),
    Case(
        kind="order_dispatch",
        unit=DESK,
        due_at=TOMORROW,
        made=hotline.taken,
        done=hotline.sent,
    ),
    Case(kind="order_sign", unit=LEAD, due_at=TOMORROW, made=_sent, done=_signed),
    Case(
        kind="order",
        unit=LEAD,
        due_at=at(6, 13),
        made=_dispatched,
        done=hotline.answered,
    ),
    Case(kind="order_return", unit=DESK, due_at=TOMORROW, made=_returned, done=_kept),
    Case(
        kind="order_objection",
        unit=f"{COUNTY}.committee_office",
        due_at=TOMORROW,
        made=_objected,
        done=_settled,
    ),
    Case(kind="order_extension", unit=DESK, due_at=TOMORROW, made=_more_time, done=_given),
    Case(
        kind="order_callback",
        unit=DESK,
        due_at=at(6, 9),
        made=hotline.heard_out,
        done=lambda city, order_id: hotline.visited(city, order_id, "satisfied"),
    ),
    Case(
        kind="supervision_receipt",
        unit=GAS_UNIT,
        due_at=TOMORROW,
        made=_issued_to_two,
        done=lambda city, found: do(city, GAS, f"{found}/receive"),
    ),
    Case(
        kind="supervision",
        unit=HOUSING_UNIT,
        due_at=supervising.DUE,
        made=supervising.received,
        done=lambda city, found: do(
            city, supervising.HOUSING, f"{found}/answers", text="已改", five=None
        ),
    ),
    Case(
        kind="supervision_commitment",
        unit=HOUSING_UNIT,
        due_at=at(6, 16),
        made=_promised,
        done=_kept_promise,
    ),
    Case(
        kind="supervision_acceptance",
        unit=ISSUER,
        due_at=at(6, 13),
        made=supervising.answered,
        done=_accepted,
    ),
    Case(
        kind="card_reply",
        unit=test_cards.UNIT,
        due_at=at(6, 13),
        made=_noticed,
        done=_replied,
        lapses=True,
    ),
    Case(
        kind="card_decision",
        unit=f"{CITY}.committee_office",
        due_at=at(6, 20),
        made=_noticed_and_replied,
        done=_declined,
    ),
    Case(
        kind="score_ruling",
        unit=f"{CITY}.committee_office",
        due_at=at(6, 13),
        made=_ranked,
        done=_ruled,
    ),
    Case(
        kind="appeal_decision",
        unit=f"{CITY}.committee_office",
        due_at=at(6, 13),
        made=_objected_to_duty,
        done=_refused,
    ),
)
