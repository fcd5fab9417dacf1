"""What the notifications service tells: alarms answered, and alarms that nobody answered."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from kernel.events import Event


class AlarmAcknowledged(Event):
    """Somebody answered an alarm for a unit."""

    subject: ClassVar[str] = "notifications.alarm.acknowledged.v1"
    about: ClassVar[str] = "alarm_id"
    outsiders: ClassVar[bool] = True

    alarm_id: UUID
    origin: str
    unit: str
    step: int
    acknowledged_at: AwareDatetime


class AlarmExhausted(Event):
    """The whole chain stayed silent; the dead-end desk has it."""

    subject: ClassVar[str] = "notifications.alarm.exhausted.v1"
    about: ClassVar[str] = "alarm_id"
    outsiders: ClassVar[bool] = True

    alarm_id: UUID
    origin: str
    dead_end_unit: str
