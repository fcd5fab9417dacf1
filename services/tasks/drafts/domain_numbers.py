"""Numbers in a clause: quotas and cadences, rates, counts, reductions, bans and last days."""

import calendar
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from kernel.calendar import Cadence
from reference.terms import DutyKind
from services.tasks.drafts.domain_outline import han_number
from services.tasks.drafts.domain_parts import MOST_DAYS, MOST_TIMES, Quantity, Span

_PERIODS: tuple[tuple[str, Cadence], ...] = (
    ("半年|个?学期", Cadence.HALF_YEAR),
    ("季度|季", Cadence.QUARTER),
    ("半个?月|两周", Cadence.HALF_MONTH),
    ("个?月", Cadence.MONTH),
    ("个?周|个?星期", Cadence.WEEK),
    ("年度?|个?年", Cadence.YEAR),
)
_WITHIN = re.compile(r"年度?内|全年|本年度|年度(?=.{0,8}(?:不少于|至少))")
_NUMBER = r"(?<![\d.])(\d{1,12}(?:\.\d{1,6})?|[一二两三四五六七八九十]{1,5})"
_OFTEN = re.compile(rf"(?<!第){_NUMBER} ?([次轮场份遍篇期])(?!性|元|方|序|以下)")
_MOTTO = re.compile(
    r"(?:每|一)(半年|季度?|半月|月|周|年)[一1](?!次|轮|场|份|个|批|部|套)([\u4e00-\u9fff]{2})"
)
_YEARLY: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"(?:制定|编制|拟定|制订|印发)[^,]{0,24}(?:年度|当年)[^,]{0,14}(?:计划|清单|方案|要点)|开展计划执法"
        ),
        "份",
    ),
    (re.compile(r"(?:更新|修订|签订|公布|调整)[^,]{0,30}年度[^,]{0,10}(?:清单|计划|责任书)"), "次"),
    (re.compile(r"“[^”]{2,14}[月周日]”[^,]{0,60}活动"), "次"),
)
_PERCENT = re.compile(
    rf"{_NUMBER} ?%|百分之([一二三四五六七八九十百]{{1,6}})|"
    r"(?<![\d/])(\d{1,6})/(\d{1,6})(?![\d/])"
)
_RATE_WITHOUT_PERCENT = re.compile(
    r"([\u4e00-\u9fff]{2,16}率)(?:控制在|不超过|不高于|不大于|降至|降到|低于) ?"
    r"(\d{1,12}(?:\.\d{1,6})?)(?![\d.]*%)"
)
_PER = re.compile(r"(百亿元|亿元|十万人|万人|百万吨|万台|万车|百万工时)")
_WHOLE = re.compile(r"[\d一二三四五六七八九十]年(?:内)?(?:全覆盖|覆盖一遍|轮一遍)")
_COUNT = re.compile(
    r"(?<![\d.年月—-])(\d{1,12}(?:\.\d{1,6})?) ?(万|亿)?(?:余|多)?"
    r"(公里|千米|平方米|万元|亿元|米|座|个(?!自然日|工作日|月|周|小时)|家|户|处|项|台|套|辆|所|条|吨|人|名|支|批|起|栋|件|口|块)"
)
_KINDS_OF_PLACES = re.compile(
    r"县市区|区县|部门|乡镇|街道|园区|村|社区|行业|领域|单位|站点|项目|点位"
)
_AT_MOST = re.compile(r"以内|以下|不超过|不高于|控制在|低于(?!\d*%的)|不得超过")
_FEWER = re.compile(r"下降|压降|减少|降低")
_FEWER_WHAT = re.compile(r"起数|死亡|事故|违法行为|总量|伤亡|受伤|火灾|损失")
_SUMMED = re.compile(r"[一二三四五六七八九十\d]个 ?$")
_GRADES = re.compile(r"(?:一般或较低|较低或一般|一般或低)(?:安全)?风险")
_BANNED = re.compile(
    r"杜绝|不发生|不得|严禁|禁止|不能(?=许可|开工|上岗|生产|投入|审批)|零(?:事故|死亡|发生)|不准|一律不(?!予追)"
)
_GRAVE = re.compile(
    r"(?:坚决防范|防范遏制|防范和遏制|遏制|防止)[^,]{0,24}(?:较大|重大|重特大|特别重大)[^,]{0,14}(?:事故|伤亡|事件)"
)
_DAY = re.compile(
    r"(?:((?:19|20)\d{2})年)?(\d{1,2})月(?:(\d{1,2})日|份|底|中旬|末)?(?:之?前|以前|为止|完成)"
)
_YEAR_END = re.compile(r"年底前|到年底|年底以前|年内(?!不少于)|年终前|12月底前|本年度内")
_HALVES = (
    (re.compile(r"上半年(?:前|内|完成)?|6月底"), (6, 30)),
    (re.compile(r"下半年(?:内|完成)"), (12, 31)),
)
_AFTER = re.compile(
    r"(?<![\d.月])(\d{1,4}|[一二两三四五六七八九十]{1,5})个?(?:自然)?([日天周])[之以]?内"
)
_DAYS_OF = {"日": 1, "天": 1, "周": 7}
_QUARTER = re.compile(r"(?:第)?([一二三四])季度(?:末|内|前|底)")


