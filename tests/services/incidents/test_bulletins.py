"""Bulletins as files: what they say, that issued ones never change, that differences show."""

import io
import re
import zipfile
from datetime import datetime
from typing import Any

import docx
import pytest

from kernel import mediatypes
from kernel.access import Principal
from kernel.calendar import SHANGHAI
from kernel.documents.content import Chart, Document, Paragraph, Table
from services.incidents.bulletins import queries
from services.incidents.statistics.domain import Standing
from services.incidents.statistics.tables import Bulletin, Statistic
from tests.services.incidents.conftest import COUNTY_DESK, ENTERPRISE, INVESTIGATOR
from tests.services.incidents.counting import strike
from tests.services.incidents.test_analysis import OFFICE, analysis, happened
from tests.services.stage import Stage

ROUTE = "/incidents/statistics/bulletin"
ISSUE = "/incidents/statistics/bulletins"
JUNE = datetime(2023, 6, 5, 9, tzinfo=SHANGHAI)
MAY = {"month": "2023-05", "region_code": "430400"}


async def issued(stage: Stage, month: str = "2023-05", at: datetime = JUNE) -> Any:
    stage.now = at
    return await stage.as_(OFFICE).post(ISSUE, json=MAY | {"month": month})


async def content(stage: Stage, *, chinese: bool = True, year: int = 2023) -> Document:
    async with stage.work(OFFICE) as session:
        made, _ = await queries.document(
            session,
            region="430400",
            month=datetime(year, 5, 1, tzinfo=SHANGHAI).date(),
            chinese=chinese,
            now=JUNE,
        )
    return made


def words(document: Document) -> str:
    return "\n".join(b.text for b in document.blocks if isinstance(b, Paragraph))


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_a_bulletin_is_the_file_that_was_asked_for(
    incidents: Stage, kind: str, language: str
) -> None:
    await happened(incidents, 2022, 5)
    await happened(incidents, 2023, 5, region_code="430472", industry="E47")
    incidents.now = JUNE
    client = incidents.as_(OFFICE, **{"Accept-Language": language})
    answer = await client.get(ROUTE, params={"month": "2023-05", "format": kind})

    assert answer.status_code == 200
    assert answer.headers["content-language"] == language
    assert mediatypes.of(io.BytesIO(answer.content)) == answer.headers["content-type"]
    media = answer.headers["content-type"]
    again = await incidents.as_(OFFICE, Accept=media).get(ROUTE, params={"month": "2023-05"})
    assert again.headers["content-type"] == media


async def test_the_pdf_carries_its_own_chinese_font_and_vector_charts(incidents: Stage) -> None:
    await happened(incidents, 2023, 5)
    incidents.now = JUNE
    answer = await incidents.as_(OFFICE).get(ROUTE, params={"month": "2023-05"})

    assert answer.content.startswith(b"%PDF-")
    assert b"NotoSansCJKsc" in answer.content
    assert b"/Subtype/Image" not in answer.content.replace(b" ", b"")


async def test_the_docx_has_headings_tables_that_break_well_and_described_charts(
    incidents: Stage,
) -> None:
    for month in (1, 5):
        await happened(incidents, 2023, month)
    incidents.now = JUNE
    client = incidents.as_(OFFICE, **{"Accept-Language": "zh-CN"})
    answer = await client.get(ROUTE, params={"month": "2023-05", "format": "docx"})
    made = docx.Document(io.BytesIO(answer.content))

    document = await content(incidents)
    tables = [block for block in document.blocks if isinstance(block, Table)]
    charts = [block for block in document.blocks if isinstance(block, Chart)]
    assert len(made.tables) == len(tables)
    assert len(made.inline_shapes) == len(charts) >= 2
    assert made.tables[0].cell(1, 3).text == "2"
    xml = made.element.xml
    assert xml.count("w:tblHeader") == len(tables)
    assert all(f'descr="{chart.title}"' in xml for chart in charts)
    assert "草稿，未印发" in made.sections[0].header.paragraphs[0].text


async def test_the_workbook_has_numbers_and_native_charts(incidents: Stage) -> None:
    await happened(incidents, 2023, 5)
    incidents.now = JUNE
    answer = await incidents.as_(OFFICE).get(ROUTE, params={"month": "2023-05", "format": "xlsx"})
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    names = book.namelist()

    assert sum(name.startswith("xl/charts/chart") for name in names) == 2
    sheet = book.read("xl/worksheets/sheet2.xml").decode()
    assert re.search(r'<c r="D3"[^>]*><v>1</v>', sheet)
    assert not any(b"<f>" in book.read(name) for name in names if "worksheets/sheet" in name)


