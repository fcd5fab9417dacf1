"""What the units of a played quarter do about what they owe: each obligation takes a course."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from kernel import calendar
from reference.figures import MEASURED
from reference.terms import DutyKind
from tests.services.tasks.hotline import OFFICE, at
from tests.services.tasks.quarterfigures import judging
from tests.services.tasks.quarterlog import Owed, Piece
from tests.services.tasks.quarterplan import ENDS, EXECUTIVE, PLAN, STANDING, Asks, closes, meant
from tests.services.tasks.quarterplay import Play

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_ACTIVITIES = {
    EXECUTIVE: ("government_executive_meeting", "committee_full_meeting"),
    STANDING: ("party_standing_committee_meeting", "party_special_meeting"),
}

Course = Callable[[Play, Owed], None]


def wanted(play: Play, asks: Asks, first: date, last: date) -> list[Owed]:
    """What a duty asks in a period, of each unit that it means or its heir."""
    units = dict.fromkeys(play.log.bearing(unit, play.now) for unit in meant(asks.of))
    return [
        Owed(
            unit=unit,
            duty=f"2023/{asks.code}",
            origin=(asks.code, first),
            due_at=closes(last),
            least=asks.least or 1,
            activities=_ACTIVITIES.get(asks.metric, ()),
            monthly=asks.metric in _ACTIVITIES,
            first=first,
            last=last,
        )
        for unit in units
    ]


async def owed(play: Play, those: Sequence[Owed]) -> None:
    """Just these are owed from now on, and each takes a course."""
    await play.opened(those)
    begin(play, those)


def begin(play: Play, owed: Iterable[Owed]) -> None:
    """Obligations were opened: each takes a course."""
    for one in owed:
        asks = PLAN.get(one.duty.removeprefix("2023/"))
        if asks is not None and asks.kind in MEASURED:
            one.judge = judging(play.log, one, asks)
            _report(play, one, asks)
        else:
            play.deal(_QUOTAS if one.monthly else _COURSES)(play, one)


def _act(play: Play, one: Owed, when: datetime, act: Callable[[], Awaitable[object]]) -> None:
    """Have something done about an obligation, unless it has ended by then."""

    async def done() -> None:
        if not one.stood(play.now).over:
            await act()

    if when <= ENDS:
        play.plan(max(when, play.now), done)


def _before(play: Play, one: Owed) -> datetime:
    """Some time at which it is still to be done; of what is due at once the next day."""
    first = max(play.now, one.due_at - 25 * _DAY)
    return play.between(first, one.due_at) if first < one.due_at else play.now + _DAY


def _piece(play: Play, one: Owed, when: datetime, **stated: date) -> Piece:
    """Evidence of an act that counts, on a day that has come by then."""
    activity = play.chance.choice(one.activities) if one.activities else None
    if one.last is None or one.first is None:
        return Piece(activity=activity)
    day = min(calendar.day_of(max(when, play.now)), one.last)
    return Piece(on=stated.get("on", max(day, one.first)), activity=activity)


def _hand(play: Play, one: Owed, piece: Piece, when: datetime, *how: tuple[datetime, str]) -> Piece:
    """Evidence is handed in, and reviewed in some ways at some times."""
    _act(play, one, when, partial(play.hand, one, piece))
    for then, step in how:
        _act(play, one, max(then, when), partial(play.review, one, piece, step))
    return piece


def _handed(play: Play, one: Owed, when: datetime, *how: tuple[datetime, str]) -> Piece:
    return _hand(play, one, _piece(play, one, when), when, *how)


def _nothing(_: Play, __: Owed) -> None:
    """Nobody does anything."""


def _accepted(play: Play, one: Owed) -> None:
    """As often as it is owed and in time, in one month after the other where that is asked."""
    for n in range(one.least):
        when, stated = _before(play, one), {}
        if one.monthly and one.first is not None:
            month = calendar.add_months(one.first, n % 3)
            stated = {"on": month.replace(day=play.chance.randrange(1, 10))}
            when = max(calendar.opens_at(month) + 10 * _DAY, play.now) + timedelta(hours=n + 1)
        then = when + timedelta(hours=play.chance.randrange(1, 70))
        _hand(play, one, _piece(play, one, when, **stated), when, (then, "accept"))


def _last_second(play: Play, one: Owed) -> None:
    """Handed in a second before it is too late, and accepted days after."""
    _handed(play, one, one.due_at - _SECOND, (one.due_at + 2 * _DAY, "accept"))


def _waiting(play: Play, one: Owed) -> None:
    """Handed in in time; nobody has looked at it."""
    _handed(play, one, _before(play, one))


def _late(play: Play, one: Owed) -> None:
    """Handed in and accepted when it was too late."""
    when = max(one.due_at, play.now) + timedelta(hours=play.chance.randrange(1, 200))
    _handed(play, one, when, (when + _DAY, "accept"))


def _at_last(play: Play, one: Owed) -> None:
    """Handed in at the very instant at which it is too late."""
    _handed(play, one, one.due_at, (one.due_at + 3 * _DAY, "accept"))


def _returned(play: Play, one: Owed) -> None:
    """Returned, handed in better, returned once more and accepted: each time counts."""
    when = _before(play, one)
    then = when + timedelta(hours=3)
    _handed(play, one, when, (then, "return"))
    _handed(play, one, then + timedelta(hours=3), (then + timedelta(hours=9), "return"))
    _handed(play, one, then + _DAY, (then + 2 * _DAY, "accept"))


def _returned_late(play: Play, one: Owed) -> None:
    """Handed in in time and returned after it: whoever falls short then is late."""
    then = max(one.due_at, play.now) + 2 * _DAY
    _handed(play, one, _before(play, one), (then, "return"))
    _handed(play, one, then + _DAY, (then + 2 * _DAY, "accept"))


def _in_one_month(play: Play, one: Owed) -> None:
    """As often as it is owed, on days of one month of which one counts."""
    assert one.first is not None
    month = calendar.add_months(one.first, play.chance.randrange(3))
    when = max(calendar.opens_at(month) + 20 * _DAY, play.now)
    for n in range(one.least):
        piece = _piece(play, one, when, on=month.replace(day=2 + 5 * n))
        _hand(play, one, piece, when + timedelta(hours=n), (when + 2 * _DAY, "accept"))


def _twice(play: Play, one: Owed) -> None:
    """Two pieces of one day, which may be about one act."""
    when = _before(play, one)
    for hours in (0, 1):
        then = when + timedelta(hours=hours)
        _handed(play, one, then, (when + timedelta(hours=2), "accept"))


def _uncounted(play: Play, one: Owed) -> None:
    """Accepted, and counted for nothing: another sort of act, or of a day before the period."""
    when = _before(play, one)
    piece = _piece(play, one, when)
    if one.activities:
        piece.activity = "other"
    elif one.first is not None:
        piece.on = one.first - _DAY
    _hand(play, one, piece, when, (when + timedelta(hours=5), "accept"))


def _withdrawn(play: Play, one: Owed) -> None:
    """Accepted, and found to be false later: before it is due or after."""
    when = _before(play, one)
    piece = _handed(play, one, when, (when + timedelta(hours=4), "accept"))
    then = play.between(when + timedelta(hours=4), when + 20 * _DAY)

    async def withdraw() -> None:
        stood, there = one.stood(play.now), play.log.bearing(one.unit, play.now) == one.unit
        if there and not stood.gone and stood.pieces.get(piece) == "accepted":
            await play.withdraw(one, piece)

    if then <= ENDS:
        play.plan(max(then, play.now), withdraw)


def _appealed(play: Play, one: Owed) -> None:
    """It objects in time: it is excused, given more time, refused, or waits for long."""
    when = _before(play, one)
    how = play.deal(("excuse", "move", "refuse", None))
    then = play.between(when, when + 12 * _DAY)
    moved = one.due_at + play.chance.randrange(13, 20) * _DAY
    done = moved + play.chance.choice((-_SECOND, -_DAY, 2 * _DAY))

    async def appeal() -> None:
        if play.now >= one.due_at:
            return
        made = await play.appeal(one)
        if how is not None:
            until = moved if how == "move" else None
            _act(play, one, then, partial(play.decide, one, made, how, until))
        if how == "move":
            day = min(calendar.day_of(done), calendar.day_of(moved - _SECOND))
            piece = _piece(play, one, done, on=day)
            _hand(play, one, piece, max(done, then), (moved + 3 * _DAY, "accept"))

    _act(play, one, when, appeal)


def _returned_and_excused(play: Play, one: Owed) -> None:
    """What was returned before somebody found that it was never to be done."""
    when = _before(play, one)
    _handed(play, one, when, (when + timedelta(hours=1), "return"))

    async def appeal() -> None:
        if play.now < one.due_at:
            made = await play.appeal(one)
            await play.decide(one, made, "excuse", None)

    _act(play, one, when + timedelta(hours=2), appeal)


_COURSES: Sequence[Course] = (
    _nothing,
    _accepted,
    _accepted,
    _accepted,
    _last_second,
    _waiting,
    _late,
    _at_last,
    _returned,
    _returned_late,
    _returned_and_excused,
    _twice,
    _uncounted,
    _withdrawn,
    _appealed,
    _appealed,
)


_QUOTAS: Sequence[Course] = (_accepted, _in_one_month, _uncounted, _late, _appealed)


def _report(play: Play, one: Owed, asks: Asks) -> None:
    """What a unit reports of a figure that it reports: enough or not, in time or not."""
    course = play.deal(_REPORTED) if asks.metric.startswith("played") else "nothing"
    if course == "nothing":
        return
    good = 8 if course == "little" else 9
    rate = asks.kind is DutyKind.RATE_TARGET
    numbers = {"numerator": good, "denominator": 10} if rate else {"count": good + 1}
    when = one.due_at + (1 if course == "late" else -play.chance.randrange(2, 20)) * _DAY
    when = max(when, at(4, 3)) + timedelta(hours=9)
    then = one.due_at + timedelta(hours=11) if "after" in course else when + timedelta(hours=5)

    async def report() -> None:
        day = min(calendar.day_of(play.now), asks.due_on or date.max)
        made = await play.report(one, day, **numbers)
        if course != "unread":
            how = "return" if "returned" in course else "accept"
            _act(play, one, then, partial(_read, play, one, made, how, numbers))

    _act(play, one, when, report)


_REPORTED = (
    "enough",
    "little",
    "late",
    "unread",
    "accepted after it",
    "returned after it",
    "returned",
    "nothing",
)


async def _read(play: Play, one: Owed, report: object, how: str, numbers: dict[str, int]) -> None:
    """A figure is accepted or returned; where its day is over it is settled at once."""
    body = {"remark": "数据有误。"} if how == "return" else {}
    await play.post(OFFICE, f"figures/reports/{report}/{how}", body)
    await play.ring()
    play.did(one, "figure" if how == "accept" else "send back", value=numbers)
