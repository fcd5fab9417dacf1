"""Whatever is wrong with a request is refused by name, in both languages, and leaves nothing."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from kernel.ids import uuid7
from tests.city import ACCIDENTS, REPORTS, City

pytestmark = pytest.mark.stack

CHINESE = re.compile("[一-鿿]")
DEEP = 10_000
HUGE = 10 * 1024 * 1024

Spoil = Callable[[City, dict[str, Any]], dict[str, Any] | bytes]


@dataclass(frozen=True)
class Case:
    """One way to spoil a report: what is answered, and which field is named."""

    name: str
    spoil: Spoil
    pointer: str | None
    status: int = 422

    def __str__(self) -> str:
        return self.name


def with_(**fields: Any) -> Spoil:
    """The report with other fields."""
    return lambda city, body: body | fields


def without(name: str) -> Spoil:
    """The report with a field left out."""
    return lambda city, body: {field: value for field, value in body.items() if field != name}


def later(name: str, **ahead: float) -> Spoil:
    """The report with an instant moved from the city's present."""
    return lambda city, body: body | {name: (city.now + timedelta(**ahead)).isoformat()}


def raw(change: Callable[[str], str]) -> Spoil:
    """The report's text, changed as no JSON writer would."""
    return lambda city, body: change(json.dumps(body)).encode()


def cut_off(text: str) -> str:
    """All up to the figure of the dead."""
    return text.partition('"deaths": ')[0] + '"deaths": '


def replaced(old: str, new: str) -> Spoil:
    """The report's text with one piece exchanged."""
    return raw(lambda text: text.replace(old, new, 1))


NAIVE = "2026-05-01T08:00:00"
CASES = (
    Case("cut off in the middle", raw(cut_off), "/casualties/deaths", 400),
    Case("a comma too many", raw(lambda text: text[:-1] + ",}"), "", 400),
    Case("no JSON at all", lambda city, body: b"accident!", "", 400),
    Case("empty", lambda city, body: b"", ""),
    Case("no UTF-8", lambda city, body: json.dumps(body).encode() + b"\xff", "", 400),
    Case("a list", lambda city, body: json.dumps([body]).encode(), ""),
    Case("text for a count", with_(casualties={"deaths": "3"}), "/casualties/deaths"),
    Case("a fraction of a person", with_(casualties={"deaths": 1.5}), "/casualties/deaths"),
    Case("true for a count", with_(casualties={"deaths": True}), "/casualties/deaths"),
    Case("a list for an object", with_(casualties=[3]), "/casualties"),
    Case("a number for a place", with_(place=3), "/place"),
    Case("text for a flag", with_(missing_presumed_dead="yes"), "/missing_presumed_dead"),
    Case("an unknown kind", with_(kind="rumour"), "/kind"),
    Case("an unknown field", with_(budget=1), "/budget"),
    Case("an unknown inner field", with_(casualties={"wounded": 1}), "/casualties/wounded"),
    Case(
        "an id of another version",
        with_(report_id=str(uuid7())[:14] + "4000-8000-000000000000"[-22:]),
        "/report_id",
    ),
    Case("no id", without("report_id"), "/report_id"),
    Case("no region", without("region_code"), "/region_code"),
    Case("no time", without("occurred_at"), "/occurred_at"),
    Case("a naive time", with_(occurred_at=NAIVE), "/occurred_at"),
    Case("a naive time of knowing", with_(known_at=NAIVE), "/known_at"),
    Case("seconds since 1970", with_(occurred_at=1_780_000_000), "/occurred_at"),
    Case("a day without an hour", with_(occurred_at="2026-05-01"), "/occurred_at"),
    Case("no such day", with_(occurred_at="2026-02-30T08:00:00+08:00"), "/occurred_at"),
    Case("the future", later("occurred_at", hours=1), "/occurred_at"),
    Case("known in the future", later("known_at", minutes=10), "/known_at"),
    Case("known before it happened", later("known_at", hours=-2), "/known_at"),
    Case("before 2000", with_(occurred_at="1999-12-31T23:59:59+00:00"), "/occurred_at"),
    Case(
        "a wrong check character", with_(enterprise_uscc="91430481MA4T00019N"), "/enterprise_uscc"
    ),
    Case("a code too short", with_(enterprise_uscc="91430481MA4T0001"), "/enterprise_uscc"),
    Case("an unknown region", with_(region_code="439999"), "/region_code"),
    Case("a region of letters", with_(region_code="43048x"), "/region_code"),
    Case("text for a list of regions", with_(also_in="x"), "/also_in"),
    Case("more regions than an accident touches", with_(also_in=["430481"] * 5), "/also_in"),
    Case("a negative count", with_(casualties={"deaths": -1}), "/casualties/deaths"),
    Case("a negative loss", with_(direct_loss_wan=-0.01), "/direct_loss_wan"),
    Case("more people than live there", with_(casualties={"deaths": 10**7}), "/casualties/deaths"),
    Case("a place outside the world", with_(location={"lon": 112.6, "lat": 91}), "/location/lat"),
    Case("an unknown accident type", with_(accident_type="bad luck"), "/accident_type"),
    Case("an unknown industry", with_(industry="alchemy"), "/industry"),
    Case("words without end", with_(summary="救" * 4001), "/summary"),
    Case("ten megabytes", with_(summary="x" * HUGE), None, 413),
    Case("a NUL", with_(summary="顶板\0冒落"), "/summary", 400),
    Case(
        "half a character",
        replaced("井下".encode("unicode_escape").decode(), "\\ud800"),
        "/place",
        400,
    ),
    Case("not a number", replaced('"deaths": 1', '"deaths": NaN'), "/casualties/deaths", 400),
    Case("infinity", replaced('"deaths": 1', '"deaths": Infinity'), "/casualties/deaths", 400),
    Case(
        "a number beyond numbers",
        replaced('"deaths": 1', '"deaths": 1e999'),
        "/casualties/deaths",
        400,
    ),
    Case(
        "ten thousand levels",
        replaced('"deaths": 1', '"deaths": ' + "[" * DEEP + "]" * DEEP),
        "/casualties/deaths" + "/0" * 30,
        400,
    ),
    Case("a field twice", replaced('"kind":', '"kind": "written", "kind":'), "/kind", 400),
    Case(
        "an inner field twice",
        replaced('"deaths": 1', '"deaths": 0, "deaths": 1'),
        "/casualties/deaths",
        400,
    ),
    Case("a follow-up to nothing", with_(kind="followup"), "/accident_id"),
)