def number(written: str) -> Decimal:
    """The value of Arabic or Chinese figures."""
    return Decimal(written if written[0].isdigit() else han_number(written))


def last_day(words: str, *, year: int) -> date | None:
    """The day by which a clause wants something, where it names one."""
    found = _DAY.search(words)
    if found:
        of_year, month = int(found[1] or year), int(found[2])
        if 1 <= month <= 12:
            end = calendar.monthrange(of_year, month)[1]
            named = int(found[3]) if found[3] else (15 if "中旬" in found[0] else end)
            return date(of_year, month, min(max(named, 1), end))
    if _YEAR_END.search(words):
        return date(year, 12, 31)
    for pattern, (month, day) in _HALVES:
        if pattern.search(words):
            return date(year, month, day)
    found = _QUARTER.search(words)
    if found:
        month = han_number(found[1]) * 3
        return date(year, month, calendar.monthrange(year, month)[1])
    return None


def days_after(words: str) -> int | None:
    """In how many days a clause wants something after an event, where it says so.

    Months and working days have no fixed number of days: a person says what they come to.
    """
    found = _AFTER.search(words)
    days = int(number(found[1])) * _DAYS_OF[found[2]] if found else 0
    return days if 1 <= days <= MOST_DAYS else None


def quantities(text: str, span: Span, *, year: int) -> tuple[tuple[Span, Quantity], ...]:
    """Everything counted in a clause, each with its place; nothing for a clause without numbers."""
    words = span.of(text)
    due = last_day(words, year=year)
    for find in (_mottoes, _rates, _quotas, _counts, _bans):
        found = tuple(find(words, due))
        if found:
            return tuple(
                (Span(span.start + at.start, span.start + at.end), what) for at, what in found
            )
    return ()


def _whole(words: str) -> Span:
    return Span(0, len(words))


def _mottoes(words: str, _: date | None) -> Iterator[tuple[Span, Quantity]]:
    for found in _MOTTO.finditer(words):
        yield Span(*found.span()), _quota(_cadence(found[1]), 1, "次")


def _quota(cadence: Cadence, least: int, unit: str) -> Quantity:
    return Quantity(
        kind=DutyKind.RECURRING_QUOTA, cadence=cadence, least=least, comparator=">=", unit=unit
    )


def _cadence(written: str) -> Cadence:
    return next(cadence for names, cadence in _PERIODS if re.fullmatch(names, written))


def _quotas(words: str, _: date | None) -> Iterator[tuple[Span, Quantity]]:
    every = re.search("每(?:" + "|".join(f"(?:{names})" for names, _ in _PERIODS) + ")", words)
    often = _OFTEN.search(words)
    cadence = _cadence(every[0][1:]) if every else None
    if cadence is None and _WITHIN.search(words):
        cadence = Cadence.YEAR
    if often:
        least = int(number(often[1]))
        if not 1 <= least <= MOST_TIMES:
            return
        floor = re.search(r"不少于|至少|不低于", words)
        if cadence is not None or least > 1 or floor:
            yield _whole(words), _quota(cadence or Cadence.YEAR, least, often[2])
        return
    if every and cadence is not None and not _FEWER.search(words):
        yield _whole(words), _quota(cadence, 1, "次")
        return
    for pattern, unit in _YEARLY:
        if pattern.search(words):
            yield _whole(words), _quota(Cadence.YEAR, 1, unit)
            return


