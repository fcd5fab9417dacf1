"""What the services tell, as AsyncAPI 3: one channel per subject, drawn from the contracts."""

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

import contracts
from kernel.envelope import CONTENT_TYPE
from kernel.events import Event

_SCHEMAS = "#/components/schemas/"


@cache
def document() -> dict[str, Any]:
    """The AsyncAPI document of the platform."""
    kinds = told()
    _, definitions = models_json_schema(
        [(kind, "serialization") for kind in kinds], ref_template=f"{_SCHEMAS}{{model}}"
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "安链事件 Anlian events",
            "version": "1",
            "description": "CloudEvents 1.0 over NATS JetStream. 事实，不含个人身份。"
            " Facts; none of them names a person.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {kind.subject: _channel(kind) for kind in kinds},
        "operations": {f"tell_{kind.__name__}": _operation(kind) for kind in kinds},
        "components": {
            "messages": {kind.__name__: _message(kind) for kind in kinds},
            "schemas": definitions.get("$defs", {}),
        },
    }


def told() -> Sequence[type[Event]]:
    """Every event of the contracts, by subject."""
    found: list[type[Event]] = []
    for module in pkgutil.iter_modules(contracts.__path__):
        named = vars(importlib.import_module(f"contracts.{module.name}")).values()
        found += [kind for kind in named if _is_told(kind) and kind not in found]
    return sorted(found, key=lambda kind: kind.subject)


def _is_told(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Event) and "subject" in vars(kind)


def _channel(kind: type[Event]) -> dict[str, Any]:
    message = {"$ref": f"#/components/messages/{kind.__name__}"}
    return {"address": kind.subject, "messages": {kind.__name__: message}}


def _operation(kind: type[Event]) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{kind.subject}"},
        "tags": [{"name": kind.subject.partition(".")[0]}],
    }


def _message(kind: type[Event]) -> dict[str, Any]:
    return {
        "name": kind.subject,
        "title": kind.__name__,
        "summary": (kind.__doc__ or "").partition("\n")[0],
        "contentType": CONTENT_TYPE,
        "payload": {
            "type": "object",
            "required": ["specversion", "id", "source", "type", "subject", "time", "data"],
            "properties": {
                "specversion": {"const": "1.0"},
                "id": {"type": "string", "format": "uuid"},
                "source": {"const": f"/anlian/{kind.subject.partition('.')[0]}"},
                "type": {"const": kind.subject},
                "subject": {"type": "string", "description": f"The event's {kind.about}"},
                "time": {"type": "string", "format": "date-time"},
                "version": {"type": "integer", "description": "How many facts so far"},
                "data": {"$ref": f"{_SCHEMAS}{kind.__name__}"},
            },
        },
    }
