"""What changed from one version of a plan to the next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

LIKE = 0.5
"""How alike two wordings must be, from 0 to 1, to be one duty reworded."""

FIELDS = (
    "kind",
    "metric",
    "subjects",
    "lead",
    "supporting",
    "cadence",
    "least",
    "comparator",
    "target",
    "unit",
    "trigger",
    "condition",
    "within_days",
    "due_on",
)
"""What a duty asks of whom, beside its words."""

GOAL_FIELDS = ("kind", "metric", "comparator", "target", "unit")
"""What a goal asks of all, beside its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A duty of one version: its number, its words, and everything else that may change."""

    code: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One duty in both versions, and each value that differs as (before, after)."""

    before: Asked
    after: Asked
    values: Mapping[str, tuple[object, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What was added, removed and changed; what is in none of them stayed."""

    added: tuple[Asked, ...]
    removed: tuple[Asked, ...]
    changed: tuple[Changed, ...]

    def __add__(self, other: "Changes") -> "Changes":
        """What either says."""
        return Changes(
            added=self.added + other.added,
            removed=self.removed + other.removed,
            changed=self.changed + other.changed,
        )


def alike(one: str, other: str) -> float:
    """How many pairs of neighbouring characters two wordings share, from 0 to 1."""
    return share(pairs(one), pairs(other))


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a wording, punctuation aside."""
    kept = "".join(char for char in text if char.isalnum())
    return frozenset(kept[n : n + 2] for n in range(len(kept) - 1)) or frozenset({kept})


def share(one: frozenset[str], other: frozenset[str]) -> float:
    """How many of their pairs two wordings have in common, from 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other))


def held(one: frozenset[str], other: frozenset[str]) -> float:
    """How many of the pairs of the shorter wording the longer one has, from 0 to 1.

    A plan says at length what a catalogue says in short: 对发生较大事故的单位及时组织开展专项巡查
    has most of 较大事故单位专项巡查, and is little like it as a whole.
    """
    return len(one & other) / min(len(one), len(other))


def changes(before: Sequence[Asked], after: Sequence[Asked]) -> Changes:
    """What is new, what is gone and what differs between two versions."""
    found = paired(before, after)
    kept, followed = {m for m, _ in found}, {n for _, n in found}
    differing = (_difference(before[m], after[n]) for m, n in found)
    changed = [row for row in differing if row.values]
    return Changes(
        added=tuple(row for n, row in enumerate(after) if n not in followed),
        removed=tuple(row for m, row in enumerate(before) if m not in kept),
        changed=tuple(sorted(changed, key=lambda row: _order(row.after.code))),
    )


def paired(before: Sequence[Asked], after: Sequence[Asked]) -> list[tuple[int, int]]:
    """Which duties of two versions are one, by place: by words, then number, then likeness."""
    left, right = dict(enumerate(before)), dict(enumerate(after))
    found: list[tuple[int, int]] = []
    for step in (_same_words, _same_code, _like):
        for m, n in list(step(left, right)):
            if m in left and n in right:
                del left[m], right[n]
                found.append((m, n))
    return found


_Rows = Mapping[int, Asked]


def _same_words(left: _Rows, right: _Rows) -> Iterator[tuple[int, int]]:
    """Of several with the same words, those first that have the same number and values."""
    by_words: dict[str, list[int]] = {}
    for n, row in right.items():
        by_words.setdefault(row.text, []).append(n)
    rated = [
        (row.code != right[n].code, _differing(row, right[n]), m, n)
        for m, row in left.items()
        for n in by_words.get(row.text, ())
    ]
    for _, _, m, n in sorted(rated):
        yield m, n


def _same_code(left: _Rows, right: _Rows) -> Iterator[tuple[int, int]]:
    by_code = {row.code: n for n, row in right.items()}
    for m, row in left.items():
        n = by_code.get(row.code)
        if n is not None and alike(row.text, right[n].text) >= LIKE:
            yield m, n


def _like(left: _Rows, right: _Rows) -> Iterator[tuple[int, int]]:
    theirs = {n: pairs(row.text) for n, row in right.items()}
    rated = []
    for m, row in left.items():
        mine = pairs(row.text)
        rated += [(share(mine, other), m, n) for n, other in theirs.items()]
    for alikeness, m, n in sorted(rated, key=lambda row: (-row[0], row[1], row[2])):
        if alikeness >= LIKE:
            yield m, n


def _difference(before: Asked, after: Asked) -> Changed:
    found: dict[str, tuple[object, object]] = {}
    if before.code != after.code:
        found["code"] = (before.code, after.code)
    if before.text != after.text:
        found["text"] = (before.text, after.text)
    for name in sorted({*before.values, *after.values}):
        one, other = before.values.get(name), after.values.get(name)
        if one != other:
            found[name] = (one, other)
    return Changed(before=before, after=after, values=found)


def _differing(one: Asked, other: Asked) -> int:
    names = {*one.values, *other.values}
    return sum(one.values.get(name) != other.values.get(name) for name in names)


def _order(code: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in code.split("."))
