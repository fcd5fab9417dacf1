"""Words out of documents: pages, DOCX and PDF, and what a reader of them would not see."""

import io
import random
from pathlib import Path

import docx
import manimgx_fonts_cjk
import pytest
import typst
from docx.document import Document
from docx.oxml import OxmlElement
from hypothesis import given, settings
from hypothesis import strategies as st

from services.tasks.drafts import domain_proposals, domain_text, reading, reading_page
from services.tasks.drafts.domain_parts import FlagKind
from services.tasks.drafts.domain_source import (
    DocumentRefused,
    DocumentTooLong,
    NothingReadable,
    SourceKind,
)
from tests.domain.tasks.invented_plans import BROKEN_AT_THE_MARGIN, BY_CLAUSES, names

WORDS = "全市安全生产工作要点，认真落实各项责任制度和措施。"


def as_pdf(lines: list[str]) -> bytes:
    """A document of A5 pages, whose lines break at the margin."""
    text = "\n\n".join(line.replace("#", r"\#") for line in lines)
    made = typst.Compiler(
        f'#set page("a5")\n#set text(font: "Noto Sans CJK SC", size: 11pt)\n{text}'.encode(),
        font_paths=typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(Path(manimgx_fonts_cjk.__file__).parent)],
        ),
        ignore_system_fonts=True,
    ).compile(format="pdf")
    assert isinstance(made, bytes)
    return made


def test_a_published_pdf_reads_like_its_text() -> None:
    lines = [line for line in BY_CLAUSES.splitlines() if line]
    source = reading.read(as_pdf(lines))

    found = domain_proposals.read(source.text, names(), year=2025)
    plain = domain_proposals.read(BY_CLAUSES, names(), year=2025)
    assert source.kind is SourceKind.PDF
    assert len(found.articles) == len(plain.articles) == 5
    assert [row.quantity for row in found.proposals] == [row.quantity for row in plain.proposals]
    assert [row.allocations[0].lead[0].code for row in found.articles] == [
        row.allocations[0].lead[0].code for row in plain.articles
    ]


def saved(document: Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_a_table_of_a_word_document_is_read_row_by_row() -> None:
    document = docx.Document()
    document.add_paragraph(WORDS)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text = "1.每月开展一次检查"
    table.rows[0].cells[1].text = "市住建局牵头"

    assert reading.read(saved(document)).text.splitlines() == [
        WORDS,
        "1.每月开展一次检查 市住建局牵头",
    ]


def test_what_stands_in_merged_cells_is_read_once_and_a_table_in_a_cell_too() -> None:
    document = docx.Document()
    document.add_paragraph(WORDS)
    table = document.add_table(rows=3, cols=2)
    (top, beside), (middle, inner), (low, last) = (row.cells for row in table.rows)
    top.merge(beside).text = "一、强化整治"
    middle.merge(low).text = "1.每月开展一次检查"
    inner.paragraphs[0].text = "责任单位"
    inner.add_table(rows=1, cols=1).rows[0].cells[0].text = "市住建局牵头"
    last.text = "市城管局配合"

    assert reading.read(saved(document)).text.split() == [
        WORDS,
        "一、强化整治",
        "1.每月开展一次检查",
        "责任单位",
        "市住建局牵头",
        "市城管局配合",
    ]


def test_tracked_insertions_are_words_and_tracked_deletions_are_none() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph(WORDS)
    for tag, text in (("ins", "每月检查一次"), ("del", "每年检查一次")):
        change = OxmlElement(f"w:{tag}")
        run = OxmlElement("w:r")
        words = OxmlElement("w:t" if tag == "ins" else "w:delText")
        words.text = text
        run.append(words)
        change.append(run)
        paragraph._p.append(change)

    assert reading.read(saved(document)).text == WORDS + "每月检查一次"


@pytest.mark.parametrize(
    "hidden",
    [
        '<span style="display:none">X</span>',
        '<span style="font-size: 0">X</span>',
        "<div hidden>X</div>",
        "<script>X</script>",
        '<p style="text-indent:-9999px">X</p>',
        '<div style="visibility: hidden"><b>X</b></div>',
    ],
)
def test_what_a_page_hides_is_taken_out_and_told(hidden: str) -> None:
    source = reading_page.read(f"<html><body><p>{WORDS}{hidden}</p><p>{WORDS}</p></body></html>")

    assert "X" not in source.text
    assert source.hidden == ("X",)
    text, flags = domain_text.normalised(source.text, source.hidden)
    assert [(flag.kind, flag.excerpt) for flag in flags] == [(FlagKind.HIDDEN, "X")]
    assert "X" not in text


def test_invisible_characters_leave_the_text_and_are_flagged() -> None:
    text, flags = domain_text.normalised("安全\u200b生产\u2060工作")

    assert text == "安全生产工作"
    assert [(flag.span.start, flag.excerpt) for flag in flags] == [(2, "U+200B"), (4, "U+2060")]


def test_a_page_that_is_nested_too_deeply_to_be_read_whole_is_refused() -> None:
    with pytest.raises(DocumentRefused):
        reading_page.read("<html><body>" + WORDS + "<b>" * 5000 + WORDS)


@pytest.mark.parametrize("mark", ["<!--", "<!", "<?", "<a ", "<script>", "&#x", "<![CDATA["])
def test_marks_that_never_close_cost_no_time(mark: str) -> None:
    try:
        source = reading_page.read(f"<html><body>{WORDS}" + mark * 100_000)
    except (DocumentRefused, DocumentTooLong):
        return
    assert WORDS in source.text


@pytest.mark.parametrize("cut", [20, 300, 1500])
def test_a_broken_pdf_is_refused(cut: int) -> None:
    body = as_pdf([WORDS])

    with pytest.raises((DocumentRefused, NothingReadable)):
        reading.read(body[:cut])


def test_a_plan_reads_the_same_in_full_and_half_width() -> None:
    wide = str.maketrans(
        {chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F) if chr(n) not in "\"'"}
    )

    one = domain_proposals.read(BROKEN_AT_THE_MARGIN, names(), year=2024)
    other = domain_proposals.read(BROKEN_AT_THE_MARGIN.translate(wide), names(), year=2024)
    assert [row.quantity for row in one.proposals] == [row.quantity for row in other.proposals]


PIECES = st.sampled_from(
    [
        *"（）()“”、，。；：一二三1234567890%每年月季次牵头配合",
        "市住建局",
        "第一条",
        "\n",
        "1.",
        "一、",
        "3/0",
        "0000年3月底前完成",
        "2023年",
    ]
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=80).map("".join))
def test_whatever_is_read_every_place_lies_in_the_text(raw: str) -> None:
    found = domain_proposals.read(raw, names(), year=2024)

    for span in (
        *(row.span for row in found.articles),
        *(row.body for row in found.articles),
        *(row.span for row in found.proposals),
        *(flag.span for flag in found.flags),
    ):
        assert 0 <= span.start <= span.end <= len(found.text)


def test_a_shuffled_plan_is_still_read() -> None:
    lines = BY_CLAUSES.splitlines()
    random.Random(7).shuffle(lines)

    found = domain_proposals.read("\n".join(lines), names(), year=2025)

    assert found.proposals
