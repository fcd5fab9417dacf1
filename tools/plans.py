"""How well the importer of plans reads: its draft beside a decomposition made by hand.

    python -m tools.plans REFERENCE.yaml PLAN

The plan may be any document that the service reads, and is read as the service does, with the
units of the current city's pack. Duties are paired one to one where their places in the text
overlap by at least half of the shorter; among the possible pairs those that agree most are
taken. Exits with 1 when a goal is missed.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from reference import units
from reference.terms import DutyKind
from services.tasks.drafts import operations_intake, reading
from services.tasks.drafts.domain_parts import FlagKind, Proposal, Reading, Span

GOALS = {"articles": 1.0, "injected": 1.0} | dict.fromkeys(
    ("goals", "units", "kinds", "quotas", "cadences", "numbers"), 0.95
)
_BLANK = re.compile(r"\s")
_LEAST_OVERLAP = 0.5


@dataclass(frozen=True, slots=True)
class Score:
    """How many were expected, proposed, and both."""

    name: str
    expected: int
    proposed: int
    right: int

    @property
    def recall(self) -> float:
        """The share of what was expected that was found."""
        return self.right / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        """The share of what was proposed that was expected."""
        return self.right / self.proposed if self.proposed else 1.0


@dataclass(frozen=True, slots=True)
class Expected:
    """A duty of the reference with its place in the normalised text."""

    row: Mapping[str, Any]
    article: int
    span: Span


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores, the pairs they were made from, and what was missed."""

    scores: tuple[Score, ...]
    misses: tuple[str, ...]

    def score(self, name: str) -> Score:
        """One score by its name."""
        return next(score for score in self.scores if score.name == name)

    def missed(self) -> list[str]:
        """The goals that were not reached."""
        return [name for name, least in GOALS.items() if self.score(name).recall < least]


def read(plan: Path, *, year: int) -> Reading:
    """The draft of a plan, as the service makes it of the same document."""
    roll = units.roll(on=date(year, 7, 1))
    return operations_intake.proposed(reading.read(plan.read_bytes()), year=year, roll=roll)


def paired(reference: Mapping[str, Any], found: Reading) -> Mapping[str, Proposal]:
    """Which proposal each duty of the reference is, by its number."""
    return _paired(list(_expected(reference, found)), found.proposals)


def evaluate(reference: Mapping[str, Any], found: Reading) -> Evaluation:
    """Compare a draft with the reference, item by item."""
    expected = list(_expected(reference, found))
    pairs = _paired(expected, found.proposals)
    names = _canonical(reference)
    misses: list[str] = []
    scores = (
        _articles(reference, found),
        _goals(reference, found, misses),
        Score("duties", len(expected), len(found.proposals), len(pairs)),
        _measured(expected, found.proposals, pairs),
        _metrics(expected, found, pairs, misses),
        _units(expected, pairs, found, names, misses),
        *(
            _field(name, expected, pairs, found.proposals, misses)
            for name in ("kinds", "quotas", "cadences", "numbers", "deadlines")
        ),
        _injected(reference, found, misses),
    )
    return Evaluation(scores, tuple(misses))


def _expected(reference: Mapping[str, Any], found: Reading) -> Iterator[Expected]:
    for article in reference["articles"]:
        place = next((row for row in found.articles if row.number == article["no"]), None)
        for row in article["duties"]:
            span = _place(found.text, place.span, row["text"]) if place else None
            yield Expected(row, article["no"], span or Span(-1, -1))


def _place(text: str, within: Span, words: str) -> Span | None:
    """Where words stand in a stretch of the text, blanks aside."""
    kept = [at for at in range(within.start, within.end) if not text[at].isspace()]
    start = "".join(text[at] for at in kept).find(_BLANK.sub("", words))
    if start < 0:
        return None
    return Span(kept[start], kept[start + len(_BLANK.sub("", words)) - 1] + 1)


