"""What a new kind of business is most like, by what it is called and what it does. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

MOST_OFFERED = 5
_WHOLE = 100
_WORD = re.compile(r"[a-z]{3,}")
_HAN = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A kind of business whose field is settled: of the catalogue, or by an earlier decision."""

    name: str
    """As people write it."""
    field: str
    """The chain that answers for it."""
    words: str
    """Everything it is called, for comparison."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How like a business is to one that is known, and in what."""

    known: Known
    score: int
    """0 to 100."""
    shared: tuple[str, ...]
    """The words that both have, the more telling first."""


def _words(text: str) -> frozenset[str]:
    """What a text is compared by: pairs of Chinese characters, and Latin words of three letters."""
    folded = text.casefold()
    runs = _HAN.findall(folded)
    pairs = (run[start : start + 2] for run in runs for start in range(max(len(run) - 1, 1)))
    return frozenset((*pairs, *_WORD.findall(folded)))


def alike(
    *, name: str, about: str, known: Collection[Known], most: int = MOST_OFFERED
) -> tuple[Likeness, ...]:
    """A new business belongs to the field whose business it is nearest to (Work Safety Law, 10).

    Words weigh the more the fewer kinds of business they occur in, so that "manufacture" and
    "service" say next to nothing. What it is called and what it does count alike. The best of
    each field, best first; fields with which nothing is shared are not named.
    """
    stock = [(one, _words(one.words)) for one in known]
    spread = Counter(word for _, held in stock for word in held)
    asked = _words(f"{name} {about}")
    best: dict[str, Likeness] = {}
    for one, held in stock:
        found = _likeness(one, held, asked, spread)
        before = best.get(one.field)
        if found is not None and (before is None or found.score > before.score):
            best[one.field] = found
    ranked = sorted(best.values(), key=lambda one: (-one.score, one.known.field))
    return tuple(ranked[:most])


def _likeness(
    one: Known, held: frozenset[str], asked: frozenset[str], spread: Mapping[str, int]
) -> Likeness | None:
    shared = held & asked
    if not shared:
        return None
    share = _weight(shared, spread) / min(_weight(held, spread), _weight(asked, spread))
    telling = sorted(shared, key=lambda word: (spread[word], word))
    return Likeness(known=one, score=round(_WHOLE * min(share, 1)), shared=tuple(telling))


def _weight(chosen: Iterable[str], spread: Mapping[str, int]) -> float:
    return sum(1 / (spread[word] or 1) for word in chosen)


def nearest(found: Sequence[Likeness]) -> Likeness | None:
    """The one to propose: the best, unless two fields are equally near (Work Safety Law, 10)."""
    if not found or (len(found) > 1 and found[0].score == found[1].score):
        return None
    return found[0]
