"""What each unit was told on which day."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.tasks.base import Base


class Digest(Base):
    """One digest of one unit: that it stands here is why it is never told twice."""

    __tablename__ = "digest"
    __table_args__ = ({"info": {"append_only": True}},)

    unit: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    region_code: Mapped[str]
    overdue: Mapped[int]
    due_today: Mapped[int]
    due_soon: Mapped[int]
    waiting: Mapped[int]
    to_review: Mapped[int]
    told_at: Mapped[datetime]