async def sent(city: City, case: Case, language: str, marker: str) -> httpx.Response:
    """The answer to a spoilt report whose place is the marker."""
    body = case.spoil(city, city.report(place=f"井下{marker}"))
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = await city.as_("enterprise", language) | {"Content-Type": "application/json"}
    return await city.gateway.post(REPORTS, headers=headers, content=content)


def faults(problem: dict[str, Any]) -> list[str]:
    """What is said of each wrong field."""
    return [fault["detail"] for fault in problem.get("errors", ())]


def words(problem: dict[str, Any]) -> str:
    """Everything of a problem that is for people."""
    return " ".join([problem["title"], problem.get("detail", ""), *faults(problem)])


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_spoilt_report_is_refused_by_name_in_both_languages(city: City, case: Case) -> None:
    marker = uuid7().hex
    told = {}
    for language in ("zh-CN", "en"):
        answer = await sent(city, case, language, marker)
        assert answer.status_code == case.status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["content-language"] == language
        told[language] = answer.json()
        assert told[language]["status"] == case.status
        assert told[language]["type"].startswith("/problems/")
        if case.pointer is not None:
            assert case.pointer in [fault["pointer"] for fault in told[language]["errors"]]
    assert all(faults(told["en"]))
    assert all(CHINESE.search(said) for said in [words(told["zh-CN"]), *faults(told["zh-CN"])])
    assert not CHINESE.search(words(told["en"])), words(told["en"])
    async for page in city.pulled():
        assert marker not in json.dumps(page, ensure_ascii=False)


async def test_an_accident_of_somebody_else_cannot_be_reported(city: City) -> None:
    body = city.report(enterprise_uscc=city.uscc("other_enterprise"))
    assert (await city.post("enterprise", REPORTS, body)).status_code == 403
    elsewhere = city.report("county_duty_desk", region_code="430405")
    assert (await city.post("county_duty_desk", REPORTS, elsewhere)).status_code == 403
    for refused in (body, elsewhere):
        path = f"{ACCIDENTS}/{refused['report_id']}"
        headers = await city.as_("province_duty_desk")
        assert (await city.gateway.get(path, headers=headers)).status_code == 404


async def test_a_follow_up_to_an_accident_nobody_knows_is_refused(city: City) -> None:
    answer = await city.post("enterprise", REPORTS, city.follow_up(str(uuid7())))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/incidents/grading", "/api/v1/incidents/findings"])
async def test_other_routes_read_as_strictly(city: City, path: str) -> None:
    headers = await city.as_("investigator") | {"Content-Type": "application/json"}
    for content in (b'{"a": NaN}', b"[" * DEEP, b'{"a": 1, "a": 2}', b'"\\u0000"', b"{"):
        answer = await city.gateway.post(path, headers=headers, content=content)
        assert answer.status_code == 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
