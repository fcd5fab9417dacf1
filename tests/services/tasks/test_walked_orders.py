"""Every route of hotline orders, by every role, at every standing: no leak, nobody shut out."""

import pytest

from contracts.gateway import Role
from services.tasks.callers.tables import Caller, CallerReveal
from services.tasks.extensions.tables import OrderExtension
from services.tasks.objections.tables import Objection
from services.tasks.repeats.tables import OrderRepeat
from tests.services import played, walls
from tests.services.played import Play, Row
from tests.services.stage import Stage
from tests.services.tasks import hotline
from tests.services.tasks.hotline import (
    CALLER,
    GAS,
    GAS_UNIT,
    GOVERNMENT_LINE,
    HOUSING,
    HOUSING_UNIT,
    NOT_OURS,
    OFFICE_LEADER,
    OPERATOR,
    SECRET_NAME,
    SECRET_PHONE,
    SECRET_WORDS,
)
from tests.services.tasks.test_order_clocks import asked
from tests.services.tasks.test_order_objections import OBJECTION, objected, refused

pytestmark = pytest.mark.usefixtures("monday")

RULING = {"ruling": "由城管局办理。", "to": {"lead": GAS_UNIT}}
SECRETS = (SECRET_NAME, SECRET_PHONE, SECRET_WORDS)
OWN_LINE = {Role.HOTLINE_OPERATOR: OPERATOR.subject, Role.HOTLINE_CLIENT: GOVERNMENT_LINE.subject}
FURTHER = {
    "GET /orders/{order_id}/status": "a line follows what it handed in itself",
    "POST /orders/{order_id}/close": "a line's system files what it handed in itself",
    "POST /callbacks/of/{order_id}": "a line's system visits whom it heard itself",
    "POST /dispatches/{dispatch_id}/refuse-return": "nobody judges what their own unit sends back",
    "POST /dispatches/{dispatch_id}/accept-return": "nobody judges what their own unit sends back",
    "GET /callers/reveals/{reveal_id}": "only who asked opens a caller, once another agreed",
}
LISTS = {
    "GET /orders",
    "GET /dispatches",
    "GET /objections",
    "GET /order-extensions",
    "GET /repeats",
    "GET /callers/reveals",
    "GET /punctuality",
}
ROOMS = {
    "orders",
    "dispatches",
    "objections",
    "order-extensions",
    "callbacks",
    "repeats",
    "catalogue",
    "callers",
    "punctuality",
}
PUBLISHED = {"GET /catalogue/lines", "GET /catalogue/proposal"}


async def told(tasks: Stage) -> played.Plays:
    """Orders at every step of their way."""
    found = {**await _orders(tasks), **await _parts(tasks), **await _requests(tasks)}
    return {**found, **await _callers(tasks), **await _repeats(tasks)}


async def _orders(tasks: Stage) -> played.Plays:
    new = await hotline.taken(tasks, caller=CALLER)
    sent, _ = await hotline.dispatched(tasks)
    true = await hotline.heard_out(tasks)
    visited = await hotline.heard_out(tasks)
    await hotline.visited(tasks, visited, "satisfied")

    async def about(order_id: str, **more: object) -> Play:
        row = Row.of(await hotline.order(tasks, order_id))
        return Play(row=row, ids={"order_id": order_id}, **more)  # type: ignore[arg-type]

    return {
        "POST /orders": Play(row=(await about(new)).row, body=hotline.new_order()),
        "POST /orders/{order_id}/safety": await about(sent, body={"note": "疑似隐患。"}),
        "GET /orders/{order_id}": await about(sent),
        "GET /orders/{order_id}/status": await about(sent, named=OWN_LINE),
        "POST /orders/{order_id}/answer": await about(new, body={"answer": "八点开门。"}),
        "POST /orders/{order_id}/urge": await about(sent, body={"note": "请尽快。"}),
        "POST /orders/{order_id}/close": await about(visited),
        "POST /dispatches/of/{order_id}": await about(new, body={"lead": HOUSING_UNIT}),
        "GET /dispatches/of/{order_id}": await about(sent),
        "GET /order-extensions/of/{order_id}": await about(sent),
        "POST /callbacks/of/{order_id}": await about(true, body={"result": "satisfied"}),
        "GET /callbacks/of/{order_id}": await about(true),
    }


async def _parts(tasks: Stage) -> played.Plays:
    found = {}
    for step, body in {
        "sign": None,
        "handle": None,
        "answer": {"answer": "已整改。"},
        "return": NOT_OURS,
        "refuse-return": {"note": "是你的。"},
    }.items():
        order_id, held = await hotline.dispatched(tasks)
        if step in ("handle", "answer"):
            await hotline.done(tasks, HOUSING, f"dispatches/{held}/sign")
        if step == "answer":
            await hotline.done(tasks, HOUSING, f"dispatches/{held}/handle")
        if step.endswith("-return"):
            await hotline.done(tasks, HOUSING, f"dispatches/{held}/return", NOT_OURS)
        row = Row.of(await hotline.part(tasks, order_id, HOUSING_UNIT))
        name = f"POST /dispatches/{{dispatch_id}}/{step}"
        found[name] = Play(row=row, ids={"dispatch_id": held}, body=body)
    order_id, _ = await hotline.dispatched(tasks, HOUSING_UNIT, GAS_UNIT)
    theirs = await hotline.part(tasks, order_id, GAS_UNIT)
    await hotline.done(tasks, GAS, f"dispatches/{theirs.id}/return", NOT_OURS)
    found["POST /dispatches/{dispatch_id}/accept-return"] = Play(
        row=Row.of(theirs), ids={"dispatch_id": str(theirs.id)}, body={"note": "同意。"}
    )
    return found


