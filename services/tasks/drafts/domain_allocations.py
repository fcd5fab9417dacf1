"""Who leads and who supports: the brackets and lines with which a plan names its units."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.tasks.drafts.domain_naming import Names, looks_like_unit
from services.tasks.drafts.domain_parts import Allocation, Flag, FlagKind, Named, Span

_BRACKET = re.compile(r"[(〔【\[]((?:[^()〔〕【】\[\]\n]|\([^()\n]{0,30}\)){2,600})[)〕】\]]")
_LABEL = r"(?:牵头|主办|责任|配合|协办|参与|落实)(?:单位|部门|领导单位)"
_LINE = re.compile(
    rf"(?:^|(?<=[\n。;])) *(?:{_LABEL}:|[(〔【\[]{_LABEL}[)〕】\]]:?)[^\n]*", re.MULTILINE
)
_ROLE = re.compile(
    rf"{_LABEL}(?:[)〕】\]]:?|:)|"
    r"(?:依|按|按照)?职?责?(?:分工)?牵头(?:负责)?|(?:按|按照)?(?:职责)?分工负责|分别负责|共同负责|配合|协办|"
    r"严格履行[^,;。]{0,12}责任|负责"
)
_LABELS = ("牵头", "主办", "责任", "配合", "协办", "参与", "落实")
_ANNOUNCED = re.compile(rf"{_LABEL}:")
_CLOSES = re.compile(r"(?:牵头(?:负责)?|配合|负责|协办|责任)[。,;、 ]*$")
_TAIL = re.compile(
    r"(?:等(?:市级|市直|相关|有关|各|其他)*(?:部门|单位|职能部门)?(?:和单位)?等?)?"
    r"(?:依职责|按职责|按照职责|严格)?$"
)
_HEAD = re.compile(r"^(?:其中|会同|以及|及|和)")
_BY = re.compile(r"(?<!自)由")
_SEPARATORS = re.compile(r"[、,;。 \n(〔【\[]+")
_REMARK = re.compile(r"。[^。]*(?:均涉及|不再重复|另有规定)[^。]*$")


@dataclass(slots=True)
class _Roles:
    lead: list[Named] = field(default_factory=list)
    supporting: list[Named] = field(default_factory=list)


@dataclass(slots=True)
class Found:
    """The allocations of a stretch of text and the doubts about their names."""

    allocations: list[Allocation] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)


def allocations(text: str, body: Span, known: Names) -> Found:
    """Every bracket or line inside a body that says who leads and who supports."""
    found = Found()
    for span, inner in sorted(_places(text, body, known), key=lambda pair: pair[0].start):
        if any(span.overlap(kept.span) for kept in found.allocations):
            continue
        roles = _roles(text, inner, known, found.flags)
        if roles.lead or roles.supporting:
            found.allocations.append(
                Allocation(span=span, lead=tuple(roles.lead), supporting=tuple(roles.supporting))
            )
    found.allocations = list(_merged(text, found.allocations))
    return found


def _places(text: str, body: Span, known: Names) -> Iterator[tuple[Span, Span]]:
    for line in _LINE.finditer(text, body.start, body.end):
        yield Span(*line.span()), Span(*line.span())
    for bracket in _BRACKET.finditer(text, body.start, body.end):
        if _allocates(bracket[1], known):
            yield Span(*bracket.span()), Span(*bracket.span(1))


def _allocates(inner: str, known: Names) -> bool:
    if _ROLE.search(inner) and (_CLOSES.search(inner.split("。")[0]) or _ANNOUNCED.search(inner)):
        return True
    pieces = [piece for piece in _SEPARATORS.split(inner) if piece]
    return bool(pieces) and all(known.resolve(piece) for piece in pieces)


def _roles(text: str, inner: Span, known: Names, flags: list[Flag]) -> _Roles:
    """Names before a word of role bear that role; after a word with a colon, those behind it.

    Where nobody is said to lead, everybody named does.
    """
    roles = _Roles()
    remark = _REMARK.search(text, inner.start, inner.end)
    inner = Span(inner.start, remark.start() if remark else inner.end)
    words = list(_ROLE.finditer(text, inner.start, inner.end))
    # 责任单位 answer for it where nobody is said to lead, and support whoever is.
    led = any("牵头" in word[0] or "主办" in word[0] for word in words)
    heads = ("主办",) if led else ("责任单位", "责任部门")
    last = inner.start
    announced: list[Named] | None = None
    for word in words:
        # 某项工作由某单位牵头: what stands before 由 is the work.
        by = [found.end() for found in _BY.finditer(text, last, word.start())]
        here = list(_named(text, Span(max((last, *by)), word.start()), known, flags))
        last = word.end()
        leads = "牵头" in word[0] or word[0].startswith(heads)
        if word[0].startswith(_LABELS) and word[0][-1] in ":)〕】]":
            (announced if announced is not None else roles.lead).extend(here)
            announced = roles.lead if leads else roles.supporting
        elif announced is not None and not here:
            continue
        else:
            (roles.lead if leads else roles.supporting).extend(here)
    rest = list(_named(text, Span(last, inner.end), known, flags))
    (announced if announced is not None else roles.supporting).extend(rest)
    if not roles.lead:
        roles.lead, roles.supporting = roles.supporting, []
    return roles


def _named(text: str, span: Span, known: Names, flags: list[Flag]) -> Iterator[Named]:
    start = span.start
    for separator in (*_SEPARATORS.finditer(text, span.start, span.end), None):
        end = separator.start() if separator else span.end
        yield from _piece(text, Span(start, end), known, flags)
        start = separator.end() if separator else end


def _piece(text: str, span: Span, known: Names, flags: list[Flag]) -> Iterator[Named]:
    span = _trimmed(text, span, known)
    name = span.of(text)
    if not name:
        return
    codes = known.resolve(name)
    if not codes:
        parts = [part for part in _conjoined(text, span) if part.of(text)]
        if len(parts) > 1 and all(known.resolve(_trimmed(text, p, known).of(text)) for p in parts):
            for part in parts:
                yield from _piece(text, part, known, flags)
            return
    if codes or looks_like_unit(name):
        yield Named(text=name, span=span, code=codes[0] if len(codes) == 1 else None)
    if len(codes) != 1:
        flags.append(_doubt(name, span, codes))


def _trimmed(text: str, span: Span, known: Names) -> Span:
    name = span.of(text)
    if known.resolve(name):
        return span
    head = _HEAD.match(name)
    start = span.start + (
        head.end() if head and known.resolve(_tailless(name[head.end() :])) else 0
    )
    name = text[start : span.end]
    return (
        Span(start, span.end) if known.resolve(name) else Span(start, start + len(_tailless(name)))
    )


def _tailless(name: str) -> str:
    found = _TAIL.search(name)
    return name[: found.start()] if found and found.start() else name


def _conjoined(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    for found in re.compile(r"[和及与]").finditer(text, span.start, span.end):
        yield Span(start, found.start())
        start = found.end()
    yield Span(start, span.end)


def _doubt(name: str, span: Span, codes: tuple[str, ...]) -> Flag:
    if codes:
        return Flag(
            kind=FlagKind.AMBIGUOUS_UNIT,
            span=span,
            excerpt=name,
            reason_zh=f"“{name}”对应 {len(codes)} 个单位",
            reason_en="The name means more than one unit",
            candidates=codes,
        )
    return Flag(
        kind=FlagKind.UNKNOWN_UNIT,
        span=span,
        excerpt=name,
        reason_zh=f"没有名为“{name}”的单位",
        reason_en="No unit bears the name",
    )


def _merged(text: str, rows: list[Allocation]) -> Iterator[Allocation]:
    """A line of leads and the next line of supporters are one allocation."""
    held: Allocation | None = None
    for row in rows:
        if held is not None and not text[held.span.end : row.span.start].strip(" \n。;,"):
            held = Allocation(
                span=Span(held.span.start, row.span.end),
                lead=(*held.lead, *(() if held.lead else row.lead)),
                supporting=(*held.supporting, *(row.lead if held.lead else ()), *row.supporting),
            )
            continue
        if held is not None:
            yield held
        held = row
    if held is not None:
        yield held
