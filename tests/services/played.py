"""Plays every route of a service by every role at every standing to the row it is about.

What a policy table says of a role and a standing is what the service must do over HTTP. A story
is told once; each play begins with it and is undone after. Whoever is denied hears 403 or 404
and nothing of the row, whatever state it is in; whoever is granted is not turned away.

Row-level security hides what stands elsewhere, and then nobody notices that a route forgot to
ask the table. So those whom the table alone must keep out, as their role has the act for other
rows, are played with that wall open; and each route once more with an open table behind it,
which the walk has to notice.
"""

import re
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncConnection, async_sessionmaker

from contracts.gateway import Role
from kernel.access import ANYWHERE, Principal, Relation, relation
from kernel.sessions import LocksAnew
from kernel.transactions import TransactionalRoute
from kernel.web import Service
from reference.creditcodes import demonstration_code
from tests.architecture import walk
from tests.services.planted import open_table, open_wall
from tests.services.stage import Stage

PREFIX = "/api/v1"
STRANGER = demonstration_code(region="430426", number=77)
_ABOVE, _BESIDE = ("430400.emergency", "4304"), ("430426.emergency", "430426")
HIDEABLE = frozenset({Relation.ELSEWHERE, Relation.OWN})
"""The standings to a row from which the database can hide it."""
_OF_A_PROBLEM = {"type", "title", "status", "detail", "instance", "code"}


@dataclass(frozen=True)
class Row:
    """How what a route is about stands: in a place, with an enterprise, held by units."""

    region_code: str
    enterprise_uscc: str | None = None
    unit: str | None = None
    units: tuple[str, ...] | None = None

    @classmethod
    def of(cls, row: Any) -> "Row":
        """How a stored row stands; an enterprise that it says nothing of has no part in it."""
        units, unit = getattr(row, "units", None), getattr(row, "unit", None)
        if units and unit not in units:
            unit = units[0]
        return cls(
            region_code=row.region_code,
            enterprise_uscc=getattr(row, "enterprise_uscc", None),
            unit=unit,
            units=tuple(units) if units is not None else None,
        )


@dataclass(frozen=True, kw_only=True)
class Play:
    """How one route is played: with which ids and body, about which row."""

    row: Row
    ids: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    media: str = "application/pdf"
    """What a body of bytes is."""
    query: Mapping[str, str] = field(default_factory=dict)
    by: Mapping[Relation, tuple[str, str]] = field(default_factory=dict)
    """Another unit and its region than usual for a standing."""
    standings: frozenset[Relation] = ANYWHERE
    """At which it is played: of what is published and of one's own alone, only at one's own."""
    named: Mapping[Role, str] = field(default_factory=dict)
    """Who it is of a role, where it must be somebody."""
    lists: bool = False
    """It answers with a list: one with nothing on it tells nothing."""
    known: bool = False
    """Everybody reads that there is such a row: a refusal elsewhere need not hide it."""


Plays = Mapping[str, Play]
"""By method and path, as `GET /visits/{visit_id}`."""


def routes(service: Service) -> Iterator[tuple[str, TransactionalRoute]]:
    """Every route that asks who acts, by its method and its path below what is the service's.

    What stands elsewhere has its whole path.
    """
    for route in walk.routes(service):
        for method in sorted(route.methods):
            yield f"{method} {route.path.removeprefix(_below(service))}", route


def _below(service: Service) -> str:
    """What the paths of a service begin with; the gateway's own stand beside the services."""
    return PREFIX if service.name == "gateway" else f"{PREFIX}/{service.name}"


def address(service: Service, path: str) -> str:
    """Where a path of the service's is, as `routes` names it."""
    whole = path if path.startswith(PREFIX) else _below(service) + path
    return f"http://service{whole}"


def actors(play: Play) -> Iterator[tuple[Role, Relation, Principal]]:
    """Everybody: each role at each standing that somebody of it can have to the row."""
    row = play.row
    for role in Role:
        who: dict[str, Any] = {"roles": frozenset({role.value})}
        for standing in walk.standings(role):
            who["subject"] = play.named.get(role, f"{role}-{standing}")
            if role is Role.ENTERPRISE:
                uscc = row.enterprise_uscc if standing is Relation.OWN else STRANGER
                by = Principal(**who, region="", uscc=uscc or STRANGER)
            else:
                unit, region = play.by.get(standing) or _usual(row, standing)
                by = Principal(**who, unit=unit, region=region, client=role in walk.CLIENTS)
            if standing in play.standings and relation(by, row) is standing:
                yield role, standing, by


