"""The HTTP face of rosters. Translates; decides nothing."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Query, Request, Response

from kernel import exports, files
from kernel.exports import Format
from kernel.rendering import wants_chinese
from kernel.transactions import Actor, AsAt, Now, Session, act
from kernel.web import rooms
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.schemas import Day, UnitView
from services.tasks.organisations.tables import Unit
from services.tasks.policies import Act
from services.tasks.rosters import operations, operations_workbooks, schemas_workbooks
from services.tasks.rosters.domain_workbook import MOST_BYTES
from services.tasks.rosters.schemas import (
    HolderRow,
    MemberRow,
    RosterReport,
    RosterRow,
    Sheets,
    Statement,
)

router = rooms("/tasks/organisations", "rosters")

_WORKBOOK = {
    "requestBody": {
        "required": True,
        "content": {Format.XLSX.value: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.put("/units", response_model=UnitView)
@act(Act.CHANGE_ORGANISATION)
async def state(body: Statement, session: Session, by: Actor, now: Now) -> Unit:
    """State what a unit and its posts are from a day on; what they were before stays readable."""
    units = [body.unit.stated()]
    await operations.state(session, units=units, on=body.effective_from, by=by, now=now)
    await session.flush()
    return await organisations.unit(session, body.unit.code, day=body.effective_from)


@router.post("/roster", openapi_extra=_WORKBOOK)
@act(Act.CHANGE_ORGANISATION)
async def take_in(
    request: Request,
    session: Session,
    by: Actor,
    now: Now,
    on: Annotated[Day, Query(description="The first day on which it is so")],
    dry_run: Annotated[bool, Query(description="Only say what is wrong; store nothing")] = True,
) -> RosterReport:
    """Take in an XLSX workbook of units and posts: all of it, or nothing if a row is wrong.

    The body is the workbook, in the shape that the same path gives out: the units on its first
    sheet and, if it has them, who holds the posts on one named 任职 or Holders and who sits on
    committees on one named 成员 or Members, each from its own days. Without `dry_run=false`
    nothing is stored.

    Roles stand in one cell, by their codes or in Chinese; 无 or none says that the unit has
    none, an empty cell that the packs say. A sheet without that column leaves them as they are.
    """
    content = await files.beginning(request.stream(), most=MOST_BYTES)
    return await operations_workbooks.take_in(
        session, content=content, on=on, dry_run=dry_run, by=by, now=now
    )


@router.get("/roster", response_class=Response, responses=exports.RESPONSES)
@act(Act.CHANGE_ORGANISATION)
async def give_out(
    request: Request,
    session: Session,
    by: Actor,
    on: AsAt,
) -> Response:
    """The units and posts of one's area on a day as XLSX, or as CSV by `Accept`.

    The workbook also says who holds the posts, with names as the list of holders shows them,
    and who sits on the committees.
    """
    given = await operations_workbooks.give_out(session, on=on, by=by)
    chinese = wants_chinese(request.headers.get("accept-language"))
    if exports.wanted(request.headers.get("accept")) is Format.CSV:
        return exports.download(
            given.units, view=RosterRow, name="roster", format=Format.CSV, chinese=chinese
        )
    return exports.workbook(_sheets(given), name="roster", chinese=chinese)


def _sheets(given: Sheets) -> Iterator[exports.Sheet]:
    for (zh, en), view, rows in (
        (schemas_workbooks.UNITS, RosterRow, given.units),
        (schemas_workbooks.HOLDERS, HolderRow, given.holders),
        (schemas_workbooks.MEMBERS, MemberRow, given.members),
    ):
        yield exports.Sheet(zh=zh, en=en, view=view, rows=rows)
