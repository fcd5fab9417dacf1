"""Sealed people: kept apart and encrypted, masked, and shown in full when two people agree.

One asks with a reason, another decides, and only the first may look then. A service keeps its
own tables, policies, routes and words; what holds of every sealed person stands here.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Protocol, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Mapped

from kernel.access import Principal
from kernel.instants import ShanghaiTime
from kernel.problems import Problem

_SHOWN_TAIL = 4


class RevealStatus(StrEnum):
    """Where a request stands."""

    ASKED = "asked"  # 待批准
    APPROVED = "approved"  # 已批准
    REFUSED = "refused"  # 不同意


class RevealAction(StrEnum):
    """What is done with a request."""

    APPROVE = "approve"  # 批准
    REFUSE = "refuse"  # 拒绝
    LOOK = "look"  # 查看


_S, _A = RevealStatus, RevealAction

TRANSITIONS: Mapping[tuple[RevealStatus, RevealAction], RevealStatus] = {
    (_S.ASKED, _A.APPROVE): _S.APPROVED,
    (_S.ASKED, _A.REFUSE): _S.REFUSED,
    (_S.APPROVED, _A.LOOK): _S.APPROVED,
}


class RevealRequest:
    """The columns of a request to see a sealed person in full, and what may be done with one."""

    refused: ClassVar[type[Problem]]
    """What is raised where the request does not take an action now."""
    not_theirs: ClassVar[type[Problem]]
    """What is raised where somebody decides on their own request or uses another's."""

    status: Mapped[str]
    reason: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]

    def decide(self, action: RevealAction, *, by: Principal, now: datetime) -> None:
        """Agree to it or refuse it: never the one who asked."""
        if by.subject == self.asked_by:
            raise self.not_theirs
        self.status = str(self._after(action))
        self.decided_by, self.decided_at = by.subject, now

    def require_look(self, *, by: Principal) -> None:
        """Refuse a look of anybody but the one who asked, and of that one until it is approved."""
        if by.subject != self.asked_by:
            raise self.not_theirs
        self._after(RevealAction.LOOK)

    def _after(self, action: RevealAction) -> RevealStatus:
        try:
            return TRANSITIONS[RevealStatus(self.status), action]
        except KeyError:
            raise self.refused(
                f"状态为 {self.status} 时不能 {action}",
                f"Cannot {action} a request that is {self.status}.",
                reveal_status=self.status,
            ) from None


def asked(reason: str, *, by: Principal, now: datetime) -> dict[str, Any]:
    """The columns of a request that is made now; nobody has decided on it."""
    return {
        "status": str(RevealStatus.ASKED),
        "reason": reason,
        "asked_by": by.subject,
        "asked_at": now,
        "decided_by": None,
        "decided_at": None,
    }


class Stated(BaseModel):
    """A person as somebody states them; an anonymous one is left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=50)] | None = None
    contact: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(
        None, description="A telephone number or an address."
    )


class Person(Protocol):
    """The row of a sealed person."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str | None: ...
    @property
    def contact(self) -> str | None: ...
    @property
    def sealed_at(self) -> datetime: ...


class Masked(BaseModel):
    """The first stage: that there is somebody, and whether they can be reached."""

    id: UUID
    name: str | None = Field(description="The first character only.")
    contact: str | None = Field(description="The last characters only.")
    sealed_at: ShanghaiTime

    @classmethod
    def of(cls, person: Person) -> Self:
        """A person as a desk may see them."""
        return cls(
            id=person.id,
            name=masked(person.name, head=1),
            contact=masked(person.contact, tail=_SHOWN_TAIL),
            sealed_at=person.sealed_at,
        )


def masked(text: str | None, *, head: int = 0, tail: int = 0) -> str | None:
    """A text with stars where its middle was; one too short to hide anything is all stars."""
    if text is None:
        return None
    if len(text) <= head + tail:
        return "***"
    return f"{text[:head]}***{text[len(text) - tail :]}"


class Opened(BaseModel):
    """The second stage: who it is."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str | None
    contact: str | None


class NewRevealRequest(BaseModel):
    """Why somebody needs to know who it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Annotated[str, Field(min_length=1, max_length=500)]