def _usual(row: Row, standing: Relation) -> tuple[str, str]:
    if standing is Relation.UNIT and row.unit is not None:
        return row.unit, row.unit.partition(".")[0].removesuffix("00")
    return _ABOVE if standing is Relation.SUBTREE else _BESIDE


@dataclass
class Found:
    """What a walk of a service came to."""

    leaks: list[str] = field(default_factory=list)
    """Denied, and answered all the same or told something."""
    shut: list[str] = field(default_factory=list)
    """Granted, and turned away."""
    opened: set[str] = field(default_factory=set)
    """Routes that somebody who is granted was served by."""
    refused: dict[str, set[int]] = field(default_factory=dict)
    """What those who are granted were answered where nobody was served."""
    blind: set[str] = field(default_factory=set)
    """Routes that could forget to ask the table, and nothing here would notice."""

    def note(
        self,
        name: str,
        who: str,
        granted: bool,
        answer: httpx.Response,
        served: bool,
        further: bool,
    ) -> None:
        """Judge one answer."""
        case = _case(name, who, answer)
        if not granted:
            if served:
                self.leaks.append(case)
        elif answer.status_code in (403, 404):
            if not further:
                self.shut.append(case)
        elif answer.is_success:
            self.opened.add(name)
        else:
            self.refused.setdefault(name, set()).add(answer.status_code)


def _case(name: str, who: str, answer: httpx.Response) -> str:
    return f"{name} {who}: {answer.status_code} {answer.text[:160]}"


async def walked(
    stage: Stage,
    plays: Plays,
    *,
    secrets: tuple[str, ...],
    further: Mapping[str, str] = MappingProxyType({}),
    only: Callable[[str], bool] = bool,
) -> Found:
    """Play every route that is in the plays, by everybody.

    `further` names the routes that ask more than the table does, each with what that is: some
    of those who are granted are turned away there, and not all of them.
    """
    found = Found()
    async with undoing(stage) as connection:
        for name, route in routes(stage.service):
            if name in plays and only(name):
                one = _Route(stage, connection, name, str(route.act), plays[name], secrets)
                await one.by_everybody(found, further=name in further)
                if await one.unasked() and name not in published(stage.service):
                    found.blind.add(name)
    return found


@dataclass
class _Route:
    """One route in a walk."""

    stage: Stage
    connection: AsyncConnection
    name: str
    act: str
    play: Play
    secrets: tuple[str, ...]
    kept_out: list[tuple[Relation, Principal]] = field(default_factory=list)
    """Whose role has the act for other rows, and from whom the database hides this one too."""

    async def by_everybody(self, found: Found, *, further: bool) -> None:
        """Play it by each role at each standing."""
        policies = self.stage.service.policies
        for role, standing, by in actors(self.play):
            granted = policies.allows(by, self.act, self.play.row)
            who = f"{role} {standing}"
            if not granted and standing in HIDEABLE and policies.granted(by, self.act):
                self.kept_out.append((standing, by))
                with open_wall():
                    answer = await self._answered(by)
                if self._gives_away(answer, standing):
                    found.leaks.append(_case(self.name, who, answer))
                if len(self.kept_out) > 1:  # behind the wall there is no such row to any of them
                    continue
            answer = await self._answered(by)
            served = self._serves(answer, 403, 404)
            found.note(self.name, who, granted, answer, served, further)

    async def unasked(self) -> bool:
        """Whether nobody would be served or told more if it forgot to ask the table."""
        for standing, by in self.kept_out:
            with open_wall(), open_table():
                if self._gives_away(await self._answered(by), standing):
                    return False
        return True

    async def _answered(self, by: Principal) -> httpx.Response:
        return await answered(self.stage, self.connection, self.name, self.play, by)

    def _gives_away(self, answer: httpx.Response, standing: Relation) -> bool:
        """Whether it serves, or tells whoever stands elsewhere that there is such a row."""
        hides = standing is Relation.ELSEWHERE and "{" in self.name and not self.play.known
        return self._serves(answer, 404) if hides else self._serves(answer, 403, 404)

    def _serves(self, answer: httpx.Response, *refusals: int) -> bool:
        """Whether an answer is more than one of those refusals."""
        if self.play.lists and answer.is_success and '"items":[]' in answer.text:
            return any(secret in answer.text for secret in self.secrets)
        return answer.status_code not in refusals or _tells(answer, self.secrets)


