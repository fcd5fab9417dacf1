"""The shapes of the national rows about supervisory orders."""

from collections.abc import Hashable

from pydantic import Field

from reference.entries import Coded, Entry, Limit
from reference.terms import (
    Level,
    SupervisionCause,
    SupervisionKind,
    SupervisionStep,
    UnitKind,
)


class SupervisionRule(Coded):
    """What an order of a kind takes: who issues it, over what, and how it ends."""

    code: SupervisionKind
    mark: str
    """The word before the year in its number: 督办〔2023〕1号."""
    title: str
    """What its letter is called: 督办通知书."""
    issuers: tuple[UnitKind, ...] = Field(min_length=1)
    lowest: Level = Level.COUNTY
    """The lowest level whose units issue it."""
    signers: tuple[str, ...] = Field(min_length=1)
    """Roles of which somebody signs it."""
    two_people: bool
    """Whether whoever drafted it does not sign it."""
    causes: tuple[SupervisionCause, ...] = Field(min_length=1)
    follows: tuple[SupervisionKind, ...] = ()
    """Kinds of earlier orders that it may follow from."""
    answer: bool
    """Whether it asks for an answer by a deadline; without one its receipt ends it."""
    acceptance: bool = False
    """Whether the answer is examined."""
    meeting: bool = False
    """Whether it calls somebody to a place and a time."""
    lifting: bool = False
    """Whether it ends with a check on site by somebody else (摘牌)."""
    five: bool = False
    """Whether the five are shown to be in place whatever it is about."""


class SupervisionLimit(Limit):
    """How long a step of a supervisory order may take."""

    step: SupervisionStep
    kind: SupervisionKind | None = None
    """None for every kind that has no row of its own."""

    @property
    def key(self) -> Hashable:
        """The step and the kind."""
        return self.step, self.kind


class SupervisionClimb(Entry):
    """What follows when an order stays unanswered after its deadline."""

    kind: SupervisionKind
    follows: SupervisionKind
    after: int = Field(gt=0)
    """Working days after the last day of the deadline."""
    automatic: bool = False
    """Whether the platform issues it itself, and says so; else a person does."""

    @property
    def key(self) -> Hashable:
        """What climbs, and to what."""
        return self.kind, self.follows
