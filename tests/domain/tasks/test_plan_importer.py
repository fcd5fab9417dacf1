"""The importer on plans of cities that do not exist, in other numberings, layouts and words."""

from datetime import date
from decimal import Decimal

import pytest

from kernel.calendar import Cadence
from reference.terms import DutyKind
from services.tasks.drafts import domain_proposals, reading
from services.tasks.drafts.domain_parts import Flag, FlagKind, Reading
from tests.domain.tasks.invented_plans import (
    BROKEN_AT_THE_MARGIN,
    BY_CLAUSES,
    CITY,
    INDENTED,
    PASTED_PAGE,
    WITH_GOALS,
    names,
)


def draft(words: str, *, year: int) -> Reading:
    source = reading.read(words.encode())
    return domain_proposals.read(source.text, names(), year=year, hidden=source.hidden)


@pytest.fixture(scope="module")
def broken() -> Reading:
    return draft(BROKEN_AT_THE_MARGIN, year=2024)


@pytest.fixture(scope="module")
def clauses() -> Reading:
    return draft(BY_CLAUSES, year=2025)


@pytest.fixture(scope="module")
def pasted() -> Reading:
    return draft(PASTED_PAGE, year=2026)


def counted(found: Reading, article: int) -> list[tuple[object, ...]]:
    """What an article counts: kind and numbers, in order."""
    rows = []
    for proposal in found.proposals:
        what = proposal.quantity
        if proposal.article == article and what.kind is not DutyKind.CONTINUOUS:
            numbers = (what.cadence, what.least, what.comparator, what.target, what.unit, what.due)
            rows.append((what.kind, *(value for value in numbers if value is not None)))
    return rows


def who(found: Reading, article: int) -> tuple[list[str | None], list[str | None]]:
    (allocation,) = found.articles[article - 1].allocations
    return [row.code for row in allocation.lead], [row.code for row in allocation.supporting]


def slugs(*names: str) -> list[str]:
    return [name if ":" in name else f"{CITY}.{name}" for name in names]


def flags(found: Reading, kind: FlagKind) -> list[Flag]:
    return [flag for flag in found.flags if flag.kind is kind]


END = date(2024, 12, 31)


def test_articles_are_found_below_sections_although_their_numbers_start_anew(
    broken: Reading,
) -> None:
    assert broken.title == "青岚市2024年安全生产工作计划"
    assert [(row.number, row.label, row.section, row.title) for row in broken.articles] == [
        (1, "(一)", 1, "严控事故"),
        (2, "(二)", 1, "开好会议"),
        (3, "(一)", 2, "既有建筑和工地"),
        (4, "(二)", 2, "水上交通"),
    ]


def test_what_the_opening_words_want_of_the_place_as_a_whole_are_goals(broken: Reading) -> None:
    found = draft(WITH_GOALS, year=2028)

    assert [
        (goal.code, goal.text, goal.quantity.kind, goal.quantity.comparator, goal.quantity.target)
        for goal in found.goals
    ] == [
        ("0.1", "坚决杜绝重大及以上生产安全事故", DutyKind.PROHIBITION, "<=", Decimal(0)),
        ("0.2", "有效遏制较大生产安全事故", DutyKind.PROHIBITION, "<=", Decimal(0)),
        ("0.3", "力争事故起数和死亡人数同比下降12%以上", DutyKind.REDUCTION_TARGET, ">=", 12),
        ("0.4", "确保全市安全生产形势持续稳定向好", DutyKind.CONTINUOUS, None, None),
    ]
    assert all(goal.span.of(found.text) == goal.text for goal in found.goals)
    assert not any(goal.subjects or goal.allocation is not None for goal in found.goals)
    assert all(row.article for row in found.proposals)
    assert broken.goals == ()


def test_a_goal_is_a_state_of_affairs_even_where_it_says_how_often() -> None:
    words = "青岚市安全生产工作要点\n确保每月开展1次事故警示。\n1、开好会议。开会。(市应急局牵头)"

    (goal,) = draft(words, year=2026).goals

    assert (goal.quantity.kind, goal.quantity.cadence) == (DutyKind.CONTINUOUS, None)


