"""Documents become files: each a file of its kind, and the same bytes whenever it is made."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import docx as reader
import pytest
from pypdf import PdfReader

from kernel import mediatypes
from kernel.documents import docx, pdf, xlsx
from kernel.documents.content import Chart, Document, Heading, Paragraph, Series, Table

AT = datetime(2023, 6, 5, 1, tzinfo=UTC)
DOCUMENT = Document(
    title="安全生产情况",
    number="〔2023〕第1期",
    issuer="市安委办",
    dated="2023年6月5日",
    draft="",
    page="第{page}页 共{pages}页",
    chinese=True,
    blocks=(
        Heading(text="一、总体"),
        Paragraph(text="#strong[不是标记]，=1+1 也不是公式"),
        Table(title="按地区", head=("地区", "起数"), rows=(("甲区", 2), ("乙区", None))),
        Chart(
            title="走势",
            unit="起",
            shape="line",
            categories=("1月", "2月"),
            series=(Series(name="今年", values=(1, None)),),
        ),
    ),
)


@pytest.mark.parametrize(
    ("render", "media"),
    [
        (pdf.render, mediatypes.PDF),
        (docx.render, mediatypes.DOCX),
        (xlsx.render, mediatypes.XLSX),
    ],
)
def test_a_document_is_the_same_bytes_whenever_it_is_made(
    render: Callable[..., bytes], media: str
) -> None:
    made = render(DOCUMENT, at=AT)

    assert mediatypes.of(io.BytesIO(made)) == media
    assert render(DOCUMENT, at=AT) == made


def test_no_part_of_a_word_document_carries_the_time_of_day_at_which_it_was_saved() -> None:
    parts = zipfile.ZipFile(io.BytesIO(docx.render(DOCUMENT, at=AT))).infolist()

    assert {part.date_time for part in parts} == {(1980, 1, 1, 0, 0, 0)}


def test_the_foot_of_a_word_document_numbers_its_pages() -> None:
    made = reader.Document(io.BytesIO(docx.render(DOCUMENT, at=AT)))
    foot = made.sections[0].footer.paragraphs[0]

    assert foot.text == "第页 共页"
    assert [word for word in ("PAGE", "NUMPAGES") if f'w:instr="{word}"' in foot._p.xml] == [
        "PAGE",
        "NUMPAGES",
    ]


def test_text_is_data_and_never_markup() -> None:
    made = reader.Document(io.BytesIO(docx.render(DOCUMENT, at=AT)))

    assert "#strong[不是标记]，=1+1 也不是公式" in [each.text for each in made.paragraphs]


def test_characters_that_no_file_holds_are_left_out_of_a_word_document() -> None:
    pasted = replace(
        DOCUMENT, title="情\x0b况\ufffe" + "长" * 300, blocks=(Heading(text="总\x01体"),)
    )

    made = reader.Document(io.BytesIO(docx.render(pasted, at=AT)))

    assert made.core_properties.title.startswith("情况长")
    assert "总体" in [paragraph.text for paragraph in made.paragraphs]


@pytest.mark.parametrize("pasted", ["\x01", "\ue000", "😀", "ก"])
def test_a_sign_that_no_font_has_is_a_box_and_the_rest_is_read(pasted: str) -> None:
    plain, odd = (
        pdf.render(replace(DOCUMENT, blocks=(Paragraph(text=f"前{text}后"),)), at=AT)
        for text in ("", pasted)
    )

    said = PdfReader(io.BytesIO(odd)).pages[0].extract_text()
    assert "前" in said
    assert "后" in said
    assert (b"pdfaid" in plain, b"pdfaid" in odd) == (True, False)
