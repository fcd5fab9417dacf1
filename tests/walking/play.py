"""Plays every route of a service by every role at every standing, over rows of a story.

Who is denied meets 403 or 404 and not one word of the row. Denied requests leave nothing
behind, so that one stage serves them all.
"""

from collections.abc import Iterator

import httpx

from contracts.gateway import Role
from kernel.transactions import TransactionalRoute
from kernel.web import Service
from tests.architecture import walk
from tests.services.stage import Stage
from tests.walking import requests
from tests.walking.requests import Story


def named(service: Service) -> Iterator[tuple[str, str, TransactionalRoute]]:
    """Every route with its method, and how the tables of a walk call it."""
    for route in walk.routes(service):
        for method in sorted(route.methods):
            yield f"{method} {route.path}", method, route


async def answer(
    stage: Stage, role: Role, standing: walk.Relation, asked: dict[str, object]
) -> httpx.Response:
    """What somebody of a role, standing so to the rows, is answered."""
    async with stage.as_(walk.actor(role, standing)) as client:
        return await client.request(**asked)  # type: ignore[arg-type]


async def leaks(stage: Stage, story: Story, marker: str, role: Role) -> list[str]:
    """Where somebody of a role is told more than the table grants, at any standing."""
    found = []
    for name, method, route in named(stage.service):
        for standing in walk.standings(role):
            by = walk.actor(role, standing)
            assert route.act is not None
            if stage.service.policies.allows(by, route.act, walk.Row()):
                continue
            met = await answer(stage, role, standing, requests.request(route, method, story))
            found += [f"{name} by {role} {standing}: {said}" for said in _told(met, name, marker)]
    return found


def _told(met: httpx.Response, name: str, marker: str) -> list[str]:
    if marker in met.text:
        return [f"{met.status_code} tells of the row"]
    if met.is_success and name.startswith("GET ") and ("{" not in name or _empty(met)):
        return []  # a list without the row
    return [] if met.status_code in {403, 404} else [f"{met.status_code} {met.text[:160]}"]


def _empty(met: httpx.Response) -> bool:
    told = met.json()
    return isinstance(told, dict) and told.get("items") == []


async def unreached(stage: Stage, story: Story) -> list[str]:
    """The routes at which nobody whom the table grants them gets to the row.

    Of those the denials prove nothing: the request may name no row, or be out of form. A
    refusal of a narrower rule (not on the team, not the holder) is of somebody who got there.
    """
    found = []
    for name, method, route in named(stage.service):
        met = ""
        for role, standing in _granted(stage.service, route):
            told = await answer(stage, role, standing, requests.request(route, method, story))
            if requests.arrived(told):
                break
            met = f"{told.status_code} {told.text[:300]}"
        else:
            found.append(f"{name}: {met}")
    return found


def _granted(service: Service, route: TransactionalRoute) -> list[tuple[Role, walk.Relation]]:
    assert route.act is not None
    return [
        (role, standing)
        for role in Role
        for standing in walk.standings(role)
        if service.policies.allows(walk.actor(role, standing), route.act, walk.Row())
    ]
