"""Virtual reporters: each sends a report until it is taken, then the next one."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.city import REPORTS, City
from tests.eventually import eventually
from tests.faults.ledger import Entry, Ledger

ACCOUNTS = ("enterprise", "other_enterprise", "county_duty_desk", "city_duty_desk", "enterprise")
PATIENCE_S = 300.0
"""For one report to be taken: longer than a whole rain of faults and what comes back after it.
Under one, a reporter may find the service down each time it is his turn."""

AGAIN = frozenset({409, 429, 502, 503, 504})
"""Answers after which a reporter sends the same again."""


@dataclass
class Reporter:
    """One person or desk. `insists`: goes on sending until the answer says `committed`."""

    city: City
    ledger: Ledger
    account: str
    chance: random.Random
    insists: bool = False
    follows_up: bool = True
    pause_s: float = 0.3
    number: int = field(default=0)

    async def report_until(self, stop: asyncio.Event) -> None:
        """Accident after accident; what was begun is brought to its end."""
        while not stop.is_set():
            await self._accident()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self.pause_s * self.chance.uniform(0.5, 1.5))

    async def _accident(self) -> None:
        self.number += 1
        insists = self.insists or self.chance.random() < 0.5
        first = self.city.report(
            self.account,
            place=f"{self.account} {self.number}",
            casualties=self._harm(deaths=self.chance.choice((0, 1, 2))),
        )
        entry = await self._send(first, insists=insists)
        if not self.follows_up:
            return
        for number in range(self.chance.choice((0, 1, 1, 2, 3))):
            if not entry.committed:
                return  # who has no certainty keeps the order by waiting
            more = self.city.follow_up(
                first["report_id"], casualties=self._harm(deaths=2 + number), summary=f"{number}"
            )
            entry = await self._send(more, insists=insists)

    def _harm(self, *, deaths: int) -> dict[str, int]:
        return {"deaths": deaths, "serious_injuries": self.chance.randrange(3)}

    async def _send(self, body: dict[str, Any], *, insists: bool) -> Entry:
        entry = self.ledger.attempt(self.account, body)
        headers = await self.city.as_(self.account)

        async def done() -> bool:
            asked = time.monotonic()
            try:
                answer = await self.city.gateway.post(REPORTS, headers=headers, json=body)
            except httpx.TransportError as broken:
                raise AssertionError(f"not taken: {broken!r}") from None
            if answer.status_code in (201, 202):
                self.ledger.took(entry, answer.json(), asked=asked)
                if entry.committed or not insists:
                    return True
            elif answer.status_code not in AGAIN:
                self.ledger.refused(entry, f"{answer.status_code} {answer.text}")
                return True
            raise AssertionError(f"not taken: {answer.status_code} {answer.text}")

        await eventually(done, within=PATIENCE_S, every=0.2)
        return entry


@contextlib.asynccontextmanager
async def reporting(
    city: City, ledger: Ledger, *, seed: int = 1, **how: Any
) -> AsyncIterator[Ledger]:
    """Let everybody report for the block; at its end all that was begun has been taken."""
    for account in dict.fromkeys(ACCOUNTS):
        await city.token(account)  # signing in needs what is about to be killed
    stop = asyncio.Event()
    reporters = [
        Reporter(city, ledger, account, random.Random(f"{seed} {number}"), **how)
        for number, account in enumerate(ACCOUNTS)
    ]
    async with asyncio.TaskGroup() as group:
        for reporter in reporters:
            group.create_task(reporter.report_until(stop))
        try:
            yield ledger
        finally:
            stop.set()


async def until_taken(ledger: Ledger, more: int, *, within: float = 90) -> None:
    """Wait until so many more reports have been committed."""
    wanted = len(ledger.committed) + more
    await eventually(lambda: len(ledger.committed) >= wanted, within=within)
