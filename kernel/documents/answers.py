"""Documents over HTTP: which file a client wants, and the answer that hands it over."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from fastapi import Request
from starlette.responses import Response

from kernel import mediatypes
from kernel.documents.content import Document
from kernel.rendering import wants_chinese


class FileKind(StrEnum):
    """What a document can be had as."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"


MEDIA: Mapping[FileKind, str] = {
    FileKind.PDF: mediatypes.PDF,
    FileKind.DOCX: mediatypes.DOCX,
    FileKind.XLSX: mediatypes.XLSX,
}


def responses(*kinds: FileKind) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: the files stand in the OpenAPI document."""
    return {200: {"content": {MEDIA[kind]: {} for kind in kinds}}}


def wanted(request: Request, kinds: Collection[FileKind]) -> FileKind:
    """The first file among `kinds` that a client names in `Accept`; PDF where it names none."""
    for part in request.headers.get("accept", "").split(","):
        for kind in kinds:
            if part.partition(";")[0].strip() == MEDIA[kind]:
                return kind
    return FileKind.PDF


def render(document: Document, kind: FileKind, *, at: datetime) -> bytes:
    """The whole document as a file; `at` is the time that its metadata state."""
    # Imported here: a process that makes no file does not spend their 15 MB.
    from kernel.documents import docx, pdf, xlsx  # noqa: PLC0415

    made = {FileKind.PDF: pdf.render, FileKind.DOCX: docx.render, FileKind.XLSX: xlsx.render}
    return made[kind](document, at=at)


async def answer(
    request: Request, render: Callable[[], bytes], *, kind: FileKind, name: str
) -> Response:
    """The file that `render` makes, beside the event loop, as a download called `name`."""
    chinese = wants_chinese(request.headers.get("accept-language"))
    return Response(
        await asyncio.to_thread(render),
        media_type=MEDIA[kind],
        headers={
            "content-disposition": f'attachment; filename="{name}.{kind}"',
            "content-language": "zh-CN" if chinese else "en",
            "cache-control": "no-store",
            "vary": "accept, accept-language",
        },
    )
