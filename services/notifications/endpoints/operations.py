"""Subscribes outside systems, and switches them off."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.problems import Problem
from services.notifications import policies
from services.notifications.endpoints import queries
from services.notifications.endpoints.domain import EndpointStatus, Guard, Refusal
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


async def subscribe(
    session: AsyncSession,
    *,
    name: str,
    url: str,
    subjects: Sequence[str],
    region_code: str,
    guard: Guard,
    by: Principal,
    now: datetime,
    networks: Sequence[str] = (),
    secret: str | None = None,
) -> Endpoint:
    """Make a subscription; one that has this name already is changed to what is said here."""
    refusal = guard.refuse_url(url)
    if refusal is not None:
        raise EndpointRefused(refusal)
    endpoint = await queries.named(session, name=name)
    if endpoint is None:
        endpoint = Endpoint(
            endpoint_id=uuid7(), name=name, created_at=now, created_by=by.subject, secret=""
        )
        session.add(endpoint)
    endpoint.region_code = region_code
    policies.POLICIES.require(by, Act.MANAGE_ENDPOINTS, on=endpoint, seen_by=Act.READ_ENDPOINTS)
    endpoint.url = url
    endpoint.secret = secret or endpoint.secret or fresh_secret()
    endpoint.subjects = list(subjects)
    endpoint.networks = list(networks)
    endpoint.status = EndpointStatus.ENABLED
    endpoint.disabled_reason = None
    audit.note(
        session,
        by=by,
        act=Act.MANAGE_ENDPOINTS,
        entity="endpoint",
        entity_id=endpoint.endpoint_id,
        detail={"url": url, "subjects": list(subjects), "region": region_code},
    )
    return endpoint


async def disable(
    session: AsyncSession, *, endpoint_id: UUID, reason: str, by: Principal
) -> Endpoint:
    """Stop calling an endpoint; what is queued stays, for a replay."""
    endpoint = await queries.get(session, endpoint_id, lock=True)
    policies.POLICIES.require(by, Act.MANAGE_ENDPOINTS, on=endpoint, seen_by=Act.READ_ENDPOINTS)
    endpoint.status = EndpointStatus.DISABLED
    endpoint.disabled_reason = reason
    audit.note(
        session,
        by=by,
        act=Act.MANAGE_ENDPOINTS,
        entity="endpoint",
        entity_id=endpoint_id,
        detail={"disabled": reason},
    )
    return endpoint
