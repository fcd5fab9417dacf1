"""Where the drawn pages get their facts: the modules of the services and the contracts."""

import ast
import importlib
import inspect
import pkgutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import contracts
from kernel import sealed
from kernel.events import Event
from kernel.inbox import Subscription
from kernel.timers import TimerKind
from kernel.transactions import TransactionalRoute
from kernel.web import Service

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("incidents", "inspections", "notifications", "tasks")


def service_modules(role: str) -> Iterator[ModuleType]:
    """Every module of one role: `services.<service>.<room>.<role>`."""
    for path in sorted(ROOT.glob(f"services/*/*/{role}.py")):
        yield importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def events() -> list[type[Event]]:
    """Every event declared in the contracts, by subject."""
    found: dict[str, type[Event]] = {}
    for module in pkgutil.iter_modules(contracts.__path__, "contracts."):
        for _, value in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(value, Event) and "subject" in value.__dict__:
                found[value.subject] = value
    return [found[subject] for subject in sorted(found)]


def subscriptions() -> Mapping[str, tuple[Subscription, ...]]:
    """What each service listens to."""
    return {
        service: importlib.import_module(f"services.{service}.handlers").SUBSCRIPTIONS
        for service in SERVICES
        if (ROOT / "services" / service / "handlers.py").exists()
    }


def timers() -> Mapping[str, tuple[TimerKind, ...]]:
    """The deadlines each service watches."""
    return {
        service: importlib.import_module(f"services.{service}.timers").TIMERS
        for service in SERVICES
        if (ROOT / "services" / service / "timers.py").exists()
    }


def services() -> Mapping[str, Service]:
    """Every service, and the gateway with its own routes."""
    modules = {**{name: f"services.{name}.app" for name in SERVICES}, "gateway": "gateway.app"}
    return {name: importlib.import_module(module).service() for name, module in modules.items()}


def routes(service: Service) -> Mapping[str, list[str]]:
    """The routes that ask for each act of a service."""
    found: dict[str, list[str]] = defaultdict(list)
    for router in service.routers:
        for route in router.routes:
            if isinstance(route, TransactionalRoute) and route.act is not None:
                found[route.act] += [
                    f"`{method} {route.path}`" for method in sorted(route.methods or ())
                ]
    return found


Machine = Mapping[tuple[StrEnum, StrEnum], StrEnum]


def machines() -> Iterator[tuple[str, str, Machine]]:
    """Every declared state machine: module, name of its table, the table."""
    for module in (sealed, *service_modules("domain")):
        for name, value in vars(module).items():
            if name.endswith("TRANSITIONS") and isinstance(value, Mapping):
                yield module.__name__, name, value


def rules() -> Iterator[tuple[str, str, str]]:
    """Every public function of a rules module: module, name, first sentence."""
    for module in service_modules("rules"):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield module.__name__, name, summary(function)


def summary(thing: Any) -> str:
    """The first paragraph of a docstring, on one line."""
    text = inspect.getdoc(thing) or ""
    return " ".join(text.split("\n\n", 1)[0].split())


def tests_naming(module: str, name: str) -> list[str]:
    """The test files that take a rule from its module and use it."""
    return [path for path, taken in _taken().items() if (module, name) in taken]


@cache
def _taken() -> Mapping[str, frozenset[tuple[str, str]]]:
    paths = sorted((ROOT / "tests").rglob("*.py"))
    return {str(path.relative_to(ROOT)): frozenset(_names_taken(path)) for path in paths}


def _names_taken(path: Path) -> Iterator[tuple[str, str]]:
    """What a file imports by name, and what it reads of the modules it imports."""
    tree = ast.parse(path.read_text())
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.module, alias.name
                modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield modules.get(node.value.id, ""), node.attr
