"""Makes, for any route, the smallest request that is in order: only its rights can refuse it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from pydantic import TypeAdapter

from kernel.ids import uuid7
from kernel.transactions import TransactionalRoute

Values = Mapping[str, Any]

_BY_FORMAT = {
    "date": "2023-06-01",
    "date-time": "2023-06-01T10:30:00+08:00",
}


@dataclass(frozen=True, kw_only=True)
class Story:
    """Which rows of a story a request names, by the name of the parameter or field.

    `said` holds what one route needs more, or otherwise, by "METHOD path".
    """

    ids: Values
    said: Mapping[str, Values] = field(default_factory=dict)

    def of(self, method: str, path: str) -> Values:
        """What a route's parameters and fields are filled with; None leaves one out."""
        known = {**self.ids, **self.said.get(f"{method} {path}", {})}
        return {name: value for name, value in known.items() if value is not None}


def request(route: TransactionalRoute, method: str, story: Story) -> dict[str, Any]:
    """The arguments of the client's `request` for a route."""
    known = story.of(method, route.path)
    parts = list(_dependants(route.dependant))
    path = route.path
    for name, said in path_of(route, method, story).items():
        path = path.replace(f"{{{name}}}", said)
    asked: dict[str, Any] = {}
    for one in [one for part in parts for one in part.query_params]:
        if one.field_info.is_required() or one.name in known:
            said = _parameter(one, known)
            asked |= said if isinstance(said, dict) else {one.alias: said}
    made: dict[str, Any] = {"method": method, "url": f"http://service{path}", "params": asked}
    if "content" in known:
        return made | {"content": known["content"], "headers": {"content-type": known["type"]}}
    if route.body_field is not None:
        schema = _schema(route.body_field.field_info)
        made["json"] = _object(schema, schema.get("$defs", {}), known)
    return made


def path_of(route: TransactionalRoute, method: str, story: Story) -> dict[str, str]:
    """What the parameters of a route's path are filled with."""
    known, parts = story.of(method, route.path), _dependants(route.dependant)
    return {one.name: str(_parameter(one, known)) for part in parts for one in part.path_params}


def _dependants(root: Dependant) -> Iterator[Dependant]:
    yield root
    for part in root.dependencies:
        yield from _dependants(part)


def _parameter(one: ModelField, known: Values) -> Any:
    schema = _schema(one.field_info)
    return _value(one.name, schema, schema.get("$defs", {}), known)


def _schema(info: Any) -> dict[str, Any]:
    return TypeAdapter(info.annotation).json_schema()


def _object(schema: Values, shared: Values, known: Values) -> Any:
    if "$ref" in schema:
        return _object(shared[schema["$ref"].rpartition("/")[2]], shared, known)
    if "properties" not in schema:
        return _value("", schema, shared, known)
    wanted = set(schema.get("required", ())) | (set(schema["properties"]) & set(known))
    return {
        name: _value(name, schema["properties"][name], shared, known) for name in sorted(wanted)
    }


def _value(name: str, schema: Values, shared: Values, known: Values) -> Any:
    """What the story says, else the first and smallest that the schema lets through."""
    if name in known:
        return known[name]
    if "$ref" in schema:
        return _value(name, shared[schema["$ref"].rpartition("/")[2]], shared, known)
    if "properties" in schema:
        return _object(schema, shared, known)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _value(name, schema[several][0], shared, known)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    return _of_type(schema, shared, known)


def _of_type(schema: Values, shared: Values, known: Values) -> Any:
    match schema.get("type"):
        case "object":
            return _object(schema, shared, known) if "properties" in schema else {}
        case "array":
            several = schema.get("minItems", 0)
            return [_value("", schema.get("items", {}), shared, known) for _ in range(several)]
        case "boolean":
            return True
        case "integer" | "number":
            return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    if schema.get("format") == "uuid":
        return str(uuid7())
    return _BY_FORMAT.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1)))
