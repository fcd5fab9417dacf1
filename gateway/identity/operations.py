"""What administrators do: accounts, roles, second factors, API clients and their keys."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.identity import queries, rules, secondfactor
from gateway.identity.domain import NewAccount, NewClient
from gateway.identity.tables import Account, ApiClient, ClientKey
from gateway.policies import POLICIES, Act
from kernel import audit
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.problems import FieldFault, InvalidPayload, Problem
from kernel.signatures import Algorithm

KEYS_OVERLAP = timedelta(days=7)
"""How long a replaced key still opens, unless told otherwise."""


class UsernameTaken(Problem):
    """Another account has this name."""

    status = 409
    title_zh = "用户名已被使用"
    title_en = "The user's name is taken"


class ActsOnOneself(Problem):
    """Administrators do not administer their own account."""

    status = 409
    title_zh = "不能对自己的账号进行此操作"
    title_en = "You may not do this to your own account"


class RolesIncompatible(InvalidPayload):
    """One person cannot hold these roles together."""

    title_zh = "角色不能兼任"
    title_en = "The roles exclude each other"

    def __init__(self) -> None:
        zh = "系统、安全、审计管理员三权分立，不得兼任其他角色"
        en = "each of the three administrators holds no other role"
        super().__init__(FieldFault(pointer="/roles", code="roles_incompatible", zh=zh, en=en))


class PasswordWeak(InvalidPayload):
    """The password is too easy to guess."""

    title_zh = "密码强度不足"
    title_en = "The password is too weak"

    def __init__(self, pointer: str) -> None:
        shortest = rules.SHORTEST_PASSWORD
        zh = f"至少 {shortest} 个字符，含大写、小写、数字、符号中的三类，且不含用户名"
        en = (
            f"at least {shortest} characters, three of capitals, small letters, digits and"
            " symbols, without the user's name"
        )
        super().__init__(FieldFault(pointer=pointer, code="password_weak", zh=zh, en=en))


def require_strong(password: str, *, username: str, pointer: str = "/password") -> None:
    """Refuse a password that is too easy to guess."""
    if not rules.is_strong(password, username=username):
        raise PasswordWeak(pointer)


async def create_account(
    session: AsyncSession, *, new: NewAccount, password_hash: str, by: Principal, now: datetime
) -> Account:
    """Make an account without any role: the security administrator gives those."""
    account = Account(
        id=uuid7(),
        username=queries.folded(new.username),
        password_hash=password_hash,
        roles=[],
        created_at=now,
        password_changed_at=now,
        **new.model_dump(include={"zh", "en", "unit", "post", "region_code", "enterprise_uscc"}),
    )
    POLICIES.require(by, Act.CREATE_ACCOUNT, on=account, seen_by=Act.CREATE_ACCOUNT)
    if await queries.account_named(session, new.username) is not None:
        raise UsernameTaken
    session.add(account)
    _note(session, by, "account_created", account.id)
    return account


async def _account_to(
    session: AsyncSession, act: Act, *, account_id: UUID, by: Principal
) -> Account:
    """The account an administrator may do an act to; never their own."""
    account = await queries.account(session, account_id, lock=True)
    POLICIES.require(by, act, on=account, seen_by=Act.READ_ACCOUNTS)
    if by.subject == str(account.id):
        raise ActsOnOneself
    return account


async def set_roles(
    session: AsyncSession, *, account_id: UUID, roles: set[str], by: Principal, now: datetime
) -> Account:
    """Give an account its roles; what it had before ends, its tokens with it."""
    account = await _account_to(session, Act.SET_ROLES, account_id=account_id, by=by)
    if not rules.may_stand_together(roles) or roles & rules.FOR_CLIENTS:
        raise RolesIncompatible
    before, account.roles = account.roles, sorted(roles)
    account.tokens_not_before = now
    _note(session, by, "roles_set", account.id, before=before, after=account.roles)
    return account


async def disable(
    session: AsyncSession, *, account_id: UUID, by: Principal, now: datetime
) -> Account:
    """Close an account: nothing it holds opens anything any more."""
    account = await _account_to(session, Act.DISABLE_ACCOUNT, account_id=account_id, by=by)
    if account.disabled_at is None:
        account.disabled_at = account.tokens_not_before = now
        _note(session, by, "account_disabled", account.id)
    return account


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    """A second factor's secret: shown once, to be read by an authenticator."""

    secret: str
    uri: str

    def __repr__(self) -> str:
        return "Enrolment()"


