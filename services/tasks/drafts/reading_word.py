"""What is written in a DOCX."""

import io
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from services.tasks.drafts.domain_source import DocumentRefused, Source, SourceKind
from services.tasks.drafts.domain_text import HIDDEN


def read(body: bytes) -> Source:
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
