"""Accounts, their sessions, API clients and their keys.

These tables carry no row-level security, unlike every other table with a division: they
are read to find out who asks, so before any scope exists. No other role than the gateway's
reaches their database.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gateway.base import Base
from kernel.crypto import EncryptedText
from kernel.db import Id
from kernel.ids import uuid7


class Account(Base):
    """A person's way in. Its id is the subject of everything the person does."""

    __tablename__ = "account"
    __table_args__ = (Index("ix_account_tokens_not_before", "tokens_not_before"),)

    id: Mapped[Id] = mapped_column(default=uuid7)
    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    zh: Mapped[str]
    en: Mapped[str]
    roles: Mapped[list[str]]
    unit: Mapped[str | None]
    post: Mapped[str | None]
    region_code: Mapped[str] = mapped_column(index=True)
    enterprise_uscc: Mapped[str | None]
    totp_secret: Mapped[str | None] = mapped_column(EncryptedText("account.totp_secret"))
    totp_step: Mapped[int] = mapped_column(BigInteger, default=0)
    """The newest time step a code was taken for: a code opens once."""
    failed_attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    locked_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    tokens_not_before: Mapped[datetime | None]
    """Access tokens issued before are void."""
    created_at: Mapped[datetime]
    password_changed_at: Mapped[datetime]


class Session(Base):
    """One sign-in and the family of refresh tokens that came of it."""

    __tablename__ = "session"
    __table_args__ = (
        Index("ix_session_revoked_at", "revoked_at"),
        Index("ix_session_ends_at", "ends_at"),
    )

    id: Mapped[Id] = mapped_column(default=uuid7)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str | None]


class RefreshToken(Base):
    """A token of a family; only its hash is kept. One is live, the used ones betray theft."""

    __tablename__ = "refresh_token"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("session.id", ondelete="CASCADE"), index=True
    )
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiClient(Base):
    """An outside system that signs its requests."""

    __tablename__ = "api_client"

    id: Mapped[Id] = mapped_column(default=uuid7)
    app_key: Mapped[str] = mapped_column(unique=True)
    zh: Mapped[str]
    en: Mapped[str]
    roles: Mapped[list[str]]
    unit: Mapped[str | None]
    region_code: Mapped[str] = mapped_column(index=True)
    networks: Mapped[list[str]]
    """Where it may come from, as CIDR blocks; empty: from anywhere."""
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    keys: Mapped[list["ClientKey"]] = relationship(
        lazy="raise", order_by="ClientKey.active_from", cascade="all, delete-orphan"
    )


class ClientKey(Base):
    """One secret of a client. Two are live while one replaces the other."""

    __tablename__ = "client_key"

    id: Mapped[Id] = mapped_column(default=uuid7)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("api_client.id"), index=True)
    algorithm: Mapped[str]
    secret: Mapped[str] = mapped_column(EncryptedText("client_key.secret"))
    active_from: Mapped[datetime]
    active_until: Mapped[datetime | None]


class Nonce(Base):
    """A nonce that a client has spent; kept for as long as its timestamp could be accepted."""

    __tablename__ = "nonce"

    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(Text, primary_key=True)
    signed_at: Mapped[datetime] = mapped_column(index=True)
