"""No request at all, however odd, makes a process fail: nothing is ever answered with a 5xx."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.ids import uuid7
from tests.city import REPORTS, City

pytestmark = pytest.mark.stack

FIELDS = sorted(
    {
        *("report_id", "kind", "accident_id", "enterprise_uscc", "occurred_at", "known_at"),
        *("region_code", "place", "location", "industry", "accident_type", "casualties"),
        *("missing_presumed_dead", "direct_loss_wan", "summary", "measures", "unheard_of"),
    }
)
ODD = st.sampled_from(
    [
        *("", " ", "0", "-0", "1e999", "430481", "9" * 500, "null", "💥", "\u202e", "\ufffe"),
        *("9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00Z", "2026-01-01T00:00:60Z"),
        *("2000-01-01T00:00:00+00:00", "'; DROP TABLE accident; --", "../../etc/passwd", "%00"),
        *(0, -1, 2**31, 2**63, 10**400, 0.1, 1e308, -0.0, True, False, None),
    ]
)
VALUES = st.recursive(
    ODD | st.text(max_size=20) | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
CHANGES = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=4)


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(changes=CHANGES, kind=st.sampled_from(["quick", "written", "followup"]))
async def test_no_report_is_answered_with_a_5xx(
    city: City, changes: dict[str, Any], kind: str
) -> None:
    body = city.report() | {"kind": kind} | changes
    content = json.dumps(body).encode()
    headers = await city.as_("enterprise") | {"Content-Type": "application/json"}
    answer = await city.gateway.post(REPORTS, headers=headers, content=content)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"


@settings(max_examples=60)
@given(content=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
async def test_no_bytes_are_answered_with_a_5xx(city: City, content: bytes) -> None:
    headers = await city.as_("enterprise") | {"Content-Type": "application/json"}
    answer = await city.gateway.post(REPORTS, headers=headers, content=content)
    assert 400 <= answer.status_code < 500, answer.text


PARAMETERS = ("x", "", " ", "%", "..", "é", "\0", "a" * 3000, "0" * 36, str(uuid7()))
BODIES = (None, {}, [], "x", {"note": "\u0000"}, {"a": {"b": [1] * 50}})
ACCOUNTS = ("county_duty_desk", "enterprise", "administrator")
"""Each is given some of the oddities of every route."""
APART = frozenset({"/api/v1/auth/password"})
"""Guessing there locks the account that the other tests use."""


async def test_no_route_answers_oddities_with_a_5xx(city: City) -> None:
    described = (await city.gateway.get("/openapi.json")).json()["paths"]
    routes = [
        (method.upper(), path)
        for path, methods in described.items()
        for method in methods
        if path not in APART
    ]
    assert len(routes) > 25
    headers = [await city.as_(account) for account in ACCOUNTS]
    for turn, (method, path) in enumerate(routes):
        for number, odd in enumerate(PARAMETERS):
            url, whose = filled(path, odd), (turn + number) % len(ACCOUNTS)
            body = BODIES[number % len(BODIES)] if method != "GET" else None
            asked = city.gateway.stream(
                method, url, headers=headers[whose], params={"limit": odd, "cursor": odd}, json=body
            )
            async with asked as answer:  # one of them is an endless stream
                assert answer.status_code < 500, f"{ACCOUNTS[whose]} {method} {url}"


def filled(path: str, odd: str) -> str:
    """A route's path with an odd value for every parameter."""
    parts = [quote(odd, safe="") if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)
