"""What the tasks service tells of the assessment: rankings published, cards and their effect."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from kernel.calendar import Cadence
from kernel.events import Event
from reference.terms import Card


class RankingPublished(Event):
    """A ranking is published; a further version corrects it."""

    subject: ClassVar[str] = "tasks.ranking.published.v1"
    about: ClassVar[str] = "ranking_id"
    outsiders: ClassVar[bool] = True

    ranking_id: UUID
    region_code: str
    group: str
    """Among whom: `counties`, `parks`, `departments`, `townships`."""
    cadence: Cadence
    first: date
    last: date
    number: int
    version: int
    units: int
    unmeasured: int
    """Units of which nothing could be measured: they have no rank."""


class CardFact(Event):
    """What every fact about a card says."""

    about: ClassVar[str] = "card_id"
    outsiders: ClassVar[bool] = True

    card_id: UUID
    unit: str
    region_code: str
    kind: Card
    year: int
    """The year of the assessment it is for."""
    rule: str


class CardProposed(CardFact):
    """Facts crossed a threshold: the committee office looks at it."""

    subject: ClassVar[str] = "tasks.card.proposed.v1"

    office: str
    threshold: str
    confirmed: bool
    """False where the threshold itself is to be confirmed first."""


class CardNoticed(CardFact):
    """The unit was given notice and may reply."""

    subject: ClassVar[str] = "tasks.card.noticed.v1"


class CardDecisionDue(CardFact):
    """The unit has replied to the notice, or its time to is over: somebody decides now."""

    subject: ClassVar[str] = "tasks.card.decision_due.v1"

    office: str
    replied: bool


class CardIssued(CardFact):
    """A card was decided and is in effect."""

    subject: ClassVar[str] = "tasks.card.issued.v1"

    effect_from: date
    effect_to: date


class CardReviewNeeded(CardFact):
    """What a card in effect was decided on is no longer so: the office looks at it again."""

    subject: ClassVar[str] = "tasks.card.review_needed.v1"

    office: str


class CardEnded(CardFact):
    """A card was withdrawn, declined or lifted, or its effect is over."""

    subject: ClassVar[str] = "tasks.card.ended.v1"

    how: str
    noticed: bool = True
    """Whether the unit had been given notice; of what it never heard of it is told nothing."""


class UnitsListed(Event):
    """A year has begun: units with a card of the year before are listed in it (挂牌管理)."""

    subject: ClassVar[str] = "tasks.units.listed.v1"
    about: ClassVar[str] = "listing"

    listing: str
    region_code: str
    year: int
    units: tuple[str, ...]
    superiors: tuple[str, ...] = ()
    """Whom those units reported to on the day, each once."""


class ScoreObjectionFact(Event):
    """What every fact about an objection to a score says."""

    about: ClassVar[str] = "objection_id"

    objection_id: UUID
    ranking_id: UUID
    unit: str
    region_code: str


class ScoreObjected(ScoreObjectionFact):
    """A unit says that its score or its rank is wrong: the office rules on it."""

    subject: ClassVar[str] = "tasks.score.objected.v1"

    office: str


class ScoreRulingOverdue(ScoreObjectionFact):
    """Nobody has ruled on an objection to a score within the working days for it."""

    subject: ClassVar[str] = "tasks.score.ruling_overdue.v1"

    office: str
    """Which rules on it."""
    due_at: AwareDatetime


class ScoreRuledOn(ScoreObjectionFact):
    """An objection to a score was ruled on; of one that is upheld a corrected ranking follows."""

    subject: ClassVar[str] = "tasks.score.ruled_on.v1"

    upheld: bool
