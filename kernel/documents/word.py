"""What Word documents are written with: pages, styled text, tables, pictures, and same bytes.

Fonts are named, not embedded: those of official documents are on the offices' own machines.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime

import docx
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

BODY, HEAD = "仿宋", "黑体"
LATIN = "Times New Roman"
_FIELDS = {"{page}": "PAGE", "{pages}": "NUMPAGES"}
_A_ZIP_BEGINS = (1980, 1, 1, 0, 0, 0)
_LONGEST_PROPERTY = 255
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def begin(*, title: str, author: str, at: datetime, margins: tuple[int, int, int, int]) -> Word:
    """A new A4 document; margins in mm: top, right, bottom, left. `at` stands in its metadata."""
    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.right_margin = Mm(margins[0]), Mm(margins[1])
    section.bottom_margin, section.left_margin = Mm(margins[2]), Mm(margins[3])
    word.core_properties.title = plain(title)[:_LONGEST_PROPERTY]
    word.core_properties.author = plain(author)[:_LONGEST_PROPERTY]
    word.core_properties.created = word.core_properties.modified = at.replace(tzinfo=None)
    return word


def finish(word: Word) -> bytes:
    """The file. Its parts carry no time of day, so the same document is the same bytes."""
    saved, fixed = io.BytesIO(), io.BytesIO()
    word.save(saved)
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(fixed, "w") as out:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, _A_ZIP_BEGINS)
            out.writestr(entry, parts.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def plain(text: str) -> str:
    """The text without the characters that no XML holds: people paste them without seeing them."""
    return _NO_XML.sub("", text)


def styled(
    paragraph: Paragraph,
    text: str,
    *,
    font: str = BODY,
    size: float = 12,
    bold: bool = False,
    colour: RGBColor | None = None,
) -> Paragraph:
    """Append text to a paragraph; `font` is that of Chinese, `size` in points."""
    run = paragraph.add_run(plain(text))
    run.font.name, run.font.size, run.font.bold = LATIN, Pt(size), bold
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    run.font.color.rgb = colour or RGBColor(0, 0, 0)
    return paragraph


def centred(paragraph: Paragraph) -> Paragraph:
    """The paragraph, in the middle."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def to_the_right(paragraph: Paragraph) -> Paragraph:
    """The paragraph, at the right margin."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return paragraph


def foot(word: Word, words: str) -> None:
    """The foot of each page; `{page}` and `{pages}` in `words` become fields."""
    paragraph = centred(word.sections[0].footer.paragraphs[0])
    for part in re.split(r"(\{pages?\})", words):
        if part in _FIELDS:
            _field(paragraph, _FIELDS[part])
        else:
            styled(paragraph, part, size=9)


def _field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)


def table(word: Word, head: Sequence[str]) -> Table:
    """A ruled table with its first row; rows are added with `row`."""
    made: Table = word.add_table(rows=1, cols=len(head), style="Table Grid")
    _mark(made.rows[0], "w:tblHeader")
    return made


def row(table: Table) -> "tuple[_Cell, ...]":
    """The cells of a further row, which no page break cuts."""
    table.add_row()  # type: ignore[no-untyped-call]  # the library leaves it bare
    added = table.rows[-1]
    _mark(added, "w:cantSplit")
    return added.cells


def _mark(row: "_Row", name: str) -> None:
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def picture(word: Word, image: bytes, *, width: Length, says: str) -> Paragraph:
    """A picture in the middle, with what it shows for those who cannot see it."""
    paragraph = centred(word.add_paragraph())
    paragraph.paragraph_format.keep_with_next = True
    shown = paragraph.add_run().add_picture(io.BytesIO(image), width=width)
    shown._inline.docPr.set("descr", says)
    return paragraph
