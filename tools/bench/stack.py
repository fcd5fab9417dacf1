"""A whole stack for a bench, in a folder of its own, reached as its users reach it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import nats
import psutil

from devstack.layout import REPOSITORY, Layout, read_json
from kernel import clock
from kernel.ids import uuid7
from reference import demonstration
from tools.bench.load import request

REPORTS = "/api/v1/incidents/reports"
_HELD_AT_MOST = timedelta(minutes=10)
LISTENERS = ("tasks", "inspections", "notifications")


@dataclass(frozen=True)
class Stack:
    """A running stack."""

    layout: Layout

    @property
    def told(self) -> Mapping[str, Any]:
        """What stack.json says."""
        told: Mapping[str, Any] = read_json(self.layout.stack)
        return told

    @property
    def port(self) -> int:
        """Where the gateway listens."""
        return int(self.told["processes"]["gateway"]["port"])

    def database(self, service: str) -> str:
        """The superuser's address of a service's database, for asyncpg."""
        secret = read_json(self.layout.secrets)["postgres"]
        port = read_json(self.layout.ports)["postgres"]
        return f"postgresql://anlian:{secret}@127.0.0.1:{port}/anlian_{service}"

    def command(self, name: str) -> None:
        """Run one of the stack's commands and wait for it."""
        environment = os.environ | {
            "ANLIAN_VAR": str(self.layout.var),
            "ANLIAN_LIMITS_TIMES": "100000",  # every limit is looked at, none is reached
        }
        command = [sys.executable, "-m", "devstack", name]
        subprocess.run(
            command, cwd=REPOSITORY, env=environment, check=True, stdout=subprocess.DEVNULL
        )

    def processes(self) -> Iterator[tuple[str, psutil.Process]]:
        """Every process of the platform and its servers, with the servers' own children."""
        for name, process in self.told["processes"].items():
            if name != "sinks":
                root = psutil.Process(process["pid"])
                for found in (root, *root.children(recursive=True)):
                    yield name, found

    @contextmanager
    def listeners_held(self) -> Iterator[None]:
        """Hold everybody who hears what is told, so that accepting alone is measured.

        Services that only listen stand still; incidents, which accepts and also hears itself,
        is given nothing to hear.
        """
        pids = [self.told["processes"][name]["pid"] for name in LISTENERS]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        asyncio.run(self._hear_itself(after=_HELD_AT_MOST))
        try:
            yield
        finally:
            asyncio.run(self._hear_itself(after=timedelta()))
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    async def _hear_itself(self, *, after: timedelta) -> None:
        """Let incidents hear its own facts from then on."""
        secret = read_json(self.layout.secrets)["nats"]
        port = read_json(self.layout.ports)["nats"]
        client = await nats.connect(f"nats://anlian:{secret}@127.0.0.1:{port}")
        until = (clock.wall() + after).isoformat()
        await client.jsm().pause_consumer("INCIDENTS", "incidents", until)
        await client.close()

    def token(self, account: str) -> str:
        """An access token of an account without a second factor."""
        known = self.told["accounts"][account]
        return self.signed_in(known["username"], known["password"])

    def signed_in(self, username: str, password: str) -> str:
        """An access token of whoever has this password."""
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/auth/token",
            data=json.dumps({"username": username, "password": password}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 -- loopback
            return str(json.load(answer)["access_token"])

    def reports(self, count: int) -> Sequence[bytes]:
        """So many accident reports, as whole requests of a desk that was telephoned."""
        headers = {
            "Authorization": f"Bearer {self.token('city_duty_desk')}",
            "Content-Type": "application/json",
            "Accept-Language": "zh-CN",
        }
        return [
            request("POST", REPORTS, headers=headers, body=_report(number))
            for number in range(count)
        ]


def _report(number: int) -> bytes:
    """One after the other of another enterprise, or another day: no two look like one accident."""
    known = demonstration.enterprises()
    enterprise, days = known[number % len(known)], number // len(known)
    now = clock.wall() - timedelta(days=days)
    body = {
        "report_id": str(uuid7()),
        "kind": "quick",
        "enterprise_uscc": enterprise.uscc,
        "occurred_at": (now - timedelta(minutes=30)).isoformat(),
        "known_at": (now - timedelta(minutes=20)).isoformat(),
        "region_code": enterprise.region,
        "place": f"{number}号作业点",
        "location": {"lon": enterprise.location.lon, "lat": enterprise.location.lat},
        "industry": enterprise.industry,
        "accident_type": "machinery_injury",
        "casualties": {"deaths": 1, "serious_injuries": 2},
        "summary": "检修时发生机械伤害，正在救援。",
    }
    return json.dumps(body, ensure_ascii=False).encode()


@contextmanager
def stack_in(folder: Path) -> Iterator[Stack]:
    """A stack from nothing, and nothing of it afterwards."""
    stack = Stack(Layout(folder / "var"))
    try:
        stack.command("up")
        yield stack
    finally:
        stack.command("reset")
