"""What every row of a pack is: sourced, dated, and known by a key."""

from abc import ABC, abstractmethod
from collections.abc import Hashable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Source(BaseModel):
    """Where a row comes from: an instrument of `instruments.yaml`, and the article in it.

    Written in YAML as one string, `decree-493 3`; `whole` stands for the whole instrument.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    instrument: str
    article: str


def _split_source(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    instrument, _, article = value.partition(" ")
    if not article:
        raise ValueError("a source is `<instrument> <article>`, for example `decree-493 3`")
    return {"instrument": instrument, "article": article}


class Entry(BaseModel, ABC):
    """A row of a pack: what it says, where it is written, and when it is in force."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Annotated[Source, BeforeValidator(_split_source)]
    effective_from: date
    effective_to: date | None = None
    """The last day in force; None while it still is."""

    @property
    @abstractmethod
    def key(self) -> Hashable:
        """What must be unique on any one day."""

    @property
    def rule(self) -> str:
        """Which version of which rule this is, for decisions to keep: `decree-493 3@2007-06-01`."""
        return f"{self.source.instrument} {self.source.article}@{self.effective_from.isoformat()}"

    def in_force(self, day: date) -> bool:
        """Whether it is the law on that day."""
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )


class Coded(Entry):
    """A row known by its code, with its name in both languages."""

    code: str
    zh: str
    en: str

    @property
    def key(self) -> Hashable:
        """Its code."""
        return self.code


class Limit(Entry):
    """How long a step may take, or how often it may be taken.

    Working days: the day it starts is not counted, 24:00 of the last one ends it. Calendar days
    are counted in the same way and move past days off. Hours run from the moment.
    """

    counting: Literal["hours", "working_days", "calendar_days"]
    length: int = Field(gt=0)
    times: int | None = Field(default=None, gt=0)
    """How often it may be done for one order; None without a limit."""
    warn_before: int = Field(default=0, ge=0)
    """How many working days before its last one a warning goes out; 0 for none."""
