"""What the identity routes take and answer. No answer holds a hash, a key or a secret twice."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from contracts.gateway import Role
from gateway.identity.domain import Input, Password
from kernel.signatures import Algorithm


class View(BaseModel):
    """An answer made from a row."""

    model_config = ConfigDict(from_attributes=True)


Token = Annotated[SecretStr, Field(min_length=1, max_length=200)]


class Credentials(Input):
    """What a person signs in with."""

    username: str = Field(min_length=1, max_length=64)
    password: Password
    otp: str | None = Field(default=None, pattern=r"^[0-9]{6}$")
    """The one-time code of the second factor, where the account has one."""


class Refresh(Input):
    """A refresh token, each good once."""

    refresh_token: Token


class Tokens(BaseModel):
    """What a sign-in or refresh gives."""

    access_token: str
    refresh_token: str
    expires_in: int
    """Seconds for which the access token holds."""
    token_type: str = "Bearer"  # noqa: S105 -- the scheme's name


class Myself(BaseModel):
    """Who the platform takes the caller for."""

    subject: str
    roles: list[str]
    unit: str | None
    post: str | None
    region: str | None
    """Prefix of the division codes in reach; empty for the whole nation."""
    uscc: str | None
    client: bool
    username: str | None = None
    zh: str | None = None
    en: str | None = None


class PasswordChange(Input):
    """The password now, and the one from now on."""

    current_password: Password
    new_password: Password


class AccountView(View):
    """An account as administrators see it."""

    id: UUID
    username: str
    zh: str
    en: str
    roles: list[str]
    unit: str | None
    post: str | None
    region_code: str
    enterprise_uscc: str | None
    locked_until: datetime | None
    disabled_at: datetime | None
    created_at: datetime
    password_changed_at: datetime


class AccountPage(BaseModel):
    """Accounts by name, and where the next page begins."""

    items: list[AccountView]
    next_cursor: str | None


class Roles(Input):
    """The roles from now on."""

    roles: set[Role]


class EnrolmentView(View):
    """A second factor's secret, shown once."""

    secret: str
    uri: str


class KeyView(View):
    """A key of a client, without what it is."""

    id: UUID
    algorithm: Algorithm
    active_from: datetime
    active_until: datetime | None


class ClientView(View):
    """A client as administrators see it."""

    id: UUID
    app_key: str
    zh: str
    en: str
    roles: list[str]
    unit: str | None
    region_code: str
    networks: list[str]
    disabled_at: datetime | None
    created_at: datetime
    keys: list[KeyView]


class KeyWanted(Input):
    """Which key to make, and for how long the one before still opens."""

    algorithm: Algorithm = Algorithm.SM3
    overlap_hours: int = Field(default=168, ge=0, le=720)


class FreshKey(KeyView):
    """A new key with its secret, shown once."""

    secret: str
