"""The service's own copy of the enterprises, fed by what inspections tells."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.tasks.base import Base


class Enterprise(Base):
    """What tasks needs to know of an enterprise."""

    __tablename__ = "enterprise"
    __table_args__ = (Index("ix_enterprise_region_code", "region_code"),)

    uscc: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str]
    region_code: Mapped[str]
    """The park where it lies in one, else the county."""
    industry: Mapped[str]
    sector: Mapped[str]
    """The field of supervision that answers for it."""
    high_risk: Mapped[bool]
    risk_class: Mapped[str | None]
    groups: Mapped[list[str]] = mapped_column(server_default="{}")
    """What groups of enterprises in a plan go by: above_scale, in_park."""
    told_at: Mapped[datetime]

    @property
    def enterprise_uscc(self) -> str:
        """Itself, to the policy table."""
        return self.uscc
