"""Which acts count for a duty. Pure; the rules themselves are rows of the packs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from kernel import calendar
from reference.national.evidencerows import CreditRule
from reference.terms import EvidenceKind, Term


class Uncounted(Term):
    """Why accepted evidence does not count, the first reason that holds."""

    OTHER_DAY = "other_day", "不在本周期内", "done outside of the period"
    OTHER_ACTIVITY = "other_activity", "不是规定的会议或活动类型", "another sort of act"
    JOINT = "joint", "联合开展，不计入本责任主体", "held together with others, counts for its host"
    FEW = "few", "参加人数不足", "too few attended"
    INCOMPLETE = "incomplete", "缺少规定的佐证种类", "a kind of evidence is missing"
    SAME_ACT = "same_act", "同一次活动已计入", "the same act counts already"
    TOO_CLOSE = "too_close", "同一时段内至多计一次", "another one of the same span counts already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One act that evidence was handed in for."""

    id: UUID
    happened_on: date | None = None
    happened_at: datetime | None = None
    activity: str | None = None
    kinds: frozenset[EvidenceKind] = frozenset()
    attending: int | None = None
    joint: bool = False
    """Whether it was held together with other subjects."""
    hosted: bool = True
    """Whether this subject is the one that held it."""

    @property
    def act(self) -> tuple[object, ...]:
        """The same for acts that only their time may tell apart.

        An act without a day is known by its papers.
        """
        if self.happened_on is None:
            return (self.id,)
        return self.activity, self.happened_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days on which something counts; None where one has no end."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date | None) -> bool:
        """Whether a day is among them. What has no day counts where no days are asked for."""
        if day is None:
            return self.first is None and self.last is None
        after = self.first is None or day >= self.first
        return after and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Which acts count, and why the others do not."""

    counted: tuple[Done, ...] = ()
    uncounted: dict[UUID, Uncounted] = field(default_factory=dict)


def tally(done: Iterable[Done], *, rule: CreditRule, span: Span) -> Tally:
    """Which of the accepted acts count: each once, as far apart as the rule says (platform).

    Of several that stand too close the earliest counts, so that no choice would count more; of
    one act that was handed in twice the piece that came first.
    """
    counted: list[Done] = []
    uncounted: dict[UUID, Uncounted] = {}
    acts: dict[tuple[object, ...], set[datetime | None]] = {}
    taken: set[tuple[date, date]] = set()
    for one in sorted(done, key=lambda one: (one.happened_on or date.min, one.id)):
        reason = by_itself(one, rule=rule, span=span)
        times = acts.setdefault(one.act, set())
        if reason is None and _is_same(one, times):
            reason = Uncounted.SAME_ACT
        # The last days that there are lie in no whole period: only days of the span are placed.
        place = _place(one, rule) if reason is None else None
        if place in taken:
            reason = Uncounted.TOO_CLOSE
        if reason is not None:
            uncounted[one.id] = reason
            continue
        counted.append(one)
        times.add(one.happened_at)
        if place is not None:
            taken.add(place)
    return Tally(counted=tuple(counted), uncounted=uncounted)


def _is_same(one: Done, times: set[datetime | None]) -> bool:
    """Whether an act counts already, by the times of those of its sort and day that do.

    An act whose time nobody said may be any of them. Once another piece says the time, that was
    its time: a third piece with another time is about another act.
    """
    if one.happened_at in times or (times and one.happened_at is None):
        return True
    if None in times:
        times.remove(None)
        times.add(one.happened_at)
        return True
    return False


def by_itself(one: Done, *, rule: CreditRule, span: Span) -> Uncounted | None:
    """Why an act does not count whatever else was done; None where it can (platform)."""
    if not span.holds(one.happened_on):
        return Uncounted.OTHER_DAY
    if rule.activities and one.activity not in rule.activities:
        return Uncounted.OTHER_ACTIVITY
    if one.joint and (rule.joint == "none" or (rule.joint == "host" and not one.hosted)):
        return Uncounted.JOINT
    if rule.least_attending is not None and (one.attending or 0) < rule.least_attending:
        return Uncounted.FEW
    if set(rule.needs) - one.kinds:
        return Uncounted.INCOMPLETE
    return None


def _place(one: Done, rule: CreditRule) -> tuple[date, date] | None:
    if rule.spacing is None or one.happened_on is None:
        return None
    return calendar.period_of(one.happened_on, rule.spacing)
