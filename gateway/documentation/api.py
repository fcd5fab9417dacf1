"""The routes of the documentation. They need no credentials: nothing here is anybody's data."""

from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request, Response

from gateway.documentation import dictionaries, events, pages
from gateway.documentation.interface import Interface
from gateway.documentation.merging import NO_CREDENTIALS
from kernel import clock
from kernel.calendar import day_of
from kernel.problems import Problem

_JSON = "application/json"
_KEPT = {"cache-control": "public, max-age=60"}

router = APIRouter(tags=["documentation"])


class ProblemUnknown(Problem):
    """No service refuses with this code."""

    status = 404
    title_zh = "没有这个问题代码"
    title_en = "No problem has this code"


class PageUnknown(Problem):
    """The documentation has no such page."""

    status = 404
    title_zh = "没有这个页面"
    title_en = "There is no such page"


async def _interface(request: Request) -> Interface:
    interface: Interface = request.app.state.interface
    return interface


async def _day(on: date | None = None) -> date:
    """The day whose words are asked for; today unless told otherwise."""
    return on or day_of(clock.now())


Merged = Annotated[Interface, Depends(_interface)]
Day = Annotated[date, Depends(_day)]


@router.get("/openapi.json", openapi_extra=NO_CREDENTIALS)
async def openapi(interface: Merged, response: Response) -> dict[str, Any]:
    """The interface of the whole platform, as OpenAPI 3.1."""
    response.headers.update(_KEPT)
    return await interface.document()


@router.get("/asyncapi.json", openapi_extra=NO_CREDENTIALS)
async def asyncapi(response: Response) -> dict[str, Any]:
    """What the services tell, as AsyncAPI 3."""
    response.headers.update(_KEPT)
    return events.document()


@router.get("/docs", include_in_schema=False)
async def docs() -> Response:
    """The readable page."""
    return _page("")


@router.get("/docs/{name}", include_in_schema=False)
async def docs_file(name: str) -> Response:
    """What the readable page is made of."""
    return _page(name)


def _page(name: str) -> Response:
    found = pages.file(name)
    if found is None:
        raise PageUnknown
    content, media_type = found
    return Response(content, media_type=media_type, headers=pages.POLICY | _KEPT)


@router.get("/api/v1/dictionaries", openapi_extra=NO_CREDENTIALS)
async def list_dictionaries(response: Response) -> dict[str, Any]:
    """The dictionaries there are."""
    response.headers.update(_KEPT)
    return {"items": dictionaries.listed()}


@router.get("/api/v1/dictionaries/{name}", openapi_extra=NO_CREDENTIALS)
async def dictionary(name: str, on: Day) -> Response:
    """One dictionary: code, zh and en of each word in force on a day (`on`)."""
    return Response(dictionaries.served(name, on), media_type=_JSON, headers=_KEPT)


@router.get("/problems", openapi_extra=NO_CREDENTIALS)
async def problems(interface: Merged) -> dict[str, Any]:
    """Everything that any service may refuse with."""
    return await interface.problems()


@router.get("/problems/{code}", openapi_extra=NO_CREDENTIALS)
async def problem(code: str, request: Request, interface: Merged) -> Response:
    """What one problem means, as a page or as JSON."""
    told = (await interface.problems()).get(code)
    if told is None:
        raise ProblemUnknown
    if "text/html" in request.headers.get("accept", ""):
        page = pages.problem(code, told)
        return Response(page, media_type="text/html; charset=utf-8", headers=pages.POLICY)
    return Response(orjson.dumps({"code": code} | told), media_type=_JSON)