async def enrol_totp(session: AsyncSession, *, account_id: UUID, by: Principal) -> Enrolment:
    """Give an account a new second factor; the one before opens nothing any more."""
    account = await _account_to(session, Act.ENROL_SECOND_FACTOR, account_id=account_id, by=by)
    secret = secondfactor.fresh_secret()
    account.totp_secret, account.totp_step = secret, 0
    _note(session, by, "second_factor_enrolled", account.id)
    uri = secondfactor.provisioning_uri(secret, username=account.username)
    return Enrolment(secret=secret, uri=uri)


def replace_password(
    session: AsyncSession, *, account: Account, fresh: str, by: Principal, now: datetime
) -> None:
    """Replace one's own password, once the old one was proved; every sign-in ends."""
    account.password_hash = fresh
    account.password_changed_at = account.tokens_not_before = now
    _note(session, by, "password_changed", account.id)


async def create_client(
    session: AsyncSession, *, new: NewClient, by: Principal, now: datetime
) -> ApiClient:
    """Make a client without role and key: the security administrator gives those."""
    client = ApiClient(
        id=uuid7(),
        app_key=f"{new.name}-{secrets.token_hex(4)}",
        roles=[],
        networks=[str(network) for network in new.networks],
        created_at=now,
        keys=[],
        **new.model_dump(include={"zh", "en", "unit", "region_code"}),
    )
    POLICIES.require(by, Act.CREATE_CLIENT, on=client, seen_by=Act.CREATE_CLIENT)
    session.add(client)
    _note(session, by, "client_created", client.id)
    return client


async def _client_to(
    session: AsyncSession, act: Act, *, client_id: UUID, by: Principal
) -> ApiClient:
    client = await queries.client(session, client_id, lock=True)
    POLICIES.require(by, act, on=client, seen_by=Act.READ_CLIENTS)
    return client


async def set_client_roles(
    session: AsyncSession, *, client_id: UUID, roles: set[str], by: Principal
) -> ApiClient:
    """Give a client its roles; those of persons are not for machines."""
    client = await _client_to(session, Act.SET_CLIENT_ROLES, client_id=client_id, by=by)
    if not roles <= rules.FOR_CLIENTS:
        raise RolesIncompatible
    before, client.roles = client.roles, sorted(roles)
    _note(session, by, "client_roles_set", client.id, before=before, after=client.roles)
    return client


async def disable_client(
    session: AsyncSession, *, client_id: UUID, by: Principal, now: datetime
) -> ApiClient:
    """Close a client."""
    client = await _client_to(session, Act.DISABLE_CLIENT, client_id=client_id, by=by)
    client.disabled_at = client.disabled_at or now
    _note(session, by, "client_disabled", client.id)
    return client


async def rotate_client_key(
    session: AsyncSession,
    *,
    client_id: UUID,
    algorithm: Algorithm,
    overlap: timedelta = KEYS_OVERLAP,
    by: Principal,
    now: datetime,
) -> ClientKey:
    """Give a client a new key. The newest of its live ones stays open during the overlap."""
    client = await _client_to(session, Act.ROTATE_CLIENT_KEY, client_id=client_id, by=by)
    live = queries.live_keys(client, now=now)
    for key in live[:-1]:
        key.active_until = now
    if live and (live[-1].active_until is None or live[-1].active_until > now + overlap):
        live[-1].active_until = now + overlap
    fresh = ClientKey(
        id=uuid7(), algorithm=algorithm, secret=secrets.token_hex(32), active_from=now
    )
    client.keys.append(fresh)
    _note(session, by, "client_key_rotated", client.id, key=str(fresh.id))
    return fresh


def _note(
    session: AsyncSession, by: Principal, act: str, entity_id: UUID, **detail: object
) -> None:
    entity = "api_client" if act.startswith("client") else "account"
    audit.note(session, by=by, act=act, entity=entity, entity_id=entity_id, detail=detail)
