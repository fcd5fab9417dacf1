"""A ranking as a file: what was frozen, in both languages, and drafts say that they are drafts."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import docx
import pypdf
import pytest
from python_calamine import CalamineWorkbook

from services.tasks.rankings.tables import Ranking
from tests.services.stage import Stage
from tests.services.tasks import scoring
from tests.services.tasks.hotline import at
from tests.services.tasks.scoring import (
    AFTER,
    CHANGNING,
    LEIYANG,
    MAYOR,
    OFFICE,
    PARK,
    QUARTER,
    computed,
    county_leader,
    duty,
)

LEADER = county_leader(LEIYANG)


@pytest.fixture
async def published(tasks: Stage) -> dict[str, str]:
    """A quarter in which two counties and a park had something to do; ids by group."""
    await scoring.founded(tasks)
    rows = []
    for place, good in ((CHANGNING, 4), (LEIYANG, 3), (PARK, 1)):
        unit, due = f"{place}.government", at(5, 10)
        rows += [duty(unit, due=due, closed=at(5, 1)) for _ in range(good)]
        rows += [duty(unit, due=due, overdue=due) for _ in range(4 - good)]
    await scoring.stored(tasks, rows)
    await computed(tasks)
    drafts = {row.group_code: str(row.id) for row in await tasks.rows(Ranking)}
    for group in ("counties", "parks"):
        answer = await tasks.as_(MAYOR).post(f"/tasks/rankings/{drafts[group]}/publish")
        assert answer.status_code == 200
    return drafts


async def file(tasks: Stage, path: str, language: str = "zh-CN", **query: Any) -> bytes:
    answer = await tasks.as_(LEADER, **{"Accept-Language": language}).get(
        f"/tasks/rankings/{path}", params=query
    )
    assert answer.status_code == 200, answer.text
    return answer.content


async def test_a_ranking_is_a_pdf_with_its_number_and_its_ties(
    tasks: Stage, published: dict[str, str]
) -> None:
    made = await file(tasks, f"{published['counties']}/document")

    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    text = "".join(page.extract_text() for page in pages).replace(" ", "")
    assert "〔2023〕第1期" in text
    assert "2023年第二季度安全生产排名（县市区）" in text
    assert "未测评" in text
    assert "不按满分计算" in text
    assert "草稿" not in text


async def test_a_bulletin_holds_every_published_group(
    tasks: Stage, published: dict[str, str]
) -> None:
    made = await file(tasks, "bulletin", "en", cadence="quarter", day="2023-05-01", format="docx")

    word = docx.Document(io.BytesIO(made))
    headings = [p.text for p in word.paragraphs if p.style and p.style.name == "Heading 1"]
    assert headings == ["1. Counties", "2. Parks", "3. Notes"]
    assert len(word.tables) == 4
    assert [cell.text for cell in word.tables[0].rows[1].cells][:3] == [
        "Changning City",
        "1",
        "100.00",
    ]


async def test_a_workbook_has_numbers_and_a_live_chart(
    tasks: Stage, published: dict[str, str]
) -> None:
    made = await file(tasks, f"{published['counties']}/document", format="xlsx")

    book = CalamineWorkbook.from_filelike(io.BytesIO(made))
    row = book.get_sheet_by_name(book.sheet_names[1]).to_python()[2]
    assert (row[0], row[2]) == ("常宁市", 100.0)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        assert sum(name.startswith("xl/charts/chart") for name in parts.namelist()) == 1


async def test_a_draft_says_so_and_is_no_file_for_others(
    tasks: Stage, published: dict[str, str]
) -> None:
    path = f"/tasks/rankings/{published['departments']}/document"

    refused = await tasks.as_(LEADER).get(path)
    made = await tasks.as_(OFFICE, **{"Accept-Language": "en"}).get(path)

    assert refused.status_code == 404
    text = pypdf.PdfReader(io.BytesIO(made.content)).pages[0].extract_text()
    assert "DRAFT, NOT PUBLISHED" in text


async def test_the_same_ranking_is_the_same_file_whatever_is_computed_later(
    tasks: Stage, published: dict[str, str]
) -> None:
    before = await file(tasks, f"{published['counties']}/document")
    await scoring.stored(tasks, [duty(f"{LEIYANG}.government", due=at(6, 1), overdue=at(6, 1))])
    await computed(tasks, QUARTER, now=AFTER + timedelta(days=1))

    assert await file(tasks, f"{published['counties']}/document") == before


async def test_a_period_without_anything_published_has_no_bulletin(tasks: Stage) -> None:
    answer = await tasks.as_(LEADER).get(
        "/tasks/rankings/bulletin", params={"cadence": "month", "day": "2023-05-01"}
    )

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/nothing-published"
