"""Units, posts and enterprises as last told by the services that own them, and who follows whom."""

from datetime import date

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.base import Base


class KnownUnit(Base):
    """A unit, as tasks last recorded it."""

    __tablename__ = "known_unit"

    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    region_code: Mapped[str]
    kind: Mapped[str]
    effective_from: Mapped[date]


class KnownPost(Base):
    """A post of a unit and the address of the post; never who holds it."""

    __tablename__ = "known_post"

    post: Mapped[str] = mapped_column(Text, primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("known_unit.unit"), index=True)
    label_zh: Mapped[str]
    label_en: Mapped[str]
    email: Mapped[str | None]


class EndedUnit(Base):
    """A unit that is no more, and who is told what it would have been told."""

    __tablename__ = "ended_unit"

    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    heir: Mapped[str]
    ended_on: Mapped[date]
    """Its last day."""


class KnownEnterprise(Base):
    """What an enterprise is called: the first thing that a duty officer asks."""

    __tablename__ = "known_enterprise"

    uscc: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str]
    region_code: Mapped[str]
