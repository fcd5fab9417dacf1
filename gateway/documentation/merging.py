"""Makes one OpenAPI 3.1 document out of every service's own. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from kernel.rendering import MEDIA_TYPE

Document = dict[str, Any]

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_REPLACED = frozenset({"HTTPValidationError", "ValidationError"})
"""What FastAPI says of refusals; ours are problems."""

_DESCRIPTION = """
安链对外接口：除另有说明外，请求须携带访问令牌或签名；拒绝均为 RFC 9457 问题文档，中英文由
Accept-Language 决定。时间为带时区的 RFC 3339；写操作可带 Idempotency-Key 安全重发。

The interface of Anlian. Requests carry an access token or a signature unless said otherwise;
every refusal is an RFC 9457 problem in zh-CN or English by Accept-Language. Times are RFC 3339
with an offset; writes with an Idempotency-Key may safely be sent again.
""".strip()

_SIGNATURE = """
HMAC-SM3 或 HMAC-SHA256 签名，另附 X-App-Key、X-Timestamp（毫秒）、X-Nonce 与
X-Signature-Algorithm。待签文本每行一项：方法、路径、排序后的查询串、应用标识、时间戳、随机数、
请求体摘要（十六进制）。

An HMAC over one line each: method, path, sorted query, application key, timestamp, nonce and
the hex digest of the body. The other four headers state the key, time, nonce and algorithm.
""".strip()

NO_CREDENTIALS: Document = {"security": []}
"""What a route that anybody may use adds to its description."""

_SECURITY_SCHEMES: Document = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "访问令牌，POST /api/v1/auth/token 取得，十分钟有效。"
        " An access token, valid for ten minutes.",
    },
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Signature",
        "description": _SIGNATURE,
    },
}

_PROBLEM_SCHEMA: Document = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "/problems/<code>"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "header": {"type": "string", "description": "The header that is wrong"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer of the field"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_PROBLEM_ANSWER: Document = {
    "description": "拒绝 A refusal",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def merged(parts: Mapping[str, Document], *, unreachable: list[str]) -> Document:
    """One document of all parts, each by the name of its service."""
    paths: Document = {}
    schemas: Document = {"Problem": _PROBLEM_SCHEMA}
    problems: Document = {}
    for service, part in parts.items():
        schemas |= _schemas(service, part)
        problems |= part.get("x-problems", {})
        for path, item in part.get("paths", {}).items():
            paths[path] = _item(service, item)
    return {
        "openapi": "3.1.0",
        "info": {"title": "安链 Anlian", "version": "1", "description": _DESCRIPTION},
        "servers": [{"url": "/", "description": "本网关 This gateway"}],
        "security": [{"bearer": []}, {"signature": []}],
        "tags": [{"name": name} for name in sorted(_tags(paths))],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": schemas,
            "securitySchemes": _SECURITY_SCHEMES,
            "responses": {"Problem": _PROBLEM_ANSWER},
        },
        "x-problems": dict(sorted(problems.items())),
        "x-unreachable": unreachable,
    }


def _schemas(service: str, part: Document) -> Document:
    """The schemas of a service under names of their own."""
    schemas = part.get("components", {}).get("schemas", {})
    return {
        f"{service}.{name}": _named(schema, service)
        for name, schema in schemas.items()
        if name not in _REPLACED
    }


def _named(value: Any, service: str) -> Any:
    """A value whose references name the schemas of its service."""
    if isinstance(value, list):
        return [_named(each, service) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _referring(held, service) if key in {"$ref", "mapping"} else _named(held, service)
        for key, held in value.items()
    }


def _referring(target: Any, service: str) -> Any:
    if isinstance(target, dict):  # a discriminator's mapping
        return {key: _referring(held, service) for key, held in target.items()}
    if isinstance(target, str):
        return target.replace("#/components/schemas/", f"#/components/schemas/{service}.")
    return _named(target, service)  # a property that happens to have this name


def _item(service: str, item: Document) -> Document:
    return {
        method: _operation(service, operation) if method in _METHODS else operation
        for method, operation in item.items()
    }


def _operation(service: str, operation: Document) -> Document:
    answers = {
        status: answer
        for status, answer in operation.get("responses", {}).items()
        if status != "422"
    }
    described: Document = _named(operation, service)
    return described | {
        "operationId": f"{service}.{operation['operationId']}",
        "tags": [f"{service}/{tag}" for tag in operation.get("tags", [service])],
        "responses": _named(answers, service) | {"default": {"$ref": _ANSWER}},
    }


_ANSWER = "#/components/responses/Problem"


def _tags(paths: Document) -> set[str]:
    return {tag for operation in operations(paths) for tag in operation["tags"]}


def operations(paths: Document) -> Iterator[Document]:
    """Every operation of a document's paths."""
    for item in paths.values():
        for method, operation in item.items():
            if method in _METHODS:
                yield operation
