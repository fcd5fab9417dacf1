"""Problems as RFC 9457 bodies, in the reader's language."""

from typing import Any

import orjson

from kernel.problems import Problem

MEDIA_TYPE = "application/problem+json"


def wants_chinese(accept_language: str | None) -> bool:
    """Chinese unless the reader asks for English first."""
    if not accept_language:
        return True
    best, best_weight = "zh", 0.0
    for part in accept_language.split(","):
        tag, _, parameters = part.strip().partition(";")
        weight = _weight(parameters)
        if weight > best_weight and tag[:2].lower() in {"zh", "en"}:
            best, best_weight = tag[:2].lower(), weight
    return best == "zh"


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0


def render(
    problem: Problem, accept_language: str | None, instance: str | None = None
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer to a refused request."""
    chinese = wants_chinese(accept_language)
    body: dict[str, Any] = problem.to_dict(chinese=chinese)
    if instance:
        body["instance"] = instance
    headers = {
        "content-type": MEDIA_TYPE,
        "content-language": "zh-CN" if chinese else "en",
        "cache-control": "no-store",
    } | problem.headers
    return problem.status, headers, orjson.dumps(body, default=str)