@pytest.mark.parametrize("number", ["2.", "2. ", "2．", "2、"])
def test_a_number_before_a_year_is_that_of_an_article(number: str) -> None:
    found = draft(
        "某市2024年安全生产工作要点\n一、压实责任\n1.市住建局每月开展1次检查。\n"
        f"{number}2024年6月30日前，市住建局完成房屋排查。\n3.市住建局每季度召开1次会议。",
        year=2024,
    )

    assert [row.number for row in found.articles] == [1, 2, 3]
    assert date(2024, 6, 30) in [row.quantity.due for row in found.proposals if row.article == 2]


def test_a_figure_with_a_point_begins_no_article() -> None:
    found = draft(
        "某市2024年安全生产工作要点\n一、压实责任\n1.市住建局将事故起数降低到\n"
        "2.5起以下，每月开展1次检查。",
        year=2024,
    )

    assert [row.number for row in found.articles] == [1]


def test_words_without_articles_are_no_plan_with_goals() -> None:
    assert draft("青岚市工作要点\n坚决杜绝重大及以上生产安全事故。", year=2028).goals == ()


def test_whatever_a_clause_says_of_an_accident_belongs_to_what_is_done_about_it() -> None:
    found = draft(
        "青岚市安全生产工作要点\n1、严肃查处。对影响恶劣的事故，一律由上级提级调查。(市应急局牵头)",
        year=2026,
    )

    (only,) = found.proposals
    assert only.text == "对影响恶劣的事故,一律由上级提级调查"
    assert (only.quantity.kind, only.condition) == (DutyKind.EVENT_TRIGGERED, "对影响恶劣的事故")


def test_a_line_broken_at_the_margin_is_one_sentence_again(broken: Reading) -> None:
    assert "工矿商贸十万人死亡率控制在0.9以内" in broken.text
    assert "- 1 -" not in broken.text


def test_what_a_plan_in_brackets_and_lines_counts(broken: Reading) -> None:
    less = (DutyKind.REDUCTION_TARGET, ">=", Decimal(15), "%")
    assert counted(broken, 1) == [
        less,
        less,
        (DutyKind.RATE_TARGET, "<=", Decimal("0.9"), "人/十万人"),
        (DutyKind.PROHIBITION, "<=", Decimal(0), "起"),
    ]
    assert counted(broken, 2) == [
        (DutyKind.RECURRING_QUOTA, Cadence.QUARTER, 1, ">=", "次"),
        (DutyKind.RECURRING_QUOTA, Cadence.HALF_YEAR, 3, ">=", "次"),
    ]
    assert counted(broken, 3) == [
        (DutyKind.DEADLINE_TASK, date(2024, 6, 30)),
        (DutyKind.COUNT_TARGET, ">=", Decimal(120), "户", END),
        (DutyKind.COUNT_TARGET, ">=", Decimal(35000), "平方米", END),
        (DutyKind.RATE_TARGET, ">=", Decimal(98), "%"),
    ]
    assert counted(broken, 4) == [
        (DutyKind.EVENT_TRIGGERED,),
        (DutyKind.PROHIBITION, "<=", Decimal(0), "项"),
        (DutyKind.RECURRING_QUOTA, Cadence.MONTH, 2, ">=", "次"),
    ]


def test_units_on_lines_of_their_own_lead_and_support(broken: Reading) -> None:
    assert who(broken, 1) == (
        slugs("committee_office"),
        slugs("city:member_unit", "county:government"),
    )
    assert who(broken, 2) == (slugs("committee_office", "emergency"), [])
    assert who(broken, 3) == (slugs("housing"), slugs("urban_management", "fire_rescue"))
    assert who(broken, 4) == (slugs("transport", "port"), [])
    assert not flags(broken, FlagKind.UNKNOWN_UNIT)


