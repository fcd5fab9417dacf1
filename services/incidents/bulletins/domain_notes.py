"""What a bulletin says of targets and of its own figures: where they come from, and what is off."""

from collections.abc import Iterator
from decimal import Decimal

from kernel.documents.content import Block, Cell, Paragraph, Table
from reference.terms import Measure
from services.incidents.bulletins.domain_wording import Language, signed
from services.incidents.statistics.domain_situation import Analysis, FigureKind, Outlook, Target

_OUTLOOK = {
    Outlook.SAFE: ("预计可完成", "on course"),
    Outlook.OPEN: ("不确定", "open"),
    Outlook.MISSED: ("预计难以完成", "off course"),
}
_REASONS = {
    "zero_base": ("基数为0，不计算", "none: the base is 0"),
    "not_stated": ("外部数据未填报", "none: a figure from outside is missing"),
    "base_not_frozen": ("基数未冻结", "the base has not been frozen"),
}
_FIGURES = {
    FigureKind.PROVINCE_ACCIDENTS: ("全省事故起数（起）", "Accidents in the province"),
    FigureKind.PROVINCE_DEATHS: ("全省死亡人数（人）", "Deaths in the province"),
    FigureKind.CONSTRUCTION_OUTPUT: (
        "建筑业总产值（亿元）",
        "Construction output (hundred million yuan)",
    ),
}
_BREAKDOWNS = {
    "region": ("地区", "place"),
    "park": ("园区", "park"),
    "sector": ("行业领域", "field"),
    "industry": ("行业", "industry"),
    "type": ("事故类型", "kind"),
    "grade": ("事故等级", "grade"),
}
_PERIODS = {
    "month": ("当月", "this month"),
    "month_before": ("上年同月", "the month a year before"),
    "cumulative": ("累计", "the year so far"),
    "cumulative_before": ("上年同期", "the same months a year before"),
}
_MEASURES = {
    "accidents": ("起数", "accidents"),
    "graver": ("较大及以上起数", "larger or graver accidents"),
    "deaths": ("死亡人数", "deaths"),
    "serious_injuries": ("重伤人数", "serious injuries"),
    "direct_loss_wan": ("直接经济损失（万元）", "direct loss (ten thousand yuan)"),
}


def targets(analysis: Analysis, say: Language) -> Iterator[Block]:
    """The year's targets and where the year is heading."""
    if analysis.targets:
        yield Table(
            title=say("表7　年度目标完成情况", "Table 7. Targets of the year"),
            head=(
                say("目标", "Target"),
                say("要求", "Bound"),
                say("目前", "Now"),
                say("全年预测区间", "Year's range"),
                say("余量", "Room"),
                say("判断", "Verdict"),
            ),
            rows=tuple(_judged(target, say) for target in analysis.targets),
            widths=(3.2, 1.4, 1.6, 1.9, 0.8, 1.4),
        )
    else:
        yield Paragraph(
            text=say(
                "年度目标：系统中没有本地区本年度的控制指标，不作判断。",
                "Targets of the year: none are on record for this place, so none are judged.",
            )
        )
    yield from _base(analysis, say)
    yield from _rates(analysis, say)
    yield _forecast(analysis, say)


def _judged(target: Target, say: Language) -> tuple[Cell, ...]:
    return (
        f"{target.code} {say(target.zh, target.en)}",
        f"{_SIGNS[target.comparator]}{_plain(target.target)}{_unit(target, say)}",
        say(*_REASONS[target.reason]) if target.value is None and target.reason
        else _value(target.value, target, say),
        _range(target, say),
        target.room,
        _verdict(target, say),
    )  # fmt: skip


_SIGNS = {"<=": "≤", ">=": "≥", "<": "<", ">": ">", "==": "=", "in": "="}


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _unit(target: Target, say: Language) -> str:
    unit = Measure(target.unit)
    return "%" if unit is Measure.PERCENT else say(unit.zh, f" {unit.en}")


def _value(value: Decimal | None, target: Target, say: Language) -> Cell:
    return None if value is None else f"{_plain(value)}{_unit(target, say)}"


def _range(target: Target, say: Language) -> Cell:
    if target.low is None or target.high is None:
        return None
    ends = sorted((target.low, target.high))
    return say("至", " to ").join(str(_value(end, target, say)) for end in ends)


def _verdict(target: Target, say: Language) -> Cell:
    if target.outlook is not None:
        return say(*_OUTLOOK[target.outlook])
    if target.kept is None:
        return None
    return say("符合", "kept") if target.kept else say("不符合", "not kept")


def _base(analysis: Analysis, say: Language) -> Iterator[Block]:
    base = analysis.base
    if base is None:
        return
    frozen = say.day(base.frozen_at.date())
    yield Paragraph(
        text=say(
            f"压降基数：{frozen}冻结{base.accidents}起、{base.deaths}人；其后核销"
            f"{base.struck_off_accidents}起、{base.struck_off_deaths}人，"
            f"调整后为{base.adjusted_accidents}起、{base.adjusted_deaths}人。",
            f"Base of the reductions, frozen on {frozen}: {base.accidents} accidents, "
            f"{base.deaths} deaths. Struck off since: {base.struck_off_accidents} accidents, "
            f"{base.struck_off_deaths} deaths. Adjusted base: {base.adjusted_accidents} "
            f"accidents, {base.adjusted_deaths} deaths.",
        )
    )


