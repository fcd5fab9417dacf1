"""What of a room's rows an actor may list: an enterprise its own, others those of their subtree."""

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, false, or_, select

from kernel.access import Principal

R = TypeVar("R")


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
