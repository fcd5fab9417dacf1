"""What a desk writes down of a call, and how it is shown."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import UUID7, BaseModel, Field

from kernel.problems import FieldFault, InvalidPayload
from services.incidents import masking
from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.phonecalls.tables import PhoneCall
from services.incidents.receipts.schemas import Receipt
from services.incidents.reports.schemas import Instant, Message, NewReport
from services.incidents.reports.schemas_checks import refuse_future

Person = Annotated[str, Field(min_length=1, max_length=100)]
Phone = Annotated[str, Field(pattern=r"^\+?[0-9][0-9 -]{2,30}$")]


class NewCall(Message):
    """A report as it came by telephone."""

    call_id: UUID7 = Field(description="Made by the client; sent again, it has one effect.")
    called_at: Instant = Field(description="When the call came in.")
    caller_name: Person | None = Field(None, description="Sealed.")
    caller_phone: Phone | None = Field(None, description="Sealed.")
    answered_by: Person | None = Field(None, description="Who held the telephone. Sealed.")
    report: NewReport


def refuse_out_of_order(call: NewCall, *, now: datetime) -> None:
    """Refuse a call from the future, or from before what it tells of."""
    refuse_future({"called_at": call.called_at}, now=now)
    happened = call.report.occurred_at
    if happened is not None and call.called_at < happened:
        zh, en = "来电不得早于事故发生时间", "expected a call that came after the accident"
        raise InvalidPayload(
            FieldFault(pointer="/called_at", code="before_occurrence", zh=zh, en=en)
        )


class CallView(BaseModel):
    """A call, its people masked."""

    id: UUID
    accident_id: UUID
    report_id: UUID
    called_at: ShanghaiTime
    typed_at: ShanghaiTime
    typed_by: str
    unit: str | None
    caller_name: str | None = Field(description="Masked.")
    caller_phone: str | None = Field(description="Masked.")

    @classmethod
    def of(cls, call: PhoneCall) -> Self:
        """A call as any office of the area sees it."""
        return cls(
            id=call.id,
            accident_id=call.accident_id,
            report_id=call.report_id,
            called_at=call.called_at,
            typed_at=call.typed_at,
            typed_by=call.typed_by,
            unit=call.unit,
            caller_name=masking.name(call.caller_name),
            caller_phone=masking.phone(call.caller_phone),
        )


class CallTaken(BaseModel):
    """The call and what became of its report."""

    call: CallView
    receipt: Receipt


class Caller(BaseModel):
    """Who called, in full. Asking for it leaves a record."""

    caller_name: str | None
    caller_phone: str | None
    answered_by: str | None
