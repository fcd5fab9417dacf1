"""Issued plans as rows. Anybody signed in may read them: a plan is a published document."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.tasks.base import Base


class Plan(Base):
    """The plan of a year, as issued."""

    __tablename__ = "plan"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    issued_at: Mapped[datetime]
    articles: Mapped[int]
    duties: Mapped[int]


class Article(Base):
    """An article of a plan, and who leads and supports it."""

    __tablename__ = "plan_article"

    year: Mapped[int] = mapped_column(ForeignKey("plan.year"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    section: Mapped[int]
    title_zh: Mapped[str]
    title_en: Mapped[str]
    allocations: Mapped[list[dict[str, object]]] = mapped_column(JSONB)


class Duty(Base):
    """What an article asks of whom."""

    __tablename__ = "plan_duty"

    year: Mapped[int] = mapped_column(ForeignKey("plan.year"), primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    article: Mapped[int]
    position: Mapped[int]
    kind: Mapped[str]
    text_zh: Mapped[str]
    text_en: Mapped[str]
    metric: Mapped[str]
    subjects: Mapped[list[str]]
    trigger: Mapped[str | None]
    due_on: Mapped[date | None]
