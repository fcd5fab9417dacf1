"""What every row of a pack is: sourced, dated, and known by a key."""

from abc import ABC, abstractmethod
from collections.abc import Hashable
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict


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
