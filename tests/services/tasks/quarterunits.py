"""Changes of units in a played quarter, and what somebody says has happened to some of them."""

from collections.abc import Sequence
from uuid import UUID

from kernel import calendar
from kernel.ids import uuid7
from tests.services.tasks import city, quarteracts
from tests.services.tasks.quarteraccidents import within
from tests.services.tasks.quarterlog import Owed, Piece, Step
from tests.services.tasks.quarterplay import Play
from tests.services.tasks.scoring import OFFICE


async def told(play: Play, units: Sequence[str]) -> None:
    """The office says that something happened which a duty is tied to, for some units."""
    happening = uuid7()
    body = {
        "happening_id": str(happening),
        "year": 2023,
        "duty": "4.3",
        "happened_on": calendar.day_of(play.now).isoformat(),
        "reason": "开展督查。",
        "only": list(units),
    }
    await play.post(OFFICE, "triggers", body)
    owed = [
        Owed(unit=unit, duty="2023/4.3", origin=happening, due_at=within(play, 20))
        for unit in units
    ]
    await quarteracts.owed(play, owed)


async def merged(play: Play, unit: str, heir: str) -> None:
    """A unit is one with another: what it has not done is the other's."""
    on = calendar.day_of(play.now).isoformat()
    await city.reorganised(play.tasks, "merge", [unit, heir], [heir], on=on)
    await play.ring()
    play.log.ended[unit] = (play.now, heir)
    taken: list[Owed] = []
    for one in [one for one in play.log.owed if one.unit == unit]:
        if not one.stood(play.now).over:
            follower = _followed(play, one, heir)
            play.did(one, "supersede")
            taken += [] if _stands(play, one, heir) else [follower]
    for part in play.log.parts:
        stood = part.stood(play.now)
        if stood.unit == unit and not stood.gone and stood.answered_at is None:
            play.did(part, "heir", value=heir)
    await play.opened(taken)
    for one in taken:
        await _learn(play, one)


def _stands(play: Play, one: Owed, heir: str) -> bool:
    """Whether the heir has that duty of its own, done or not."""
    return any(
        other.unit == heir
        and (other.duty, other.origin) == (one.duty, one.origin)
        and not any(step.what == "supersede" for step in other.steps)
        for other in play.log.owed
    )


def _followed(play: Play, one: Owed, heir: str) -> Owed:
    """The same of the heir, as it stood."""
    stood = one.stood(play.now)
    copies = {piece: Piece(on=piece.on, activity=piece.activity) for piece in stood.pieces}
    follower = Owed(
        unit=heir, duty=one.duty, origin=one.origin, due_at=stood.due_at, since=play.now
    )
    for name in ("least", "activities", "monthly", "first", "last", "clocked"):
        setattr(follower, name, getattr(one, name))
    for piece, state in stood.pieces.items():
        play.did(follower, "copy", copies[piece], value=state)
    ids = {piece.id: copies[piece] for piece in stood.pieces}
    for returned, when in stood.returns:
        play.did(follower, "copied return", value=(ids[returned], when))
    if stood.stopped:
        play.did(follower, "appeal")
    if stood.late_at is not None:
        play.did(follower, "late already", value=stood.late_at)
    return follower


async def _learn(play: Play, one: Owed) -> None:
    """The copies of what had been handed in are pieces of their own."""
    read = await play.read(f"/tasks/obligations/{one.id}")
    copies = [step.piece for step in one.steps if step.what == "copy" and step.piece]
    for piece, row in zip(copies, read["evidence"], strict=True):
        piece.id = UUID(row["id"])
    one.steps = [
        Step(at=step.at, what=step.what, value=(step.value[0].id, step.value[1]))
        if step.what == "copied return"
        else step
        for step in one.steps
    ]
