"""The tables of the incidents service."""

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kernel.db import TableStyle, new_metadata


class Base(TableStyle, DeclarativeBase):
    """Every table of this service."""

    metadata = new_metadata()


class Placed:
    """Where a row stands and whose it is: what the policies and row-level security look at."""

    region_code: Mapped[str] = mapped_column(sort_order=-2)
    enterprise_uscc: Mapped[str | None] = mapped_column(sort_order=-1)
