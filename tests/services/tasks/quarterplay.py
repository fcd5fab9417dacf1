"""Plays a quarter by the virtual clock: an agenda of what is done when, each step through HTTP.

Every instant fires what is due before anything else happens in it. What is done is written into
the log as it is done.
"""

import heapq
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any, TypeVar
from uuid import UUID

import httpx

from contracts.gateway import Role
from kernel import calendar
from kernel.access import Principal
from services.tasks.digests.operations_clocks import DIGEST_DUE, ENTERPRISE_DIGEST_DUE
from services.tasks.rankings.schemas import RankingDetail
from tests.services.stage import Stage
from tests.services.tasks.quartercount import GROUPS, RANKED, Days, days_of, periods
from tests.services.tasks.quarterlog import Log, Owed, Part, Piece, Step
from tests.services.tasks.quarterplan import plays
from tests.services.tasks.quotas import CITY_AUDITOR, PROVINCE_OFFICE, minutes
from tests.services.tasks.scoring import MAYOR, OFFICE
from tests.services.tasks.story import CITY, person

T = TypeVar("T")
Act = Callable[[], Awaitable[None]]
SETTLED = timedelta(minutes=30)
"""A period is computed half an hour after it ended."""
_ABOVE = {f"{CITY}.government", f"{CITY}.party_committee"}


@dataclass(frozen=True, kw_only=True)
class Published:
    """A ranking that was published, and as of when it had been computed."""

    id: UUID
    group: str
    days: Days
    at: datetime
    number: int
    version: int