def test_clauses_run_through_chapters(clauses: Reading) -> None:
    assert [(row.number, row.section) for row in clauses.articles] == [
        (1, 1),
        (2, 1),
        (3, 2),
        (4, 2),
        (5, 2),
    ]
    assert who(clauses, 1) == (slugs("committee_office"), slugs("publicity", "emergency"))


def test_what_a_plan_by_clauses_counts(clauses: Reading) -> None:
    assert counted(clauses, 1) == [
        (DutyKind.RECURRING_QUOTA, Cadence.YEAR, 4, ">=", "次"),
        (DutyKind.RECURRING_QUOTA, Cadence.MONTH, 1, ">=", "次"),
    ]
    assert counted(clauses, 2) == [
        (DutyKind.EVENT_TRIGGERED,),
        (DutyKind.DEADLINE_TASK, date(2025, 3, 31)),
    ]
    assert counted(clauses, 3) == [
        (DutyKind.COUNT_TARGET, ">=", Decimal(80), "公里"),
        (DutyKind.COUNT_TARGET, ">=", Decimal("12.5"), "公里"),
        (DutyKind.RATE_TARGET, ">=", Decimal(95), "%"),
    ]
    assert counted(clauses, 4) == [
        (DutyKind.RATE_TARGET, ">=", Decimal(100), "%"),
        (DutyKind.REDUCTION_TARGET, ">=", Decimal(10), "%"),
        (DutyKind.RECURRING_QUOTA, Cadence.WEEK, 1, ">=", "次"),
        (DutyKind.RECURRING_QUOTA, Cadence.MONTH, 1, ">=", "次"),
    ]
    assert counted(clauses, 5) == [(DutyKind.PROHIBITION, "<=", Decimal(0), "项")]


def test_an_enterprise_that_a_sentence_names_is_its_subject(clauses: Reading) -> None:
    mines = [row for row in clauses.proposals if "煤矿" in row.text]
    assert [row.subjects for row in mines] == [("enterprise:coal_mine",)]


def test_an_alias_of_two_units_and_a_unit_that_does_not_exist_are_flagged(clauses: Reading) -> None:
    (doubtful,) = flags(clauses, FlagKind.AMBIGUOUS_UNIT)
    (unknown,) = flags(clauses, FlagKind.UNKNOWN_UNIT)
    assert doubtful.excerpt == "市文旅局"
    assert set(doubtful.candidates) == set(slugs("culture_tourism", "tourism_company"))
    assert unknown.excerpt == "市河湖事务局"
    assert who(clauses, 5) == (slugs("fire_rescue"), [*slugs("market_regulation"), None, None])


def test_a_link_amid_a_sentence_is_flagged_and_in_no_duty(clauses: Reading) -> None:
    found = flags(clauses, FlagKind.INJECTED)
    assert any("win-a-lot" in flag.excerpt for flag in found)
    assert not any("win-a-lot" in row.text for row in clauses.proposals)


@pytest.mark.parametrize(
    "junk",
    [
        "www.win-a-lot.com",
        "win-a-lot.com",
        "https://win.example/a?b=1",
        "m.win.top/reg",
        "me@win-a-lot.com",
    ],
)
def test_an_address_between_words_is_flagged_whole_and_alone(junk: str) -> None:
    found = draft(
        f"青岚市安全生产工作要点\n1.值班。每月抽查{junk}夜间值守。(市安委办牵头)", year=2026
    )

    assert [flag.excerpt for flag in flags(found, FlagKind.INJECTED)] == [junk]
    assert [row.text for row in found.proposals] == ["每月抽查夜间值守"]


def test_what_was_put_in_cuts_no_sentence_counts_nothing_and_is_in_no_condition() -> None:
    with_junk, without = (
        draft(
            f"青岚市安全生产工作要点\n1.整改。对检查发现{junk}的隐患，立即责令改正。(市安委办牵头)",
            year=2026,
        ).proposals
        for junk in ("https://win.example/p?a=9%!b", "")
    )

    (row,), (plain,) = with_junk, without
    assert (row.text, row.quantity) == (plain.text, plain.quantity)
    assert row.condition == plain.condition == "对检查发现的隐患"


