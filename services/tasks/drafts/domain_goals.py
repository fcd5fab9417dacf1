"""The goals of a plan: what its opening words want of the place as a whole, before any article."""

import re
from collections.abc import Iterator

from reference import figures
from reference.terms import DutyKind
from services.tasks.drafts import domain_clauses, domain_numbers
from services.tasks.drafts.domain_parts import Quantity, Span

ARTICLE = 0
"""Where goals stand in the numbering: `0.1` is the first."""

KINDS = figures.MEASURED | {DutyKind.CONTINUOUS}
"""What a goal can be: it asks for a state of affairs, and nobody to do something so often."""

_CONTINUOUS = Quantity(kind=DutyKind.CONTINUOUS)
_WANTED = "坚决|确保|力争|努力|全力|有效|严格|实现|杜绝|遏制"
_STATE = "事故|伤亡|死亡|损失|形势"
_GOAL = re.compile(rf"^(?:{_WANTED})[^,]{{0,60}}(?:{_STATE})")
# 、 before a further wish ends the one before it: 坚决杜绝…、坚决遏制….
_NEXT = re.compile(rf"、(?=(?:{_WANTED}))")


def read(text: str, opening: Span, *, year: int) -> Iterator[tuple[Span, Quantity]]:
    """Every goal of a plan's opening words, in order, with its place."""
    for sentence in domain_clauses.sentences(text, opening):
        for clause in domain_clauses.clauses(text, sentence):
            for piece in _pieces(text, clause):
                if _GOAL.search(piece.of(text)):
                    yield from _quantities(text, piece, year=year)


def _pieces(text: str, clause: Span) -> Iterator[Span]:
    start = clause.start
    for found in _NEXT.finditer(text, clause.start, clause.end):
        yield Span(start, found.start())
        start = found.end()
    yield Span(start, clause.end)


def _quantities(text: str, piece: Span, *, year: int) -> Iterator[tuple[Span, Quantity]]:
    """Figures that move together are one goal: whoever corrects the draft may part them."""
    found = domain_numbers.quantities(text, piece, year=year)
    counted = [(at, what) for at, what in dict.fromkeys(found) if what.kind in KINDS]
    yield from counted or [(piece, _CONTINUOUS)]
