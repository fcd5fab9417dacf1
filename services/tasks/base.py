"""The tables of the tasks service."""

from sqlalchemy.orm import DeclarativeBase

from kernel.db import TableStyle, new_metadata


class Base(TableStyle, DeclarativeBase):
    """Every table of this service."""

    metadata = new_metadata()
