"""The addresses of calendar feeds, by the digest of their secret."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from kernel.db import Id
from services.tasks.base import Base


class Feed(Base):
    """One address. Its secret is nowhere: whoever has it proves it by its digest."""

    __tablename__ = "feed"
    __table_args__ = (
        Index("uq_feed_secret", "secret_sha256", unique=True),
        Index("ix_feed_holder", "region_code", "unit", "enterprise_uscc"),
    )

    id: Mapped[Id]
    region_code: Mapped[str]
    unit: Mapped[str | None]
    enterprise_uscc: Mapped[str | None]
    secret_sha256: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]
