"""What a reorganisation may look like, and who answers for a unit that is no more. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from kernel.problems import Problem
from reference.terms import Term
from services.tasks.organisations.domain import NewUnit, PostFacts, UnitFacts


class Change(Term):
    """What becomes of units."""

    RENAME = "rename", "更名", "renamed"
    MOVE = "move", "划转", "moved"
    SPLIT = "split", "分设", "split"
    MERGE = "merge", "合并", "merged"


class ReorganisationRefused(Problem):
    """The units named do not fit the kind of change."""

    status = 422
    title_zh = "机构变更的单位与变更类型不符"
    title_en = "The units named do not fit that kind of change"


class CodeUsedBefore(Problem):
    """A unit that is no more keeps its code: what it did must not be taken for another's."""

    status = 409
    title_zh = "该代码曾属已撤销单位，不能再用"
    title_en = "That code belonged to a unit that is no more"


_FITS: Mapping[Change, Callable[[Sequence[str], Sequence[str]], bool]] = {
    Change.RENAME: lambda before, after: len(before) == 1 and list(after) == list(before),
    Change.MOVE: lambda before, after: len(before) == len(after) == 1 and after[0] != before[0],
    Change.SPLIT: lambda before, after: len(before) == 1 and len(after) > 1,
    Change.MERGE: lambda before, after: len(after) == 1 and set(before) != set(after),
}


def check(change: Change, *, before: Sequence[str], after: Sequence[str], heir: str) -> None:
    """Refuse what is no such change: wrong numbers, a unit named twice, an heir from elsewhere."""
    twice = len(set(before)) < len(before) or len(set(after)) < len(after)
    if twice or not before or not _FITS[change](before, after):
        raise ReorganisationRefused
    if heir not in after or (heir not in before and set(before) & set(after)):
        raise ReorganisationRefused(
            "承继单位须为变更后的单位；原单位保留的，由其自己承继。",
            "The heir is one of the units after the change; a unit that stays answers for itself.",
        )


def answers(unit: str, *, heirs: Mapping[str, str], standing: Callable[[str], bool]) -> str | None:
    """Who answers for what a unit owed: itself while it stands, else its heir's heir, and so on.

    None of a unit that nobody followed.
    """
    seen: set[str] = set()
    while not standing(unit):
        seen.add(unit)
        heir = heirs.get(unit)
        if heir is None or heir in seen:
            return None
        unit = heir
    return unit


def renamed(unit: NewUnit, *, name_zh: str, name_en: str) -> NewUnit:
    """The unit under another name, which its posts' labels follow."""
    facts = replace(unit.facts, name_zh=name_zh, name_en=name_en)
    return NewUnit(facts=facts, posts=_relabelled(unit, facts))


def moved(unit: NewUnit, *, to: UnitFacts) -> NewUnit:
    """The unit with its posts under another code and in another place.

    It also keeps the roles that were recorded of it, unless others are stated.
    """
    facts = replace(to, roles=unit.facts.roles) if to.roles is None else to
    return NewUnit(facts=facts, posts=_relabelled(unit, to))


def _relabelled(unit: NewUnit, to: UnitFacts) -> tuple[PostFacts, ...]:
    return tuple(
        replace(
            post,
            code=to.code + post.code.removeprefix(unit.facts.code),
            unit=to.code,
            label_zh=post.label_zh.replace(unit.facts.name_zh, to.name_zh),
            label_en=post.label_en.replace(unit.facts.name_en, to.name_en),
        )
        for post in unit.posts
    )
