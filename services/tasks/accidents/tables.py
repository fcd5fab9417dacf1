"""The service's own copy of accidents, fed by what incidents tells."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.tasks.base import Base


class Accident(Base):
    """What tasks needs to know of an accident to open duties again when its grade moves."""

    __tablename__ = "accident"

    accident_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    region_code: Mapped[str]
    enterprise_uscc: Mapped[str | None]
    industry: Mapped[str | None]
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    grade: Mapped[str]
    investigating_unit: Mapped[str]
    investigation_generation: Mapped[int] = mapped_column(server_default="1")
    """1, and one more with each reopening."""
    investigation_due_at: Mapped[datetime | None]
    """As incidents told it last; None while it is what the law gives at first."""
    investigation_stands: Mapped[bool] = mapped_column(server_default="false")
    """Whether no limit of the investigation runs now."""
