"""Who holds which post. A term ends; it is never overwritten."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Id
from services.tasks.base import Base
from services.tasks.organisations.tables import Dated


class Holding(Dated, Base):
    """One term of one person in one post.

    No two of a post share a day: the database refuses it too.
    """

    __tablename__ = "holding"
    __table_args__ = (
        Index("ix_holding_post", "post", "effective_from"),
        Index("ix_holding_person", "person", "effective_from"),
        Index("ix_holding_unit", "unit"),
    )

    id: Mapped[Id]
    post: Mapped[str]
    unit: Mapped[str]
    person: Mapped[UUID]
    """The same for one person in whatever post; says nothing to others."""
    name: Mapped[str] = mapped_column(EncryptedText("holding.name"))
    public: Mapped[bool]
    """Whether it is published who holds the post; else the name is masked."""
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    document: Mapped[str | None]
    """The number of the paper that appoints."""
    appointed_by: Mapped[str]
    appointed_at: Mapped[datetime]
    relief_document: Mapped[str | None]
    relieved_by: Mapped[str | None]
    relieved_at: Mapped[datetime | None]
