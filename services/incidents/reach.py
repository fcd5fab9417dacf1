"""What of a room's rows an actor may list, and whose matter a level below may not decide."""

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, false, or_, select

from kernel.access import Place, Principal
from kernel.problems import Problem
from services.incidents.policies import POLICIES, Act

R = TypeVar("R")


class StandsBelow(Problem):
    """What a higher level has in hand is not decided by one below it."""

    status = 403
    title_zh = "该事项由上级单位负责，本级无权决定"
    title_en = "A higher level has this in hand; yours does not decide on it"


def reached(
    table: type[R], by: Principal, *, units: ColumnElement[bool] | None = None
) -> Select[R]:
    """The rows that stand where the actor does; `units` adds those that name the actor's unit."""
    placed: Any = table
    found: Select[R] = select(table)
    if by.uscc is not None:
        return found.where(placed.enterprise_uscc == by.uscc)
    if by.region is None:
        return found.where(false())
    within = placed.region_code.startswith(by.region, autoescape=True)
    return found.where(within if units is None else or_(within, units))


def refuse_below(by: Principal, act: Act, *, unit: str) -> None:
    """Refuse an actor whose area does not hold the place of the unit that has the matter in hand.

    A row lies in the area of every level above it; what the city has in hand is not the county's
    to decide, although it happened there.
    """
    if not POLICIES.allows(by, act, Place(unit.partition(".")[0])):
        raise StandsBelow(
            f"由 {unit} 或其上级决定", f"{unit} decides, or a level above.", unit=unit
        )
