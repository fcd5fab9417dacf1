"""A document as DOCX that an office goes on editing: real headings and tables, drawn charts."""

from datetime import datetime

from docx.document import Document as Word
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell

from kernel.documents import pdf, word
from kernel.documents.content import Cell, Chart, Document, Heading, Paragraph, Table

_RED = RGBColor(0xB4, 0x23, 0x18)
_WIDTH = Mm(158)
_MARGINS = (26, 26, 24, 26)


def render(document: Document, *, at: datetime) -> bytes:
    """The whole document; `at` is the time that its metadata state."""
    made = word.begin(title=document.title, author=document.issuer, at=at, margins=_MARGINS)
    _page(made, document)
    _title(made, document)
    for place, block in enumerate(document.blocks):
        if isinstance(block, Heading):
            word.styled(made.add_heading(level=1), block.text, font=word.HEAD, size=14)
        elif isinstance(block, Paragraph):
            paragraph = word.styled(made.add_paragraph(), block.text)
            if document.chinese:
                paragraph.paragraph_format.first_line_indent = Pt(24)
        elif isinstance(block, Table):
            _table(made, block)
        else:
            word.picture(made, pdf.picture(document, place), width=_WIDTH, says=block.title)
            _caption(made, block)
    for text in (document.issuer, document.dated):
        word.to_the_right(word.styled(made.add_paragraph(), text))
    return word.finish(made)


def _page(made: Word, document: Document) -> None:
    if document.draft:
        head = made.sections[0].header.paragraphs[0]
        word.to_the_right(word.styled(head, document.draft, size=9, colour=_RED))
    word.foot(made, document.page)


def _title(made: Word, document: Document) -> None:
    title = made.add_paragraph()
    word.centred(word.styled(title, document.title, font=word.HEAD, size=20, colour=_RED))
    line = f"{document.issuer}　　{document.number}　　{document.dated}"
    word.centred(word.styled(made.add_paragraph(), line))


def _caption(made: Word, block: Table | Chart) -> None:
    caption = word.styled(made.add_paragraph(), block.title, font=word.HEAD, size=10.5)
    word.centred(caption).paragraph_format.keep_with_next = isinstance(block, Table)


def _table(made: Word, block: Table) -> None:
    _caption(made, block)
    table = word.table(made, block.head)
    _fill(table.rows[0].cells, block.head, block, bold=True)
    for number, values in enumerate(block.rows):
        _fill(word.row(table), values, block, bold=number in block.strong)
    made.add_paragraph()


def _fill(
    cells: "tuple[_Cell, ...]", values: tuple[Cell, ...], block: Table, *, bold: bool
) -> None:
    for column, (cell, value) in enumerate(zip(cells, values, strict=True)):
        text = "—" if value is None else str(value)
        paragraph = word.styled(cell.paragraphs[0], text, size=9, bold=bold)
        if column >= block.wide:
            word.centred(paragraph)
