"""What is no plan is refused with a reason; what is a poor one becomes a flagged draft."""

import io
import zipfile
from collections.abc import Callable

import docx
import pytest

from services.tasks.drafts import reading
from services.tasks.drafts.domain_source import MOST_CHARACTERS
from services.tasks.drafts.tables import Draft
from tests.services.stage import Stage
from tests.services.tasks.drafting import DRAFTS, EDITOR, drafted

LINE = "1.开好会议。市安委会每季度至少召开1次全体会议。(市安委办牵头)\n"


def rewritten(change: Callable[[bytes], bytes]) -> bytes:
    """A sound document whose main part is changed."""
    document = docx.Document()
    document.add_paragraph("全市安全生产工作要点" * 3)
    file = io.BytesIO()
    document.save(file)
    made = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            main = entry.filename == "word/document.xml"
            new.writestr(entry.filename, change(content) if main else content)
    return made.getvalue()


def bomb() -> bytes:
    """A small document that is sound and unpacks to fifty megabytes."""
    padding = b"<!--" + b" " * (1024 * 1024) + b"-->"
    return rewritten(lambda content: content + padding * 50)


def entities() -> bytes:
    """A document whose XML would grow a billionfold were its entities resolved."""
    names = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 100}">' for n in range(1, 6)]
    head = '<!DOCTYPE x [<!ENTITY a0 "炸弹">' + "".join(names) + "]>"
    return rewritten(
        lambda content: content.replace(b"?>", b"?>" + head.encode(), 1).replace(
            "全市".encode(), b"&a5;", 1
        )
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"   \n\n", 422),
        ("安全".encode(), 422),
        (b"just some English words, and no plan at all " * 20, 422),
        (bytes(range(256)) * 40, 422),
        (b"\x7fELF" + b"\x00" * 2000, 422),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 2000, 415),
        (b"PK\x03\x04 broken", 415),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 2000, 415),
        (bomb(), 415),
        (LINE.encode() * 150_000, 413),
        (LINE.encode() * 10_000, 413),
    ],
    ids=[
        "empty",
        "blank",
        "two-words",
        "no-chinese",
        "bytes",
        "program",
        "picture",
        "broken-archive",
        "old-word",
        "bomb",
        "10-megabytes",
        "too-many-words",
    ],
)
async def test_what_is_no_plan_is_refused_with_a_reason(
    tasks: Stage, body: bytes, status: int
) -> None:
    refused = await tasks.as_(EDITOR).post(f"{DRAFTS}/files?year=2024", content=body)

    assert refused.status_code == status, refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["title"]
    assert await tasks.rows(Draft) == []


async def test_entities_of_a_document_are_not_resolved(tasks: Stage) -> None:
    answer = await tasks.as_(EDITOR).post(f"{DRAFTS}/files?year=2024", content=entities())

    assert answer.status_code in (201, 415, 422), answer.text
    assert all(len(row.text) < 1000 for row in await tasks.rows(Draft))


@pytest.mark.parametrize("body", [{"year": 2024}, {"year": 24, "text": LINE}, {"text": LINE}])
async def test_a_draft_needs_a_year_and_a_text(tasks: Stage, body: dict[str, object]) -> None:
    refused = await tasks.as_(EDITOR).post(DRAFTS, json=body)

    assert refused.status_code == 422


async def test_a_plan_without_units_is_a_draft_with_a_flag_on_each_article(tasks: Stage) -> None:
    lines = "\n".join(f"{n}.第{n}项工作。每月至少开展1次检查。" for n in range(1, 6))
    draft = await drafted(tasks, f"全市安全生产工作要点\n{lines}")

    assert [row["kind"] for row in draft["flags"]] == ["no_unit"] * 5
    assert len(draft["duties"]) == 5


async def test_a_text_without_articles_is_a_flagged_draft_and_nothing_is_lost(
    tasks: Stage,
) -> None:
    words = "全市安全生产工作要点。各单位要认真落实责任，每季度至少会商一次近期风险。"
    draft = await drafted(tasks, words)

    assert [row["kind"] for row in draft["flags"]] == ["no_article"]
    assert draft["duties"] == []
    assert "每季度至少会商一次" in draft["text"]


@pytest.mark.parametrize("spelling", ["utf-8-sig", "gb18030", "utf-16"])
async def test_the_spellings_of_chinese_files_are_known(tasks: Stage, spelling: str) -> None:
    body = ("全市安全生产工作要点\n" + LINE).encode(spelling)
    made = await tasks.as_(EDITOR).post(f"{DRAFTS}/files?year=2024", content=body)

    assert made.status_code == 201, made.text
    assert made.json()["title"] == "全市安全生产工作要点"


def test_a_long_text_is_read_in_a_moment() -> None:
    """As long as any plan may be: what is quadratic would take minutes."""
    body = (LINE * (MOST_CHARACTERS // len(LINE))).encode()

    assert len(reading.read(body).text) <= MOST_CHARACTERS
