"""What a draft holds, and how it becomes a report."""

from typing import Any
from uuid import UUID

from pydantic import UUID7, BaseModel, ConfigDict, Field, ValidationError

from kernel.validation import invalid
from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.drafts.domain import Status
from services.incidents.receipts.schemas import Receipt
from services.incidents.reports.domain import ReportKind
from services.incidents.reports.schemas import Message, NewReport, Said


class DraftBody(Said):
    """What is known so far; anything may still be missing."""

    kind: ReportKind = ReportKind.QUICK
    accident_id: UUID | None = None
    final: bool = False


class NewDraft(Message):
    """A draft to keep."""

    draft_id: UUID7 = Field(description="Made by the client; it becomes the report's id.")
    body: DraftBody


class Edit(Message):
    """A draft as it is now."""

    version: int = Field(description="The version that was read.")
    body: DraftBody


class DraftView(BaseModel):
    """A draft as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    status: Status
    unit: str | None
    body: dict[str, Any]
    saved_at: ShanghaiTime
    accident_id: UUID | None


class Submitted(BaseModel):
    """The draft and what became of it."""

    draft: DraftView
    receipt: Receipt


def as_kept(body: DraftBody) -> dict[str, Any]:
    """The body as it is stored: only what is said."""
    return body.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


def as_report(kept: dict[str, Any], *, report_id: UUID) -> NewReport:
    """The report that a draft becomes, or the faults of its fields."""
    try:
        return NewReport.model_validate({"kind": "quick", **kept, "report_id": report_id})
    except ValidationError as reason:
        raise invalid(
            [dict(fault) | {"loc": ("body", *fault["loc"])} for fault in reason.errors()]
        ) from reason
