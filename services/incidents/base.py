"""The tables of the incidents service."""

from collections.abc import Mapping
from typing import Any, Self

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kernel.db import TableStyle, new_metadata


class Base(TableStyle, DeclarativeBase):
    """Every table of this service."""

    metadata = new_metadata()

    @classmethod
    def new(cls, **values: Any) -> Self:
        """A row to insert. It has no history to keep, so its values bypass the bookkeeping."""
        row = cls()
        vars(row).update(values)
        return row


KEPT_WHERE_IT_LIES: Mapping[str, Any] = {
    "append_only": True,
    "movable": ("region_code", "enterprise_uscc"),
}
"""Marks rows that are only added and never changed, and go along when an accident is placed, or
when it is known whose it is."""

KEPT_FOR_WHOSE_IT_IS: Mapping[str, Any] = {"append_only": True, "movable": ("enterprise_uscc",)}
"""The same of decisions that stay where they were made, and that the enterprise may read."""


class Placed:
    """Where a row stands and whose it is: what the policies and row-level security look at."""

    region_code: Mapped[str] = mapped_column(sort_order=-2)
    enterprise_uscc: Mapped[str | None] = mapped_column(sort_order=-1)
