"""The stage: a stack, its accounts and its clock, reached as anybody reaches them."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import pyotp

from devstack import ports, travel
from devstack.layout import Layout, read_json
from devstack.quiet import until_quiet
from kernel import clock, signatures
from kernel.ids import uuid7

TIMERS_LOOK_S = 1.3
"""How long due timers may take to notice that the clock moved: two of their looks."""


class Refused(RuntimeError):
    """The platform refused what the play asks for; the play is wrong, or the platform is."""


@dataclass
class Stage:
    """A running stack. Every call goes through the gateway."""

    layout: Layout
    stack: Mapping[str, Any]
    client: httpx.AsyncClient
    tokens: dict[str, str] = field(default_factory=dict)
    chinese: bool = True

    @classmethod
    def of(cls, layout: Layout, *, chinese: bool = True) -> "Stage":
        """The stage of a stack that is up."""
        stack = read_json(layout.stack)
        client = httpx.AsyncClient(base_url=stack["base_url"], timeout=30, trust_env=False)
        return cls(layout=layout, stack=stack, client=client, chinese=chinese)

    def uscc(self, account: str) -> str:
        """The credit code of an enterprise's account."""
        return str(self.stack["accounts"][account]["uscc"])

    async def at(self, moment: datetime) -> None:
        """Set the clock, and let every deadline that passed meanwhile fire."""
        travel.to(self.layout, moment.isoformat(), now=clock.wall())
        await asyncio.sleep(TIMERS_LOOK_S)
        await self.settle()

    async def settle(self) -> None:
        """Wait until every fact was told and heard."""
        await until_quiet(ports.remembered(self.layout.ports))

    def moment(self) -> datetime:
        """What the stack's clock says."""
        kept = read_json(self.layout.clock)
        return clock.wall() + timedelta(seconds=kept["offset_seconds"])

    async def ask(self, account: str, path: str, **query: Any) -> Any:
        """Read something as an account."""
        headers = await self._headers(account)
        return _answer(await self.client.get(path, headers=headers, params=query))

    async def do(self, account: str, path: str, body: Any = None) -> Any:
        """Do something as an account."""
        headers = await self._headers(account) | {"Idempotency-Key": str(uuid7())}
        return _answer(await self.client.post(path, headers=headers, json=body))

    async def pull(self, client: str, path: str, cursor: str | None = None) -> Any:
        """Read something as a system that signs its requests."""
        query = f"cursor={cursor}" if cursor else ""
        signed = self._signed(client, signatures.Message(method="GET", path=path, query=query))
        url = f"{path}?{query}" if query else path
        return _answer(await self.client.get(url, headers=signed))

    async def hand_in(self, client: str, path: str, body: Any) -> Any:
        """Send something as a system that signs its requests."""
        raw = json.dumps(body, ensure_ascii=False).encode()
        signed = self._signed(client, signatures.Message(method="POST", path=path, body=raw))
        headers = signed | {"Content-Type": "application/json"}
        return _answer(await self.client.post(path, headers=headers, content=raw))

    def _signed(self, client: str, message: signatures.Message) -> dict[str, str]:
        known = self.stack["clients"][client]
        return signatures.sign(
            message,
            app_key=known["app_key"],
            key=signatures.Key(
                secret=known["secret"].encode(),
                algorithm=signatures.Algorithm(known["algorithm"]),
            ),
            now=clock.wall(),
            nonce=secrets.token_hex(16),
        )

    async def _headers(self, account: str) -> dict[str, str]:
        if account not in self.tokens:
            self.tokens[account] = await self._sign_in(account)
        language = "zh-CN" if self.chinese else "en"
        return {"Authorization": f"Bearer {self.tokens[account]}", "Accept-Language": language}

    async def _sign_in(self, account: str) -> str:
        known = self.stack["accounts"][account]
        body = {"username": known["username"], "password": known["password"]}
        if "otp_secret" in known:
            body["otp"] = pyotp.TOTP(known["otp_secret"]).at(clock.wall())
        answer = _answer(await self.client.post("/api/v1/auth/token", json=body))
        return str(answer["access_token"])


def _answer(response: httpx.Response) -> Any:
    if response.is_error:
        request = response.request
        raise Refused(
            f"{request.method} {request.url.path}: {response.status_code} {response.text}"
        )
    return response.json()
