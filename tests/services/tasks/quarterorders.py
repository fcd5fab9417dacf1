"""How units of a played quarter deal with orders of the hotline: each takes a course by chance."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from contracts.gateway import Role
from kernel.access import Principal
from tests.services.tasks import hotline
from tests.services.tasks.hotline import OFFICE, OPERATOR, at
from tests.services.tasks.quarterlog import Part, Step, after_working_days
from tests.services.tasks.quarterplan import ENDS
from tests.services.tasks.quarterplay import Play
from tests.services.tasks.story import person

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


def orders(play: Play, units: Sequence[str], number: int) -> None:
    """Orders are sent to units all over the quarter."""
    for n in range(number):
        when = play.between(at(4, 1), at(6, 28)).replace(hour=10, minute=n % 60)
        unit, other = play.chance.sample(units, 2)
        play.plan(when, _order(play, unit, other))


def order_due(play: Play, unit: str, due_at: datetime, course: str) -> None:
    """An order is sent to a unit five working days before an instant."""
    sent = due_at - 7 * _DAY - timedelta(hours=14)
    play.plan(sent, _order(play, unit, unit, course=course))


def _order(play: Play, unit: str, other: str, *, course: str = "") -> Callable[[], Awaitable[None]]:
    how = course or play.deal(_HANDLED)

    async def act() -> None:
        lead, helping = (play.log.bearing(one, play.now) for one in (unit, other))
        place = str(play.chance.random())
        order_id = await hotline.taken(play.tasks, place=place, region_code=lead[:6])
        others = [helping] if how == "helped late" else []
        await hotline.sent(play.tasks, order_id, lead, *others)
        part = await _part(play, order_id, lead)
        if others:
            part.helped_by = await _part(play, order_id, helping)
            hours = play.chance.choice((33, 40, 90, 2000))
            _answer(play, order_id, part.helped_by, part.due_at + timedelta(hours=30))
            _answer(play, order_id, part, part.due_at + timedelta(hours=hours))
        else:
            _handle(play, order_id, part, how, other=other)

    return act


async def _part(play: Play, order_id: str, unit: str) -> Part:
    """The part that a unit has been given, on a clock counted by hand."""
    parts = await play.read(f"/tasks/dispatches/of/{order_id}")
    newest = max((row for row in parts if row["unit"] == unit), key=lambda row: str(row["id"]))
    part = Part(id=UUID(newest["id"]), unit=unit, due_at=after_working_days(play.now, 5))
    part.steps.append(Step(at=play.now, what="sent"))
    play.log.parts.append(part)
    return part


def _answer(play: Play, order_id: str, part: Part, when: datetime) -> None:
    async def act() -> None:
        stood = part.stood(play.now)
        if not stood.gone:
            await hotline.answered(play.tasks, order_id, _officer(stood.unit))
            play.did(part, "answer")

    if when <= ENDS:
        play.plan(when, act)


def _officer(unit: str) -> Principal:
    return person(Role.INSPECTOR, unit)


def _handle(play: Play, order_id: str, part: Part, course: str, *, other: str) -> None:
    hours = timedelta(hours=play.chance.randrange(2, 100))
    match course:
        case "in time":
            _answer(play, order_id, part, part.due_at - hours)
        case "last second":
            _answer(play, order_id, part, part.due_at - _SECOND)
        case "at last":
            _answer(play, order_id, part, part.due_at)
        case "late":
            _answer(play, order_id, part, part.due_at + hours)
        case "extended":
            _extend(play, part)
            _answer(play, order_id, part, part.due_at + hours)
        case "returned" | "refused" | "undecided":
            _return(play, order_id, part, course, other=other)


def _extend(play: Play, part: Part) -> None:
    """More time is asked for in time, and given from the end of the time there was."""
    days = play.chance.randrange(1, 5)

    async def act() -> None:
        by = _officer(part.stood(play.now).unit)
        body = {"days": days, "reason": "情况复杂。"}
        made = await play.post(by, f"order-extensions/for/{part.id}", body)
        await play.post(OFFICE, f"order-extensions/{made['id']}/approve", {"remark": "同意。"})
        play.did(part, "extend", value=after_working_days(part.due_at - _SECOND, days))

    play.plan(part.due_at - timedelta(hours=20), act)


def _return(play: Play, order_id: str, part: Part, course: str, *, other: str) -> None:
    """It is sent back: it goes elsewhere, stays where it was, or nobody decides."""

    async def back() -> None:
        await play.post(_officer(part.unit), f"dispatches/{part.id}/return", hotline.NOT_OURS)
        play.did(part, "return")

    async def judge() -> None:
        if course == "returned":
            unit = play.log.bearing(other, play.now)
            await hotline.sent(play.tasks, order_id, unit)
            play.did(part, "accept return")
            again = await _part(play, order_id, unit)
            _handle(play, order_id, again, play.chance.choice(("in time", "late")), other=other)
        else:
            await play.post(OPERATOR, f"dispatches/{part.id}/refuse-return", {"note": "是你的。"})
            play.did(part, "refuse return")
            then = play.now + timedelta(hours=play.chance.randrange(1, 200))
            _answer(play, order_id, part, then)

    play.plan(play.now + timedelta(hours=2), back)
    if course != "undecided":
        play.plan(play.between(play.now + timedelta(hours=3), play.now + 10 * _DAY), judge)


_HANDLED = (
    "in time",
    "in time",
    "last second",
    "at last",
    "late",
    "extended",
    "helped late",
    "nothing",
    "returned",
    "refused",
    "undecided",
)
