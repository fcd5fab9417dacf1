"""What outside systems pull."""

from typing import Any

from pydantic import BaseModel, Field

from kernel.changes import Op


class ChangeView(BaseModel):
    """One change of one accident."""

    entity: str
    entity_id: str
    op: Op
    version: int
    body: dict[str, Any] | None = Field(description="The accident as it then stood.")


class Page(BaseModel):
    """Changes in the order of their commits, and where to go on."""

    items: list[ChangeView]
    next_cursor: str = Field(description="Where to go on; also when nothing came.")
    more: bool = Field(description="Ask again at once.")
    reset: bool = Field(description="Forget what you hold first: your cursor is of other data.")
