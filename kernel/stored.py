"""Files that people hand in: received into the object store, read back verified."""

import tempfile
from collections.abc import AsyncIterable, Iterator
from typing import IO

from fastapi import Request, Response
from starlette.responses import StreamingResponse

from kernel.files import FileRotten, KeptFile, Objects, StoreUnavailable
from kernel.problems import Problem
from kernel.transactions import Runtime

_IN_MEMORY = 1024 * 1024
_CHUNK = 64 * 1024


class FileAltered(Problem):
    """The stored file is not what was handed in."""

    status = 409
    title_zh = "文件与登记的校验值不符"
    title_en = "The file is not what was handed in: its hash differs"


def store_of(request: Request) -> Objects:
    """The object store of this process; a process without one takes no files."""
    runtime: Runtime = request.app.state.runtime
    if runtime.objects is None:
        raise StoreUnavailable
    return runtime.objects


async def receive(
    objects: Objects, chunks: AsyncIterable[bytes], *, declared: str | None
) -> KeptFile:
    """Store a file by its hash, outside of any transaction: a slow line holds no connection."""
    return await objects.put(chunks, declared=declared)


async def download(objects: Objects, *, sha256: str, size: int, media_type: str) -> Response:
    """The file as an attachment, verified as a whole before its first byte leaves."""
    file = await _verified(objects, sha256)
    headers = {
        "content-disposition": f'attachment; filename="{sha256}"',
        "content-length": str(size),
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return StreamingResponse(_chunks(file), headers=headers, media_type=media_type)


async def _verified(objects: Objects, sha256: str) -> IO[bytes]:
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- closed when it has been sent
    try:
        async for chunk in objects.read(sha256):
            spool.write(chunk)
    except FileRotten:
        spool.close()
        raise FileAltered(sha256=sha256) from None
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return spool


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


async def intact(objects: Objects, sha256: str) -> bool:
    """Whether the stored file is what was handed in."""
    try:
        async for _ in objects.read(sha256):
            pass
    except FileRotten:
        return False
    return True
