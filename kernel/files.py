"""The object store: photos, scans and documents, named by what is in them.

A folder by default, an S3-compatible bucket in production. A file's name is the SHA-256 of its
content, so it cannot be overwritten, is stored once, and tells when it has rotted. No path
ever comes from outside: callers hold a hash, which is checked to be one.
"""

import asyncio
import hashlib
import os
import re
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from kernel import mediatypes
from kernel.problems import Problem

MOST_BYTES = 20 * 1024 * 1024
"""What one file may have unless its route says otherwise."""

_IN_MEMORY = 1024 * 1024
_CHUNK = 256 * 1024


class FileTooLarge(Problem):
    """The file has more bytes than its route takes."""

    status = 413
    title_zh = "文件过大"
    title_en = "The file is too large"


class FileKindRefused(Problem):
    """The content is not of a kind that is taken here, or not what it was said to be."""

    status = 415
    title_zh = "不接受此类文件"
    title_en = "Files of this kind are not taken"


class FileNotKept(Problem):
    """No file has this hash."""

    status = 404
    title_zh = "文件不存在"
    title_en = "There is no such file"


class StoreUnavailable(Problem):
    """The object store cannot be reached now."""

    status = 503
    title_zh = "文件存储暂不可用"
    title_en = "The file store is not available"


class FileRotten(Exception):
    """A stored file is not what was handed in: the disk or somebody has changed it."""


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """A file in the store."""

    sha256: str
    size: int
    media_type: str


class Objects:
    """One service's store."""

    def __init__(self, store: ObjectStore, *, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    @classmethod
    def at(cls, url: str) -> "Objects":
        """The store at a folder, a `file://` or an `s3://bucket/prefix` address.

        Credentials of a bucket come from the environment (`AWS_ACCESS_KEY_ID`, …).
        """
        place = urlsplit(url)
        if place.scheme in {"", "file"}:
            folder = Path(unquote(place.path) if place.scheme else url)
            return cls(LocalStore(prefix=folder, mkdir=True), folder=folder)
        return cls(from_url(url))

    async def put(
        self,
        chunks: AsyncIterable[bytes],
        *,
        declared: str | None = None,
        kinds: Collection[str] = mediatypes.EVIDENCE,
        most: int = MOST_BYTES,
    ) -> KeptFile:
        """Keep a file as it streams in, once it has proved to be what may be handed in.

        Memory stays bounded whatever the size; nothing is kept of a refused file. When this
        returns, the file is on disk.
        """
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
            sha256, size = await _receive(chunks, spool, most)
            media_type = await asyncio.to_thread(_accepted, spool, declared, kinds)
            spool.seek(0)
            await self._put(_path(sha256), spool)
        return KeptFile(sha256=sha256, size=size, media_type=media_type)

    async def _put(self, path: str, spool: IO[bytes]) -> None:
        with _reachable():
            try:
                await obstore.head_async(self._store, path)
            except FileNotFoundError:
                # Parts of 5 MB, few at a time: memory must not follow the size of the file.
                await obstore.put_async(self._store, path, spool, max_concurrency=2)
                await self._sync(path)

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        """A file's content, piece by piece. What has rotted raises before its last piece."""
        path = _path(sha256)
        digest = hashlib.sha256()
        held = b""
        with _reachable():
            try:
                found = await obstore.get_async(self._store, path)
            except FileNotFoundError:
                raise FileNotKept from None
            async for chunk in found.stream(min_chunk_size=_CHUNK):
                if held:
                    yield held
                held = bytes(chunk)
                digest.update(held)
        if digest.hexdigest() != sha256:
            raise FileRotten(sha256)
        yield held

    async def keep_record(self, name: str, body: bytes) -> bool:
        """Keep a small record of the platform itself under a name; never over another.

        False when the name is taken.
        """
        path = _record_path(name)
        with _reachable():
            try:
                await obstore.put_async(self._store, path, body, mode="create")
            except AlreadyExistsError:
                return False
            await self._sync(path)
        return True

    async def records(self, prefix: str) -> AsyncIterator[tuple[str, bytes]]:
        """The records below a prefix with their names, in the order of the names."""
        with _reachable():
            listed = await obstore.list(self._store, _record_path(prefix)).collect_async()
            for path in sorted(entry["path"] for entry in listed):
                found = await obstore.get_async(self._store, path)
                yield path.removeprefix("records/"), bytes(await found.bytes_async())

    async def _sync(self, path: str) -> None:
        """A folder's new file survives a power cut only when file and folders are synced."""
        if self._folder is not None:
            await asyncio.to_thread(_sync_upwards, self._folder / path, self._folder)


async def beginning(chunks: AsyncIterable[bytes], *, most: int) -> bytes:
    """What is sent, if it has at most this many bytes; of a longer one what came until then.

    The rest of a longer one is not waited for: that it is too long shows in its length.
    """
    content = bytearray()
    async for chunk in chunks:
        content += chunk
        if len(content) > most:
            break
    return bytes(content)


async def _receive(chunks: AsyncIterable[bytes], spool: IO[bytes], most: int) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise FileTooLarge(f"至多 {most} 字节", f"At most {most} bytes", most_bytes=most)
        digest.update(chunk)
        spool.write(chunk)
    return digest.hexdigest(), size


def _accepted(spool: IO[bytes], declared: str | None, kinds: Collection[str]) -> str:
    media_type = mediatypes.of(spool)
    if media_type is None or media_type not in kinds:
        raise FileKindRefused(taken=sorted(kinds))
    said = declared.partition(";")[0].strip().lower() if declared else media_type
    if said != media_type:
        raise FileKindRefused(
            f"声明为 {said}，内容为 {media_type}",
            f"Declared {said}, but the content is {media_type}",
        )
    return media_type


_SHA256 = re.compile(r"[0-9a-f]{64}")
_RECORD = re.compile(r"[a-z0-9_]+(?:[/.-][a-z0-9_]+)*")


def _path(sha256: str) -> str:
    if not _SHA256.fullmatch(sha256):
        raise FileNotKept
    return f"files/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _record_path(name: str) -> str:
    if not _RECORD.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a record.")
    return f"records/{name}"


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except BaseError as reason:
        raise StoreUnavailable from reason


def _sync_upwards(path: Path, top: Path) -> None:
    for place in (path, *path.parents):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if place == top:
            return
