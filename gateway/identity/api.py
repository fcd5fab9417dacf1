"""Signing in and out, and what a person may ask about themselves."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from gateway.documentation.merging import NO_CREDENTIALS
from gateway.identity import queries
from gateway.identity.schemas import Credentials, Myself, PasswordChange, Refresh, Tokens
from gateway.identity.signin import SignIn
from gateway.policies import Act
from gateway.proxy.limits import TooManyRequests
from kernel import clock
from kernel.addresses import network
from kernel.gcra import Limiter
from kernel.transactions import Actor, Session, act, public, untransacted
from kernel.web import rooms

router = rooms("/auth", "auth")


async def _sign_in(request: Request) -> SignIn:
    signing_in: SignIn = request.app.state.sign_in
    return signing_in


async def _wall() -> datetime:
    return clock.wall()


async def _not_too_often(request: Request) -> None:
    limiter: Limiter = request.app.state.sign_in_limiter
    host = request.client.host if request.client else "unknown"
    wait = limiter.take(network(host), now=int(clock.ticks() * 1_000_000_000))
    if wait:
        raise TooManyRequests(per="address", wait=wait)


Door = Annotated[SignIn, Depends(_sign_in)]
Wall = Annotated[datetime, Depends(_wall)]
_LIMITED = [Depends(_not_too_often)]


@router.post("/token", dependencies=_LIMITED, openapi_extra=NO_CREDENTIALS)
@public  # whoever signs in is nobody yet
@untransacted  # a counted failure is committed before it is refused
async def sign_in(body: Credentials, response: Response, door: Door, now: Wall) -> Tokens:
    """Sign in with user's name, password and, where enrolled, a one-time code."""
    response.headers["Cache-Control"] = "no-store"
    return await door.begin(body, now=now)


@router.post("/refresh", dependencies=_LIMITED, openapi_extra=NO_CREDENTIALS)
@public  # the refresh token is the proof
@untransacted  # a family revoked by reuse is committed before it is refused
async def refresh(body: Refresh, response: Response, door: Door, now: Wall) -> Tokens:
    """Exchange a refresh token for the next pair. Using one twice ends the whole sign-in."""
    response.headers["Cache-Control"] = "no-store"
    return await door.renew(body.refresh_token.get_secret_value(), now=now)


@router.post("/revoke", status_code=204, dependencies=_LIMITED, openapi_extra=NO_CREDENTIALS)
@public  # the refresh token is the proof, and an unknown one does nothing
@untransacted
async def revoke(body: Refresh, door: Door, now: Wall) -> None:
    """Sign out: every token of this sign-in is void within two seconds."""
    await door.end(body.refresh_token.get_secret_value(), now=now)


@router.get("/me")
@act(Act.READ_MYSELF)
async def me(actor: Actor, session: Session) -> Myself:
    """Who the platform takes the caller for."""
    known = {"subject": actor.subject, "roles": sorted(actor.roles), "client": actor.client}
    placed = {name: getattr(actor, name) for name in ("unit", "post", "region", "uscc")}
    if actor.client:
        client = await queries.client(session, UUID(actor.subject))
        return Myself(**known, **placed, zh=client.zh, en=client.en)
    account = await queries.account(session, UUID(actor.subject))
    return Myself(**known, **placed, username=account.username, zh=account.zh, en=account.en)


@router.post("/password", status_code=204)
@act(Act.CHANGE_MY_PASSWORD)
@untransacted  # passwords are hashed outside of any transaction
async def change_password(body: PasswordChange, actor: Actor, door: Door, now: Wall) -> None:
    """Replace one's own password. Every sign-in ends, this one included."""
    current, new = body.current_password, body.new_password
    await door.change_password(
        current=current.get_secret_value(), new=new.get_secret_value(), by=actor, now=now
    )