def _rates(analysis: Analysis, say: Language) -> Iterator[Block]:
    closed, share = analysis.closed_on_time, analysis.share_of_province
    rate = say(*_REASONS["zero_base"]) if closed.percent is None else f"{closed.percent}%"
    yield Paragraph(
        text=say(
            f"按期结案：年内到期{_plain(closed.whole or Decimal())}起，按期结案{closed.part}起，"
            f"按期结案率：{rate}。",
            f"Cases due this year: {_plain(closed.whole or Decimal())}; closed in time: "
            f"{closed.part}; rate: {rate}.",
        )
    )
    if share.percent is not None and share.whole is not None:
        yield Paragraph(
            text=say(
                f"占全省比重：{share.part}起／{_plain(share.whole)}起，{share.percent}%"
                f"（来源：{share.source}）。",
                f"Share of the province: {share.part} of {_plain(share.whole)} accidents, "
                f"{share.percent}% (source: {share.source}).",
            )
        )
    if analysis.construction_death_rate is not None:
        yield Paragraph(
            text=say(
                f"建筑业百亿元产值死亡率：{analysis.construction_death_rate}人／百亿元。",
                "Deaths per ten billion yuan of construction output: "
                f"{analysis.construction_death_rate}.",
            )
        )


def _forecast(analysis: Analysis, say: Language) -> Paragraph:
    accidents, deaths = analysis.forecast_accidents, analysis.forecast_deaths
    return Paragraph(
        text=say(
            f"全年预测：事故{accidents.likely}起（{accidents.low}—{accidents.high}起），"
            f"死亡{deaths.likely}人（{deaths.low}—{deaths.high}人）。"
            "中值按今年以来月均推算，括号内为伽马-泊松法80%区间；"
            "一次多人死亡的事故会使死亡人数的实际区间更宽。",
            f"Forecast of the year: {accidents.likely} accidents ({accidents.low} to "
            f"{accidents.high}), {deaths.likely} deaths ({deaths.low} to {deaths.high}). The "
            "middle is the monthly average carried on, the range is the 80 per cent range of the "
            "gamma-Poisson rule; accidents with several deaths make that of deaths wider in truth.",
        )
    )


def notes(analysis: Analysis, say: Language) -> Iterator[Block]:
    """Strike-offs, revisions of issued figures, entries, sources, and whether all adds up."""
    gone = analysis.struck_off.cumulative.now
    yield Paragraph(
        text=say(
            f"核销：年内已核销事故{gone.accidents}起、{gone.deaths}人，不计入以上各表。",
            f"Struck off this year and in none of the tables: {gone.accidents} accidents, "
            f"{gone.deaths} deaths.",
        )
    )
    if analysis.left_out is not None:
        slight = analysis.left_out.cumulative.now.accidents
        yield Paragraph(
            text=say(
                f"暂不纳入统计：年内没有人员伤亡且直接经济损失未达统计标准的事故{slight}起，"
                "不计入以上各表。",
                "Not counted for now and in none of the tables, because nobody was harmed and "
                f"little was lost: {slight} accidents this year.",
            )
        )
    yield from _revision(analysis, say)
    entries = analysis.entries
    yield Paragraph(
        text=say(
            f"统计直报：当月应录入{entries.asked}起，逾期录入{entries.entered_late}起，"
            f"逾期补充完善{entries.completed_late}起。",
            f"Entries asked for this month: {entries.asked}; entered late: "
            f"{entries.entered_late}; completed late: {entries.completed_late}.",
        )
    )
    for stated in analysis.stated:
        yield Paragraph(
            text=say(
                f"外部数据：{_FIGURES[stated.kind][0]}{_plain(stated.value)}，"
                f"来源：{stated.source}。",
                f"From outside: {_FIGURES[stated.kind][1]}: {_plain(stated.value)}; "
                f"source: {stated.source}.",
            )
        )
    yield from _reconciliation(analysis, say)


def _revision(analysis: Analysis, say: Language) -> Iterator[Block]:
    seen = analysis.revision
    if seen is None:
        return
    yield Paragraph(
        text=say(
            f"与上期通报衔接：上期通报{say.until(seen.month)}为{seen.issued_accidents}起、"
            f"{seen.issued_deaths}人，现为{seen.now_accidents}起、{seen.now_deaths}人；"
            f"其中核销或并入{seen.left_accidents}起、{seen.left_deaths}人，"
            f"补报和数据变化{signed(seen.other_accidents)}起、{signed(seen.other_deaths)}人。",
            f"Against the last bulletin: {say.until(seen.month)} stood at "
            f"{seen.issued_accidents} accidents and {seen.issued_deaths} deaths and stands at "
            f"{seen.now_accidents} and {seen.now_deaths} now. Struck off or merged: "
            f"{seen.left_accidents} and {seen.left_deaths}; reported late or changed: "
            f"{signed(seen.other_accidents)} and {signed(seen.other_deaths)}.",
        )
    )


def _reconciliation(analysis: Analysis, say: Language) -> Iterator[Block]:
    if not analysis.discrepancies:
        yield Paragraph(
            text=say(
                "核对：各表分项之和与合计一致。",
                "Reconciled: the rows of every table add up to its total.",
            )
        )
        return
    yield Paragraph(
        text=say(
            "核对：下列分项之和与合计不一致，使用时请注意。",
            "Not reconciled: the rows below do not add up to the total. Use them with care.",
        )
    )
    yield Table(
        title=say("表8　核对差异", "Table 8. Differences"),
        head=(
            say("分组", "Table"),
            say("期间", "Period"),
            say("指标", "Figure"),
            say("合计", "Total"),
            say("分项之和", "Sum of rows"),
            say("差", "Difference"),
        ),
        rows=tuple(
            (
                say(*_BREAKDOWNS[each.by]),
                say(*_PERIODS[each.period]),
                say(*_MEASURES[each.measure]),
                _plain(Decimal(each.total)),
                _plain(Decimal(each.rows)),
                _plain(Decimal(each.rows - each.total)),
            )
            for each in analysis.discrepancies
        ),
        wide=3,
        widths=(1.2, 1.2, 2.2, 1, 1, 1),
    )
