"""What the tasks service tells of hotline orders: ids and places, never who called."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from kernel.events import Event
from reference.terms import Hotline, OrderClass, OrderStep


class OrderFact(Event):
    """What every fact about a hotline order says."""

    about: ClassVar[str] = "order_id"

    order_id: UUID
    region_code: str
    hotline: Hotline
    order_class: OrderClass
    matter: str


class OrderReceived(OrderFact):
    """A hotline handed an order in."""

    subject: ClassVar[str] = "tasks.order.received.v1"
    outsiders: ClassVar[bool] = True


class OrderDispatched(OrderFact):
    """A unit was given a part of an order."""

    subject: ClassVar[str] = "tasks.order.dispatched.v1"

    unit: str
    part: Literal["lead", "supporting"]
    round: int
    """1, and one more each time the caller was not satisfied."""
    sign_due_at: AwareDatetime | None = None
    """None where it is handled again and needs no signature."""
    due_at: AwareDatetime


class OrderReturned(OrderFact):
    """A unit sent its part back, saying why; somebody decides on it."""

    subject: ClassVar[str] = "tasks.order.returned.v1"
    outsiders: ClassVar[bool] = True

    unit: str
    reason: str


class OrderDecisionDue(OrderFact):
    """It is somebody's turn to decide: on a return, an objection, or a request for more time."""

    subject: ClassVar[str] = "tasks.order.decision_due.v1"

    unit: str
    """The unit that decides."""
    step: OrderStep
    holder: str
    """The unit whose return, objection or request it is."""
    named: str | None = None
    """The unit that an objection names; it may say what it thinks until it is decided."""
    due_at: AwareDatetime


class OrderWarned(OrderFact):
    """The time to handle an order ends soon."""

    subject: ClassVar[str] = "tasks.order.warned.v1"

    unit: str
    due_at: AwareDatetime


class OrderOverdue(OrderFact):
    """A step of an order was not taken in time."""

    subject: ClassVar[str] = "tasks.order.overdue.v1"

    unit: str
    step: OrderStep
    due_at: AwareDatetime


class OrderUrged(OrderFact):
    """Whoever holds an order was reminded of it."""

    subject: ClassVar[str] = "tasks.order.urged.v1"

    unit: str
    times: int


class OrderAnswered(OrderFact):
    """The caller can be told the answer."""

    subject: ClassVar[str] = "tasks.order.answered.v1"
    outsiders: ClassVar[bool] = True

    unit: str
    verified: bool | None = None
    """Whether what was told proved true; None where there was nothing to verify."""


class OrderMerged(OrderFact):
    """It is the same matter as another order, and is answered with it."""

    subject: ClassVar[str] = "tasks.order.merged.v1"
    outsiders: ClassVar[bool] = True

    merged_into: UUID


class OrderClosed(OrderFact):
    """The caller was visited and the order filed away."""

    subject: ClassVar[str] = "tasks.order.closed.v1"
    outsiders: ClassVar[bool] = True

    unit: str
    satisfied: bool | None = None
    """None where nobody could be reached."""
    verified: bool | None = None


class OrderHazardTold(OrderFact):
    """An order speaks of a danger: a clue to whoever inspects there."""

    subject: ClassVar[str] = "tasks.order.hazard_told.v1"

    enterprise_uscc: str | None = None
    lon: float | None = None
    lat: float | None = None


class OrderDeathsTold(OrderFact):
    """An order speaks of deaths: a sign of an accident, which incidents checks."""

    subject: ClassVar[str] = "tasks.order.deaths_told.v1"

    lead_id: UUID
    enterprise_uscc: str | None = None
    happened_at: AwareDatetime
    uncertain_by_hours: int
    """By how much the time may be wrong: a day and more where the caller did not say it."""
    deaths_alleged: int
    lon: float | None = None
    lat: float | None = None


class OrderRewardDue(OrderFact):
    """What a caller who gave a name was the first to tell proved true: a reward is due.

    Who it is stays sealed; whoever pays asks to see the caller of this order.
    """

    subject: ClassVar[str] = "tasks.order.reward_due.v1"
    outsiders: ClassVar[bool] = True

    unit: str
    """The unit that verified it, which rewards it."""
    enterprise_uscc: str | None = None
    concealed_accident: bool
