"""What a text is found by: pairs of neighbouring letters, which need no dictionary of words."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice, pairwise

LONGEST_TEXT = 20_000
"""Letters of one accident that are searched; all its reports together rarely have a tenth."""

MOST_GRAMS = 4_000
"""Different pairs kept of one accident."""

_RUN = re.compile(r"[^\W_]+")


def runs(text: str) -> Sequence[str]:
    """A text as runs of letters and digits, whatever their width and case.

    Punctuation, blanks and symbols separate: "４·29矿" is "4" and "29矿".
    """
    return _RUN.findall(unicodedata.normalize("NFKC", text).casefold())


def normal(parts: Iterable[str | None]) -> str:
    """Texts as they are compared: their runs, one blank between them, each text once."""
    once = dict.fromkeys(part for part in parts if part)
    return " ".join(run for part in once for run in runs(part))[:LONGEST_TEXT]


def grams(text: str) -> frozenset[str]:
    """Every pair of neighbours inside a run: "透水事故" has 透水, 水事 and 事故."""
    pairs = (a + b for run in runs(text) for a, b in pairwise(run))
    return frozenset(islice(dict.fromkeys(pairs), MOST_GRAMS))


def terms(query: str) -> Sequence[str]:
    """What all must stand in a text that a query finds: its runs, each once."""
    return tuple(dict.fromkeys(runs(query)))


def matches(text: str, query: Sequence[str]) -> bool:
    """Whether every term stands in a normal text, as the database decides it, too."""
    return all(term in text for term in query)
