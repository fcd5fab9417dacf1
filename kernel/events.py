"""What an event is: a fact in the past tense, about one aggregate.

Imports pydantic only, so that rules and domain modules may name events.
"""

from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from kernel.ids import uuid7


class Event(BaseModel):
    """A fact. Subclasses stand in the contracts module of their publisher.

    `subject` is `<service>.<noun>.<past participle>.v<n>`; `about` names the field that
    holds the id of the aggregate, within which order is kept. Whoever follows no fact about such
    things passes all of them by, so those about one aggregate should name it by the same field.
    """

    # A reader ignores what a newer writer added: a version only gains optional fields.
    model_config = ConfigDict(frozen=True, extra="ignore")

    subject: ClassVar[str]
    about: ClassVar[str]
    outsiders: ClassVar[bool] = False
    """True when nobody inside listens and only subscribed outside systems do."""

    event_id: UUID = Field(default_factory=uuid7)
    occurred_at: AwareDatetime

    @classmethod
    def known(cls) -> Iterator[type["Event"]]:
        """Every kind of fact that this process has loaded."""
        for kind in cls.__subclasses__():
            if hasattr(kind, "subject"):
                yield kind
            yield from kind.known()

    @property
    def aggregate_id(self) -> str:
        """The id of the aggregate the fact is about."""
        return str(getattr(self, self.about))
