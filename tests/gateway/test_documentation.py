"""One interface document, valid and whole; events, dictionaries, problems and a page to read."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.openapi.models import OpenAPI
from pydantic import BaseModel
from starlette.types import ASGIApp

from gateway.documentation import dictionaries, events, merging
from gateway.documentation.interface import Interface
from kernel.problems import all_problems
from kernel.transactions import Session, act
from kernel.web import Application, rooms
from tests.gateway.conftest import House, client_of, migrate, opened, serving
from tests.lending import MakeDatabase


class Inner(BaseModel):
    number: int


class Sent(BaseModel):
    inner: list[Inner]
    parent: "Sent | None" = None


def _service(name: str) -> ASGIApp:
    """A service with routes of its own, and schemas named like those of its neighbours."""
    router = rooms(f"/{name}/things", "things")

    @router.post("/{thing_id}")
    @act("send")
    async def send(thing_id: int, body: Sent, session: Session) -> Inner:
        """Send a thing."""
        return Inner(number=thing_id)

    application = Application(title=name, openapi_url=f"/api/v1/{name}/openapi.json")
    application.include_router(router)
    return application


@pytest.fixture(scope="module")
async def documented(
    database_url: MakeDatabase, key_files: dict[str, Path]
) -> AsyncIterator[httpx.AsyncClient]:
    urls = await database_url("gateway", prepare=migrate)
    async with serving(_service("incidents")) as incidents, serving(_service("tasks")) as tasks:
        upstreams = {"incidents": incidents, "tasks": tasks, "inspections": "http://127.0.0.1:1"}
        async with opened(urls.app, key_files, upstreams) as gateway, client_of(gateway) as http:
            yield http


async def test_the_merged_document_is_valid_openapi(documented: httpx.AsyncClient) -> None:
    answer = await documented.get("/openapi.json")
    document = answer.json()

    OpenAPI.model_validate(document)
    assert document["openapi"] == "3.1.0"
    assert set(_references(document)) <= set(_pointers(document))
    names = [operation["operationId"] for operation in merging.operations(document["paths"])]
    assert len(names) == len(set(names))
    for path, item in document["paths"].items():
        declared = {one["name"] for each in item.values() for one in each.get("parameters", [])}
        assert set(re.findall(r"{(\w+)}", path)) <= declared


async def test_the_merged_document_holds_every_service_and_says_who_is_away(
    documented: httpx.AsyncClient,
) -> None:
    document = (await documented.get("/openapi.json")).json()

    assert {
        "/api/v1/incidents/things/{thing_id}",
        "/api/v1/tasks/things/{thing_id}",
        "/api/v1/auth/token",
        "/api/v1/identity/accounts",
    } <= set(document["paths"])
    assert document["x-unreachable"] == ["inspections"]
    assert {"incidents.Sent", "tasks.Sent"} <= set(document["components"]["schemas"])


async def test_every_operation_says_how_to_prove_oneself_and_how_it_refuses(
    documented: httpx.AsyncClient,
) -> None:
    document = (await documented.get("/openapi.json")).json()
    operations = list(merging.operations(document["paths"]))

    refusals = {operation["responses"]["default"]["$ref"] for operation in operations}
    open_ones = {o["operationId"].split("_")[0] for o in operations if o.get("security") == []}
    assert refusals == {"#/components/responses/Problem"}
    assert document["security"] == [{"bearer": []}, {"signature": []}]
    assert {"gateway.sign", "gateway.refresh", "gateway.revoke"} <= open_ones
    assert not any(name.startswith(("incidents", "tasks")) for name in open_ones)


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for held in value.values():
            yield from _references(held)
    elif isinstance(value, list):
        for held in value:
            yield from _references(held)


def _pointers(document: dict[str, Any], depth: int = 3) -> Iterator[str]:
    def below(value: Any, pointer: str, left: int) -> Iterator[str]:
        yield pointer
        if left and isinstance(value, dict):
            for name, held in value.items():
                yield from below(held, f"{pointer}/{name}", left - 1)

    return below(document, "#", depth)


async def test_a_service_that_goes_away_keeps_its_place_in_the_document() -> None:
    async with serving(_service("tasks")) as address:
        interface = Interface({"tasks": address}, dict)
        before = await interface.document()
    interface._read_at = float("-inf")
    after = await interface.document()
    await interface.close()

    assert set(before["paths"]) == set(after["paths"]) == {"/api/v1/tasks/things/{thing_id}"}
    assert (before["x-unreachable"], after["x-unreachable"]) == ([], ["tasks"])


async def test_every_event_has_a_channel_and_every_reference_resolves(house: House) -> None:
    document = (await house.http.get("/asyncapi.json")).json()

    assert document["asyncapi"] == "3.0.0"
    assert set(document["channels"]) == {kind.subject for kind in events.told()}
    assert len(document["channels"]) > 10
    assert set(_references(document)) <= set(_pointers(document))
    sends = {operation["channel"]["$ref"] for operation in document["operations"].values()}
    assert sends == {f"#/channels/{subject}" for subject in document["channels"]}


@pytest.mark.parametrize("name", dictionaries.DICTIONARIES)
async def test_every_dictionary_is_served_in_both_languages(house: House, name: str) -> None:
    listed = (await house.http.get("/api/v1/dictionaries")).json()["items"]
    answer = await house.http.get(f"/api/v1/dictionaries/{name}", params={"on": "2023-05-01"})

    items = answer.json()["items"]
    assert name in {row["name"] for row in listed}
    assert items
    assert all(item["code"] and item["zh"] and item["en"] for item in items)
    assert len({item["code"] for item in items}) == len(items)


async def test_the_words_that_clients_decide_on_stand_in_the_dictionaries(house: House) -> None:
    async def codes(name: str) -> set[str]:
        answer = await house.http.get(f"/api/v1/dictionaries/{name}")
        return {item["code"] for item in answer.json()["items"]}

    assert await codes("grades") == {"extraordinary", "major", "larger", "general"}
    assert {"430000", "430400", "430481", "430471"} <= await codes("regions")
    assert {"administrator", "enterprise", "exchange_client"} <= await codes("roles")
    assert {"late", "omitted", "false", "concealed"} == await codes("findings")
    assert {"hotline", "hospital", "cremation"} < await codes("lead_sources")


async def test_an_unknown_dictionary_and_a_bad_day_are_refused(house: House) -> None:
    unknown = await house.http.get("/api/v1/dictionaries/secrets")
    bad = await house.http.get("/api/v1/dictionaries/grades", params={"on": "soon"})

    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/dictionary-unknown")
    assert "grades" in unknown.json()["dictionaries"]
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "query:on")


async def test_every_problem_has_its_page_and_its_json(documented: httpx.AsyncClient) -> None:
    listed = (await documented.get("/problems")).json()
    for kind in set(all_problems()):
        if kind.__module__.startswith("tests."):
            continue
        assert listed[kind.code]["status"] == kind.status

    page = await documented.get("/problems/otp-required", headers={"Accept": "text/html"})
    told = await documented.get("/problems/otp-required")
    unknown = await documented.get("/problems/%3Cscript%3E", headers={"Accept": "text/html"})

    assert "需要动态验证码" in page.text
    assert told.json()["code"] == "otp-required"
    assert unknown.status_code == 404
    assert unknown.headers["content-type"] == "application/problem+json"


async def test_the_page_needs_nothing_from_elsewhere(house: House) -> None:
    page = await house.http.get("/docs")
    files = [await house.http.get(f"/docs/{name}") for name in ("page.css", "page.js")]

    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert [file.status_code for file in files] == [200, 200]
    for answer in (page, *files):
        assert not re.search(r"(?:https?:)?//[a-z]", answer.text.replace("// Draws", ""))
    assert (await house.http.get("/docs/..%2Fapi.py")).status_code == 404


async def test_documentation_is_open_and_health_tells_of_the_database(house: House) -> None:
    assert (await house.http.get("/readyz")).json() == {"ready": True, "database": True}
    assert (await house.http.get("/metrics")).status_code == 200
    assert (await house.http.get("/nowhere")).json()["type"] == "/problems/route-not-found"
