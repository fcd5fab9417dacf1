"""No route serves a role that its act is not for, whatever the request says."""

import importlib
import re
from collections.abc import Iterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet, OKPKey

from contracts.gateway import Role
from kernel import clock
from kernel.actor import HEADER, ActorSigner, ActorVerifier
from kernel.db import Database
from kernel.transactions import Runtime, TransactionalRoute
from kernel.web import Service, add_problem_handlers
from tests.architecture import walk

SERVICES = ("incidents", "tasks", "inspections", "notifications")
KEY = OKPKey.generate_key("Ed25519", {"use": "sig"}, auto_kid=True)
SIGNER = ActorSigner(KEY)
BESIDE_ROUTES = {"tasks": {"read_enterprise"}}
"""Asked of the enterprise that a question about its chain names, beside the route's own act."""
NOTHING = "01890000-0000-7000-8000-000000000000"


def _described(name: str) -> Service:
    module = "gateway.app" if name == "gateway" else f"services.{name}.app"
    service: Service = importlib.import_module(module).service()
    return service


def _application(service: Service) -> FastAPI:
    """The service without a database: whoever gets past the role check meets that."""

    class Reached(Exception):
        pass

    class Nothing:
        @asynccontextmanager
        async def sessions(self) -> Any:
            raise Reached
            yield

    application = FastAPI()
    for router in service.routers:
        application.include_router(router)
    add_problem_handlers(application)
    application.state.runtime = Runtime(
        name=service.name,
        database=cast(Database, Nothing()),
        policies=service.policies,
        verifier=ActorVerifier(KeySet([KEY]), audience=service.name),
    )
    return application


def _refused(service: Service) -> Iterator[tuple[TransactionalRoute, str, Role]]:
    for route in walk.routes(service):
        assert route.act is not None
        for role in Role:
            by = walk.actor(role, walk.standings(role)[0])
            if not service.policies.granted(by, route.act):
                for method in sorted(route.methods):
                    yield route, method, role


@pytest.mark.parametrize("name", [*SERVICES, "gateway"])
def test_every_act_of_a_route_is_in_the_table_and_granted_to_somebody(name: str) -> None:
    service = _described(name)

    for route in walk.routes(service):
        assert service.policies.grants.get(str(route.act)), f"{route.path}: {route.act}"
    asked = {str(route.act) for route in walk.routes(service)}
    assert asked | BESIDE_ROUTES.get(name, set()) == {str(act) for act in service.policies.grants}


@pytest.mark.parametrize("name", SERVICES)
async def test_a_role_without_the_act_is_refused_before_anything_is_read(name: str) -> None:
    service = _described(name)
    transport = httpx.ASGITransport(_application(service), raise_app_exceptions=False)
    served = []
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
        for route, method, role in _refused(service):
            by = walk.actor(role, walk.standings(role)[0])
            stated = SIGNER.sign(by, audience=service.name, now=clock.wall())
            path = re.sub(r"{[^}]+}", NOTHING, route.path)
            answer = await http.request(method, path, headers={HEADER: stated})
            if answer.status_code != 403:
                served.append((method, route.path, role.value, answer.status_code))

    assert served == []


@pytest.mark.parametrize("name", SERVICES)
async def test_a_request_without_a_statement_is_refused(name: str) -> None:
    service = _described(name)
    transport = httpx.ASGITransport(_application(service), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
        for route in walk.routes(service):
            path = re.sub(r"{[^}]+}", NOTHING, route.path)
            for method in route.methods:
                assert (await http.request(method, path)).status_code == 401


@pytest.mark.parametrize("name", [*SERVICES, "gateway"])
def test_the_walk_meets_every_route_role_and_relation(name: str) -> None:
    service = _described(name)
    met = list(walk.cases(service))

    assert {case.role for case in met} == set(Role)
    assert any(case.granted for case in met)
    assert any(not case.granted for case in met)
