"""The content of a ranking or bulletin, made from what was frozen: no figure is typed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from kernel.documents.content import Block, Chart, Document, Heading, Paragraph, Series, Table
from services.tasks.indicators.domain import Period
from services.tasks.rankings.domain_wording import Language, signed

_NUMBERS = "一二三四五六七八九"
_MOST_BARS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A unit as it was ranked, with its points by indicator."""

    name: str
    rank: int | None
    tied: bool
    score: Decimal | None
    taken_off: Decimal
    unmeasured: int
    rank_before: int | None
    score_before: Decimal | None
    points: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A group in a bulletin: its indicators by code and name, and its units in order."""

    name: str
    indicators: Mapping[str, str]
    rules: Sequence[str]
    units: Sequence[Standing]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What is published, and how it is called."""

    place: str
    office: str
    called: str
    """The rhythm's own name: 通报, 排名."""
    period: Period
    number: int | None
    version: int
    year: int
    published_on: date | None
    today: date
    objections_until: date | None
    draft: bool
    carded: Sequence[str] = ()
    """Who has a card in effect, in words."""


def document(issue: Issue, sections: Sequence[Section], *, chinese: bool) -> Document:
    """The document in one language."""
    say = Language(chinese=chinese)
    period = say.period(issue.period)
    only = f"（{sections[0].name}）" if len(sections) == 1 and chinese else ""
    if len(sections) == 1 and not chinese:
        only = f": {sections[0].name}"
    called = issue.called[:1].upper() + issue.called[1:]
    return Document(
        title=say(
            f"{issue.place}{period}安全生产{issue.called}{only}",
            f"{called} of work safety, {issue.place}, {period}{only}",
        ),
        number=_number(issue, say),
        issuer=issue.office,
        dated=say.day(issue.published_on or issue.today),
        draft=say("草稿，未公布", "DRAFT, NOT PUBLISHED") if issue.draft else "",
        page=say("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
        chinese=chinese,
        blocks=tuple(_blocks(issue, sections, say)),
    )


def _number(issue: Issue, say: Language) -> str:
    if issue.number is None:
        return say("未编号", "not numbered")
    again = "" if issue.version == 1 else say("（更正）", " (corrected)")
    return say(
        f"〔{issue.year}〕第{issue.number}期{again}", f"No. {issue.number}/{issue.year}{again}"
    )


def _blocks(issue: Issue, sections: Sequence[Section], say: Language) -> Iterator[Block]:
    for place, section in enumerate(sections):
        yield Heading(
            text=say(f"{_NUMBERS[place]}、{section.name}", f"{place + 1}. {_named(section)}")
        )
        yield from _section(place + 1, section, say)
    last = len(sections)
    yield Heading(text=say(f"{_NUMBERS[last]}、说明", f"{last + 1}. Notes"))
    yield from _notes(issue, sections, say)


def _named(section: Section) -> str:
    return section.name[:1].upper() + section.name[1:]


def _section(number: int, section: Section, say: Language) -> Iterator[Block]:
    ranked = [unit for unit in section.units if unit.rank is not None]
    yield Paragraph(text=_summary(section, ranked, say))
    yield Table(
        title=say(f"表{number}－1　{section.name}排名", f"Table {number}-1. Ranking"),
        head=(
            say("单位", "Unit"),
            say("名次", "Rank"),
            say("得分", "Score"),
            say("名次升降", "Rank ±"),
            say("得分增减", "Score ±"),
            say("其中加减分", "Taken off"),
            say("无基数指标", "No base"),
        ),
        rows=tuple(
            (
                unit.name,
                _rank(unit, say),
                unit.score,
                say.risen(unit.rank_before, unit.rank),
                signed(unit.score_before, unit.score),
                unit.taken_off,
                unit.unmeasured,
            )
            for unit in section.units
        ),
        widths=(3.4, 1.1, 1.1, 1.1, 1.1, 1.2, 1.2),
    )
    if len(ranked) > 1:
        yield _chart(number, section, ranked, say)
    yield Table(
        title=say(f"表{number}－2　{section.name}分项得分", f"Table {number}-2. By indicator"),
        head=(say("单位", "Unit"), *section.indicators.values()),
        rows=tuple(
            (unit.name, *(unit.points.get(code) for code in section.indicators))
            for unit in section.units
        ),
        widths=(2.6, *(1.0 for _ in section.indicators)),
    )


def _chart(number: int, section: Section, ranked: Sequence[Standing], say: Language) -> Chart:
    """The scores as bars; of more units than can be told apart, those at both ends."""
    drawn, which_zh, which_en = ranked, "", ""
    if len(ranked) > _MOST_BARS:
        half = _MOST_BARS // 2
        drawn = (*ranked[:half], *ranked[-half:])
        which_zh, which_en = (
            f"（前{half}名和后{half}名）",
            f" of the first {half} and the last {half}",
        )
    return Chart(
        title=say(
            f"图{number}　{section.name}得分{which_zh}", f"Figure {number}. Scores{which_en}"
        ),
        unit=say("分（取整）", "points, rounded"),
        shape="bar",
        categories=tuple(unit.name for unit in drawn),
        series=(
            Series(name=say("得分", "Score"), values=tuple(_whole(unit.score) for unit in drawn)),
        ),
    )


def _rank(unit: Standing, say: Language) -> str | None:
    if unit.rank is None:
        return say("未测评", "none")
    return f"{unit.rank}{say('（并列）', ' (tied)')}" if unit.tied else str(unit.rank)


def _whole(score: Decimal | None) -> int | None:
    return (
        None if score is None else int(max(score, Decimal(0)).quantize(Decimal(1), ROUND_HALF_UP))
    )


def _summary(section: Section, ranked: Sequence[Standing], say: Language) -> str:
    missing = len(section.units) - len(ranked)
    text = say(
        f"参加测评{len(section.units)}个单位，形成名次{len(ranked)}个。",
        f"{len(section.units)} units were assessed; {len(ranked)} have a rank.",
    )
    if ranked:
        best = [unit.name for unit in ranked if unit.rank == 1]
        text += say(
            f"第1名：{'、'.join(best)}（{ranked[0].score}分）。",
            f" First: {', '.join(best)} ({ranked[0].score}).",
        )
    if missing:
        text += say(
            f"另有{missing}个单位本期无可测评事项，列于末尾，不排名次，也不按满分计算。",
            f" Of {missing} nothing could be measured: they are listed last, without a rank, and"
            " are not given full marks.",
        )
    return text


def _notes(issue: Issue, sections: Sequence[Section], say: Language) -> Iterator[Block]:
    yield Paragraph(
        text=say(
            "得分相同的并列，其后名次空出。比率指标按百分比乘以权重计分，"
            "以可测评指标的权重折算为百分制，再计加减分，总分低于零的计为零；分母为零的指标不计算。"
            "每一步保留两位小数，四舍五入。尚未到期的事项不计入。",
            "Equal scores share a rank and the next is left out. A rate earns its percentage times"
            " its weight; what could be measured is made a hundred, then points are taken off, down"
            " to zero. An indicator whose base is zero is not computed. Every step is rounded to"
            " two places, halves up. What was not due yet is not counted.",
        )
    )
    rules = "、".join(sorted({rule for section in sections for rule in section.rules}))
    yield Paragraph(text=say(f"规则版本：{rules}。", f"Versions of the rules: {rules}."))
    if issue.carded:
        named = say("；", "; ").join(issue.carded)
        yield Paragraph(text=say(f"处理情况：{named}。", f"Cards in effect: {named}."))
    if issue.objections_until is not None:
        until = say.day(issue.objections_until)
        yield Paragraph(
            text=say(
                f"被考核单位对得分或名次有异议的，可在{until}前（含当日）提出。",
                f"A unit may object to its score or rank up to and including {until}.",
            )
        )