def test_a_sentence_that_was_put_in_whole_is_no_duty() -> None:
    found = draft(
        "青岚市安全生产工作要点\n1.值班。每月抽查2次。www.win-a-lot.com。逐条登记。(市安委办牵头)",
        year=2026,
    )

    assert [(row.code, row.text) for row in found.proposals] == [
        ("1.1", "每月抽查2次"),
        ("1.2", "逐条登记"),
    ]


def test_what_was_put_into_a_title_is_in_no_title() -> None:
    junk = "www.win-a-lot.com"
    found = draft(
        f"青岚市{junk}安全生产工作要点\n一、抓责任{junk}。\n1.值班{junk}。每月抽查1次。(市安委办牵头)",
        year=2026,
    )

    assert len(flags(found, FlagKind.INJECTED)) == 3
    assert found.title == "青岚市安全生产工作要点"
    assert [row.title for row in found.sections] == ["抓责任"]
    assert [row.title for row in found.articles] == ["值班"]


def test_what_a_pasted_page_shows_is_read_and_what_it_hides_is_flagged(pasted: Reading) -> None:
    assert pasted.title == "青岚市2026年安全生产工作要点"
    assert [row.title for row in pasted.articles] == [
        "强化督查检查",
        "强化宣传教育",
        "强化隐患治理",
        "强化值班值守",
    ]
    hidden = [flag.excerpt for flag in flags(pasted, FlagKind.HIDDEN)]
    assert any("新葡京" in words for words in hidden)
    assert any("beacon" in words for words in hidden)
    assert "新葡京" not in pasted.text
    assert [flag.excerpt for flag in flags(pasted, FlagKind.MISPRINT)] == ["。。"]


def test_what_a_pasted_page_counts(pasted: Reading) -> None:
    assert counted(pasted, 1) == [
        (DutyKind.RECURRING_QUOTA, Cadence.HALF_MONTH, 1, ">=", "次"),
        (DutyKind.COUNT_TARGET, ">=", Decimal(24), "个"),
    ]
    assert counted(pasted, 2) == [(DutyKind.RECURRING_QUOTA, Cadence.YEAR, 1, ">=", "次")]
    assert counted(pasted, 3) == [
        (DutyKind.RATE_TARGET, ">=", Decimal(100), "%"),
        (DutyKind.RATE_TARGET, ">=", Decimal(100), "%"),
    ]
    assert counted(pasted, 4) == []


def test_what_an_indented_plan_counts() -> None:
    found = draft(INDENTED, year=2027)
    quota, count = DutyKind.RECURRING_QUOTA, DutyKind.COUNT_TARGET
    assert counted(found, 1) == [
        (quota, Cadence.HALF_YEAR, 1, ">=", "次"),
        (quota, Cadence.QUARTER, 1, ">=", "次"),
    ]
    assert counted(found, 2) == [
        (quota, Cadence.MONTH, 1, ">=", "次"),
        (DutyKind.DEADLINE_TASK, date(2027, 2, 28)),
    ]
    assert counted(found, 3) == [
        (count, ">=", Decimal(3000), "户", date(2027, 10, 31)),
        (DutyKind.RATE_TARGET, ">=", Decimal(100), "%"),
        (DutyKind.PROHIBITION, "<=", Decimal(0), "项"),
    ]
    assert counted(found, 4) == [
        (DutyKind.REDUCTION_TARGET, ">=", Decimal(5), "%"),
        (DutyKind.RATE_TARGET, "<=", Decimal("1.2"), "人/万车"),
        (count, ">=", Decimal(120), "公里"),
        (count, ">=", Decimal(35), "处"),
    ]
    assert counted(found, 5) == [
        (quota, Cadence.WEEK, 2, ">=", "次"),
        (quota, Cadence.HALF_MONTH, 1, ">=", "次"),
        (quota, Cadence.QUARTER, 1, ">=", "次"),
        (count, ">=", Decimal(60), "个", date(2027, 6, 30)),
    ]
    assert counted(found, 6) == [
        (quota, Cadence.YEAR, 1, ">=", "场"),
        (quota, Cadence.HALF_YEAR, 1, ">=", "次"),
        (quota, Cadence.HALF_YEAR, 2, ">=", "次"),
    ]
    assert counted(found, 7) == [
        (DutyKind.EVENT_TRIGGERED,),
        (DutyKind.EVENT_TRIGGERED,),
        (DutyKind.DEADLINE_TASK, date(2027, 12, 20)),
    ]
    assert found.flags == ()
    assert who(found, 2) == (slugs("committee_office"), slugs("city:member_unit"))
    assert who(found, 5) == (slugs("county:government", "emergency"), [])
    assert who(found, 6) == (slugs("emergency"), slugs("city:regulator"))


