"""Periods, ranks and changes as rankings and bulletins say them; no figure is typed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kernel.calendar import Cadence
from kernel.documents.content import Chart, Paragraph, Table
from services.tasks.indicators.domain import period_of
from services.tasks.rankings import domain_document as documents
from services.tasks.rankings.domain_document import Issue, Section, Standing
from services.tasks.rankings.domain_wording import Language, signed

ZH, EN = Language(chinese=True), Language(chinese=False)
DAY = date(2023, 6, 20)


@pytest.mark.parametrize(
    ("cadence", "day", "zh", "en"),
    [
        (Cadence.WEEK, DAY, "2023年6月19日至2023年6月25日", "19 June 2023 to 25 June 2023"),
        (Cadence.HALF_MONTH, DAY, "2023年6月下半月", "second half of June 2023"),
        (Cadence.HALF_MONTH, date(2023, 6, 15), "2023年6月上半月", "first half of June 2023"),
        (Cadence.MONTH, DAY, "2023年6月", "June 2023"),
        (Cadence.QUARTER, DAY, "2023年第二季度", "quarter 2 of 2023"),
        (Cadence.YEAR, date(2022, 12, 5), "2023年度", "the year 2023"),
    ],
)
def test_a_period_is_called_as_people_call_it(
    cadence: Cadence, day: date, zh: str, en: str
) -> None:
    period = period_of(day, cadence)

    assert (ZH.period(period), EN.period(period)) == (zh, en)


@pytest.mark.parametrize(
    ("before", "now", "said"), [(3, 1, "↑2"), (1, 3, "↓2"), (2, 2, "0"), (None, 1, None)]
)
def test_a_rank_rises_towards_the_first(before: int | None, now: int, said: str | None) -> None:
    assert ZH.risen(before, now) == said
    assert ZH.risen(now, None) is None


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [("88.00", "90.50", "+2.50"), ("90.50", "88.00", "-2.50"), ("1.00", "1.00", "0.00")],
)
def test_a_change_of_a_score_has_its_sign(before: str, now: str, said: str) -> None:
    assert signed(Decimal(before), Decimal(now)) == said
    assert signed(None, Decimal(now)) is None


def standing(name: str, rank: int | None, score: str | None, **more: Any) -> Standing:
    facts: dict[str, Any] = {
        "tied": False, "taken_off": Decimal("-1.50"), "unmeasured": 0, "rank_before": None,
        "score_before": None, "points": {},
    }  # fmt: skip
    value = None if score is None else Decimal(score)
    return Standing(name=name, rank=rank, score=value, **facts | more)


def issue(**more: Any) -> Issue:
    facts: dict[str, Any] = {
        "place": "某市", "office": "某市安委办", "called": "排名", "number": 3, "version": 1,
        "period": period_of(DAY, Cadence.QUARTER), "year": 2023, "published_on": date(2023, 7, 3),
        "today": date(2023, 7, 5), "objections_until": date(2023, 7, 10), "draft": False,
    }  # fmt: skip
    return Issue(**facts | more)


def section(*units: Standing) -> Section:
    return Section(name="县市区", indicators={"a": "甲"}, rules=["r@1"], units=units)


def test_a_ranking_draws_only_who_has_a_rank_and_says_who_has_none() -> None:
    units = [standing("东", 1, "74.50", tied=True), standing("西", 1, "74.50", tied=True)]
    made = documents.document(
        issue(), [section(*units, standing("南", 3, "-4.00"), standing("北", None, None))],
        chinese=True,
    )  # fmt: skip

    [chart] = [block for block in made.blocks if isinstance(block, Chart)]
    table = next(block for block in made.blocks if isinstance(block, Table))
    assert chart.series[0].values == (75, 75, 0)  # halves go up, and no bar points down
    assert [row[1] for row in table.rows] == ["1（并列）", "1（并列）", "3", "未测评"]
    text = "".join(block.text for block in made.blocks if isinstance(block, Paragraph))
    assert "东、西（74.50分）" in text
    assert "不按满分计算" in text
    assert (made.number, made.dated, made.draft) == ("〔2023〕第3期", "2023年7月3日", "")


@pytest.mark.parametrize(("count", "bars"), [(2, 2), (16, 16), (17, 16), (43, 16)])
def test_of_more_units_than_can_be_told_apart_those_at_both_ends_are_drawn(
    count: int, bars: int
) -> None:
    units = [standing(f"u{rank}", rank, str(100 - rank)) for rank in range(1, count + 1)]
    made = documents.document(issue(), [section(*units)], chinese=True)

    [chart] = [block for block in made.blocks if isinstance(block, Chart)]
    assert (chart.categories[0], chart.categories[-1]) == ("u1", f"u{count}")
    assert len(chart.categories) == len(set(chart.categories)) == bars
    assert ("前8名和后8名" in chart.title) is (count > bars)


def test_a_draft_a_correction_and_cards_are_said() -> None:
    draft = documents.document(
        issue(number=None, draft=True, published_on=None, objections_until=None),
        [section(standing("东", None, None))], chinese=False,
    )  # fmt: skip
    again = documents.document(
        issue(version=2, carded=["东：黄牌警告"]),
        [section(standing("东", 1, "90.00")), section(standing("西", 1, "80.00"))], chinese=True,
    )  # fmt: skip

    assert (draft.number, draft.draft) == ("not numbered", "DRAFT, NOT PUBLISHED")
    assert draft.dated == "5 July 2023"
    assert not [block for block in draft.blocks if isinstance(block, Chart)]
    assert again.number == "〔2023〕第3期（更正）"
    assert again.title == "某市2023年第二季度安全生产排名"
    assert any("黄牌警告" in block.text for block in again.blocks if isinstance(block, Paragraph))
