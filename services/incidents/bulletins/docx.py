"""A document as DOCX that an office goes on editing: real headings and tables, drawn charts."""

import io
from datetime import datetime

import docx
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from services.incidents.bulletins import pdf
from services.incidents.bulletins.domain import Cell, Chart, Document, Heading, Paragraph, Table

# Named, not embedded: the fonts of official documents are on the offices' own machines.
_BODY, _HEAD = "仿宋", "黑体"
_LATIN = "Times New Roman"
_RED = RGBColor(0xB4, 0x23, 0x18)
_WIDTH = Mm(158)


def render(document: Document, *, at: datetime) -> bytes:
    """The whole document; `at` is the time that its metadata state."""
    word = docx.Document()
    _page(word, document)
    word.core_properties.title = document.title
    word.core_properties.author = document.issuer
    word.core_properties.created = word.core_properties.modified = at.replace(tzinfo=None)
    _title(word, document)
    for place, block in enumerate(document.blocks):
        if isinstance(block, Heading):
            _styled(word.add_heading(level=1), block.text, font=_HEAD, size=14)
        elif isinstance(block, Paragraph):
            paragraph = _styled(word.add_paragraph(), block.text)
            if document.chinese:
                paragraph.paragraph_format.first_line_indent = Pt(24)
        elif isinstance(block, Table):
            _table(word, block)
        else:
            _chart(word, document, place, block)
    for text in (document.issuer, document.dated):
        _styled(word.add_paragraph(), text).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _page(word: Word, document: Document) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(26)
    section.top_margin, section.bottom_margin = Mm(26), Mm(24)
    if document.draft:
        head = _styled(section.header.paragraphs[0], document.draft, size=9, colour=_RED)
        head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, _, rest = document.page.partition("{page}")
    between, _, after = rest.partition("{pages}")
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        _styled(foot, text, size=9)
        if field:
            _field(foot, field)


def _field(paragraph: WordParagraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)


def _title(word: Word, document: Document) -> None:
    title = _styled(word.add_paragraph(), document.title, font=_HEAD, size=20, colour=_RED)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line = f"{document.issuer}　　{document.number}　　{document.dated}"
    _styled(word.add_paragraph(), line).alignment = WD_ALIGN_PARAGRAPH.CENTER


def _styled(
    paragraph: WordParagraph,
    text: str,
    *,
    font: str = _BODY,
    size: float = 12,
    bold: bool = False,
    colour: RGBColor | None = None,
) -> WordParagraph:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = _LATIN, Pt(size), bold
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    run.font.color.rgb = colour or RGBColor(0, 0, 0)
    return paragraph


def _table(word: Word, block: Table) -> None:
    caption = _styled(word.add_paragraph(), block.title, font=_HEAD, size=10.5)
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.keep_with_next = True
    table = word.add_table(rows=1, cols=len(block.head), style="Table Grid")
    _row(table.rows[0].cells, block.head, block, bold=True)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for number, values in enumerate(block.rows):
        added = table.add_row()
        _row(added.cells, values, block, bold=number in block.strong)
        whole = OxmlElement("w:cantSplit")
        added._tr.get_or_add_trPr().append(whole)
    word.add_paragraph()


def _row(cells: "tuple[_Cell, ...]", values: tuple[Cell, ...], block: Table, *, bold: bool) -> None:
    for column, (cell, value) in enumerate(zip(cells, values, strict=True)):
        paragraph = _styled(
            cell.paragraphs[0], "—" if value is None else str(value), size=9, bold=bold
        )
        if column >= block.wide:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _chart(word: Word, document: Document, place: int, block: Chart) -> None:
    paragraph = word.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    picture = paragraph.add_run().add_picture(
        io.BytesIO(pdf.picture(document, place)), width=_WIDTH
    )
    picture._inline.docPr.set("descr", block.title)
    caption = _styled(word.add_paragraph(), block.title, font=_HEAD, size=10.5)
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
