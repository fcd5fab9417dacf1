"""How addresses of feeds are shown."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.instants import ShanghaiTime


class FeedView(BaseModel):
    """An address, without its secret."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    unit: str | None
    enterprise_uscc: str | None
    made_at: ShanghaiTime
    revoked_at: ShanghaiTime | None


class NewFeedView(FeedView):
    """A new address with its secret: it is shown now and never again."""

    path: str = Field(
        description="Below the platform's own name; `&lang=en` and `&shape=todo` may follow"
    )
