"""A letter as DOCX that an office goes on editing, with the fonts of official documents."""

from datetime import datetime

from docx.document import Document as Word
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from kernel.documents import word
from services.tasks.supervisionletters.domain import Letter

_RED = RGBColor(0xC0, 0x00, 0x00)
_MARGINS = (37, 26, 35, 28)
_TITLE = "方正小标宋简体"
_BODY_SIZE, _TITLE_SIZE, _SLIP_SIZE, _FOOT_SIZE = 16, 22, 12, 14
_LINE = Pt(28)
_SHORT_NAME = 12
_TITLE_LINE = 18
_AFTER_BORDERS = (
    "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr",
)  # fmt: skip
"""What comes after a paragraph's borders, as far as it stands in these: Word minds the order."""


def render(letter: Letter, *, at: datetime) -> bytes:
    """The whole letter; `at` is the time that its metadata state."""
    made = word.begin(title=letter.title, author=letter.issuer, at=at, margins=_MARGINS)
    word.foot(made, "— {page} —")
    if letter.draft:
        head = made.sections[0].header.paragraphs[0]
        word.to_the_right(word.styled(head, letter.draft, size=10.5, colour=_RED))
    _head(made, letter)
    _body(made, letter)
    _imprint(made, letter)
    if letter.slip:
        _slip(made, letter)
    return word.finish(made)


def _head(made: Word, letter: Letter) -> None:
    size = 34 if len(letter.heading) <= _SHORT_NAME else 25
    heading = word.styled(
        made.add_paragraph(), letter.heading, font=_TITLE, size=size, bold=True, colour=_RED
    )
    word.centred(heading)
    number = word.centred(word.styled(made.add_paragraph(), letter.number, size=_BODY_SIZE))
    _ruled(number, colour="C00000", eighths=18)
    long = len(letter.title) > _TITLE_LINE
    lines = f"{letter.about}\n{letter.word}" if long else letter.title
    title = word.styled(made.add_paragraph(), lines, font=_TITLE, size=_TITLE_SIZE)
    word.centred(title).paragraph_format.space_before = Pt(18)
    title.paragraph_format.space_after = Pt(14)


def _body(made: Word, letter: Letter) -> None:
    _line(made, letter.to)
    for said in (letter.opening, *letter.matters, *letter.paragraphs):
        _line(made, said).paragraph_format.first_line_indent = Pt(2 * _BODY_SIZE)
    issuer, dated = (word.to_the_right(_line(made, text)) for text in (letter.issuer, letter.dated))
    issuer.paragraph_format.right_indent = Pt(2 * _BODY_SIZE)
    issuer.paragraph_format.space_before = _LINE
    issuer.paragraph_format.keep_with_next = True
    dated.paragraph_format.right_indent = Pt(4 * _BODY_SIZE)


def _line(made: Word, text: str) -> Paragraph:
    paragraph = word.styled(made.add_paragraph(), text, size=_BODY_SIZE)
    paragraph.paragraph_format.line_spacing = _LINE
    paragraph.paragraph_format.space_after = Pt(0)
    return paragraph


def _imprint(made: Word, letter: Letter) -> None:
    """Who else has it, and who printed it when, between rules."""
    printed = letter.printed and f"{letter.issuer}　　{letter.printed}"
    for text in filter(None, (letter.cc and f"抄送：{letter.cc}", printed)):
        paragraph = word.styled(made.add_paragraph(), text, size=_FOOT_SIZE)
        paragraph.paragraph_format.space_before = Pt(10)
        _ruled(paragraph, colour="000000", eighths=6)


def _ruled(paragraph: Paragraph, *, colour: str, eighths: int) -> None:
    """A rule below a paragraph; its thickness in eighths of a point."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", eighths), ("space", 4), ("color", colour)):
        bottom.set(qn(f"w:{name}"), str(value))
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)


def _slip(made: Word, letter: Letter) -> None:
    title = word.styled(made.add_paragraph(), letter.slip_title, font=_TITLE, size=_TITLE_SIZE)
    word.centred(title).paragraph_format.page_break_before = True
    for name, value in (
        ("文书名称", letter.title),
        ("文　　号", letter.number),
        ("下达单位", letter.issuer),
    ):
        word.styled(made.add_paragraph(), f"{name}：{value}", size=_SLIP_SIZE)
    head = ("受送达单位", "签收期限", "签收时间", "签收人岗位")
    table = word.table(made, head)
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        word.centred(word.styled(cell.paragraphs[0], text, size=_SLIP_SIZE, bold=True))
    for one in letter.slip:
        for cell, text in zip(word.row(table), (one.name, one.due, one.signed, ""), strict=True):
            word.centred(word.styled(cell.paragraphs[0], text, size=_SLIP_SIZE))
    word.styled(made.add_paragraph(), letter.slip_note, size=10.5)
