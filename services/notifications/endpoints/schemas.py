"""What administrators send and see of endpoints."""

import ipaddress
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl
from pydantic_core import PydanticCustomError

from contracts.identifiers import RegionCode
from services.notifications.endpoints.domain_offer import SUBJECTS
from services.notifications.wording.schemas import Moment


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError:
        raise _refused(
            "network", zh="应为网段，例如 10.1.0.0/16", en="expected a network such as 10.1.0.0/16"
        ) from None


def _subject(value: str) -> str:
    if value not in SUBJECTS:
        expected = ", ".join(SUBJECTS)
        raise _refused("subject", zh=f"应为下列之一：{expected}", en=f"expected one of {expected}")
    return value


def _refused(kind: str, *, zh: str, en: str) -> PydanticCustomError:
    return PydanticCustomError(kind, "{zh} {en}", {"zh": zh, "en": en})


class NewEndpoint(BaseModel):
    """A subscription to make."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100, description="What people call the system.")
    url: HttpUrl = Field(description="Where it takes calls; its host must be on the allow-list.")
    subjects: list[Annotated[str, AfterValidator(_subject)]] = Field(
        default_factory=lambda: list(SUBJECTS),
        min_length=1,
        description="Subjects of events it hears of; every accident event when left out.",
    )
    region_code: RegionCode = Field(description="It hears of accidents in and below this place.")
    networks: list[Annotated[str, AfterValidator(_network)]] = Field(
        default_factory=list,
        max_length=16,
        description="Private networks (CIDR) that its host may lie in.",
    )


class EndpointView(BaseModel):
    """An endpoint, without its secret."""

    model_config = ConfigDict(from_attributes=True)

    endpoint_id: UUID
    name: str
    url: str
    subjects: list[str]
    region_code: str
    networks: list[str]
    status: str = Field(description="enabled or disabled.")
    disabled_reason: str | None
    created_at: Moment


class EndpointMade(EndpointView):
    """A new endpoint, with its secret: shown this once."""

    secret: str = Field(description="Standard Webhooks signing secret, `whsec_…`.")


class Disabling(BaseModel):
    """Why an endpoint is switched off."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=500, description="Kept with the endpoint.")
