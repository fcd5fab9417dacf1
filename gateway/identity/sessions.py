"""Sign-ins and their families of refresh tokens.

A refusal that leaves a trace, such as a counted failure or a revoked family, is returned and
not raised: the caller commits the trace first and raises then.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.identity import queries, rules, secondfactor
from gateway.identity.tables import Account, Nonce, RefreshToken, Session
from kernel import audit
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.problems import FieldFault, InvalidPayload, Problem

REFRESH_WITHIN = timedelta(hours=12)
"""How long a sign-in may lie idle."""
SIGN_IN_AGAIN_AFTER = timedelta(days=7)
NONCES_KEPT_FOR = timedelta(minutes=15)
_SESSIONS_KEPT_FOR = timedelta(days=1)

UNKNOWN = Principal(subject="unknown")


class CredentialsRefused(Problem):
    """User's name and password do not open an account now. Which of them is not told."""

    status = 401
    title_zh = "用户名或密码不正确，或账号暂不可用"
    title_en = "The credentials were refused"

    def __init__(self) -> None:
        super().__init__()
        self.headers["WWW-Authenticate"] = "Bearer"


class OtpRequired(InvalidPayload):
    """The password is right; this account also needs a one-time code."""

    status = 401
    title_zh = "需要动态验证码"
    title_en = "A one-time code is required"

    def __init__(self) -> None:
        super().__init__(_otp_fault("otp_required", "请填写六位动态验证码", "six digits expected"))
        self.headers["WWW-Authenticate"] = "Bearer"


class OtpRefused(InvalidPayload):
    """The one-time code is wrong, too old or was used before."""

    status = 401
    title_zh = "动态验证码无效"
    title_en = "The one-time code was refused"

    def __init__(self) -> None:
        zh, en = "验证码错误、过期或已使用", "wrong, too old or used before; wait for the next one"
        super().__init__(_otp_fault("otp_refused", zh, en))
        self.headers["WWW-Authenticate"] = "Bearer"


class SecondFactorMissing(Problem):
    """The account's role needs a second factor, and none was enrolled."""

    status = 403
    title_zh = "该账号须先由安全管理员登记动态验证器"
    title_en = "The security administrator must first enrol a second factor for this account"


class RefreshRefused(Problem):
    """The refresh token opens nothing any more: sign in again."""

    status = 401
    title_zh = "刷新令牌无效，请重新登录"
    title_en = "The refresh token was refused; sign in again"

    def __init__(self) -> None:
        fault = {"pointer": "/refresh_token", "code": "refresh_refused"}
        super().__init__(errors=[fault])
        self.headers["WWW-Authenticate"] = 'Bearer error="invalid_grant"'


def _otp_fault(code: str, zh: str, en: str) -> FieldFault:
    return FieldFault(pointer="/otp", code=code, zh=zh, en=en)


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a sign-in or a refresh gives."""

    principal: Principal
    session_id: UUID
    refresh_token: str

    def __repr__(self) -> str:
        return f"Grant(session_id={self.session_id})"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A password that was compared, outside of any transaction, with a hash."""

    username: str
    password_hash: str | None
    holds: bool


async def begin(
    session: AsyncSession, *, checked: Checked, otp: str | None, now: datetime
) -> Grant | Problem:
    """Sign an account in, or count the failure."""
    account = await queries.account_named(session, checked.username, lock=True)
    if account is None:
        _note(session, UNKNOWN, "sign_in_refused", "unknown")
        return CredentialsRefused()
    refusal = _refusal(account, checked, otp, now)
    if refusal is not None:
        _note(session, UNKNOWN, "sign_in_refused", account.id, reason=refusal.code)
        return refusal
    account.failed_attempts, account.locked_until = 0, None
    opened = Session(
        id=uuid7(), account_id=account.id, began_at=now, ends_at=now + SIGN_IN_AGAIN_AFTER
    )
    session.add(opened)
    await session.flush()
    _note(session, queries.principal_of(account), "signed_in", opened.id)
    return _grant(session, account, opened, now)


