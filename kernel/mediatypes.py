"""What a file is by its content, whatever it is called or said to be."""

import zipfile
from collections.abc import Mapping
from typing import IO

HEAD_BYTES = 64

JPEG, PNG, WEBP, HEIC = "image/jpeg", "image/png", "image/webp", "image/heic"
PDF = "application/pdf"
MP4 = "video/mp4"
MP3, WAV, AMR = "audio/mpeg", "audio/wav", "audio/amr"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

IMAGES = frozenset({JPEG, PNG, WEBP, HEIC})
RECORDINGS = frozenset({MP4, MP3, WAV, AMR})
DOCUMENTS = frozenset({PDF, DOCX, XLSX})
EVIDENCE = IMAGES | RECORDINGS | DOCUMENTS

_OFFICE: Mapping[str, str] = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_MACROS = "vbaProject.bin"
_MOST_ENTRIES = 5_000
_MOST_UNPACKED = 200 * 1024 * 1024

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1"})
_MP4_BRANDS = frozenset({b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"M4V ", b"3gp4", b"3gp5"})
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"%PDF-", PDF),
    (b"ID3", MP3),
    (b"\xff\xfb", MP3),
    (b"\xff\xf3", MP3),
    (b"#!AMR", AMR),
)


def of(file: IO[bytes], *, most_unpacked: int = _MOST_UNPACKED) -> str | None:
    """The media type of a file that people hand in as evidence; None for anything else.

    An office document that unpacks to more bytes than `most_unpacked` is none: who reads one
    into memory states how much that may be.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if head.startswith(b"PK\x03\x04"):
        return _of_package(file, most_unpacked)
    for start, media_type in _STARTS:
        if head.startswith(start):
            return media_type
    return _of_container(head)


def _of_container(head: bytes) -> str | None:
    brand = head[8:12]
    if head.startswith(b"RIFF"):
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(brand)
    if head[4:8] == b"ftyp":
        if brand in _HEIC_BRANDS:
            return HEIC
        return MP4 if brand in _MP4_BRANDS else None
    return None


def _of_package(file: IO[bytes], most_unpacked: int) -> str | None:
    """An office document without macros that does not unpack to more than it should."""
    try:
        entries = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    unpacked = sum(entry.file_size for entry in entries)
    macros = any(entry.filename.endswith(_MACROS) for entry in entries)
    if macros or len(entries) > _MOST_ENTRIES or unpacked > most_unpacked:
        return None
    names = {entry.filename for entry in entries}
    return next((kind for part, kind in _OFFICE.items() if part in names), None)