def _tells(answer: httpx.Response, secrets: tuple[str, ...]) -> bool:
    """Whether a refusal says more than that it is one."""
    if any(secret in answer.text for secret in secrets):
        return True
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        return not set(answer.json()) <= _OF_A_PROBLEM
    return True


async def answered(
    stage: Stage, connection: AsyncConnection, name: str, play: Play, by: Principal
) -> httpx.Response:
    """What somebody is answered who plays a route; it is undone then."""
    method, _, path = name.partition(" ")
    path = re.sub(r"{([^}]+)}", lambda found: play.ids[found[1]], path)
    given = {} if play.body is None else {"json": play.body}
    if isinstance(play.body, bytes):
        given = {"content": play.body, "headers": {"Content-Type": play.media}}
    before = await connection.begin()
    try:
        async with stage.as_(by) as http:
            where = address(stage.service, path)
            return await http.request(method, where, params=dict(play.query), **given)
    finally:
        await before.rollback()


@asynccontextmanager
async def undoing(stage: Stage) -> AsyncIterator[AsyncConnection]:
    """Requests work on one connection, and what they commit lasts until it is rolled back."""
    database, lasting = stage.database, stage.database.sessions
    async with database.engine.connect() as connection:
        database.sessions = async_sessionmaker(
            connection,
            sync_session_class=LocksAnew,
            expire_on_commit=False,
            join_transaction_mode="create_savepoint",
        )
        try:
            yield connection
        finally:
            database.sessions = lasting


async def overlooked(
    stage: Stage, lists: Collection[str], play: Play, *, marks: Collection[str]
) -> list[str]:
    """Lists that show marks of what happened to somebody who may not read of it."""
    policies, found = stage.service.policies, []
    for name, route in routes(stage.service):
        if name not in lists:
            continue
        assert route.act is not None
        for role, standing, by in actors(play):
            if not policies.granted(by, route.act) or policies.allows(by, route.act, play.row):
                continue
            with open_wall():
                text = (await asked(stage, name, by, query=play.query)).text
            if any(mark in text for mark in marks):
                found.append(f"{name} {role} {standing}: {text[:160]}")
    return found


async def asked(
    stage: Stage, name: str, by: Principal, *, query: Mapping[str, str] = MappingProxyType({})
) -> httpx.Response:
    """What somebody is answered who asks for a list."""
    async with stage.as_(by) as http:
        return await http.get(address(stage.service, name.partition(" ")[2]), params=dict(query))


async def listed(
    stage: Stage, name: str, by: Principal, *, query: Mapping[str, str] = MappingProxyType({})
) -> str:
    """What somebody reads of a list."""
    answer = await asked(stage, name, by, query=query)
    assert answer.is_success, answer.text
    return answer.text


def somebody(role: Role, unit: str) -> Principal:
    """A person of a unit, with its place."""
    region = unit.partition(".")[0].removesuffix("00")
    return Principal(subject=f"{role} of {unit}", roles=frozenset({role}), unit=unit, region=region)


def summary(
    found: Found, plays: Plays, *, narrower: Mapping[str, str] = MappingProxyType({})
) -> Iterator[str]:
    """What is amiss, a line for each case.

    `narrower` names the routes whose own rule keeps out everybody whom the table does, each with
    that rule: there the table can be forgotten unnoticed, and nothing comes of it.
    """
    yield from (f"LEAK {case}" for case in found.leaks)
    yield from (f"SHUT {case}" for case in found.shut)
    yield from (f"BLIND {name}" for name in sorted(found.blind - narrower.keys()))
    yield from (f"NOT BLIND {name}" for name in sorted(narrower.keys() - found.blind))
    yield from (f"NOT {name} {found.refused.get(name)}" for name in sorted({*plays} - found.opened))


def of_rooms(service: Service, rooms: Collection[str]) -> set[str]:
    """The routes below some first parts of a path."""
    return {name for name, _ in routes(service) if name.partition(" /")[2].split("/")[0] in rooms}


def published(service: Service) -> set[str]:
    """The routes that whoever is signed in may use: there is nobody to deny them to."""
    everybody = dict.fromkeys(Role, ANYWHERE)
    grants = service.policies.grants
    return {name for name, route in routes(service) if grants.get(str(route.act)) == everybody}
