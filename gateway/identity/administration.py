"""The routes of the three administrators."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query

from gateway.identity import operations, queries
from gateway.identity.api import Door, Wall
from gateway.identity.domain import NewAccount, NewClient
from gateway.identity.schemas import (
    AccountPage,
    AccountView,
    ClientView,
    EnrolmentView,
    FreshKey,
    KeyWanted,
    Roles,
)
from gateway.identity.tables import Account, ApiClient, ClientKey
from gateway.policies import Act
from kernel.db import unit_of_work
from kernel.transactions import Actor, Session, act, untransacted
from kernel.web import rooms

router = rooms("/identity", "identity")


@router.get("/accounts")
@act(Act.READ_ACCOUNTS)
async def list_accounts(
    actor: Actor,
    session: Session,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AccountPage:
    """The accounts of one's region, by name."""
    rows = await queries.accounts(session, within=actor.region or "", after=cursor, limit=limit + 1)
    items = [AccountView.model_validate(row) for row in rows[:limit]]
    more = len(rows) > limit
    return AccountPage(items=items, next_cursor=items[-1].username if more else None)


@router.post("/accounts", status_code=201, response_model=AccountView)
@act(Act.CREATE_ACCOUNT)
@untransacted  # the password is hashed first, and no digest of it is kept for a twin
async def create_account(body: NewAccount, actor: Actor, door: Door, now: Wall) -> Account:
    """Make an account. It can do nothing until the security administrator gives it a role."""
    password = body.password.get_secret_value()
    operations.require_strong(password, username=body.username)
    hashed = await door.hasher.hash(password)
    async with unit_of_work(door.database, actor) as session:
        return await operations.create_account(
            session, new=body, password_hash=hashed, by=actor, now=now
        )


@router.put("/accounts/{account_id}/roles", response_model=AccountView)
@act(Act.SET_ROLES)
async def set_roles(
    account_id: UUID, body: Roles, actor: Actor, session: Session, now: Wall
) -> Account:
    """Give an account its roles."""
    roles = {role.value for role in body.roles}
    return await operations.set_roles(
        session, account_id=account_id, roles=roles, by=actor, now=now
    )


@router.post("/accounts/{account_id}/disable", response_model=AccountView)
@act(Act.DISABLE_ACCOUNT)
async def disable_account(account_id: UUID, actor: Actor, session: Session, now: Wall) -> Account:
    """Close an account; its tokens are void within two seconds."""
    return await operations.disable(session, account_id=account_id, by=actor, now=now)


@router.post("/accounts/{account_id}/totp", response_model=EnrolmentView)
@act(Act.ENROL_SECOND_FACTOR)
@untransacted  # an answer that holds a secret is not kept for a twin
async def enrol_second_factor(account_id: UUID, actor: Actor, door: Door) -> operations.Enrolment:
    """Give an account a new second factor; its secret is shown this once."""
    async with unit_of_work(door.database, actor) as session:
        return await operations.enrol_totp(session, account_id=account_id, by=actor)


@router.get("/clients", response_model=list[ClientView])
@act(Act.READ_CLIENTS)
async def list_clients(actor: Actor, session: Session) -> Sequence[ApiClient]:
    """The API clients of one's region."""
    return await queries.clients(session, within=actor.region or "")


@router.post("/clients", status_code=201, response_model=ClientView)
@act(Act.CREATE_CLIENT)
async def create_client(body: NewClient, actor: Actor, session: Session, now: Wall) -> ApiClient:
    """Make a client, without role and key."""
    return await operations.create_client(session, new=body, by=actor, now=now)


@router.put("/clients/{client_id}/roles", response_model=ClientView)
@act(Act.SET_CLIENT_ROLES)
async def set_client_roles(
    client_id: UUID, body: Roles, actor: Actor, session: Session
) -> ApiClient:
    """Give a client its roles."""
    roles = {role.value for role in body.roles}
    return await operations.set_client_roles(session, client_id=client_id, roles=roles, by=actor)


@router.post("/clients/{client_id}/disable", response_model=ClientView)
@act(Act.DISABLE_CLIENT)
async def disable_client(client_id: UUID, actor: Actor, session: Session, now: Wall) -> ApiClient:
    """Close a client."""
    return await operations.disable_client(session, client_id=client_id, by=actor, now=now)


@router.post("/clients/{client_id}/keys", status_code=201, response_model=FreshKey)
@act(Act.ROTATE_CLIENT_KEY)
@untransacted  # an answer that holds a secret is not kept for a twin
async def rotate_client_key(
    client_id: UUID, body: KeyWanted, actor: Actor, door: Door, now: Wall
) -> ClientKey:
    """Give a client a new key, shown this once; the one before opens during the overlap."""
    async with unit_of_work(door.database, actor) as session:
        return await operations.rotate_client_key(
            session,
            client_id=client_id,
            algorithm=body.algorithm,
            overlap=timedelta(hours=body.overlap_hours),
            by=actor,
            now=now,
        )
