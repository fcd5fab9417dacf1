"""Plays routes behind an open policy table: what still holds is the second wall alone.

Row-level security knows places, enterprises and units, and no roles. So it hides what stands
elsewhere, and from an enterprise what no enterprise may see even of itself; that it does is
played here, for every role, with a table that grants everything to everybody.
"""

import re
from collections.abc import Collection
from typing import Any

import httpx

from kernel.access import Relation
from kernel.web import Service
from tests.services import unwalled
from tests.services.planted import open_table
from tests.services.played import HIDEABLE, Play, Plays, actors, answered, asked, routes, undoing
from tests.services.stage import Stage


def hidden(service: Service, name: str) -> frozenset[Relation]:
    """The standings from which nobody may see what a route is about, or change it.

    An enterprise that may read what is its own is not kept from changing it by the database,
    nor from making more of it.
    """
    grants, about = service.policies.grants, _about(name)
    acts = {name: str(route.act) for name, route in routes(service)}
    from_where = {at for relations in grants[acts[name]].values() for at in relations}
    if name.startswith("GET "):
        return HIDEABLE - from_where
    alike = [act for other, act in acts.items() if about and _about(other) == about]
    owned = not about or any(Relation.OWN in at for act in alike for at in grants[act].values())
    return HIDEABLE - from_where - ({Relation.OWN} if owned else set())


def _about(name: str) -> str | None:
    """What a route names first, by its parameter."""
    found = re.search(r"{[^}]+}", name)
    return found and found[0]


async def passed(stage: Stage, plays: Plays) -> list[str]:
    """What is shown or changed behind an open table to those from whom it is hidden."""
    found = []
    async with undoing(stage) as connection:
        for name, _ in routes(stage.service):
            if name not in plays:
                continue
            play, from_whom = plays[name], hidden(stage.service, name)
            for role, standing, by in actors(play):
                if standing not in from_whom:
                    continue
                with open_table():
                    answer = await answered(stage, connection, name, play, by)
                if not _is_nothing(name, play, answer):
                    said = f"{answer.status_code} {answer.text[:160]}"
                    found.append(f"{name} {role} {standing}: {said}")
    return found


async def overlooked(
    stage: Stage, lists: Collection[str], play: Play, *, marks: Collection[str]
) -> list[str]:
    """Lists that show marks of what happened to those from whom it is hidden."""
    found = []
    for name, _ in routes(stage.service):
        if name not in lists:
            continue
        from_whom = hidden(stage.service, name)
        for role, standing, by in actors(play):
            if standing not in from_whom:
                continue
            with open_table():
                text = (await asked(stage, name, by, query=play.query)).text
            if any(mark in text for mark in marks):
                found.append(f"{name} {role} {standing}: {text[:160]}")
    return found


def amiss(stage: Stage, found: Collection[str], among: Collection[str]) -> list[str]:
    """What is shown and not declared, and what is declared among some routes and not shown."""
    declared = unwalled.ROUTES.get(stage.service.name, {}).keys() & set(among)
    left = [case for case in found if not named([case]) & declared]
    return [*left, *(f"NOT NEEDED {name}" for name in sorted(declared - named(found)))]


def named(found: Collection[str]) -> set[str]:
    """The routes that were found, once each."""
    return {" ".join(case.split(" ")[:2]) for case in found}


def _is_nothing(name: str, play: Play, answer: httpx.Response) -> bool:
    """Whether an answer says no more than the request did, and nothing was done.

    What the wall refuses to write is a fault that nobody foresaw: a bare 500.
    """
    asks = name.startswith("GET ")
    if answer.status_code in (403, 404) or (answer.status_code == 500 and not asks):
        return True
    if not asks or not answer.is_success:
        return False
    if not answer.headers.get("content-type", "").startswith("application/json"):
        return False
    given = {*play.ids.values(), *play.query.values()}

    def empty(said: Any) -> bool:
        if isinstance(said, dict):
            return all(map(empty, said.values()))
        return not said or str(said) in given

    return empty(answer.json())