@dataclass(kw_only=True)
class Play:
    """A city on its stage, its clock, its people, and what they have done."""

    tasks: Stage
    chance: Random
    log: Log = field(default_factory=Log)
    published: list[Published] = field(default_factory=list)
    _agenda: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)
    _known: set[UUID] = field(default_factory=set)
    _decks: dict[tuple[Any, ...], list[Any]] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.tasks.now

    def plan(self, at: datetime, act: Act) -> None:
        """Have something done at an instant, after what was planned for it before."""
        heapq.heappush(self._agenda, (at, next(self._numbers), act))

    async def run(self, until: datetime) -> None:
        """Play on until an instant, which is played as well."""
        while self._agenda and self._agenda[0][0] <= until:
            self.tasks.now, _, act = heapq.heappop(self._agenda)
            await self.ring()
            await act()
        self.tasks.now = until
        await self.ring()

    async def ring(self) -> None:
        """Fire what is due. Digests only tell what is owed; all of them would take a third."""
        digests = {DIGEST_DUE, ENTERPRISE_DIGEST_DUE}
        kinds = [one.kind for one in self.tasks.service.timers if one.kind not in digests]
        await self.tasks.fire_until(self.now, *kinds)

    def between(self, first: datetime, last: datetime) -> datetime:
        """Some second after one instant and before another."""
        seconds = int((last - first).total_seconds())
        return first + timedelta(seconds=self.chance.randrange(1, max(2, seconds)))

    def deal(self, cards: Sequence[T]) -> T:
        """A card by chance, and none again before all the others were dealt."""
        deck = self._decks.setdefault(tuple(cards), [])
        if not deck:
            deck += self.chance.sample(cards, len(cards))
        card: T = deck.pop()
        return card

    # What people do -------------------------------------------------------------------------

    async def post(self, by: Principal, path: str, body: dict[str, Any] | None = None) -> Any:
        """Something is done, and has to work."""
        answer = await self.tasks.as_(by).post(f"/tasks/{path}", json=body or {})
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json()

    async def hand(self, one: Owed, piece: Piece) -> None:
        """A unit hands evidence in; of what an event asks one piece at a time."""
        if one.first is None and "waiting" in one.stood(self.now).pieces.values():
            return
        body = minutes((piece.on or calendar.day_of(self.now)).isoformat())
        body["note"] += str(self.chance.random())
        body["activity"] = piece.activity or "other"
        if piece.on is None:
            del body["happened_on"]
        said = await self.post(speaker(one.unit), f"obligations/{one.id}/evidence", body)
        piece.id = UUID(said["id"])
        self.did(one, "hand", piece)

    async def review(self, one: Owed, piece: Piece, how: str) -> None:
        """A reviewer accepts a piece that waits, or returns it."""
        if one.stood(self.now).pieces.get(piece) != "waiting":
            return
        body = {"evidence_id": str(piece.id), "remark": "已核。"}
        await self.post(reviewer(one.unit), f"obligations/{one.id}/{how}", body)
        self.did(one, how, piece)

    async def withdraw(self, one: Owed, piece: Piece) -> None:
        """An auditor takes an acceptance back."""
        body = {"evidence_id": str(piece.id), "why": "与事实不符。"}
        await self.post(CITY_AUDITOR, f"obligations/{one.id}/withdraw", body)
        self.did(one, "withdraw", piece)

    async def appeal(self, one: Owed) -> UUID:
        """A unit objects before it is due."""
        body = {"ground": "wrong_deadline", "why": "期限有误。"}
        said = await self.post(speaker(one.unit), f"appeals/for/{one.id}", body)
        self.did(one, "appeal")
        return UUID(said["id"])

    async def decide(self, one: Owed, appeal: UUID, how: str, due_at: datetime | None) -> None:
        """A reviewer excuses from it, moves its deadline, or refuses."""
        body = {"remark": "已核。"} | ({"due_at": due_at.isoformat()} if due_at else {})
        await self.post(reviewer(one.unit), f"appeals/{appeal}/{how}", body)
        self.did(one, how, value=due_at)

    async def report(self, one: Owed, day: date, **numbers: int) -> UUID:
        """A unit reports a figure, with evidence of it."""
        piece = Piece(on=day)
        await self.hand(one, piece)
        body = {
            "obligation_id": str(one.id),
            "day": day.isoformat(),
            "note": "台账。",
            "evidence_id": str(piece.id),
            **numbers,
        }
        said = await self.post(speaker(one.unit), "figures/reports", body)
        self.did(one, "report")
        return UUID(said["id"])

    def did(self, one: Owed | Part, what: str, piece: Piece | None = None, **more: Any) -> None:
        """Write down what was done."""
        one.steps.append(Step(at=self.now, what=what, piece=piece, **more))

    # What opens -----------------------------------------------------------------------------

    async def opened(self, wanted: Sequence[Owed]) -> None:
        """What is owed from now on is just what ought to be, of every unit on record."""
        fresh = {
            (row["unit"], row["duty"], datetime.fromisoformat(row["due_at"])): UUID(row["id"])
            for row in await self._newest()
        }
        self._known |= set(fresh.values())
        asked = {(one.unit, one.duty, one.due_at): one for one in wanted}
        assert set(fresh) == set(asked)
        for key, one in asked.items():
            one.id = fresh[key]
        self.log.owed += asked.values()

    async def _newest(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        query: dict[str, Any] = {"sort": "-opened_at", "limit": 200}
        while True:
            page = await self.read("/tasks/obligations", **query)
            rows = [row for row in page["items"] if UUID(row["id"]) not in self._known]
            found += [row for row in rows if plays(row["unit"] or "")]
            self._known |= {UUID(row["id"]) for row in rows}
            if len(rows) < len(page["items"]) or page["next_cursor"] is None:
                return found
            query["cursor"] = page["next_cursor"]

    async def read(self, path: str, by: Principal = OFFICE, **query: Any) -> Any:
        """What an office reads."""
        answer: httpx.Response = await self.tasks.as_(by).get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    # What is published ----------------------------------------------------------------------

    def publish_every_period(self, first: date, last: date) -> None:
        """The mayor publishes what was computed at night, every morning after a period's end."""
        for days in periods(first, last):
            self.plan(days.ends + SETTLED, _nothing)
            self.plan(days.ends + timedelta(hours=9), self._morning(days))

    def _morning(self, days: Days) -> Act:
        async def act() -> None:
            query = {"cadence": days.cadence, "first": days.first, "status": "draft"}
            drafts = await self.read("/tasks/rankings", by=MAYOR, **query)
            for group in GROUPS:
                drafted = [row for row in drafts["items"] if row["group_code"] == group]
                assert len(drafted) == (group in RANKED)
                for row in drafted:
                    await self._publish(row["id"], days, at=days.ends + SETTLED)

        return act

    async def _publish(self, ranking: str, days: Days, *, at: datetime) -> None:
        said = await self.post(MAYOR, f"rankings/{ranking}/publish")
        self.published.append(
            Published(
                id=UUID(said["id"]),
                group=said["group_code"],
                days=days,
                at=at,
                number=said["number"],
                version=said["version"],
            )
        )

    async def computed(self, day: date, cadence: str) -> Any:
        """A period is computed as things stand now; the run once it has ended."""
        body = {"cadence": cadence, "day": day.isoformat()}
        ordered = await self.post(OFFICE, "scores/runs", body)
        await self.ring()
        run = await self.read(f"/tasks/scores/runs/{ordered['id']}")
        assert run["status"] == "done"
        return run

    async def corrected(self, day: date, cadence: str) -> None:
        """A period is computed anew, and every group's ranking corrected."""
        await self.computed(day, cadence)
        body = {"cadence": cadence, "day": day.isoformat(), "reason": "情况有变化。"}
        for group in RANKED:
            draft = await self.post(OFFICE, "rankings", {**body, "group": group})
            await self._publish(draft["id"], days_of(day, cadence), at=self.now)

    async def ranking(self, one: Published) -> RankingDetail:
        """A ranking as anybody reads it."""
        return RankingDetail.model_validate(await self.read(f"/tasks/rankings/{one.id}"))


async def _nothing() -> None:
    """The clocks have rung: nothing else is done."""


def speaker(unit: str) -> Principal:
    """Who acts for a unit."""
    return person(Role.LEADER, unit)


def reviewer(unit: str) -> Principal:
    """Who reviews what a unit hands in: the city's office, and the province's of its government."""
    return PROVINCE_OFFICE if unit in _ABOVE else OFFICE
