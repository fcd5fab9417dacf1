"""What each unit was told on which day, and on which day each enterprise was told last."""

from datetime import date, datetime

from sqlalchemy import Text
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
    to_decide: Mapped[int] = mapped_column(server_default="0")
    told_at: Mapped[datetime]


class EnterpriseDigest(Base):
    """The last digest of one enterprise: of two hundred thousand no row a day is kept."""

    __tablename__ = "enterprise_digest"

    enterprise_uscc: Mapped[str] = mapped_column(Text, primary_key=True)
    region_code: Mapped[str]
    day: Mapped[date]
    told_at: Mapped[datetime]
