"""A running city, reached through its gateway as its people and partner systems reach it."""

import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pyotp
from filelock import AsyncFileLock

from devstack.layout import Layout, read_json, write_json
from kernel import clock, signatures
from kernel.ids import uuid7
from tests.eventually import eventually

REPORTS = "/api/v1/incidents/reports"
ACCIDENTS = "/api/v1/incidents/accidents"
MESSAGES = "/api/v1/notifications/messages"
OBLIGATIONS = "/api/v1/tasks/obligations"
EXCHANGE = "/api/v1/exchange/accidents"
TOKEN = "/api/v1/auth/token"

RENEW_AFTER_S = 420.0
"""An access token lives ten minutes; a new one is asked for well before."""


@dataclass
class City:
    """One stack and its people. Tokens are kept below `folder`: a code is good only once."""

    layout: Layout
    folder: Path
    gateway: httpx.AsyncClient
    stack: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.stack = read_json(self.layout.stack)

    @classmethod
    def of(cls, layout: Layout) -> "City":
        """The city of a stack that is up."""
        base_url = read_json(layout.stack)["base_url"]
        client = httpx.AsyncClient(base_url=base_url, timeout=60, trust_env=False)
        return cls(layout, layout.var.parent, client)

    @property
    def now(self) -> datetime:
        """What the city's clock says."""
        kept = read_json(self.layout.clock)
        return clock.wall() + timedelta(seconds=kept["offset_seconds"])

    def uscc(self, account: str) -> str:
        """The credit code of an enterprise's account."""
        return str(self.stack["accounts"][account]["uscc"])

    async def as_(self, account: str, language: str = "en") -> dict[str, str]:
        """The headers of a signed-in person."""
        token = await self.token(account)
        return {"Authorization": f"Bearer {token}", "Accept-Language": language}

    async def token(self, account: str) -> str:
        """A person's access token, the same for all workers of the test run."""
        kept = self.folder / f"token-{account}.json"
        async with AsyncFileLock(f"{kept}.lock"):
            known = read_json(kept)
            if known is None or clock.wall().timestamp() - known["at"] > RENEW_AFTER_S:
                known = {"token": await self._sign_in(account), "at": clock.wall().timestamp()}
                write_json(kept, known)
        return str(known["token"])

    async def _sign_in(self, account: str) -> str:
        known = self.stack["accounts"][account]
        body = {"username": known["username"], "password": known["password"]}
        if "otp_secret" in known:
            body["otp"] = pyotp.TOTP(known["otp_secret"]).at(clock.wall())
        answer = await self.gateway.post(TOKEN, json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def get(self, account: str, path: str, **query: Any) -> Any:
        """Read something as a person."""
        answer = await self.gateway.get(path, headers=await self.as_(account), params=query)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def all(self, account: str, path: str, **query: Any) -> list[Any]:
        """Everything of a list that comes in pages."""
        items: list[Any] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(account, path, limit=200, **query, **cursor)
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            cursor = {"cursor": page["next_cursor"]}

    async def post(self, account: str, path: str, body: Any = None) -> httpx.Response:
        """Do something as a person."""
        headers = await self.as_(account) | {"Idempotency-Key": str(uuid7())}
        return await self.gateway.post(path, headers=headers, json=body)

    async def done(self, account: str, path: str, body: Any = None) -> Any:
        """Do something that succeeds, be it a moment later (202); its answer."""
        answer = await self.post(account, path, body)
        assert answer.status_code in (200, 201, 202), f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def report(self, account: str = "enterprise", **fields: Any) -> dict[str, Any]:
        """A first report of an accident half an hour ago, known for a quarter."""
        now = self.now
        known = self.stack["accounts"][account]
        body = {
            "report_id": str(uuid7()),
            "kind": "quick",
            "occurred_at": (now - timedelta(minutes=30)).isoformat(),
            "known_at": (now - timedelta(minutes=15)).isoformat(),
            "region_code": known["region"],
            "place": "井下采煤工作面",
            "industry": "coal_mining",
            "accident_type": "roof_fall",
            "casualties": {"deaths": 1},
            "summary": "顶板冒落，正在救援。",
            "measures": "已撤人，设警戒。",
        }
        if "uscc" in known:
            body["enterprise_uscc"] = known["uscc"]
        return body | fields

    def follow_up(self, accident: str, **fields: Any) -> dict[str, Any]:
        """A later report of an accident."""
        return {"report_id": str(uuid7()), "kind": "followup", "accident_id": accident, **fields}

    def signed(
        self,
        client: str,
        method: str,
        path: str,
        *,
        query: str = "",
        body: bytes = b"",
        at: datetime | None = None,
    ) -> dict[str, str]:
        """The headers by which an outside system signs a request."""
        known = self.stack["clients"][client]
        return dict(
            signatures.sign(
                signatures.Message(method=method, path=path, query=query, body=body),
                app_key=known["app_key"],
                key=signatures.Key(
                    secret=known["secret"].encode(),
                    algorithm=signatures.Algorithm(known["algorithm"]),
                ),
                now=at or clock.wall(),
                nonce=secrets.token_hex(16),
            )
        )

    async def pull(self, cursor: str | None = None, limit: int | None = None) -> Any:
        """One page of what the province reads, by a signed request."""
        parts = {"cursor": cursor, "limit": limit}
        query = "&".join(f"{name}={value}" for name, value in parts.items() if value is not None)
        headers = self.signed("province", "GET", EXCHANGE, query=query)
        url = f"{EXCHANGE}?{query}" if query else EXCHANGE
        answer = await self.gateway.get(url, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def pulled(
        self, cursor: str | None = None, limit: int | None = None
    ) -> AsyncIterator[Any]:
        """Page after page until nothing more waits; a busy service is asked again."""
        while True:
            page = await eventually(partial(self.pull, cursor, limit), within=30)
            yield page
            cursor = page["next_cursor"]
            if not page["more"]:
                return

    async def mails(self, to: str) -> list[Any]:
        """What a post was sent by mail."""
        answer = await self.gateway.get(self.stack["mail_sink"], params={"to": to})
        mails: list[Any] = answer.json()
        return mails

    def hook(self, name: str) -> str:
        """Where a subscribed system of the tests listens."""
        return f"{str(self.stack['webhook_sink']).rpartition('/')[0]}/{name}"

    def logs(self) -> Mapping[str, str]:
        """What every process has logged."""
        return {log.name: log.read_text(errors="replace") for log in self.layout.logs.iterdir()}
