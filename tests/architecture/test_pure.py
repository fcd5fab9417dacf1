"""What import-linter says of a role holds for all its modules: `domain_words` is `domain` too."""

import grimp
import pytest

from tools.docs import sources

PACKAGES = ("kernel", "contracts", "reference", "services", "gateway")
DOWN = ("api", "operations", "schemas", "queries", "tables", "domain", "rules")
OUTSIDE = {"sqlalchemy", "fastapi", "starlette", "nats", "httpx", "structlog"}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    first, *others = PACKAGES
    return grimp.build_graph(first, *others, include_external_packages=True, cache_dir=None)


def role(module: str) -> str | None:
    """The role of a module of a room, by what its name begins with."""
    parts = module.split(".")
    if len(parts) != 4 or parts[0] != "services":
        return None
    begins = parts[3].split("_")[0]
    return begins if begins in DOWN else None


def test_the_law_and_the_life_cycle_are_pure_whatever_they_are_called(
    graph: grimp.ImportGraph,
) -> None:
    pure = sorted(m for m in graph.modules if role(m) in ("domain", "rules"))
    assert len(pure) > len(sources.SERVICES)
    impure = {m: sorted(graph.find_upstream_modules(m) & OUTSIDE) for m in pure}
    assert {m: found for m, found in impure.items() if found} == {}


def test_inside_a_room_imports_point_down_whatever_the_modules_are_called(
    graph: grimp.ImportGraph,
) -> None:
    upward = []
    for module in sorted(graph.modules):
        below = role(module)
        for imported in sorted(graph.find_modules_directly_imported_by(module) if below else ()):
            above = role(imported)
            same_room = imported.rpartition(".")[0] == module.rpartition(".")[0]
            if above and same_room and DOWN.index(above) < DOWN.index(str(below)):
                upward.append((module, imported))
    assert upward == []
