"""What is due, as calendars and digests see it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.tasks import ObligationKind
from services.tasks.parts.domain import PartRole


@dataclass(frozen=True, slots=True)
class Said:
    """The same in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose dues: a unit's or an enterprise's."""

    unit: str | None = None
    enterprise_uscc: str | None = None

    @property
    def whose(self) -> Literal["unit", "enterprise_uscc"]:
        """What it goes by."""
        return "enterprise_uscc" if self.unit is None else "unit"

    @property
    def code(self) -> str:
        """The unit's code, or the enterprise's."""
        return self.unit or self.enterprise_uscc or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing that somebody has to do by an instant."""

    kind: str
    id: UUID
    entity: str
    """What one opens to do it, below the API's root: `supervisions/<id>`."""
    due_at: datetime
    opened_at: datetime
    changed_at: datetime
    """When it was opened, or changed last as far as is known."""
    moved: int
    """How often its deadline was moved."""
    words: Said

    @property
    def uid(self) -> str:
        """What tells it apart for ever, whatever becomes of it."""
        return f"{self.kind}-{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing:
    """The same without its words, where many are counted and few are named."""

    holder: str
    kind: str
    id: UUID
    entity: str
    due_at: datetime


MOST_SHOWN = 80
"""Characters of a title where many stand below each other: enough to know the duty again."""


def shortened(words: str) -> str:
    """A title as it stands in a list."""
    return words if len(words) <= MOST_SHOWN else f"{words[: MOST_SHOWN - 1]}…"


DUTIES: Mapping[str, Said] = {
    ObligationKind.RELAY: Said("事故信息上报", "Relay an accident report"),
    ObligationKind.ATTENDANCE: Said("赶赴事故现场", "Go to the scene of an accident"),
    ObligationKind.INVESTIGATION: Said("事故调查", "Investigate an accident"),
    ObligationKind.ACCOUNTABILITY: Said("责任追究", "Hold to account"),
    ObligationKind.SPECIAL_MEETING: Said("召开专题会议", "Hold a special meeting"),
    ObligationKind.RECTIFICATION: Said("落实事故调查建议", "Carry out what an investigation asks"),
    ObligationKind.PLAN: Said("工作要点规定的事项", "A duty of the yearly plan"),
}
"""What an obligation is called that no duty of an issued plan names."""

SHARES: Mapping[str, Said] = {
    PartRole.JOINT_LEAD: Said("共同牵头", "Lead jointly"),
    PartRole.SUPPORTING: Said("配合", "Support"),
}
"""What a unit has to do with a duty that another one leads."""
