"""The tables of the gateway."""

from sqlalchemy.orm import DeclarativeBase

from kernel.db import TableStyle, new_metadata


class Base(TableStyle, DeclarativeBase):
    """Every table of the gateway."""

    metadata = new_metadata()
