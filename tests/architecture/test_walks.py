"""No route is outside every walk: a new one without a play, or without an act, fails here."""

import importlib
import re
from collections.abc import Iterator, Mapping
from types import ModuleType

import pytest
from fastapi import FastAPI
from starlette.routing import Route

from gateway.app import service as gateway
from kernel import health
from kernel.transactions import TransactionalRoute
from kernel.web import Service
from tests.architecture.test_structure import ROOT, SERVICES
from tests.services import played

NAMES = [*SERVICES, "gateway"]

_NOBODYS_DATA = "nothing of anybody's is in it"
_OF_THE_PROCESS = {
    "GET /healthz": "whether the process lives is asked by whoever keeps it",
    "GET /readyz": "whether it can work is asked by whoever sends it requests",
    "GET /metrics": "its figures are counts",
}
ASKING_NOBODY: Mapping[str, Mapping[str, str]] = {
    "tasks": {
        "GET /api/v1/tasks/feeds/calendar.ics": "calendars cannot sign in: the address is the proof"
    },
    "incidents": {
        "POST /api/v1/incidents/public-reports": "anybody at the scene may report",
        "POST /api/v1/incidents/public-reports/status": "the code of the receipt is the proof",
    },
    "gateway": {
        "POST /api/v1/auth/token": "whoever signs in is nobody yet",
        "POST /api/v1/auth/refresh": "the refresh token is the proof",
        "POST /api/v1/auth/revoke": "the refresh token is the proof",
        "GET /api/v1/dictionaries": _NOBODYS_DATA,
        "GET /api/v1/dictionaries/{name}": _NOBODYS_DATA,
        "GET /openapi.json": _NOBODYS_DATA,
        "GET /asyncapi.json": _NOBODYS_DATA,
        "GET /docs": _NOBODYS_DATA,
        "GET /docs/{name}": _NOBODYS_DATA,
        "GET /problems": _NOBODYS_DATA,
        "GET /problems/{code}": _NOBODYS_DATA,
    },
}


def described(name: str) -> Service:
    if name == "gateway":
        return gateway()
    service: Service = importlib.import_module(f"services.{name}.app").service()
    return service


def walks(name: str) -> Iterator[ModuleType]:
    """The modules that play the routes of a service."""
    folder = "tests.gateway" if name == "gateway" else f"tests.services.{name}"
    for path in sorted((ROOT / folder.replace(".", "/")).glob("test_walk*.py")):
        yield importlib.import_module(f"{folder}.{path.stem}")


@pytest.mark.parametrize("name", NAMES)
def test_no_route_is_outside_every_walk(name: str) -> None:
    """A walk holds itself to all routes of its ROOMS, or of the service where it names none."""
    service, walked = described(name), set[str]()
    for module in walks(name):
        assert any(re.match("test_every_route_is_", test) for test in vars(module)), module
        rooms = getattr(module, "ROOMS", None)
        every = {name for name, _ in played.routes(service)}
        walked |= every if rooms is None else played.of_rooms(service, rooms)

    assert {name for name, _ in played.routes(service)} - walked == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_route_that_asks_nobodys_rights_is_named_with_the_reason(name: str) -> None:
    application = FastAPI(openapi_url=None)
    health.add_routes(application)
    routers = (*described(name).routers, application.router)
    asks_nobody = {
        f"{method} {route.path}"
        for router in routers
        for route in router.routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
        if not (isinstance(route, TransactionalRoute) and route.act is not None)
    }

    assert asks_nobody == {*_OF_THE_PROCESS, *ASKING_NOBODY.get(name, {})}
