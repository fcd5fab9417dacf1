"""Files are what they were said to be, are named by their content, and never leave the folder."""

import hashlib
import io
import os
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import mediatypes
from kernel.files import (
    FileKindRefused,
    FileNotKept,
    FileRotten,
    FileTooLarge,
    Objects,
    StoreUnavailable,
    beginning,
)

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)
KIB = 1024
MIB = 1024 * KIB


def package(*names: str, content: bytes = b"<x/>") -> bytes:
    """The same bytes whenever it is made: tests are called by them, by every worker."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


async def pieces(content: bytes, size: int = 64 * KIB) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def whole(objects: Objects, sha256: str) -> bytes:
    return b"".join([piece async for piece in objects.read(sha256)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a folder with spaces"


@pytest.fixture
def objects(folder: Path) -> Objects:
    return Objects.at(str(folder))


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_file_is_kept_under_the_hash_of_its_content(objects: Objects, folder: Path) -> None:
    kept = await objects.put(pieces(PNG), declared="image/png")

    assert kept.sha256 == hashlib.sha256(PNG).hexdigest()
    assert (kept.size, kept.media_type) == (len(PNG), "image/png")
    assert await whole(objects, kept.sha256) == PNG
    assert [path.name for path in on_disk(folder)] == [kept.sha256]


async def test_the_same_content_is_stored_once(objects: Objects, folder: Path) -> None:
    first = await objects.put(pieces(PNG))
    second = await objects.put(pieces(PNG, size=7))

    assert first == second
    assert len(on_disk(folder)) == 1


async def test_a_file_url_names_the_same_store(folder: Path, objects: Objects) -> None:
    kept = await objects.put(pieces(JPEG))

    assert await whole(Objects.at(folder.as_uri()), kept.sha256) == JPEG


async def test_memory_does_not_follow_the_size_of_a_file(objects: Objects) -> None:
    async def video(size: int) -> AsyncIterator[bytes]:
        yield b"\0\0\0\x18ftypisom"
        for _ in range(size // (512 * KIB)):
            yield os.urandom(512 * KIB)

    async def through(size: int) -> int:
        kept = await objects.put(video(size), most=size + KIB)
        return sum([len(piece) async for piece in objects.read(kept.sha256)])

    process = psutil.Process()
    await through(24 * MIB)
    settled = process.memory_info().rss
    size = await through(96 * MIB)

    assert size > 96 * MIB
    assert process.memory_info().rss - settled < 32 * MIB


async def test_a_file_beyond_the_cap_is_refused_as_soon_as_it_is_and_leaves_nothing(
    objects: Objects, folder: Path
) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        yield PNG
        while True:
            taken += 1
            yield bytes(64 * KIB)

    with pytest.raises(FileTooLarge):
        await objects.put(endless(), most=MIB)

    assert taken == 16
    assert on_disk(folder) == []


@pytest.mark.parametrize(
    ("content", "declared"),
    [
        (b"", None),
        (b"<html><script>alert(1)</script>", "text/html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"MZ\x90\0" + bytes(100), "image/png"),
        (b"\x7fELF" + bytes(100), None),
        (PNG, "image/jpeg"),
        (JPEG, "application/pdf"),
        (b"GIF89a" + bytes(100), "image/gif"),
        (package("readme.txt"), None),
        (package("word/document.xml", "word/vbaProject.bin"), None),
        (package("xl/workbook.xml"), mediatypes.DOCX),
        (b"PK\x03\x04" + bytes(100), mediatypes.DOCX),
        (b"RIFF\0\0\0\0AVI ", None),
        (b"\0\0\0\x18ftypqt  ", None),
    ],
)
async def test_content_that_is_not_taken_or_not_what_it_claims_is_refused(
    objects: Objects, folder: Path, content: bytes, declared: str | None
) -> None:
    with pytest.raises(FileKindRefused):
        await objects.put(pieces(content), declared=declared)

    assert on_disk(folder) == []


async def test_a_package_that_unpacks_to_too_much_is_refused(objects: Objects) -> None:
    bomb = package(*(f"word/{n}.xml" for n in range(11)), content=bytes(20 * MIB))

    with pytest.raises(FileKindRefused):
        await objects.put(pieces(bomb))


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, mediatypes.PNG),
        (JPEG, mediatypes.JPEG),
        (b"RIFF\0\0\0\0WEBPVP8 ", mediatypes.WEBP),
        (b"RIFF\0\0\0\0WAVEfmt ", mediatypes.WAV),
        (b"\0\0\0\x18ftypheic", mediatypes.HEIC),
        (b"\0\0\0\x18ftypmp42", mediatypes.MP4),
        (b"%PDF-1.7\n", mediatypes.PDF),
        (b"ID3\x03", mediatypes.MP3),
        (b"#!AMR\n", mediatypes.AMR),
        (package("word/document.xml"), mediatypes.DOCX),
        (package("xl/workbook.xml"), mediatypes.XLSX),
    ],
)
async def test_evidence_is_known_by_its_content(
    objects: Objects, content: bytes, media_type: str
) -> None:
    kept = await objects.put(pieces(content), declared=f"{media_type}; charset=binary")

    assert kept.media_type == media_type


async def test_a_route_may_take_fewer_kinds(objects: Objects) -> None:
    with pytest.raises(FileKindRefused):
        await objects.put(pieces(b"%PDF-1.7\n"), kinds=mediatypes.IMAGES)


async def test_a_rotten_file_is_noticed_before_its_last_piece(
    objects: Objects, folder: Path
) -> None:
    kept = await objects.put(pieces(PNG + os.urandom(2 * MIB)))
    (path,) = on_disk(folder)
    changed = bytearray(path.read_bytes())
    changed[-1] ^= 1
    path.write_bytes(changed)

    seen: list[bytes] = []

    async def read() -> None:
        async for piece in objects.read(kept.sha256):
            seen.append(piece)  # noqa: PERF401 -- what came before the failure counts

    with pytest.raises(FileRotten):
        await read()

    assert sum(map(len, seen)) < kept.size


@pytest.mark.parametrize(
    "name",
    ["", "../" * 8 + "etc/passwd", "/etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "/x", "0" * 65],
)
async def test_what_is_not_a_hash_is_no_file(objects: Objects, name: str) -> None:
    with pytest.raises(FileNotKept):
        await whole(objects, name)


async def test_an_unknown_hash_is_no_file(objects: Objects) -> None:
    with pytest.raises(FileNotKept):
        await whole(objects, "0" * 64)


@given(name=st.text())
async def test_a_record_name_never_leaves_its_folder(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    folder = tmp_path_factory.getbasetemp() / "records-only"
    objects = Objects.at(str(folder))
    try:
        await objects.keep_record(name, b"x")
    except ValueError:
        return
    assert (folder / "records" / name).resolve().is_relative_to(folder / "records")
    assert (folder / "records" / name).is_file()


async def test_a_record_is_never_written_over(objects: Objects) -> None:
    assert await objects.keep_record("audit/tasks/000000000002", b"second")
    assert await objects.keep_record("audit/tasks/000000000001", b"first")
    assert await objects.keep_record("audit/other/000000000001", b"other")
    assert not await objects.keep_record("audit/tasks/000000000001", b"forged")

    assert [record async for record in objects.records("audit/tasks")] == [
        ("audit/tasks/000000000001", b"first"),
        ("audit/tasks/000000000002", b"second"),
    ]


async def test_a_store_that_is_out_is_a_problem_of_its_own() -> None:
    away = Objects.at("http://127.0.0.1:1/bucket")

    with pytest.raises(StoreUnavailable):
        await away.put(pieces(PNG))


@pytest.mark.parametrize("size", [0, 1, 3 * KIB, 3 * KIB + 1, MIB])
async def test_of_what_is_too_long_the_rest_is_not_waited_for(size: int) -> None:
    sent = 0

    async def sending() -> AsyncIterator[bytes]:
        nonlocal sent
        async for piece in pieces(bytes(size), KIB):
            sent += len(piece)
            yield piece

    content = await beginning(sending(), most=3 * KIB)

    assert (len(content) > 3 * KIB) is (size > 3 * KIB)
    assert len(content) == sent <= 4 * KIB
