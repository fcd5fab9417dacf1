"""What is written in a document somebody hands in: plain text, a pasted page, DOCX or PDF.

Nothing of a document is run or fetched. What a reader of the page would not see is taken out
of the text and handed on beside it: each piece leaves one `HIDDEN` sign where it stood.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser

import docx
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from kernel import mediatypes
from kernel.problems import Problem
from services.tasks.drafts.domain_text import HIDDEN

MOST_BYTES = 5 * 1024 * 1024
MOST_CHARACTERS = 200_000
_MOST_UNPACKED = 40 * 1024 * 1024
_LEAST_HAN = 20
_HAN = re.compile("[\u4e00-\u9fff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_MARKUP = re.compile(rb"<(?:!doctype|html|body|div|p|span|table)\b", re.IGNORECASE)


class SourceKind(StrEnum):
    """What a plan was handed in as."""

    TEXT = "text"  # 文本
    PAGE = "page"  # 网页
    DOCX = "docx"  # Word 文档


class NothingReadable(Problem):
    """There is no Chinese text in it: it is empty, a scan, or no document at all."""

    status = 422
    title_zh = "没有可识别的中文正文"
    title_en = "There is no text of a plan in it"


class DocumentRefused(Problem):
    """A file of another kind, a broken one, or one that unpacks to far more than it should."""

    status = 415
    title_zh = "不接受此文件"
    title_en = "This file is not taken"


class DocumentTooLong(Problem):
    """It has more bytes or characters than any plan."""

    status = 413
    title_zh = "文件过大"
    title_en = "The document is too large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document's words, and what was hidden in it in the order of the signs."""

    kind: SourceKind
    text: str
    hidden: tuple[str, ...] = ()


def read(body: bytes) -> Source:
    """The words of a document, whatever of the kinds it is."""
    if len(body) > MOST_BYTES:
        raise DocumentTooLong(f"至多 {MOST_BYTES} 字节", f"At most {MOST_BYTES} bytes")
    media_type = mediatypes.of(io.BytesIO(body))
    if media_type == mediatypes.DOCX:
        return _checked(_from_docx(body))
    if media_type is not None or body.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise DocumentRefused(
            f"可导入文本、网页和 DOCX，此为 {media_type or '其他文件'}",
            f"Text, pages and DOCX are read; this is {media_type or 'something else'}.",
        )
    words = _decoded(body)
    return _checked(page(words) if _MARKUP.search(body[:4096]) else plain(words))


def plain(words: str) -> Source:
    """Text as it is."""
    return _checked(Source(kind=SourceKind.TEXT, text=words.replace(HIDDEN, "")))


def page(markup: str) -> Source:
    """What a reader sees of a page, without its scripts, styles and hidden parts."""
    reader = _Page()
    reader.feed(markup.replace(HIDDEN, ""))
    reader.close()
    reader.flush()
    return _checked(
        Source(kind=SourceKind.PAGE, text="".join(reader.seen), hidden=tuple(reader.hidden))
    )


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


def _from_docx(body: bytes) -> Source:
    """Paragraphs and tables in their order; hidden runs apart."""
    try:
        unpacked = sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(body)).infolist())
        if unpacked > _MOST_UNPACKED:
            raise DocumentRefused("解压后过大", "It unpacks to far more than it should.")
        document = docx.Document(io.BytesIO(body))
        hidden: list[str] = []
        lines = list(_lines(document, hidden))
    except DocumentRefused:
        raise
    except Exception as reason:
        # The library lets through whatever its XML and archive readers raise.
        raise DocumentRefused("文件已损坏", "The file is broken.") from reason
    return Source(kind=SourceKind.DOCX, text="\n".join(lines), hidden=tuple(hidden))


def _lines(document: Document, hidden: list[str]) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from _rows(block, hidden)
        else:
            yield _words(block, hidden)


def _rows(table: Table, hidden: list[str]) -> Iterator[str]:
    for row in table.rows:
        cells = list(dict.fromkeys(cell._tc for cell in row.cells))
        paragraphs = (
            paragraph for cell in row.cells if cell._tc in cells for paragraph in cell.paragraphs
        )
        yield " ".join(_words(paragraph, hidden) for paragraph in paragraphs)


def _words(paragraph: Paragraph, hidden: list[str]) -> str:
    pieces: list[str] = []
    for part in paragraph.iter_inner_content():
        runs = [part] if isinstance(part, Run) else part.runs
        for run in runs:
            words = run.text.replace(HIDDEN, "")
            if run.font.hidden and words.strip():
                hidden.append(words)
                words = HIDDEN
            pieces.append(words)
    return "".join(pieces)


_SILENT = frozenset({"script", "style", "noscript", "template", "iframe", "object", "svg"})
_ALONE = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
)
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "table", "ul", "ol", "hr", "title"}) | {
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "blockquote",
}
_UNSEEN = re.compile(
    r"display:none|visibility:hidden|font-size:0(?:px|pt|em|%)?(?:;|$)|opacity:0(?:;|$)|"
    r"(?:text-indent|left|top):-\d{3,}",
    re.IGNORECASE,
)


class _Page(HTMLParser):
    """Collects what is seen and what is hidden."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.hidden: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note whether what follows is seen."""
        if tag in _BLOCKS:
            self.seen.append("\n")
        if tag in _ALONE:
            return
        given = dict(attrs)
        style = re.sub(r"\s", "", given.get("style") or "")
        unseen = tag in _SILENT or "hidden" in given or bool(_UNSEEN.search(style))
        self._open.append((tag, unseen))

    def handle_endtag(self, tag: str) -> None:
        """Close the nearest element of that name; one that was never opened is passed over."""
        if tag in _BLOCKS:
            self.seen.append("\n")
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth][0] == tag:
                del self._open[depth:]
                break
        if not self._is_hidden():
            self.flush()

    def handle_data(self, data: str) -> None:
        """Words, seen or not."""
        if not self._is_hidden():
            self.flush()
            self.seen.append(data.replace("\n", " "))
        elif data.strip():
            self._unseen.append(data.strip())

    def flush(self) -> None:
        """Leave one sign for a hidden stretch that has ended."""
        if self._unseen:
            self.hidden.append(" ".join(self._unseen))
            self._unseen = []
            self.seen.append(HIDDEN)

    def _is_hidden(self) -> bool:
        return any(unseen for _, unseen in self._open)