async def _requests(tasks: Stage) -> played.Plays:
    order_id, held = await refused(tasks)
    part = Row.of(await hotline.part(tasks, order_id, HOUSING_UNIT))
    _, _, objection = await objected(tasks)
    (between,) = await tasks.rows(Objection, id=objection)
    ids = {"objection_id": objection}
    order_id = await hotline.taken(tasks)
    await hotline.sent(tasks, order_id)
    handled = await hotline.handling(tasks, order_id)
    _, _, extension = await asked(tasks)
    (wanted,) = await tasks.rows(OrderExtension, id=extension["id"])
    more = {"extension_id": extension["id"]}

    return {
        "POST /objections/to/{dispatch_id}": Play(
            row=part, ids={"dispatch_id": held}, body=OBJECTION
        ),
        "POST /objections/{objection_id}/reply": Play(
            row=Row.of(between), ids=ids, body={"reply": "不属我局。"}, by=_NAMED
        ),
        "POST /objections/{objection_id}/settle": Play(
            row=Row.of(between),
            ids=ids,
            body=RULING,
        ),
        "POST /order-extensions/for/{dispatch_id}": Play(
            row=part, ids={"dispatch_id": handled}, body={"days": 3, "reason": "需要检测。"}
        ),
        "POST /order-extensions/{extension_id}/approve": Play(
            row=Row.of(wanted), ids=more, body={"remark": "同意。"}
        ),
        "POST /order-extensions/{extension_id}/refuse": Play(
            row=Row.of(wanted), ids=more, body={"remark": "不同意。"}
        ),
    }


_NAMED = {played.Relation.UNIT: (GAS_UNIT, "430481")}


async def _callers(tasks: Stage) -> played.Plays:
    order_id = await hotline.taken(tasks, caller=CALLER)
    read = await tasks.as_(OPERATOR).get(f"/tasks/orders/{order_id}")
    caller = str(read.json()["caller_id"])
    (sealed,) = await tasks.rows(Caller, id=caller)
    path = f"callers/{caller}/reveals"
    request = await hotline.done(tasks, OPERATOR, path, {"reason": "回访。"})
    (wanted,) = await tasks.rows(CallerReveal, id=request["id"])
    row, ids = Row.of(sealed), {"caller_id": caller}
    asked_for, reveal = Row.of(wanted), {"reveal_id": request["id"]}
    other = await hotline.done(tasks, OPERATOR, path, {"reason": "再访。"})
    await hotline.done(tasks, OFFICE_LEADER, f"callers/reveals/{other['id']}/approve")
    return {
        "GET /callers/{caller_id}": Play(row=row, ids=ids),
        "GET /callers/{caller_id}/looks": Play(row=row, ids=ids),
        "POST /callers/{caller_id}/reveals": Play(row=row, ids=ids, body={"reason": "核实。"}),
        "POST /callers/reveals/{reveal_id}/approve": Play(row=asked_for, ids=reveal),
        "POST /callers/reveals/{reveal_id}/refuse": Play(row=asked_for, ids=reveal),
        "GET /callers/reveals/{reveal_id}": Play(
            row=asked_for, ids={"reveal_id": other["id"]}, named=OWN_LINE
        ),
    }


async def _repeats(tasks: Stage) -> played.Plays:
    again = CALLER | {"contact": "13900000000"}
    await hotline.taken(tasks, caller=again)
    await hotline.taken(tasks, caller=again)
    alike = max(await tasks.rows(OrderRepeat), key=lambda row: row.id)
    row, ids, why = Row.of(alike), {"repeat_id": str(alike.id)}, {"why": "同一事项。"}
    line = {"matter": "noise", "reason": "重新分工。", "effective_from": "2023-06-06"}
    return {
        "POST /repeats/{repeat_id}/merge": Play(row=row, ids=ids, body=why),
        "POST /repeats/{repeat_id}/keep-apart": Play(row=row, ids=ids, body=why),
        "POST /catalogue/lines": Play(
            row=Row("430481"), body={**line, "region_code": "430481", "lead": "{county}.housing"}
        ),
    }


async def test_the_denied_hear_nothing_and_the_granted_are_served(tasks: Stage) -> None:
    plays = await told(tasks)

    found = await played.walked(tasks, plays, secrets=SECRETS, further=FURTHER)

    assert [*played.summary(found, plays)] == []
    assert walls.amiss(tasks, await walls.passed(tasks, plays), plays) == []


async def test_lists_show_nobody_what_is_of_others(tasks: Stage) -> None:
    plays = await told(tasks)
    marks = {value for play in plays.values() for value in play.ids.values()} | set(SECRETS)
    sent = plays["POST /dispatches/{dispatch_id}/sign"]

    assert await played.overlooked(tasks, LISTS, sent, marks=marks) == []
    assert await walls.overlooked(tasks, LISTS, sent, marks=marks) == []
    for name in LISTS - {"GET /punctuality"}:
        by = OFFICE_LEADER if "reveals" in name else OPERATOR
        shown = await played.listed(tasks, name, by)
        assert any(mark in shown for mark in marks), name


async def test_every_route_is_played_or_listed_or_published(tasks: Stage) -> None:
    plays = await told(tasks)

    assert played.of_rooms(tasks.service, ROOMS) == {*plays, *LISTS, *PUBLISHED}
