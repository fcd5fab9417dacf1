"""How a measured duty stands: a pure judgement of what is known on a day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from reference.terms import DutyKind, Term
from services.tasks.measures import rules


class Verdict(Term):
    """Whether a target is met."""

    MET = "met", "达标", "met"
    NOT_MET = "not_met", "未达标", "not met"
    NOT_MEASURABLE = "not_measurable", "无法计量", "not measurable"


class Reason(Term):
    """Why there is no value."""

    NOTHING_DUE = "nothing_due", "没有到期事项，0/0 不计算比率", "nothing fell due: 0/0 is no rate"
    ZERO_BASE = "zero_base", "基数为零，不计算降幅", "the base is zero: there is no reduction of it"
    BASE_NOT_FROZEN = "base_not_frozen", "考核基数尚未冻结", "the base has not been frozen"
    NOTHING_REPORTED = (
        "nothing_reported",
        "尚无经认可的填报数据",
        "no figure was reported and accepted",
    )
    PLACE_NOT_TOLD = (
        "place_not_told",
        "事故数据未区分到该单位所在地",
        "accidents are not told apart for the unit's place",
    )
    NO_TARGET = "no_target", "未设数值目标", "no number is set as the target"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a duty holds a figure against."""

    kind: DutyKind
    comparator: str
    number: Fraction
    per: int = 100
    """Of a rate: how many of the whole it is said for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known on a day. A rate has two numbers; None is what nobody said."""

    count: int | None = None
    numerator: int | None = None
    denominator: int | None = None
    base: int | None = None
    unknown: Reason | None = None
    """Why what should be known is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The outcome, with an exact value or the reason why there is none."""

    verdict: Verdict
    value: Fraction | None
    reason: Reason | None = None


_Value = Fraction | Reason


def target_of(
    *, kind: DutyKind, comparator: str | None, number: str | None, per: int
) -> Target | None:
    """What a duty of a plan asks; None where it sets no number.

    That something must not happen needs none: it is at most 0.
    """
    if kind is DutyKind.PROHIBITION:
        comparator, number = comparator or "<=", number or "0"
    if comparator not in {">=", "<=", ">", "<", "=="} or number is None:
        return None
    try:
        return Target(kind=kind, comparator=comparator, number=Fraction(number), per=per)
    except ValueError:
        return None


def standing(target: Target | None, known: Known) -> Standing:
    """How a duty stands by what is known."""
    if target is None:
        return _unmeasurable(Reason.NO_TARGET)
    value = known.unknown or _VALUES[target.kind](target, known)
    if isinstance(value, Reason):
        return _unmeasurable(value)
    met = rules.meets(value, comparator=target.comparator, target=target.number)
    return Standing(verdict=Verdict.MET if met else Verdict.NOT_MET, value=value)


class Outcome(Term):
    """What becomes of an obligation when its period is over."""

    FULFILLED = "fulfilled", "已完成", "fulfilled"
    MISSED = "missed", "未完成", "missed"
    LEFT = "left", "保持原状", "left as it is"


def at_end(found: Standing, *, waits: bool = False) -> Outcome:
    """A target that is met is done; one that is not, or that nobody reported on, stays owed.

    Where nothing fell due, or there is nothing to measure from, a person says what becomes of it.
    `waits`: a figure was reported in time and nobody has looked at it, which is nobody's delay.
    """
    if found.verdict is Verdict.MET:
        return Outcome.FULFILLED
    if waits:
        return Outcome.LEFT
    if found.verdict is Verdict.NOT_MET or found.reason is Reason.NOTHING_REPORTED:
        return Outcome.MISSED
    return Outcome.LEFT


def _unmeasurable(reason: Reason) -> Standing:
    return Standing(verdict=Verdict.NOT_MEASURABLE, value=None, reason=reason)


def _rate(target: Target, known: Known) -> _Value:
    if known.numerator is None or known.denominator is None:
        return Reason.NOTHING_REPORTED
    value = rules.rate(known.numerator, known.denominator, per=target.per)
    return Reason.NOTHING_DUE if value is None else value


def _count(target: Target, known: Known) -> _Value:
    del target
    return Reason.NOTHING_REPORTED if known.count is None else Fraction(known.count)


def _reduction(target: Target, known: Known) -> _Value:
    del target
    if known.base is None:
        return Reason.BASE_NOT_FROZEN
    if known.count is None:
        return Reason.NOTHING_REPORTED
    value = rules.reduction(base=known.base, current=known.count)
    return Reason.ZERO_BASE if value is None else value


_VALUES: Mapping[DutyKind, Callable[[Target, Known], _Value]] = {
    DutyKind.RATE_TARGET: _rate,
    DutyKind.COUNT_TARGET: _count,
    DutyKind.REDUCTION_TARGET: _reduction,
    DutyKind.PROHIBITION: _count,
}