def _paired(expected: Sequence[Expected], proposals: Sequence[Proposal]) -> Mapping[str, Proposal]:
    rated = []
    for wanted in expected:
        for proposal in proposals:
            if proposal.article != wanted.article:
                continue
            common = wanted.span.overlap(proposal.span)
            sizes = (wanted.span.end - wanted.span.start, proposal.span.end - proposal.span.start)
            if common and common >= _LEAST_OVERLAP * min(sizes):
                agreed = sum(
                    _value(name, wanted.row) == _proposed(name, proposal) for name in _FIELDS
                )
                rated.append((agreed, common / max(sizes), wanted.row["id"], proposal))
    pairs: dict[str, Proposal] = {}
    taken: set[str] = set()
    for _, _, wanted_id, proposal in sorted(rated, key=lambda row: (-row[0], -row[1])):
        if wanted_id not in pairs and proposal.code not in taken:
            pairs[wanted_id] = proposal
            taken.add(proposal.code)
    return pairs


def _value(name: str, row: Mapping[str, Any]) -> object:
    """What the reference says of one field; None where it says nothing."""
    if name == "kinds":
        return row["kind"]
    if name == "quotas":
        return (row["min_count"], row["unit"]) if row["min_count"] is not None else None
    if name == "cadences":
        return row["cadence"]
    if name == "numbers":
        if row["target_value"] is None:
            return None
        target = row["target_value"]
        number = target if isinstance(target, str) else Decimal(str(target))
        return (row["comparator"], number, row["unit"])
    return row["due"] if row.get("due_basis") == "stated" else None


def _proposed(name: str, proposal: Proposal) -> object:
    what = proposal.quantity
    if name == "kinds":
        return what.kind.value
    if name == "quotas":
        return (what.least, what.unit) if what.least is not None else None
    if name == "cadences":
        return what.cadence.value if what.cadence else None
    if name == "numbers":
        return (what.comparator, what.target, what.unit) if what.target is not None else None
    return what.due


_FIELDS = ("kinds", "quotas", "cadences", "numbers", "deadlines")


def _field(
    name: str,
    expected: Sequence[Expected],
    pairs: Mapping[str, Proposal],
    proposals: Sequence[Proposal],
    misses: list[str],
) -> Score:
    wanted = [row for row in expected if _value(name, row.row) is not None]
    right = 0
    for row in wanted:
        proposal = pairs.get(row.row["id"])
        value = _proposed(name, proposal) if proposal else "nothing"
        if value == _value(name, row.row):
            right += 1
        else:
            misses.append(f"{name} {row.row['id']}: {_value(name, row.row)!s}, found {value!s}")
    return Score(name, len(wanted), sum(_proposed(name, p) is not None for p in proposals), right)


def _measured(
    expected: Sequence[Expected], proposals: Sequence[Proposal], pairs: Mapping[str, Proposal]
) -> Score:
    """The duties that do not just go on: those with a number, a day or an event."""
    wanted = [row for row in expected if row.row["kind"] != "continuous"]
    right = sum(
        row.row["id"] in pairs and pairs[row.row["id"]].quantity.kind == row.row["kind"]
        for row in wanted
    )
    proposed = sum(row.quantity.kind is not DutyKind.CONTINUOUS for row in proposals)
    return Score("measured", len(wanted), proposed, right)


def _metrics(
    expected: Sequence[Expected], found: Reading, pairs: Mapping[str, Proposal], misses: list[str]
) -> Score:
    """By which a duty is counted, as the most like one of the pack's plans is."""
    rows = zip(found.asked, operations_intake.likenesses(found), strict=True)
    like = {proposal.code: one.metric for proposal, one in rows if one.metric and proposal.article}
    right = 0
    for row in expected:
        metric = like.get(pairs[row.row["id"]].code) if row.row["id"] in pairs else None
        right += metric == row.row["metric"]
        if metric != row.row["metric"]:
            misses.append(f"metrics {row.row['id']}: {row.row['metric']}, found {metric}")
    return Score("metrics", len(expected), len(like), right)


def _articles(reference: Mapping[str, Any], found: Reading) -> Score:
    wanted = {(row["no"], row["section"]) for row in reference["articles"]}
    proposed = {(row.number, row.section) for row in found.articles}
    return Score("articles", len(wanted), len(proposed), len(wanted & proposed))


