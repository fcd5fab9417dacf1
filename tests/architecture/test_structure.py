"""Rules of the tree that no linter knows."""

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kernel.transactions import TransactionalRoute
from tools.docs import sources
from tools.docs.__main__ import stale

ROOT = sources.ROOT
SERVICES = [
    service for service in sources.SERVICES if (ROOT / f"services/{service}/app.py").exists()
]
CODE = ("kernel", "contracts", "reference", "services", "gateway", "devstack", "tools")
ROLES = {"api", "schemas", "operations", "queries", "tables", "domain", "rules"}
LONGEST = 400

BANNED_NAMES = {"utils", "helpers", "common", "misc", "manager", "data", "info"}


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "versions" not in path.parts:
                yield path


def test_every_drawn_page_is_fresh() -> None:
    assert stale() == [], "run `make docs`"


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    long = {
        str(p.relative_to(ROOT)): n
        for p in modules(*CODE)
        if (n := len(p.read_text().splitlines())) > LONGEST
    }
    assert long == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [p for p in modules(*CODE) if p.stem in BANNED_NAMES] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_tells_only_its_own_facts(service: str) -> None:
    foreign = []
    own = re.compile(rf"contracts\.{service}(_\w+)?")
    for path in modules(f"services/{service}"):
        tree = ast.parse(path.read_text())
        told = {
            node.args[1].func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and ast.unparse(node.func).endswith("publish")
            and len(node.args) > 1
            and isinstance(node.args[1], ast.Call)
            and isinstance(node.args[1].func, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("contracts."):
                names = {alias.name for alias in node.names}
                if not own.fullmatch(node.module or "") and names & told:
                    foreign.append((path.name, names & told))
    assert foreign == []


def test_every_fact_is_heard_or_marked_as_for_outsiders() -> None:
    heard = {s.event.subject for lines in sources.subscriptions().values() for s in lines}
    unheard = [e.subject for e in sources.events() if e.subject not in heard and not e.outsiders]
    assert unheard == []


def test_every_handler_and_timer_is_named_for_what_it_does_on_what() -> None:
    names = [s.handler.__name__ for lines in sources.subscriptions().values() for s in lines]
    assert [name for name in names if "_on_" not in name] == []
    firings = [t.firing.__name__ for lines in sources.timers().values() for t in lines]
    assert [name for name in firings if "_when_" not in name] == []


PUBLIC = {
    "/api/v1/incidents/public-reports",  # anybody at the scene reports without an account
    "/api/v1/incidents/public-reports/status",  # the code of the receipt is the proof
    "/api/v1/tasks/feeds/calendar.ics",  # calendars cannot sign in; the secret is the proof
}
"""Routes that ask nobody who they are, each with the reason why."""


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_says_which_act_it_is(service: str) -> None:
    described = importlib.import_module(f"services.{service}.app").service()
    routes = [route for router in described.routers for route in router.routes]
    assert routes
    for route in routes:
        assert isinstance(route, TransactionalRoute), route
        declared = route.act in described.policies.grants or route.path in PUBLIC
        assert declared, route.path
        assert route.endpoint.__doc__, route.path


def test_every_rule_names_its_article_and_is_touched_by_a_test() -> None:
    rules = list(sources.rules())
    assert [name for _, name, words in rules if not words.rstrip(".").endswith(")")] == []
    assert [
        (module, name) for module, name, _ in rules if not sources.tests_naming(module, name)
    ] == []


def test_nothing_of_the_city_stands_in_code() -> None:
    names: Mapping[str, list[str]] = {
        str(path.relative_to(ROOT)): [
            w for w in ("衡阳", "hengyang", "耒阳") if w in path.read_text().lower()
        ]
        for path in modules("kernel", "contracts", "reference", "services", "gateway")
    }
    assert {path: words for path, words in names.items() if words} == {}


def test_rooms_hold_only_the_roles_of_the_house() -> None:
    strangers = []
    for path in sorted(ROOT.glob("services/*/*/*.py")):
        if path.parent.name == "migrations" or path.stem == "__init__":
            continue
        if path.stem.split("_")[0] not in ROLES and path.stem not in ROLES:
            strangers.append(str(path.relative_to(ROOT)))
    assert strangers == sorted(DECLARED), "declare a further role here, with its reason"


DECLARED = [
    "services/incidents/intake/spool.py",  # a worker of its own: neither a route nor a query
    "services/incidents/intake/stream.py",  # what that worker keeps reports in, at the broker
    "services/tasks/drafts/reading.py",  # a file becomes words
    "services/tasks/drafts/reading_page.py",  # of each kind, with the library that reads it
    "services/tasks/drafts/reading_pdf.py",
    "services/tasks/drafts/reading_word.py",
    "services/tasks/supervisionletters/docx.py",  # the other way round: words become a file
]
"""Modules of rooms beyond the seven roles, each with the reason why it is one."""
