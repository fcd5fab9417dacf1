"""A chain as a picture: Mermaid for documents, SVG for screens. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from services.tasks.chains.domain import Basis, Link, Part

_WIDTH, _HEIGHT, _GAP, _MARGIN = 340, 52, 14, 20
_ROOM = _WIDTH - 24
_LABELS = {
    Part.LEAD: ("牵头监管", "leads"),
    Part.SUPPORTING: ("配合监管", "supports"),
    Part.TERRITORIAL: ("属地管理", "territory"),
}
_FILLS = {Part.LEAD: "#c62828", Part.SUPPORTING: "#1565c0", Part.TERRITORIAL: "#2e7d32"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One unit of the picture."""

    link: Link
    holder: str | None
    """As it may be shown to anybody."""


def mermaid(subject: str, boxes: Sequence[Box], *, chinese: bool) -> str:
    """A flow chart: the subject, and who answers for it, nearest first."""
    lines = ["flowchart LR", f'  subject["{_plain(subject)}"]']
    for box in boxes:
        link, label = box.link, _LABELS[box.link.part][0 if chinese else 1]
        arrow = "-.->" if link.basis is Basis.DECISION else "-->"
        lines.append(f'  u{link.position}["{_plain(_title(box, chinese=chinese))}"]')
        lines.append(f"  subject {arrow}|{label}| u{link.position}")
    return "\n".join(lines) + "\n"


def svg(subject: str, boxes: Sequence[Box], *, chinese: bool) -> str:
    """The subject on the left, a column of units on the right, a colour for each part."""
    height = _MARGIN * 2 + max(len(boxes), 1) * (_HEIGHT + _GAP)
    middle = height // 2
    parts = [_box(_MARGIN, middle - _HEIGHT // 2, "#37474f", subject, "")]
    for index, box in enumerate(boxes):
        top = _MARGIN + index * (_HEIGHT + _GAP)
        label = _LABELS[box.link.part][0 if chinese else 1]
        dashes = ' stroke-dasharray="6 4"' if box.link.basis is Basis.DECISION else ""
        parts.append(
            f'<path d="M{_MARGIN + _WIDTH} {middle} L{_MARGIN + _WIDTH + 120} '
            f'{top + _HEIGHT // 2}" stroke="{_FILLS[box.link.part]}" fill="none"{dashes}/>'
        )
        title = _title(box, chinese=chinese)
        parts.append(_box(_MARGIN + _WIDTH + 120, top, _FILLS[box.link.part], title, label))
    width = _MARGIN * 2 + _WIDTH * 2 + 120
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="14" role="img">{"".join(parts)}</svg>'
    )


def _title(box: Box, *, chinese: bool) -> str:
    name = box.link.name_zh if chinese else box.link.name_en
    return f"{name} · {box.holder}" if box.holder else name


def _box(left: int, top: int, fill: str, text: str, label: str) -> str:
    held = f'textLength="{_ROOM}" lengthAdjust="spacingAndGlyphs"' if _wide(text) else ""
    return (
        f"<g><title>{escape(text)}</title>"
        f'<rect x="{left}" y="{top}" width="{_WIDTH}" height="{_HEIGHT}" rx="6" fill="{fill}"/>'
        f'<text x="{left + 12}" y="{top + 22}" fill="#fff" {held}>{escape(text)}</text>'
        f'<text x="{left + 12}" y="{top + 42}" fill="#fff" font-size="12">{escape(label)}</text>'
        "</g>"
    )


def _wide(text: str) -> bool:
    """Whether a line would leave its box: a Chinese character is as wide as two Latin letters."""
    return sum(14 if ord(sign) > 0x2E80 else 8 for sign in text) > _ROOM


def _plain(text: str) -> str:
    """Text that cannot end a label or begin markup."""
    return escape(text, quote=True).replace("&#x27;", "'").replace("\n", " ")
