"""Sections and articles: which numbering heads what, whatever style a city prints."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from services.tasks.drafts.domain_parts import Article, Section, Span

_DIGITS = "一二三四五六七八九十百零"
_MOST_TITLE = 45
_NOT_A_TITLE = re.compile(r"\d+ ?(?:次|%|[个家座户处])|每[年季月周半]|不少于|至少|前完成|,")
_TITLE = re.compile(r"^[^\n。,]{0,30}安全[^\n。,]{0,24}(?:要点|计划|方案|任务|意见)$", re.MULTILINE)


class _Style(StrEnum):
    CHAPTER = "chapter"
    CLAUSE = "clause"
    HAN = "han"
    HAN_IN_BRACKETS = "han_in_brackets"
    FIGURE = "figure"
    FIGURE_IN_BRACKETS = "figure_in_brackets"


_STYLES: tuple[tuple[_Style, re.Pattern[str]], ...] = (
    (_Style.CHAPTER, re.compile(rf"第([{_DIGITS}\d]+)[章部节] ?")),
    (_Style.CLAUSE, re.compile(rf"第([{_DIGITS}\d]+)条[ :、]?")),
    (_Style.HAN, re.compile(rf"([{_DIGITS}]+)[、.] ?")),
    (_Style.HAN_IN_BRACKETS, re.compile(rf"\(([{_DIGITS}]+)\)[、.]? ?")),
    (_Style.FIGURE, re.compile(r"(\d{1,3}) ?[.、]+ ?(?:(?!\d)|(?=\d{4} ?年))")),
    (_Style.FIGURE_IN_BRACKETS, re.compile(r"\((\d{1,3})\)[、.]? ?")),
)


@dataclass(frozen=True, slots=True)
class _Heading:
    style: _Style
    number: int
    label: str
    start: int
    """Where its line starts."""
    words: int
    """Where the words after the label start."""
    end: int
    """Where its line ends."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The title, the sections and the articles of a plan."""

    title: Span
    sections: tuple[Section, ...]
    articles: tuple[Article, ...]


def outline(text: str) -> Outline:
    """Read off how the plan numbers itself: articles below sections, or articles alone."""
    found = list(_headings(text))
    upper, lower = _levels(found)
    articles = [row for row in found if row.style is lower]
    sections = [row for row in found if upper is not None and row.style is upper]
    first = min((row.start for row in (*sections, *articles)), default=len(text))
    title = _plan_title(text, first)
    return Outline(
        title=title,
        sections=tuple(_sections(text, sections)),
        articles=tuple(_articles(text, articles, sections)),
    )


def _plan_title(text: str, before: int) -> Span:
    """The line before the first heading that names itself a plan, or the first line."""
    found = _TITLE.search(text, 0, before)
    if found:
        return Span(*found.span())
    end = text.find("\n", 0, before)
    return Span(0, end if end >= 0 else before)


def _headings(text: str) -> Iterator[_Heading]:
    start = 0
    for line in text.split("\n"):
        for style, pattern in _STYLES:
            found = pattern.match(line)
            if found:
                words = start + found.end()
                label = found[0].strip()
                yield _Heading(style, _number(found[1]), label, start, words, start + len(line))
                break
        start += len(line) + 1


def _levels(found: Sequence[_Heading]) -> tuple[_Style | None, _Style | None]:
    """Which style heads sections, if any, and which heads articles."""
    order = list(dict.fromkeys(row.style for row in found))
    if not order:
        return None, None
    if _Style.CLAUSE in order:
        upper = next((style for style in order if style is not _Style.CLAUSE), None)
        return (upper if order[0] is upper else None), _Style.CLAUSE
    if len(order) == 1:
        return None, order[0]
    running = [style for style in order[1:] if _runs_on(found, style)]
    return order[0], (running[0] if running else order[1])


def _runs_on(found: Sequence[_Heading], style: _Style) -> bool:
    """Whether a numbering runs on through the whole plan instead of starting anew."""
    numbers = [row.number for row in found if row.style is style]
    return len(numbers) > 1 and all(b > a for a, b in pairwise(numbers))


def _sections(text: str, rows: Sequence[_Heading]) -> Iterator[Section]:
    for number, row in enumerate(rows, start=1):
        yield Section(
            number=number,
            title=text[row.words : row.end].rstrip("。:"),
            span=Span(row.start, row.end),
            heading=Span(row.words, row.end),
        )


def _articles(
    text: str, rows: Sequence[_Heading], sections: Sequence[_Heading]
) -> Iterator[Article]:
    starts = [section.start for section in sections]
    bounds = sorted([row.start for row in (*rows, *sections)] + [len(text)])
    for number, row in enumerate(rows, start=1):
        end = bounds[bisect_right(bounds, row.start)]
        title_end, body = _title(text, row, end)
        yield Article(
            number=number,
            label=row.label,
            section=bisect_left(starts, row.start),
            title=text[row.words : title_end],
            span=Span(row.start, end),
            heading=Span(row.words, title_end),
            body=Span(body, end),
        )


def _title(text: str, row: _Heading, end: int) -> tuple[int, int]:
    """Where the title ends and the body starts; a first sentence too long is both."""
    closed = re.compile(r"[。:\n]").search(text, row.words, min(end, row.end + 1))
    stop = closed.start() if closed else min(row.end, end)
    alone = closed is not None and (text[stop] == "\n" or row.style is not _Style.CLAUSE)
    short = stop - row.words <= _MOST_TITLE and not _NOT_A_TITLE.search(text, row.words, stop)
    if closed is not None and alone and short and closed.end() < end:
        return stop, closed.end()
    return min(stop, row.words + _MOST_TITLE), row.words


def _number(written: str) -> int:
    return int(written) if written.isdigit() else han_number(written)


def han_number(written: str) -> int:
    """A number below a thousand in Chinese figures."""
    figures = {figure: value for value, figure in enumerate("零一二三四五六七八九")} | {"两": 2}
    total = current = 0
    for char in written:
        if char in "十百":
            total += (current or 1) * (10 if char == "十" else 100)
            current = 0
        else:
            current = figures[char]
    return total + current
