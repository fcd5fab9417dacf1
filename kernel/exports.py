"""The same lists as files: CSV and XLSX, chosen by `Accept`.

A file shows what the list's view shows, masks included, and holds the whole list under the
filters given, in the order given. It is written to a temporary file within the request's
transaction, so that memory stays bounded and nothing is read after the commit.
"""

import asyncio
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Any, TypeVar

from fastapi import Request
from pydantic import BaseModel
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response, StreamingResponse

from kernel.listing import Asked
from kernel.paging import Slice, narrowed, ordered, page
from kernel.problems import Problem
from kernel.rendering import wants_chinese
from kernel.spreadsheets import Csv, Xlsx, cell

MOST_ROWS = 100_000

_BATCH = 500
_IN_MEMORY = 1024 * 1024
_CHUNK = 64 * 1024

R = TypeVar("R")


class Format(StrEnum):
    """What a list can be answered as, by media type."""

    JSON = "application/json"
    CSV = "text/csv"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


_WRITERS: Mapping[Format, type[Csv] | type[Xlsx]] = {Format.CSV: Csv, Format.XLSX: Xlsx}

RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {Format.CSV: {}, Format.XLSX: {}}},
}
"""For a route's `responses`: the files stand in the OpenAPI document."""


class ExportTooLarge(Problem):
    """The list has more rows than one file takes: narrow it."""

    status = 422
    title_zh = "导出的行数过多，请缩小筛选范围"
    title_en = "Too many rows for one file: narrow the filters"


def wanted(accept: str | None) -> Format:
    """The format a client weighs highest; JSON where it asks for nothing we have."""
    best, best_weight = Format.JSON, 0.0
    for part in (accept or "").split(","):
        media_type, *parameters = (piece.strip() for piece in part.split(";"))
        weight = _weight(parameters)
        if weight > best_weight and media_type in set(Format):
            best, best_weight = Format(media_type), weight
    return best


def _weight(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0


async def answer(
    request: Request,
    session: AsyncSession,
    statement: Select[R],
    asked: Asked,
    *,
    view: type[BaseModel],
    shown: Callable[[R], BaseModel] | None = None,
) -> Slice[R] | Slice[BaseModel] | Response:
    """A page of the list, or the whole of it as a file.

    `shown` makes the view of a row where that takes more than its attributes.
    """
    chosen = wanted(request.headers.get("accept"))
    if chosen is Format.JSON:
        found = await page(session, statement, asked)
        if shown is None:
            return found
        return Slice([shown(row) for row in found.items], found.next_cursor)
    chinese = wants_chinese(request.headers.get("accept-language"))
    made = shown or (lambda row: view.model_validate(row, from_attributes=True))
    file = await write(
        session, statement, asked, header=labels(view, chinese=chinese), shown=made, format=chosen
    )
    return _download(file, asked.listing.name, chosen)


def labels(view: type[BaseModel], *, chinese: bool) -> Sequence[str]:
    """The header: a field's `title` in Chinese, its name in English."""
    return [
        (field.title if chinese and field.title else name.replace("_", " ").capitalize())
        for name, field in view.model_fields.items()
    ]


async def write(
    session: AsyncSession,
    statement: Select[R],
    asked: Asked,
    *,
    header: Sequence[str],
    shown: Callable[[R], BaseModel],
    format: Format,
) -> IO[bytes]:
    """The whole list in a temporary file; the caller closes it."""
    query = narrowed(statement, asked)
    await _refuse_too_large(session, query)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- the caller closes it
    try:
        writer = _WRITERS[format](file)
        writer.write([header])
        rows = await session.stream_scalars(
            ordered(query, asked), execution_options={"yield_per": _BATCH}
        )
        async for batch in rows.partitions(_BATCH):
            cells = [[cell(value) for value in _values(shown(row))] for row in batch]
            await asyncio.to_thread(writer.write, cells)
        await asyncio.to_thread(writer.finish)
    except BaseException:
        file.close()
        raise
    return file


def download(
    rows: Iterable[BaseModel],
    *,
    view: type[BaseModel],
    name: str,
    format: Format,
    chinese: bool,
) -> Response:
    """A file of rows that are no table's but were computed, all at once."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- the response closes it
    writer = _WRITERS[format](file)
    writer.write([labels(view, chinese=chinese)])
    writer.write([[cell(value) for value in _values(row)] for row in rows])
    writer.finish()
    return _download(file, name, format)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet of a workbook of several."""

    zh: str
    en: str
    view: type[BaseModel]
    rows: Iterable[BaseModel]


def workbook(sheets: Iterable[Sheet], *, name: str, chinese: bool) -> Response:
    """A workbook of several sheets of rows that were computed, all at once."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- the response closes it
    writer = Xlsx(file)
    for sheet in sheets:
        writer.begin(sheet.zh if chinese else sheet.en)
        writer.write([labels(sheet.view, chinese=chinese)])
        writer.write([[cell(value) for value in _values(row)] for row in sheet.rows])
    writer.finish()
    return _download(file, name, Format.XLSX)


async def _refuse_too_large(session: AsyncSession, query: Select[Any]) -> None:
    bounded = query.limit(MOST_ROWS + 1).subquery()
    count = await session.scalar(select(func.count()).select_from(bounded))
    if count is not None and count > MOST_ROWS:
        raise ExportTooLarge(
            f"一个文件至多 {MOST_ROWS} 行",
            f"One file takes {MOST_ROWS} rows",
            most_rows=MOST_ROWS,
        )


def _values(view: BaseModel) -> Iterator[Any]:
    return (getattr(view, name) for name in type(view).model_fields)


def _download(file: IO[bytes], name: str, format: Format) -> Response:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    headers = {
        "content-disposition": f'attachment; filename="{name}.{format.name.lower()}"',
        "content-length": str(size),
        "cache-control": "no-store",
        "vary": "accept",
        "x-content-type-options": "nosniff",
    }
    media_type = f"{format}; charset=utf-8" if format is Format.CSV else str(format)
    return StreamingResponse(_chunks(file), headers=headers, media_type=media_type)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
