"""Whose name is published, and on which days a post has nobody. Pure."""

from collections.abc import Iterable, Sequence

from kernel.problems import Problem
from reference.terms import UnitKind
from services.tasks.organisations.domain_periods import Period, gaps, runs

_IN_CHARGE = frozenset({"principal", "deputy"})
_PRIVATE = frozenset({UnitKind.STATE_ENTERPRISE.value})


class PostOccupied(Problem):
    """A post has one holder a day: whoever holds it then is relieved first."""

    status = 409
    title_zh = "该岗位在此期间已有任职人"
    title_en = "Somebody holds the post on some of these days"


class AlreadyRelieved(Problem):
    """The holder was relieved before."""

    status = 409
    title_zh = "已免职"
    title_en = "Already relieved"


class LastDayWrong(Problem):
    """A term ends on or after the day on which it began, and not after the day it was to end."""

    status = 422
    title_zh = "免职日期不在任职期间内"
    title_en = "The last day does not lie in the term"


def published(*, post_kind: str, unit_kind: str) -> bool:
    """Whether it is public who holds a post: of those in charge of public bodies it is."""
    return post_kind in _IN_CHARGE and unit_kind not in _PRIVATE


def masked(name: str) -> str:
    """A name by its first character."""
    return name[:1] + "*" * max(len(name) - 1, 1)


def is_masked(name: str) -> bool:
    """Whether a name is one that was masked: nobody is called so."""
    return name == masked(name)


def vacancies(
    *, post: Sequence[Period], held: Iterable[Period], within: Period
) -> tuple[Period, ...]:
    """The days on which there was a post that nobody held, in order."""
    terms = tuple(held)
    found: list[Period] = []
    for run in runs(post):
        if not run.meets(within):
            continue
        lasts = [last for last in (run.last, within.last) if last is not None]
        inside = Period(first=max(run.first, within.first), last=min(lasts, default=None))
        found += gaps(terms, within=inside)
    return tuple(found)
