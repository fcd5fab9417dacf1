"""Until when a unit may send an order back or object, and whose delay it is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from reference.national.rows import OrderLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A part of an order that somebody still holds."""

    unit: str
    leads: bool


def returns_left(row: OrderLimit, *, returns: int) -> bool:
    """An order is returned at most as often as its row says (platform)."""
    return row.times is None or returns < row.times


def leader_signs(row: OrderLimit, *, returns: int) -> bool:
    """From the time its row names on, a return is signed by a leader of the unit (platform).

    `returns` is how many were accepted before this one.
    """
    return row.leader_from is not None and returns + 1 >= row.leader_from


def delayed_by(held: Iterable[Held]) -> tuple[str, ...]:
    """A delay is that of the units that held the work when the time was up (platform).

    A lead that waits for supporting units holds nothing: theirs are the names. With every part
    answered it is the lead's own.
    """
    parts = tuple(held)
    others = tuple(sorted(part.unit for part in parts if not part.leads))
    return others or tuple(part.unit for part in parts if part.leads)
