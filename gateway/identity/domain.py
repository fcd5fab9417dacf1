"""What accounts and clients are made of, as it is asked for from outside."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork, SecretStr

from contracts.identifiers import RegionCode, Uscc


class Input(BaseModel):
    """A body from outside: unknown fields are refused, and values never shown in errors."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


Password = Annotated[SecretStr, Field(min_length=1, max_length=256)]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class NewAccount(Input):
    """An account to be made. It has no role until the security administrator gives one."""

    username: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]{2,63}$")
    password: Password
    zh: Name
    en: Name
    unit: str | None = Field(default=None, max_length=100)
    post: str | None = Field(default=None, max_length=100)
    region_code: RegionCode
    enterprise_uscc: Uscc | None = None


class NewClient(Input):
    """A client to be made. It has neither role nor key at first."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{1,40}$")
    """The beginning of its application key."""
    zh: Name
    en: Name
    unit: str | None = Field(default=None, max_length=100)
    region_code: RegionCode
    networks: list[IPvAnyNetwork] = Field(default=[], max_length=50)
    """Where it may come from; empty: from anywhere."""
