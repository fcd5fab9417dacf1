"""Subscribes outside systems, and switches them off."""

import base64
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.problems import Problem
from services.notifications import policies
from services.notifications.endpoints import queries
from services.notifications.endpoints.domain import EndpointStatus, Guard, Refusal, Subscription
from services.notifications.endpoints.tables import Endpoint
from services.notifications.policies import Act

_SECRET_BYTES = 32


class EndpointRefused(Problem):
    """The platform does not call this address."""

    status = 422
    title_zh = "不允许向该地址推送"
    title_en = "The platform does not call this address"

    _WORDS = {
        Refusal.SCHEME: ("地址须以 https:// 开头", "the URL must begin with https://"),
        Refusal.USER: ("地址中不能带用户名或密码", "the URL must not hold a user or password"),
        Refusal.HOST: ("主机不在允许名单中", "the host is not on the allow-list"),
    }

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(*self._WORDS[refusal], pointer="/url", reason=str(refusal))


def fresh_secret() -> str:
    """A new signing secret in the form of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


class EndpointExists(Problem):
    """A system of that name is subscribed in that place already."""

    status = 409
    title_zh = "同名订阅已存在"
    title_en = "A system of that name is subscribed already"


async def create(
    session: AsyncSession, *, wanted: Subscription, guard: Guard, by: Principal, now: datetime
) -> Endpoint:
    """Make a subscription that does not exist yet."""
    found = await queries.named(session, region_code=wanted.region_code, name=wanted.name)
    if found is not None:
        raise EndpointExists
    return await subscribe(session, wanted=wanted, guard=guard, by=by, now=now)


async def subscribe(
    session: AsyncSession, *, wanted: Subscription, guard: Guard, by: Principal, now: datetime
) -> Endpoint:
    """Make a subscription, or change the one of that name in that place to what is said here."""
    refusal = guard.refuse_url(wanted.url)
    if refusal is not None:
        raise EndpointRefused(refusal)
    endpoint = await queries.named(session, region_code=wanted.region_code, name=wanted.name)
    if endpoint is None:
        endpoint = _blank(wanted, by=by, now=now)
    _require(by, on=endpoint)
    session.add(endpoint)
    endpoint.url = wanted.url
    endpoint.secret = wanted.secret or endpoint.secret
    endpoint.subjects = list(wanted.subjects)
    endpoint.networks = list(wanted.networks)
    _set(endpoint, EndpointStatus.ENABLED, reason=None)
    _note(session, by, endpoint, {"url": wanted.url, "subjects": endpoint.subjects})
    return endpoint


def _blank(wanted: Subscription, *, by: Principal, now: datetime) -> Endpoint:
    return Endpoint(
        endpoint_id=uuid7(),
        name=wanted.name,
        region_code=wanted.region_code,
        secret=fresh_secret(),
        created_at=now,
        created_by=by.subject,
    )


async def disable(
    session: AsyncSession, *, endpoint_id: UUID, reason: str, by: Principal
) -> Endpoint:
    """Stop calling an endpoint; what is queued stays, and later events are kept for a replay."""
    endpoint = await queries.get(session, endpoint_id, lock=True)
    _require(by, on=endpoint)
    _set(endpoint, EndpointStatus.DISABLED, reason=reason)
    _note(session, by, endpoint, {"disabled": reason})
    return endpoint


async def enable(session: AsyncSession, *, endpoint_id: UUID, by: Principal) -> Endpoint:
    """Call an endpoint again, beginning with what is queued."""
    endpoint = await queries.get(session, endpoint_id, lock=True)
    _require(by, on=endpoint)
    _set(endpoint, EndpointStatus.ENABLED, reason=None)
    _note(session, by, endpoint, {"enabled": True})
    return endpoint


def _require(by: Principal, *, on: Endpoint) -> None:
    policies.POLICIES.require(by, Act.MANAGE_ENDPOINTS, on=on, seen_by=Act.READ_ENDPOINTS)


def _set(endpoint: Endpoint, status: EndpointStatus, *, reason: str | None) -> None:
    endpoint.status = status
    endpoint.disabled_reason = reason


def _note(session: AsyncSession, by: Principal, endpoint: Endpoint, detail: dict[str, Any]) -> None:
    audit.note(
        session,
        by=by,
        act=Act.MANAGE_ENDPOINTS,
        entity="endpoint",
        entity_id=endpoint.endpoint_id,
        detail=detail,
    )
