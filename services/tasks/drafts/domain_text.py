"""The plan's text in one spelling: widths, blanks and lines; spans count in what comes out."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from services.tasks.drafts.domain_parts import Flag, FlagKind, Span

HIDDEN = "\u2063"
"""Stands where a document's reader took something out that nobody sees."""

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]+")
_AROUND_FIGURES = re.compile("(?<=[\u4e00-\u9fff]) (?=\\d)|(?<=[\\d%]) (?=[\u4e00-\u9fff])")
_BLANKS = re.compile("[ \t\u00a0\u2000-\u200a\u3000\x0b\x0c]+")
_WIDE = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}
_SPELLINGS = str.maketrans({**{chr(code): plain for code, plain in _WIDE.items()}, "〇": "0"})
_PAGE = re.compile(r"[-—– ]*(?:第? ?\d{1,4} ?页?)(?: ?[/共] ?\d{1,4} ?页?)?[-—– ]*")
_ENDS = tuple("。;:!?)”》")
_GOES_ON = ("、", ",")
_MARKED = re.compile(
    r"(?:第[一二三四五六七八九十百\d]+[章节条部]|[一二三四五六七八九十]+、|\(|\d+ ?[.、．])"
)
_BRACKETS = (("(", ")"), ("【", "】"), ("〔", "〕"))
_MOST_ENCLOSED = 600
_NARROW = 150
_FULL = 0.85
_LEAST_FULL = 3


def normalised(raw: str, hidden: Sequence[str] = ()) -> tuple[str, tuple[Flag, ...]]:
    """The text with half-width forms, single blanks and whole paragraphs, one a line.

    Invisible characters leave the text and are flagged where they stood, and so is what the
    signs in it stand for, in order.
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n").translate(_SPELLINGS)
    lines = [_blanked(line) for line in text.split("\n")]
    kept = _with_signs([line for line in lines if line and not _PAGE.fullmatch(line)])
    return _without_invisible("\n".join(_joined(kept)), iter(hidden))


def _blanked(line: str) -> str:
    """Blanks as a reader understands them: one is one, and around figures there is none."""
    return _AROUND_FIGURES.sub("", _BLANKS.sub(" ", line).strip())


def _with_signs(lines: list[str]) -> list[str]:
    """Let a line of nothing visible stand at the head of the next one."""
    kept: list[str] = []
    held = ""
    for line in lines:
        if _INVISIBLE.sub("", line):
            kept.append(held + line)
            held = ""
        else:
            held += line
    if held:
        kept.append(kept.pop() + held if kept else held)
    return kept


def _joined(lines: list[str]) -> list[str]:
    """Put back together what was broken at the width of a page, after a comma, in a bracket."""
    widths = [_width(line) for line in lines]
    full = max(widths, default=0) * _FULL
    narrow = full <= _NARROW and sum(width >= full for width in widths) >= _LEAST_FULL
    paragraphs: list[str] = []
    broken = False
    for line, width in zip(lines, widths, strict=True):
        if broken and not _MARKED.match(line):
            paragraphs[-1] += line
        else:
            paragraphs.append(line)
        at_margin = narrow and width >= full and not line.endswith(_ENDS)
        broken = at_margin or line.endswith(_GOES_ON) or _is_open(paragraphs[-1])
    return paragraphs


def _width(line: str) -> int:
    """In columns: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def _is_open(paragraph: str) -> bool:
    """Whether a bracket that was opened not long ago is still to be closed."""
    last = paragraph[-_MOST_ENCLOSED:]
    return any(last.rfind(opening) > last.rfind(closing) for opening, closing in _BRACKETS)


def _without_invisible(text: str, hidden: Iterator[str]) -> tuple[str, tuple[Flag, ...]]:
    pieces: list[str] = []
    flags: list[Flag] = []
    length = last = 0
    for found in _INVISIBLE.finditer(text):
        pieces.append(text[last : found.start()])
        length += found.start() - last
        last = found.end()
        flags.extend(_unseen(length, words) for words in _taken(found[0], hidden))
    pieces.append(text[last:])
    return "".join(pieces), tuple(flags)


def _taken(run: str, hidden: Iterator[str]) -> Iterator[str]:
    """What a run of invisible characters stood for; a byte order mark stands for nothing."""
    for _ in range(run.count(HIDDEN)):
        yield next(hidden, "")
    rest = run.replace(HIDDEN, "").replace("\ufeff", "")
    if rest:
        yield " ".join(f"U+{ord(char):04X}" for char in rest[:8])


def _unseen(at: int, excerpt: str) -> Flag:
    return Flag(
        kind=FlagKind.HIDDEN,
        span=Span(at, at),
        excerpt=excerpt[:500],
        reason_zh="此处有读者看不到的内容，已取出",
        reason_en="Content that readers cannot see stood here and was taken out",
    )
