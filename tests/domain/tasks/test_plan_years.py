"""A plan that is filed under a year which its own title does not name is in doubt."""

import pytest

from services.tasks.drafts import domain_proposals, domain_years
from services.tasks.drafts.domain_parts import Flag, FlagKind
from tests.domain.tasks.invented_plans import names

BODY = "\n1.值班。市安委会每月至少抽查1次值班值守。(市安委办牵头)\n"


def doubts(title: str, *, year: int) -> list[Flag]:
    found = domain_proposals.read(title + BODY, names(), year=year)
    return [flag for flag in found.flags if flag.kind is FlagKind.YEAR_MISMATCH]


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("青岚市2024年安全生产工作要点", {2024}),
        ("青岚市２０２４年度安全生产工作计划", {2024}),
        ("青岚市 2024 年安全生产工作要点", {2024}),
        ("青岚市二〇二四年安全生产工作要点", {2024}),
        ("青岚市二○二四年安全生产工作要点", {2024}),
        ("青岚市二零二四年安全生产工作要点", {2024}),
        ("青岚市2023年整改情况和2024年安全生产工作要点", {2023, 2024}),
        ("青岚市安全生产三年行动方案(2023-2025年)", {2023, 2024, 2025}),
        ("青岚市2023年至2025年安全生产行动计划", {2023, 2024, 2025}),
    ],
)
def test_a_plan_is_in_doubt_only_under_a_year_its_title_does_not_name(
    title: str, years: set[int]
) -> None:
    flagged = {year for year in range(2021, 2028) if doubts(title, year=year)}

    assert flagged == set(range(2021, 2028)) - years


@pytest.mark.parametrize(
    "title",
    [
        "青岚市安全生产工作要点",
        "青安委〔2022〕7号",
        "2022年12月30日发布",
        "青岚市安全生产十年规划",
        "第2022号安全生产工作方案",
        "青岚市安全生产工作要点。根据2022年的部署制定",
        "按照2022年的部署,现印发工作要点",
    ],
)
def test_a_title_that_names_no_year_is_never_in_doubt(title: str) -> None:
    assert not any(doubts(title, year=year) for year in range(2019, 2026))


def test_the_doubt_stands_at_the_title_and_says_both_years() -> None:
    title = "青岚市2023年安全生产工作要点"
    found = domain_proposals.read("青岚市安委会文件\n" + title + BODY, names(), year=2024)

    (flag,) = (row for row in found.flags if row.kind is FlagKind.YEAR_MISMATCH)
    assert flag.span.of(found.text) == flag.excerpt == title
    assert "2023" in flag.reason_zh
    assert "2024" in flag.reason_zh
    assert flag.reason_en == "The title names 2023; the draft is filed under 2024"


def test_years_are_no_part_of_longer_numbers() -> None:
    assert domain_years.named("编号12024年要点") == frozenset()
