"""What is written in a document somebody hands in: plain text, a pasted page, DOCX or PDF.

Nothing of a document is run or fetched. What a reader of the page would not see is taken out
of the text and handed on beside it: each piece leaves one `HIDDEN` sign where it stood.
"""

import io
import re

from kernel import mediatypes
from services.tasks.drafts.domain_source import (
    MOST_BYTES,
    MOST_CHARACTERS,
    DocumentRefused,
    DocumentTooLong,
    NothingReadable,
    Source,
    SourceKind,
)
from services.tasks.drafts.domain_text import HIDDEN

_MOST_UNPACKED = 40 * 1024 * 1024
_LEAST_HAN = 20
_HAN = re.compile("[\u4e00-\u9fff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_MARKUP = re.compile(rb"<(?:!doctype|html|body|div|p|span|table)\b", re.IGNORECASE)


def read(body: bytes) -> Source:
    """The words of a document, whatever of the kinds it is."""
    # Imported here: a process that nobody hands a document does not spend their 15 MB.
    from services.tasks.drafts import reading_page, reading_pdf, reading_word  # noqa: PLC0415

    if len(body) > MOST_BYTES:
        raise DocumentTooLong(f"至多 {MOST_BYTES} 字节", f"At most {MOST_BYTES} bytes")
    media_type = mediatypes.of(io.BytesIO(body), most_unpacked=_MOST_UNPACKED)
    if media_type == mediatypes.DOCX:
        return _checked(reading_word.read(body))
    if media_type == mediatypes.PDF:
        return _checked(reading_pdf.read(body))
    if media_type is not None or body.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise DocumentRefused(
            f"可导入文本、网页、DOCX 和 PDF，此为 {media_type or '其他文件，或解压后过大'}",
            "Text, pages, DOCX and PDF are read; this is "
            f"{media_type or 'something else, or unpacks to far more than a plan'}.",
        )
    words = _decoded(body)
    return _checked(reading_page.read(words) if _MARKUP.search(body[:4096]) else plain(words))


def plain(words: str) -> Source:
    """Text as it is."""
    return _checked(Source(kind=SourceKind.TEXT, text=words.replace(HIDDEN, "")))


def _decoded(body: bytes) -> str:
    spelling = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for encoding in (spelling, "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NothingReadable("无法辨认文字编码", "The encoding of its text is not known.")


def _checked(source: Source) -> Source:
    if len(source.text) > MOST_CHARACTERS:
        raise DocumentTooLong(f"至多 {MOST_CHARACTERS} 字", f"At most {MOST_CHARACTERS} characters")
    if _CONTROL.search(source.text) or len(_HAN.findall(source.text[:20_000])) < _LEAST_HAN:
        raise NothingReadable
    return source
