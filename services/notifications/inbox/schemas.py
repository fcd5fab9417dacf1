"""An inbox as its owner sees it."""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from services.notifications.messages.tables import Delivery
from services.notifications.wording.schemas import Moment


class MessageView(BaseModel):
    """A message in the inbox of one recipient."""

    message_id: UUID = Field(description="Names this message in this inbox.")
    kind: str = Field(description="The subject of the event it tells of, without the version.")
    origin: str = Field(description="The accident or duty it is about.")
    region_code: str = Field(description="Where that happened.")
    grade: str | None
    subject: str = Field(description="In the language asked for.")
    body: str
    recipient: str = Field(description="The post, unit or enterprise it was sent to.")
    told_at: Moment = Field(description="When the event happened.")
    received_at: Moment | None
    alarm_id: UUID | None = Field(description="Set when it has to be acknowledged.")
    step: int | None = Field(description="Which step of the alarm this recipient stands on.")
    acknowledge_by: Moment | None = Field(description="After this the next step is called.")
    read_at: Moment | None
    acknowledged_at: Moment | None
    acknowledged_by: str | None = Field(description="The account.")

    @classmethod
    def of(cls, row: Delivery, *, chinese: bool) -> Self:
        """An inbox row with its words in one language."""
        said = row.message
        return cls(
            message_id=row.delivery_id,
            kind=said.kind,
            origin=said.origin,
            region_code=said.region_code,
            grade=said.grade,
            subject=said.subject_zh if chinese else said.subject_en,
            body=said.body_zh if chinese else said.body_en,
            recipient=row.recipient,
            told_at=said.told_at,
            received_at=row.sent_at,
            alarm_id=row.alarm_id,
            step=row.step,
            acknowledge_by=row.acknowledge_by,
            read_at=row.read_at,
            acknowledged_at=row.acknowledged_at,
            acknowledged_by=row.acknowledged_by,
        )


class MessagePage(BaseModel):
    """A page of an inbox, newest first."""

    items: list[MessageView]
    next_cursor: UUID | None = Field(description="Pass it as `cursor` for the page after this one.")
