"""What is written in a document somebody hands in: plain text, a pasted page, DOCX or PDF.

Nothing of a document is run or fetched. What a reader of the page would not see is taken out
of the text and handed on beside it: each piece leaves one `HIDDEN` sign where it stood.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import docx
import pypdf
from docx.document import Document
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree, html

from kernel import mediatypes
from kernel.problems import Problem
from services.tasks.drafts.domain_text import HIDDEN

MOST_BYTES = 5 * 1024 * 1024
MOST_CHARACTERS = 200_000
_MOST_UNPACKED = 40 * 1024 * 1024
_LEAST_HAN = 20
_MOST_PAGES = 300
_HAN = re.compile("[\u4e00-\u9fff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_MARKUP = re.compile(rb"<(?:!doctype|html|body|div|p|span|table)\b", re.IGNORECASE)


class SourceKind(StrEnum):
    """What a plan was handed in as."""

    TEXT = "text"  # 文本
    PAGE = "page"  # 网页
    DOCX = "docx"  # Word 文档
    PDF = "pdf"  # PDF 文档


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
    media_type = mediatypes.of(io.BytesIO(body), most_unpacked=_MOST_UNPACKED)
    if media_type == mediatypes.DOCX:
        return _checked(_from_docx(body))
    if media_type == mediatypes.PDF:
        return _checked(_from_pdf(body))
    if media_type is not None or body.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise DocumentRefused(
            f"可导入文本、网页、DOCX 和 PDF，此为 {media_type or '其他文件，或解压后过大'}",
            "Text, pages, DOCX and PDF are read; this is "
            f"{media_type or 'something else, or unpacks to far more than a plan'}.",
        )
    words = _decoded(body)
    return _checked(page(words) if _MARKUP.search(body[:4096]) else plain(words))


def plain(words: str) -> Source:
    """Text as it is."""
    return _checked(Source(kind=SourceKind.TEXT, text=words.replace(HIDDEN, "")))


def page(markup: str) -> Source:
    """What a reader sees of a page, without its scripts, styles and hidden parts."""
    seen: list[str] = []
    hidden: list[list[str]] = []
    within = False
    try:
        for words, unseen in _pieces(markup.replace(HIDDEN, "")):
            if unseen and words.strip():
                if not within:
                    seen.append(HIDDEN)
                    hidden.append([])
                hidden[-1].append(words.strip())
                within = True
            elif words.strip():
                within = False
            if not unseen:
                seen.append(words if words == "\n" else words.replace("\n", " "))
    except (etree.LxmlError, ValueError) as reason:
        raise DocumentRefused("网页无法识别", "The page cannot be read.") from reason
    return _checked(
        Source(
            kind=SourceKind.PAGE,
            text="".join(seen),
            hidden=tuple(" ".join(words) for words in hidden),
        )
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
        document = docx.Document(io.BytesIO(body))
        hidden: list[str] = []
        lines = list(_lines(document, hidden))
    except Exception as reason:
        # The library lets through whatever its XML and archive readers raise.
        raise DocumentRefused("文件已损坏", "The file is broken.") from reason
    return Source(kind=SourceKind.DOCX, text="\n".join(lines), hidden=tuple(hidden))


def _lines(within: Document | _Cell, hidden: list[str]) -> Iterator[str]:
    for block in within.iter_inner_content():
        if isinstance(block, Table):
            yield from _rows(block, hidden)
        else:
            yield _words(block, hidden)


def _from_pdf(body: bytes) -> Source:
    """The text of every page; a scan has none and is refused as unreadable."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(body))
        if len(reader.pages) > _MOST_PAGES:
            raise DocumentTooLong(f"至多 {_MOST_PAGES} 页", f"At most {_MOST_PAGES} pages")
        pages: list[str] = []
        for sheet in reader.pages:
            pages.append(sheet.extract_text().replace(HIDDEN, ""))
            if sum(map(len, pages)) > MOST_CHARACTERS:
                break
    except DocumentTooLong:
        raise
    except Exception as reason:
        # The library lets through whatever a broken or locked file makes it stumble over.
        raise DocumentRefused("文件已损坏或加密", "The file is broken or locked.") from reason
    return Source(kind=SourceKind.PDF, text="\n".join(pages))


def _rows(table: Table, hidden: list[str]) -> Iterator[str]:
    """A line for each row; a cell that spans several columns or rows is read once."""
    read: set[object] = set()
    for row in table.rows:
        fresh = {cell._tc: cell for cell in row.cells if cell._tc not in read}
        read.update(fresh)
        yield " ".join(line for cell in fresh.values() for line in _lines(cell, hidden))


def _words(paragraph: Paragraph, hidden: list[str]) -> str:
    """Links and tracked insertions with the rest; what was deleted is no text."""
    pieces: list[str] = []
    for element in paragraph._p.xpath(".//w:r[not(ancestor::w:txbxContent)]"):
        run = Run(element, paragraph)
        words = run.text.replace(HIDDEN, "")
        if run.font.hidden and words.strip():
            hidden.append(words)
            words = HIDDEN
        pieces.append(words)
    return "".join(pieces)


_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_SILENT = frozenset({"script", "style", "noscript", "template", "iframe", "object", "svg"})
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


def _pieces(markup: str) -> Iterator[tuple[str, bool]]:
    """The words of a page in order, each with whether it is hidden."""
    # The parser of libxml2: one of Python itself takes for ever over marks that never close.
    parser = html.HTMLParser(remove_comments=True)
    root = html.document_fromstring(_DECLARATION.sub("", markup), parser=parser)
    if any("depth" in entry.message for entry in parser.error_log):
        raise DocumentRefused("网页嵌套过深", "The page is nested too deeply to be read whole.")
    covers = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            covers += _hides(element)
            yield ("\n" if element.tag in _BLOCKS else ""), False
            yield (element.text or ""), covers > 0
        else:
            covers -= _hides(element)
            yield ("\n" if element.tag in _BLOCKS else ""), False
            yield (element.tail or ""), covers > 0


def _hides(element: html.HtmlElement) -> bool:
    style = re.sub(r"\s", "", element.get("style") or "")
    return element.tag in _SILENT or "hidden" in element.attrib or bool(_UNSEEN.search(style))