def _refusal(account: Account, checked: Checked, otp: str | None, now: datetime) -> Problem | None:
    refusal = _unproved(account, checked, now)
    if refusal is not None:
        return refusal
    if account.totp_secret is None:
        needed = rules.needs_second_factor(set(account.roles))
        return SecondFactorMissing() if needed else None
    if otp is None:
        return OtpRequired()
    step = secondfactor.step_of(otp, secret=account.totp_secret, after=account.totp_step, now=now)
    if step is None:
        return _failed(account, now, OtpRefused())
    account.totp_step = step
    return None


def _unproved(account: Account, checked: Checked, now: datetime) -> Problem | None:
    """Refuse a password that does not open the account now."""
    locked = account.locked_until is not None and now < account.locked_until
    if locked or account.disabled_at or account.password_hash != checked.password_hash:
        return CredentialsRefused()
    return None if checked.holds else _failed(account, now, CredentialsRefused())


async def prove(session: AsyncSession, *, checked: Checked, now: datetime) -> Account | Problem:
    """The account of somebody signed in who proves the password again, or a counted failure."""
    account = await queries.account_named(session, checked.username, lock=True)
    if account is None:
        return CredentialsRefused()
    return _unproved(account, checked, now) or account


def _failed(account: Account, now: datetime, refusal: Problem) -> Problem:
    account.failed_attempts += 1
    account.locked_until = rules.locked_until(failures=account.failed_attempts, now=now)
    if account.locked_until is not None:
        account.failed_attempts = 0
    return refusal


def _grant(session: AsyncSession, account: Account, family: Session, now: datetime) -> Grant:
    token = secrets.token_urlsafe(32)
    session.add(
        RefreshToken(
            token_hash=queries.digest(token),
            session_id=family.id,
            issued_at=now,
            expires_at=min(now + REFRESH_WITHIN, family.ends_at),
        )
    )
    principal = queries.principal_of(account)
    return Grant(principal=principal, session_id=family.id, refresh_token=token)


async def renew(session: AsyncSession, *, token: str, now: datetime) -> Grant | Problem:
    """Exchange a refresh token for the next one. A used one betrays a copy: all end."""
    held = await queries.refresh_token(session, token)
    if held is None:
        return RefreshRefused()
    family = await session.get_one(Session, held.session_id, with_for_update=True)
    account = await queries.account(session, family.account_id)
    if held.used_at is not None:
        end(session, family=family, because="reuse", by=queries.principal_of(account), now=now)
        return RefreshRefused()
    if not _is_live(held, family, account, now):
        return RefreshRefused()
    held.used_at = now
    return _grant(session, account, family, now)


def _is_live(held: RefreshToken, family: Session, account: Account, now: datetime) -> bool:
    void = account.tokens_not_before is not None and family.began_at < account.tokens_not_before
    ended = family.revoked_at is not None or account.disabled_at is not None
    return not (void or ended) and now < held.expires_at


def end(
    session: AsyncSession, *, family: Session, because: str, by: Principal, now: datetime
) -> None:
    """Revoke a family: none of its tokens opens anything any more."""
    if family.revoked_at is None:
        family.revoked_at, family.revoked_because = now, because
        _note(session, by, "session_revoked", family.id, reason=because)


async def end_by_token(session: AsyncSession, *, token: str, now: datetime) -> UUID | None:
    """Sign out by a refresh token of the family; an unknown one ends nothing."""
    held = await queries.refresh_token(session, token)
    if held is None:
        return None
    family = await session.get_one(Session, held.session_id, with_for_update=True)
    account = await queries.account(session, family.account_id)
    end(session, family=family, because="signed_out", by=queries.principal_of(account), now=now)
    return family.id


async def forget_old(session: AsyncSession, *, now: datetime) -> None:
    """Delete what can open nothing and betray nothing any more."""
    await session.execute(delete(Nonce).where(Nonce.signed_at < now - NONCES_KEPT_FOR))
    await session.execute(delete(Session).where(Session.ends_at < now - _SESSIONS_KEPT_FOR))


def _note(session: AsyncSession, by: Principal, act: str, entity_id: object, **detail: str) -> None:
    audit.note(session, by=by, act=act, entity="session", entity_id=entity_id, detail=detail)
