"""Letters: what they say is the order's own, as PDF and DOCX, the same bytes each time."""

import io

import docx
import pytest
from pypdf import PdfReader

from kernel import mediatypes
from tests.services.stage import Stage
from tests.services.tasks.city import found, reorganised, unit
from tests.services.tasks.hotline import at
from tests.services.tasks.story import COUNTY, MINE, registered
from tests.services.tasks.supervising import (
    DRAFTER,
    GAS,
    GAS_UNIT,
    HOUSING,
    HOUSING_UNIT,
    SUPERVISIONS,
    drafted,
    issued,
    received,
)

pytestmark = pytest.mark.usefixtures("monday")
KINDS = ["assignment", "urging", "supervision", "listing", "interview", "warning", "bulletin"]


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    """The tasks service with the city's units."""
    return await found(tasks)


async def letter(tasks: Stage, supervision: str, media: str = mediatypes.PDF) -> bytes:
    """The file of a letter."""
    client = tasks.as_(HOUSING, Accept=media)
    answer = await client.get(f"{SUPERVISIONS}/{supervision}/letter")
    assert (answer.status_code, answer.headers["content-type"]) == (200, media)
    return answer.content


def words_of(pdf: bytes) -> str:
    """The text of a PDF without its line breaks."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def words_in(file: bytes) -> str:
    """The text of a DOCX, tables included."""
    made = docx.Document(io.BytesIO(file))
    cells = [cell.text for table in made.tables for line in table.rows for cell in line.cells]
    return "\n".join([*(one.text for one in made.paragraphs), *cells])


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_has_its_letter_in_both_formats_with_what_the_order_says(
    city: Stage, kind: str
) -> None:
    supervision = await received(
        city, kind, addressees=[HOUSING_UNIT, GAS_UNIT], cc=[f"{COUNTY}.government"]
    )
    pdf = await letter(city, supervision)
    office = await letter(city, supervision, mediatypes.DOCX)

    for text in (words_of(pdf), words_in(office)):
        assert "衡阳市安全生产委员会办公室" in text
        assert "〔2023〕1号" in text
        assert "农贸市场安全隐患" in text
        assert "一、拆除违规搭建的夹层。" in text
        assert "耒阳市" in text
        assert "2023年6月5日" in text
        assert "送达回执" in text
    says_by_when = "前将办理情况书面答复" in words_in(office)
    assert says_by_when is (kind not in {"urging", "bulletin"})


async def test_the_same_letter_is_the_same_bytes(city: Stage) -> None:
    supervision = await issued(city)
    for media in (mediatypes.PDF, mediatypes.DOCX):
        assert await letter(city, supervision, media) == await letter(city, supervision, media)


async def test_the_slip_shows_who_has_signed_and_when(city: Stage) -> None:
    before = await issued(city)
    after = await received(city)

    assert "2023年6月5日10时" not in words_of(await letter(city, before))
    assert "2023年6月5日10时" in words_of(await letter(city, after))


async def test_a_draft_says_that_it_is_one_and_has_no_number(city: Stage) -> None:
    supervision = await drafted(city)
    answer = await city.as_(DRAFTER).get(f"{SUPERVISIONS}/{supervision}/letter")

    assert "草稿，未签发" in words_of(answer.content)
    assert "交办〔〕号" in words_of(answer.content)


async def test_a_letter_to_an_enterprise_names_it(city: Stage) -> None:
    await city.hear(registered(MINE, COUNTY))
    supervision = await issued(city, addressees=[], enterprise_uscc=MINE)
    answer = await city.as_(DRAFTER, Accept=mediatypes.DOCX).get(
        f"{SUPERVISIONS}/{supervision}/letter"
    )

    assert "你公司（单位）" in words_in(answer.content)


async def test_a_letter_calls_an_enterprise_what_it_was_called_when_it_went_out(
    city: Stage,
) -> None:
    await city.hear(registered(MINE, COUNTY).model_copy(update={"name": "旧名工厂"}))
    supervision = await issued(city, addressees=[], enterprise_uscc=MINE)
    renamed = {"name": "新名工厂", "region_code": "430426", "occurred_at": at(6, 7)}
    await city.hear(registered(MINE, COUNTY).model_copy(update=renamed))

    answer = await city.as_(DRAFTER, Accept=mediatypes.DOCX).get(
        f"{SUPERVISIONS}/{supervision}/letter"
    )

    assert "旧名工厂" in words_in(answer.content)


async def test_a_letter_that_an_heir_owes_an_answer_to_names_it(city: Stage) -> None:
    supervision = await issued(city)
    heir = unit(f"{COUNTY}.safety", "安全局", "emergency")
    await reorganised(city, "merge", [HOUSING_UNIT, GAS_UNIT], [heir], on="2023-06-06")
    await city.fire_until(at(6, 6))

    answer = await city.as_(DRAFTER, Accept=mediatypes.DOCX).get(
        f"{SUPERVISIONS}/{supervision}/letter"
    )

    assert "安全局：" in words_in(answer.content)
    assert f"{COUNTY}.safety" not in words_in(answer.content)


async def test_what_a_file_cannot_hold_keeps_nobody_from_the_letter(city: Stage) -> None:
    supervision = await issued(city, matters=["拆除\x0b夹层\ufffe。"], title="关于\x01隐患😀")

    assert "拆除夹层。" in words_in(await letter(city, supervision, mediatypes.DOCX))
    assert "夹层" in words_of(await letter(city, supervision))


async def test_the_format_asked_for_goes_before_accept_and_no_other_is_made(city: Stage) -> None:
    supervision = await issued(city)
    client, path = city.as_(DRAFTER), f"{SUPERVISIONS}/{supervision}/letter"
    answers = [await client.get(path, params={"format": kind}) for kind in ("docx", "pdf", "xlsx")]

    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert [answer.headers["content-type"] for answer in answers[:2]] == [
        mediatypes.DOCX,
        mediatypes.PDF,
    ]


async def test_a_letter_is_read_by_nobody_else(city: Stage) -> None:
    supervision = await issued(city)

    answer = await city.as_(GAS).get(f"{SUPERVISIONS}/{supervision}/letter")
    assert answer.status_code == 404


async def test_what_is_typed_into_an_order_is_text_and_never_markup(city: Stage) -> None:
    supervision = await issued(city, matters=["#pagebreak() *粗* $x$ <w:p/>"])

    assert "#pagebreak() *粗* $x$ <w:p/>" in words_in(
        await letter(city, supervision, mediatypes.DOCX)
    )
    assert "#pagebreak()*粗*$x$<w:p/>" in words_of(await letter(city, supervision))