def test_an_article_that_names_nobody_is_flagged(pasted: Reading) -> None:
    (flag,) = flags(pasted, FlagKind.NO_UNIT)
    assert "值班值守" in flag.excerpt


def test_every_span_holds_the_words_of_its_duty(
    broken: Reading, clauses: Reading, pasted: Reading
) -> None:
    for found in (broken, clauses, pasted):
        for row in found.proposals:
            words = row.span.of(found.text)
            if not any(flag.span.touches(row.span) for flag in flags(found, FlagKind.INJECTED)):
                assert row.text == words
            article = found.articles[row.article - 1]
            assert article.body.start <= row.span.start < row.span.end <= article.body.end


@pytest.mark.parametrize(
    "clause",
    [
        "占比达到3/0以上",
        "实行24/7值守",
        "2026/05/01抄报结果",
        "每月抽查不少于999999999999次",
        "每月抽查不少于0次",
    ],
)
def test_figures_that_mean_no_share_and_no_quota_count_nothing(clause: str) -> None:
    found = draft(f"青岚市安全生产工作要点\n1.值班。{clause}。(市安委办牵头)", year=2026)
    assert counted(found, 1) == []


@pytest.mark.parametrize(
    ("clause", "due"),
    [
        ("2025年3月底前完成排查", date(2025, 3, 31)),
        ("0000年3月底前完成排查", date(2026, 3, 31)),
        ("13月底前完成排查", None),
    ],
)
def test_a_day_that_does_not_exist_is_no_deadline(clause: str, due: date | None) -> None:
    found = draft(f"青岚市安全生产工作要点\n1.排查。{clause}。(市安委办牵头)", year=2026)
    assert [row.quantity.due for row in found.proposals] == [due]


@pytest.mark.parametrize(
    ("clause", "days"),
    [
        ("接到交办事项后，15日内整改到位并反馈", [15]),
        ("自事故调查报告公布之日起三十日内，召开专题会议", [30]),
        ("对初步认定瞒报的事故七日以内提级调查", [7]),
        ("对重大隐患一律10个自然日内挂牌督办", [10]),
        ("凡发生较大事故的，两周之内开展追责问责", [14]),
        ("对重大隐患一律5个工作日内挂牌督办", [None]),
        ("对重大隐患一律一个月内挂牌督办", [None]),
        ("对重大隐患一律999日内挂牌督办", [None]),
        ("对重大隐患一律挂牌督办", [None]),
    ],
)
def test_in_how_many_days_after_its_event_a_duty_is_due(
    clause: str, days: list[int | None]
) -> None:
    found = draft(f"青岚市安全生产工作要点\n1.督办。{clause}。(市安委办牵头)", year=2026)

    assert [row.quantity.kind for row in found.proposals] == [DutyKind.EVENT_TRIGGERED]
    assert [row.quantity.within_days for row in found.proposals] == days


def test_a_day_of_each_month_is_no_period_after_an_event() -> None:
    found = draft(
        "青岚市安全生产工作要点\n1.通报。对黄牌单位每月5日内通报。(市安委办牵头)", year=2026
    )

    assert [row.quantity.within_days for row in found.proposals] == [None]