async def test_what_was_issued_stays_as_it_was_and_the_next_one_says_what_changed(
    incidents: Stage,
) -> None:
    gone = await happened(incidents, 2023, 3, casualties={"deaths": 4})
    await happened(incidents, 2023, 4)
    april = await issued(incidents, "2023-04", datetime(2023, 5, 4, tzinfo=SHANGHAI))
    assert (april.json()["number"], april.json()["edition"]) == (1, 1)
    await happened(incidents, 2023, 5)
    incidents.now = datetime(2023, 5, 20, tzinfo=SHANGHAI)
    await strike(incidents, gone, Standing.STRUCK_OFF)

    found = await analysis(incidents)

    assert [point["cumulative_deaths"] for point in found["series"]] == [0, 0, 0, 1, 2]
    assert [point["issued_deaths"] for point in found["series"]] == [None, None, None, 5, None]
    assert found["revision"] == {
        "month": "2023-04-01",
        "issued_accidents": 2,
        "issued_deaths": 5,
        "now_accidents": 1,
        "now_deaths": 1,
        "left_accidents": 1,
        "left_deaths": 4,
        "other_accidents": 0,
        "other_deaths": 0,
    }
    assert found["struck_off"]["cumulative"]["now"]["deaths"] == 4
    said = words(await content(incidents))
    assert "年内已核销事故1起、4人" in said
    assert "没有人员伤亡且直接经济损失未达统计标准的事故0起" in said
    assert "上期通报2023年1—4月为2起、5人，现为1起、1人；其中核销或并入1起、4人" in said
    [kept] = await incidents.rows(Bulletin)
    assert kept.analysis["total"]["cumulative"]["now"]["deaths"] == 5


async def test_a_correction_is_a_further_edition_with_its_own_number(incidents: Stage) -> None:
    await happened(incidents, 2023, 5)
    first, second = await issued(incidents), await issued(incidents)

    assert [(a.json()["number"], a.json()["edition"]) for a in (first, second)] == [(1, 1), (2, 2)]
    document = await content(incidents)
    assert document.number == "〔2023〕第2期（更正）"
    assert document.draft == ""
    assert document.dated == "2023年6月5日"


async def test_a_month_that_is_not_over_is_not_issued(incidents: Stage) -> None:
    last = datetime(2023, 5, 31, 23, 59, 59, tzinfo=SHANGHAI)
    early = await issued(incidents, at=last)
    in_time = await issued(incidents, at=datetime(2023, 6, 1, tzinfo=SHANGHAI))

    assert (early.status_code, early.json()["type"]) == (409, "/problems/month-not-over")
    assert in_time.status_code == 201


async def test_rows_that_do_not_add_up_are_named_in_the_bulletin(incidents: Stage) -> None:
    await happened(incidents, 2023, 5)
    assert "各表分项之和与合计一致" in words(await content(incidents))
    async with incidents.work() as session:
        bent = Statistic.__table__.update().where(Statistic.shape == "type")
        await session.execute(bent.values(deaths=3))

    document = await content(incidents)

    assert "不一致" in words(document)
    [differences] = [b for b in document.blocks if isinstance(b, Table) and "核对差异" in b.title]
    assert ("事故类型", "累计", "死亡人数", "1", "3", "2") in differences.rows
    english = await content(incidents, chinese=False)
    assert "Not reconciled" in words(english)


async def test_a_bulletin_says_where_there_is_nothing_to_judge_by(incidents: Stage) -> None:
    await happened(incidents, 2022, 5)
    planned, before = await content(incidents), await content(incidents, year=2022)

    assert [b for b in planned.blocks if isinstance(b, Table) and "年度目标" in b.title]
    assert "没有本地区本年度的控制指标" not in words(planned)
    assert not [b for b in before.blocks if isinstance(b, Table) and "年度目标" in b.title]
    assert "没有本地区本年度的控制指标，不作判断" in words(before)
    assert "none are on record" in words(await content(incidents, year=2022, chinese=False))
    assert "按期结案率：基数为0，不计算。" in words(before)


async def test_every_figure_of_the_tables_is_the_analysis_own(incidents: Stage) -> None:
    for year, month in ((2022, 2), (2022, 5), (2023, 1), (2023, 5)):
        await happened(incidents, year, month, region_code="430408")

    document = await content(incidents)

    regions = next(b for b in document.blocks if isinstance(b, Table) and "按地区" in b.title)
    row = next(row for row in regions.rows if row[0] == "蒸湘区")
    assert row == ("蒸湘区", 2, "0", "0.0%", 2, "0", "0.0%", 0, 1, 1)
    assert regions.rows[-1][1:3] == (2, "0")
    assert "发生事故1起、死亡1人，起数同比持平" in words(document)


@pytest.mark.parametrize(
    ("by", "status"), [(OFFICE, 201), (INVESTIGATOR, 403), (COUNTY_DESK, 403), (ENTERPRISE, 403)]
)
async def test_only_the_committee_office_issues(
    incidents: Stage, by: Principal, status: int
) -> None:
    incidents.now = JUNE
    answer = await incidents.as_(by).post(ISSUE, json=MAY)
    assert answer.status_code == status