def _goals(reference: Mapping[str, Any], found: Reading, misses: list[str]) -> Score:
    """What the opening words want: by place, kind and number."""
    wanted = reference.get("preamble", {}).get("goals", ())
    right = 0
    for row in wanted:
        place = _place(found.text, Span(0, len(found.text)), row["text"])
        here = [goal for goal in found.goals if place and place.overlap(goal.span)]
        said = [(_value("kinds", row), _value("numbers", row))]
        if [(_proposed("kinds", goal), _proposed("numbers", goal)) for goal in here] == said:
            right += 1
        else:
            misses.append(f"goals {row['id']}: {said}, found {[goal.quantity for goal in here]}")
    return Score("goals", len(wanted), len(found.goals), right)


def _canonical(reference: Mapping[str, Any]) -> Mapping[str, str]:
    return {
        name: row["name"] for row in reference["units"] for name in (row["name"], *row["aliases"])
    }


def _units(
    expected: Sequence[Expected],
    pairs: Mapping[str, Proposal],
    found: Reading,
    names: Mapping[str, str],
    misses: list[str],
) -> Score:
    """Units by duty and role; one that the importer resolves to nobody is not counted as found."""
    total = right = proposed = 0
    for row in expected:
        wanted = {("lead", names[name]) for name in row.row["lead_units"]}
        wanted |= {("support", names[name]) for name in row.row["support_units"]}
        here = _named(found, pairs[row.row["id"]], names) if row.row["id"] in pairs else set()
        total, right, proposed = (
            total + len(wanted),
            right + len(wanted & here),
            proposed + len(here),
        )
        misses.extend(
            f"units {row.row['id']}: {role} {name}" for role, name in sorted(wanted - here)
        )
    return Score("units", total, proposed, right)


def _named(found: Reading, proposal: Proposal, names: Mapping[str, str]) -> set[tuple[str, str]]:
    if proposal.allocation is None:
        return set()
    article = next(row for row in found.articles if row.number == proposal.article)
    allocation = article.allocations[proposal.allocation]
    return {
        (role, names.get(named.text, named.text))
        for role, rows in (("lead", allocation.lead), ("support", allocation.supporting))
        for named in rows
        if named.code is not None
    }


def _injected(reference: Mapping[str, Any], found: Reading, misses: list[str]) -> Score:
    """The strings that the reference says were put in, by their number; none left in a duty."""
    flags = [flag for flag in found.flags if flag.kind is FlagKind.INJECTED]
    said = int(re.search(r"共(\d+)处", reference["plan"]["cleaning_note"])[1])  # type: ignore[index]
    strings = {flag.excerpt for flag in flags}
    leaked = [row.code for row in found.proposals if any(word in row.text for word in strings)]
    titles = [found.title, *(row.title for row in found.sections)]
    titles += [row.title for row in found.articles]
    leaked += [title for title in titles if any(word in title for word in strings)]
    misses.extend(f"injected: left in {place}" for place in leaked)
    return Score("injected", said, len(flags), 0 if leaked else min(said, len(flags)))


def report(result: Evaluation) -> str:
    """The figures as a table."""
    lines = [
        f"{'':<12}{'expected':>9}{'proposed':>9}{'right':>7}{'precision':>11}{'recall':>9}{'goal':>7}"
    ]
    for row in result.scores:
        goal = f"{GOALS[row.name]:>7.0%}" if row.name in GOALS else ""
        lines.append(
            f"{row.name:<12}{row.expected:>9}{row.proposed:>9}{row.right:>7}"
            f"{row.precision:>11.1%}{row.recall:>9.1%}{goal}"
        )
    return "\n".join(lines)


def main() -> None:
    """Read, compare, print; every miss with --misses."""
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    asked.add_argument("reference", type=Path)
    asked.add_argument("plan", type=Path)
    asked.add_argument("--misses", action="store_true", help="also print what was missed")
    given = asked.parse_args()
    reference = yaml.safe_load(given.reference.read_text("utf-8"))
    result = evaluate(reference, read(given.plan, year=reference["plan"]["year"]))
    print(report(result))
    if given.misses:
        print("\n".join(result.misses))
    sys.exit(1 if result.missed() else 0)


if __name__ == "__main__":
    main()
