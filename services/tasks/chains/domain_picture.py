"""A chain as a picture: Mermaid for documents, SVG for screens. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from services.tasks.chains.domain import Basis, Charge, Link, Part

_WIDTH, _HEIGHT, _LINE, _GAP, _MARGIN = 340, 52, 18, 14, 20
"""A box is as much higher than its two lines as it has posts."""
_ROOM = _WIDTH - 24
_LABELS = {
    Part.LEAD: ("牵头监管", "leads"),
    Part.SUPPORTING: ("配合监管", "supports"),
    Part.TERRITORIAL: ("属地管理", "territory"),
}
_FILLS = {Part.LEAD: "#c62828", Part.SUPPORTING: "#1565c0", Part.TERRITORIAL: "#2e7d32"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A post in charge, and who holds it."""

    kind: Charge
    holder: str | None
    """As it may be shown to anybody; None while nobody is known to."""

    def words(self, *, chinese: bool) -> str:
        """The post and its holder in a line."""
        label = f"{self.kind.zh}：" if chinese else f"{self.kind.en}: "
        return f"{label}{self.holder or '—'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One unit of the picture."""

    link: Link
    seats: Sequence[Seat]
    """The posts in charge, each on a line of its own."""

    def lines(self, *, chinese: bool) -> list[str]:
        """The unit, then its posts."""
        name = self.link.name_zh if chinese else self.link.name_en
        return [name, *(seat.words(chinese=chinese) for seat in self.seats)]

    @property
    def height(self) -> int:
        """How high it is drawn."""
        return _HEIGHT + _LINE * len(self.seats)


def mermaid(subject: str, boxes: Sequence[Box], *, chinese: bool) -> str:
    """A flow chart: the subject, and who answers for it, nearest first."""
    lines = ["flowchart LR", f'  subject["{_plain(subject)}"]']
    for box in boxes:
        link, label = box.link, _LABELS[box.link.part][0 if chinese else 1]
        arrow = "-.->" if link.basis is Basis.DECISION else "-->"
        words = "<br/>".join(_plain(line) for line in box.lines(chinese=chinese))
        lines.append(f'  u{link.position}["{words}"]')
        lines.append(f"  subject {arrow}|{label}| u{link.position}")
    return "\n".join(lines) + "\n"


def svg(subject: str, boxes: Sequence[Box], *, chinese: bool) -> str:
    """The subject on the left, a column of units on the right, a colour for each part."""
    tall = sum(box.height + _GAP for box in boxes) or _HEIGHT + _GAP
    height, top = _MARGIN * 2 + tall, _MARGIN
    middle = height // 2
    parts = [_box(_MARGIN, middle - _HEIGHT // 2, "#37474f", [subject], "", high=_HEIGHT)]
    for box in boxes:
        label = _LABELS[box.link.part][0 if chinese else 1]
        dashes = ' stroke-dasharray="6 4"' if box.link.basis is Basis.DECISION else ""
        parts.append(
            f'<path d="M{_MARGIN + _WIDTH} {middle} L{_MARGIN + _WIDTH + 120} '
            f'{top + box.height // 2}" stroke="{_FILLS[box.link.part]}" fill="none"{dashes}/>'
        )
        left, lines = _MARGIN + _WIDTH + 120, box.lines(chinese=chinese)
        parts.append(_box(left, top, _FILLS[box.link.part], lines, label, high=box.height))
        top += box.height + _GAP
    width = _MARGIN * 2 + _WIDTH * 2 + 120
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="14" role="img">{"".join(parts)}</svg>'
    )


def _box(left: int, top: int, fill: str, lines: Sequence[str], label: str, *, high: int) -> str:
    """The first line large, the label below it, then whatever else there is to say."""
    small = "".join(
        _line(left, top + 42 + _LINE * index, line, size=12)
        for index, line in enumerate([label, *lines[1:]])
    )
    return (
        f"<g><title>{escape(' · '.join(lines))}</title>"
        f'<rect x="{left}" y="{top}" width="{_WIDTH}" height="{high}" rx="6" fill="{fill}"/>'
        f"{_line(left, top + 22, lines[0], size=14)}{small}</g>"
    )


def _line(left: int, top: int, text: str, *, size: int) -> str:
    held = f'textLength="{_ROOM}" lengthAdjust="spacingAndGlyphs"' if _wide(text, size) else ""
    return (
        f'<text x="{left + 12}" y="{top}" fill="#fff" font-size="{size}" {held}>'
        f"{escape(text)}</text>"
    )


def _wide(text: str, size: int) -> bool:
    """Whether a line would leave its box: a Latin letter is little more than half as wide."""
    return sum(size if ord(sign) > 0x2E80 else size * 4 / 7 for sign in text) > _ROOM


def _plain(text: str) -> str:
    """Text that cannot end a label or begin markup."""
    return escape(text, quote=True).replace("&#x27;", "'").replace("\n", " ")
