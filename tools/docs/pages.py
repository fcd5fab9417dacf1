"""The drawn pages, as text."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

from contracts.gateway import Role
from kernel.access import ANYWHERE, Relation
from kernel.problems import all_problems
from tools.docs import sources

_HEAD = "<!-- Drawn by `make docs`; a test fails when it is stale. -->\n\n"


def choreography() -> str:
    """Who tells what, who hears it, and what it does then."""
    listeners: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for service, lines in sources.subscriptions().items():
        for line in lines:
            handler = line.handler
            listeners[line.event.subject].append(
                (service, handler.__name__, sources.summary(handler))
            )
    arrows = sorted(
        {
            (event.subject.split(".")[0], service, event.__name__)
            for event in sources.events()
            for service, _, _ in listeners[event.subject]
        }
    )
    picture = "\n".join(f"    {teller} -- {name} --> {hearer}" for teller, hearer, name in arrows)
    rows = "\n".join(_event_row(event, listeners[event.subject]) for event in sources.events())
    deadlines = "\n".join(
        f"| {service} | `{kind.kind}` | {sources.summary(kind.firing)} |"
        for service, kinds in sources.timers().items()
        for kind in kinds
    )
    return (
        f"# Choreography\n\n{_HEAD}Services never call each other: they tell facts. "
        "Here is every fact and what follows from it.\n\n"
        f"```mermaid\nflowchart LR\n{picture}\n```\n\n"
        f"| fact | says | heard by | effect |\n|---|---|---|---|\n{rows}\n\n"
        f"## Deadlines\n\n| service | timer | effect |\n|---|---|---|\n{deadlines}\n"
    )


def _event_row(event: type, lines: list[tuple[str, str, str]]) -> str:
    said = sources.summary(event)
    if not lines:
        return f"| `{event.subject}` | {said} | outside systems | |"  # type: ignore[attr-defined]  # an Event class
    heard = "<br>".join(service for service, _, _ in lines)
    effects = "<br>".join(f"`{name}`: {words}" for _, name, words in lines)
    return f"| `{event.subject}` | {said} | {heard} | {effects} |"  # type: ignore[attr-defined]  # an Event class


def states() -> str:
    """Every life cycle; what is not drawn is refused."""
    parts = [f"# Life cycles\n\n{_HEAD}An action that is not drawn is refused with 409."]
    for module, name, table in sources.machines():
        arrows = "\n".join(
            f"    {before} --> {after}: {action}" for (before, action), after in table.items()
        )
        title = " ".join(module.removeprefix("services.").removesuffix(".domain").split("."))
        suffix = name.removesuffix("TRANSITIONS").strip("_").lower()
        heading = f"{title} {suffix}".strip()
        parts.append(f"## {heading}\n\n```mermaid\nstateDiagram-v2\n{arrows}\n```")
    return "\n\n".join(parts) + "\n"


def rules() -> str:
    """Every rule of law, its article and the tests that touch it."""
    rows = []
    for module, name, words in sources.rules():
        tests = "<br>".join(f"`{path}`" for path in sources.tests_naming(module, name))
        place = module.removeprefix("services.")
        rows.append(f"| {words} | `{place}.{name}` | {tests} |")
    return (
        f"# Rules\n\n{_HEAD}Thresholds stand as dated rows in `reference/`; these functions read "
        "them. Each sentence ends with its article.\n\n"
        "| rule | function | tests |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    )


def problems() -> str:
    """Every refusal, by its stable code."""
    rows = sorted(
        f"| `{kind.code}` | {kind.status} | {kind.title_zh} | {kind.title_en} | "
        f"{sources.summary(kind)} |"
        for kind in set(all_problems())
        if kind.__module__.split(".")[0] in {"kernel", "services", "gateway", "reference"}
    )
    return (
        f"# Problems\n\n{_HEAD}Every refusal is `application/problem+json` (RFC 9457) with one of "
        "these codes as its `type` (`/problems/<code>`).\n\n"
        "| code | status | zh-CN | en | when |\n|---|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )


def access() -> str:
    """Who may do what: each service's policy table, and the routes that ask it."""
    parts = [
        f"# Access\n\n{_HEAD}What is not here is refused. A role stands to a row as its own (of an "
        "enterprise), by its unit, in its subtree of places, or elsewhere; elsewhere it is told "
        "that there is no such row. Where a rule asks more than the table, the operation says so."
    ]
    for name, service in sources.services().items():
        routes = sources.routes(service)
        rows = "\n".join(
            f"| `{act}` | {_granted(service.policies.grants[act])} | {'<br>'.join(routes[act])} |"
            for act in service.policies.grants
        )
        parts.append(f"## {name}\n\n| act | granted to | routes |\n|---|---|---|\n{rows}")
    return "\n\n".join(parts) + "\n"


def _granted(by_role: Mapping[str, frozenset[Relation]]) -> str:
    standing: dict[frozenset[Relation], list[str]] = defaultdict(list)
    for role, relations in by_role.items():
        standing[relations].append(role)
    return "<br>".join(f"{_who(roles)}: {_where(at)}" for at, roles in standing.items())


def _who(roles: Collection[str]) -> str:
    return "everybody" if {*roles} == {*Role} else ", ".join(roles)


def _where(at: frozenset[Relation]) -> str:
    return "anywhere" if at == ANYWHERE else ", ".join(one for one in Relation if one in at)


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/choreography.md": choreography,
    "docs/states.md": states,
    "docs/rules.md": rules,
    "docs/problems.md": problems,
    "docs/access.md": access,
}