def _rates(words: str, due: date | None) -> Iterator[tuple[Span, Quantity]]:
    bare = _RATE_WITHOUT_PERCENT.search(words)
    if bare:
        per = _PER.search(bare[1])
        unit = f"人/{per[1]}" if per and "死亡" in bare[1] else "%"
        yield _whole(words), _rate("<=", Decimal(bare[2]), unit, due)
        return
    found = [
        row
        for row in _PERCENT.finditer(words)
        if _is_share(row) and not _SUMMED.search(words[max(0, row.start() - 4) : row.start()])
    ]
    if not found:
        yield from _unnumbered(words, due)
        return
    if _FEWER.search(words) and _FEWER_WHAT.search(words):
        yield from _reductions(words, ">=", _percent(found[0]), due)
        return
    for segment, row in _segments(words, found):
        piece = segment.of(words)
        comparator = "<=" if _AT_MOST.search(piece) and "不低于" not in piece else ">="
        yield segment, _rate(comparator, _percent(row), "%", due)


def _unnumbered(words: str, due: date | None) -> Iterator[tuple[Span, Quantity]]:
    if "下降" in words and re.search(r"起数|总量|死亡人数|死亡率|违法行为|伤亡人数", words):
        yield from _reductions(words, ">", Decimal(0), due)
    elif _WHOLE.search(words):
        yield _whole(words), _rate(">=", Decimal(100), "%", due)
    elif _GRADES.search(words):
        # 化工园区安全风险等级: A high, B fairly high, C moderate, D fairly low.
        yield (
            _whole(words),
            Quantity(kind=DutyKind.CONTINUOUS, comparator="in", target="C,D", unit="园区风险等级"),
        )


def _rate(comparator: str, target: Decimal, unit: str, due: date | None) -> Quantity:
    return Quantity(
        kind=DutyKind.RATE_TARGET, comparator=comparator, target=target, unit=unit, due=due
    )


def _reductions(
    words: str, comparator: str, target: Decimal, due: date | None
) -> Iterator[tuple[Span, Quantity]]:
    """Accidents and deaths that fall together are two figures, each with its own base."""
    both = re.search(r"(?:起数|总量|事故数?)(?:和|、|及|与)(?:死亡人数|死亡)|双下降", words)
    for _ in range(2 if both else 1):
        yield (
            _whole(words),
            Quantity(
                kind=DutyKind.REDUCTION_TARGET,
                comparator=comparator,
                target=target,
                unit="%",
                due=due,
            ),
        )


def _is_share(found: re.Match[str]) -> bool:
    """Whether it is a percentage, or a fraction of at most a whole: 3/0 and 24/7 are none."""
    return found[3] is None or 0 < int(found[3]) <= int(found[4])


def _percent(found: re.Match[str]) -> Decimal:
    if found[3]:
        return Decimal(found[3]) * 100 / Decimal(found[4])
    return number(found[1] or found[2])


def _counts(words: str, due: date | None) -> Iterator[tuple[Span, Quantity]]:
    quoted = [row.span() for row in re.finditer(r"“[^”]{0,200}”", words)]
    found = [
        row
        for row in _COUNT.finditer(words)
        if not any(start <= row.start() < end for start, end in quoted)
    ]
    together = bool(re.search(r"对[^,]*$", words[: found[0].start()])) if found else False
    for segment, row in _segments(words, found):
        target = Decimal(row[1]) * {"万": 10_000, "亿": 100_000_000}.get(row[2] or "", 1)
        unit = row[3]
        place = _KINDS_OF_PLACES.match(words, row.end())
        if unit == "个" and place:
            unit += place[0]
        yield (
            _whole(words) if together else segment,
            Quantity(
                kind=DutyKind.COUNT_TARGET,
                comparator="<=" if _AT_MOST.search(segment.of(words)) else ">=",
                target=target,
                unit=unit,
                due=due,
            ),
        )


def _segments(words: str, found: list[re.Match[str]]) -> Iterator[tuple[Span, re.Match[str]]]:
    """Cut an enumeration so that each piece holds one number."""
    start = 0
    for row, after in zip(found, (*found[1:], None), strict=False):
        end = len(words)
        if after is not None:
            cut = max(words.rfind(mark, row.end(), after.start()) for mark in ("、", "和", ","))
            end = cut if cut >= 0 else after.start()
        yield Span(start, end), row
        start = min(end + 1, len(words))


def _bans(words: str, due: date | None) -> Iterator[tuple[Span, Quantity]]:
    if not (_BANNED.search(words) or _GRAVE.search(words)):
        return
    unit = "起"
    if not re.search(r"事故|事件|伤亡", words):
        unit = "家" if re.search(r"产能|落户|企业|入园", words) else "项"
    yield (
        _whole(words),
        Quantity(kind=DutyKind.PROHIBITION, comparator="<=", target=Decimal(0), unit=unit, due=due),
    )
