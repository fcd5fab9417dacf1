"""Sentences and clauses of an article, with brackets and quotations kept whole."""

import re
from collections.abc import Iterator, Sequence

from services.tasks.drafts.domain_parts import Span

_OPEN = {"(": ")", "“": "”", "《": "》", "〔": "〕", "【": "】"}
_MOST_ENCLOSED = 500
_SENTENCE = "。;!?\n"
_CLAUSE = ",:"
# 、 before somebody who in turn is told what to do starts a new clause.
_NEW_SUBJECT = re.compile(
    r"、(?=(?:所有|各级|各类|全体|各)[\u4e00-\u9fff()]{1,12}(?:都要|均要|应当|必须|要))"
)
_WITH_FIGURES = re.compile(r"\(([^()]{0,300}\d%[^()]{0,300})\)")


def sentences(text: str, span: Span) -> Iterator[Span]:
    """The sentences of a span; what a bracket lists with percentages is sentences of its own."""
    for outer in _split(text, span, _SENTENCE):
        inner = _WITH_FIGURES.search(text, outer.start, outer.end)
        if inner is None:
            yield outer
            continue
        yield Span(outer.start, inner.start())
        yield from _split(text, Span(*inner.span(1)), _SENTENCE + "、")
        yield Span(
            min(inner.end() + (text[inner.end() : inner.end() + 1] == ","), outer.end), outer.end
        )


def clauses(text: str, sentence: Span) -> Iterator[Span]:
    """The clauses of a sentence in order, without the marks between them."""
    for clause in _split(text, sentence, _CLAUSE):
        start = clause.start
        for found in _NEW_SUBJECT.finditer(text, clause.start, clause.end):
            yield Span(start, found.start())
            start = found.end()
        yield Span(start, clause.end)


def outside(body: Span, holes: Sequence[Span]) -> Iterator[Span]:
    """What is left of a span around some holes in order."""
    start = body.start
    for hole in holes:
        if hole.start > start:
            yield Span(start, hole.start)
        start = max(start, hole.end)
    if start < body.end:
        yield Span(start, body.end)


def _split(text: str, span: Span, marks: str) -> Iterator[Span]:
    """Cut at marks outside of brackets and quotations; one that never closes holds nothing."""
    start = at = span.start
    while at < span.end:
        closing = _OPEN.get(text[at])
        if closing is not None:
            end = text.find(closing, at, min(span.end, at + _MOST_ENCLOSED))
            at = end if end >= 0 else at
        elif text[at] in marks:
            yield from _trimmed(text, start, at)
            start = at + 1
        at += 1
    yield from _trimmed(text, start, span.end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start] in " \n、.。,:":
        start += 1
    while end > start and text[end - 1] in " \n":
        end -= 1
    if end - start > 1:
        yield Span(start, end)
