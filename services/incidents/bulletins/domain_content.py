"""The content of a month's bulletin, made from its analysis alone: no figure is typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kernel.documents.content import Block, Chart, Document, Heading, Paragraph, Table
from kernel.documents.content import Series as Drawn
from services.incidents.bulletins.domain_notes import notes, targets
from services.incidents.bulletins.domain_wording import Language, percent, signed
from services.incidents.statistics.domain_analysis import Breakdown, Line
from services.incidents.statistics.domain_situation import Analysis

MOST_BARS = 14
"""More rows than these are not drawn; the table holds them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Under which number and when a bulletin was issued."""

    year: int
    number: int
    edition: int
    issued_on: date


def document(analysis: Analysis, issue: Issue | None, *, today: date, chinese: bool) -> Document:
    """The bulletin of a month; without an issue it is a draft."""
    say = Language(chinese=chinese)
    place = say(analysis.zh, analysis.en)
    month = say.month(analysis.month)
    return Document(
        title=say(f"{place}{month}安全生产事故形势分析", f"Work safety in {place}, {month}"),
        number=_number(issue, say),
        issuer=say(f"{place}安全生产委员会办公室", f"Work Safety Committee Office of {place}"),
        dated=say.day(issue.issued_on if issue else today),
        draft="" if issue else say("草稿，未印发", "DRAFT, NOT ISSUED"),
        page=say("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
        chinese=chinese,
        blocks=tuple(_blocks(analysis, say)),
    )


def _number(issue: Issue | None, say: Language) -> str:
    if issue is None:
        return say("未编号", "not numbered")
    again = "" if issue.edition == 1 else say("（更正）", " (corrected)")
    return say(
        f"〔{issue.year}〕第{issue.number}期{again}", f"No. {issue.number}/{issue.year}{again}"
    )


def _blocks(analysis: Analysis, say: Language) -> Iterator[Block]:
    yield Heading(text=say("一、总体情况", "1. Overview"))
    yield from _overview(analysis, say)
    yield Heading(text=say("二、按地区", "2. By place"))
    yield from _places(analysis, say)
    yield Heading(text=say("三、按行业领域", "3. By field"))
    yield from _part(analysis, "sector", say("行业领域", "Field"), say)
    yield Heading(text=say("四、按事故类型和等级", "4. By kind and grade"))
    yield from _part(analysis, "type", say("事故类型", "Kind"), say)
    yield from _part(analysis, "grade", say("事故等级", "Grade"), say, drawn=False)
    yield Heading(text=say("五、目标与预测", "5. Targets and forecast"))
    yield from targets(analysis, say)
    yield Heading(text=say("六、统计说明与核对", "6. Notes and reconciliation"))
    yield from notes(analysis, say)


def _overview(analysis: Analysis, say: Language) -> Iterator[Block]:
    total = analysis.total
    month, together = say.month(analysis.month), say.until(analysis.month)
    stop = say("。", ".")
    yield Paragraph(text=f"{month}{say('，', ': ')}{say.toll(total.month)}{stop}")
    if analysis.month.month > 1:
        yield Paragraph(text=f"{together}{say('，', ': ')}{say.toll(total.cumulative)}{stop}")
    graver = total.cumulative.now.graver
    yield Paragraph(
        text=say(
            f"其中较大及以上事故{graver}起；重伤{total.cumulative.now.serious_injuries}人，"
            f"直接经济损失{total.cumulative.now.direct_loss_wan:,.2f}万元。",
            f"Larger or graver accidents: {graver}. Serious injuries: "
            f"{total.cumulative.now.serious_injuries}. Direct loss: "
            f"{total.cumulative.now.direct_loss_wan:,.2f} ten thousand yuan.",
        )
    )
    yield _key_figures(analysis, say)
    yield from _curves(analysis, say)


def _key_figures(analysis: Analysis, say: Language) -> Table:
    month, together = analysis.total.month, analysis.total.cumulative
    names = (
        ("accidents", say("事故起数（起）", "Accidents")),
        ("graver", say("其中较大及以上（起）", "of them larger or graver")),
        ("deaths", say("死亡人数（人）", "Deaths")),
        ("serious_injuries", say("重伤人数（人）", "Serious injuries")),
    )
    rows = []
    for name, title in names:
        now, before = getattr(together.now, name), getattr(together.before, name)
        change = {"accidents": together.accidents, "deaths": together.deaths}.get(name)
        rows.append(
            (
                title,
                getattr(month.now, name),
                getattr(month.before, name),
                now,
                before,
                signed(now - before),
                percent(change.percent) if change else None,
            )
        )
    return Table(
        title=say("表1　主要指标", "Table 1. Key figures"),
        head=(
            say("指标", "Figure"),
            say("当月", "Month"),
            say("上年同月", "Year before"),
            say("累计", "Year so far"),
            say("上年同期", "Year before"),
            say("增减", "Change"),
            say("同比", "Change, %"),
        ),
        rows=tuple(rows),
    )


def _curves(analysis: Analysis, say: Language) -> Iterator[Chart]:
    year = analysis.month.year
    months = tuple(say.short(point.month) for point in analysis.series)
    for number, name, unit, now, before, issued in (
        (1, say("累计事故起数", "accidents so far"), say("起", "accidents"),
         "cumulative_accidents", "cumulative_accidents_before", "issued_accidents"),
        (2, say("累计死亡人数", "deaths so far"), say("人", "deaths"),
         "cumulative_deaths", "cumulative_deaths_before", "issued_deaths"),
    ):  # fmt: skip
        drawn = [
            Drawn(
                name=say(f"{year}年", str(year)),
                values=tuple(getattr(point, now) for point in analysis.series),
            ),
            Drawn(
                name=say(f"{year - 1}年", str(year - 1)),
                values=tuple(getattr(point, before) for point in analysis.series),
            ),
        ]
        as_issued = tuple(getattr(point, issued) for point in analysis.series)
        if any(value is not None for value in as_issued):
            drawn.append(Drawn(name=say("历次通报数", "as issued then"), values=as_issued))
        yield Chart(
            title=say(f"图{number}　{name}", f"Figure {number}. {name.capitalize()}"),
            unit=unit,
            shape="line",
            categories=months,
            series=tuple(drawn),
        )


_TABLES = {"region": 2, "park": 3, "sector": 4, "type": 5, "grade": 6}
_FIGURES = {"region": 3, "sector": 4, "type": 5}


def _places(analysis: Analysis, say: Language) -> Iterator[Block]:
    yield from _part(analysis, "region", say("地区", "Place"), say)
    if any(line.code for line in analysis.by("park").lines):
        yield Paragraph(
            text=say(
                "园区事故已计入所在县（市、区），合计中只计一次；下表另按园区列示。",
                "Accidents in parks are counted in the county they lie in, once in every total; "
                "the next table shows the same accidents by park.",
            )
        )
        yield from _part(analysis, "park", say("园区", "Park"), say, drawn=False)


def _part(
    analysis: Analysis, by: str, title: str, say: Language, *, drawn: bool = True
) -> Iterator[Block]:
    part = analysis.by(by)
    yield _table(analysis, part, title, say)
    shown = [line for line in part.lines if _moved(line)]
    if drawn and 1 < len(shown) <= MOST_BARS:
        yield _bars(analysis, shown, title, say, number=_FIGURES[by])


def _moved(line: Line) -> bool:
    return bool(line.cumulative.now.accidents or line.cumulative.before.accidents)


def _table(analysis: Analysis, part: Breakdown, title: str, say: Language) -> Table:
    lines = (*part.lines, analysis.total)
    number = _TABLES[part.by]
    return Table(
        title=say(
            f"表{number}　{say.until(analysis.month)}事故情况（按{title}）",
            f"Table {number}. {say.until(analysis.month)}, by {title.lower()}",
        ),
        head=(
            title,
            say("起数", "Accidents"),
            say("增减", "Change"),
            say("同比", "%"),
            say("死亡", "Deaths"),
            say("增减", "Change"),
            say("同比", "%"),
            say("较大以上", "Larger +"),
            say("当月起数", "This month"),
            say("当月死亡", "Deaths"),
        ),
        rows=tuple(_row(line, say) for line in lines),
        strong=(len(lines) - 1,),
    )


def _row(line: Line, say: Language) -> tuple[str | int | None, ...]:
    together, month = line.cumulative, line.month
    return (  # type: ignore[return-value]  # a Decimal never stands in these cells
        say(line.zh, line.en),
        together.now.accidents,
        signed(together.accidents.difference),
        percent(together.accidents.percent),
        together.now.deaths,
        signed(together.deaths.difference),
        percent(together.deaths.percent),
        together.now.graver,
        month.now.accidents,
        month.now.deaths,
    )


def _bars(
    analysis: Analysis, lines: list[Line], title: str, say: Language, *, number: int
) -> Chart:
    year = analysis.month.year
    return Chart(
        title=say(
            f"图{number}　累计事故起数（按{title}）",
            f"Figure {number}. Accidents so far, by {title.lower()}",
        ),
        unit=say("起", "accidents"),
        shape="bar",
        categories=tuple(say(line.zh, line.en) for line in lines),
        series=(
            Drawn(
                name=say(f"{year}年", str(year)),
                values=tuple(line.cumulative.now.accidents for line in lines),
            ),
            Drawn(
                name=say(f"{year - 1}年", str(year - 1)),
                values=tuple(line.cumulative.before.accidents for line in lines),
            ),
        ),
    )
