"""The years that the title of a plan names, and the doubt when the plan is filed under another."""

import re

from services.tasks.drafts.domain_parts import Flag, FlagKind, Span

_FIGURES = str.maketrans("○零一二三四五六七八九", "00123456789")
_FIGURE = r"[\d○零一二三四五六七八九]"
_YEAR = rf"(?<!{_FIGURE})((?:19|20)\d\d)"
# 2024年, 2024-2026年, 2024年至2026年; not the day on which a page was put up.
_NAMED = re.compile(rf"{_YEAR}(?:年?度?[-—–~至到]{{1,2}}{_YEAR})?年(?!\d{{1,2}}月)")
_SENTENCE = re.compile("[,。;]")


def named(title: str) -> frozenset[int]:
    """The years that a title names, each of a range; none for a whole sentence, which is no title.

    The title is in the plan's one spelling: half-width figures without blanks around them.
    """
    if _SENTENCE.search(title):
        return frozenset()
    written = re.sub(rf"{_FIGURE}{{4}}", lambda four: four[0].translate(_FIGURES), title)
    return frozenset(
        year
        for found in _NAMED.finditer(written)
        for year in range(int(found[1]), int(found[2] or found[1]) + 1)
    )


def mismatch(text: str, title: Span, *, year: int) -> Flag | None:
    """A doubt about a title that names other years than the one the plan is filed under."""
    words = title.of(text)
    years = named(words)
    if not years or year in years:
        return None
    said = "、".join(str(one) for one in sorted(years))
    return Flag(
        kind=FlagKind.YEAR_MISMATCH,
        span=title,
        excerpt=words[:500],
        reason_zh=f"标题写明 {said} 年，导入年度为 {year} 年",
        reason_en=f"The title names {said.replace('、', ', ')}; the draft is filed under {year}",
    )
