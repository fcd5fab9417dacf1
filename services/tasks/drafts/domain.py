"""The life of a draft, of a duty proposed in it, and of a doubt about a place in its text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from kernel.problems import Problem
from services.tasks.drafts.domain_parts import FlagKind, Span


class DraftStatus(StrEnum):
    """Where a draft stands."""

    OPEN = "open"  # 核对中
    ISSUED = "issued"  # 已印发
    DISCARDED = "discarded"  # 已作废


class DraftAction(StrEnum):
    """What is done with a draft."""

    CORRECT = "correct"  # 修改
    ISSUE = "issue"  # 印发
    DISCARD = "discard"  # 作废


class DutyStatus(StrEnum):
    """Where a proposed duty stands."""

    PROPOSED = "proposed"  # 待核对
    ACCEPTED = "accepted"  # 已采纳
    CHANGED = "changed"  # 已修改
    SPLIT = "split"  # 已拆分
    DROPPED = "dropped"  # 不采纳


class DutyAction(StrEnum):
    """What a person does with a proposed duty."""

    ACCEPT = "accept"  # 采纳
    CHANGE = "change"  # 修改
    SPLIT = "split"  # 拆分
    DROP = "drop"  # 不采纳
    RESTORE = "restore"  # 恢复


class FlagStatus(StrEnum):
    """Whether a doubt is settled."""

    OPEN = "open"  # 待处理
    SETTLED = "settled"  # 已处理


class FlagAction(StrEnum):
    """What is done with a doubt."""

    SETTLE = "settle"  # 处理
    REOPEN = "reopen"  # 重新打开


class Resolution(StrEnum):
    """How a doubt was settled."""

    REMOVED = "removed"  # 确认为混入，予以剔除
    KEPT = "kept"  # 确属原文，予以保留
    CORRECTED = "corrected"  # 更正
    ASSIGNED = "assigned"  # 指定单位
    DISMISSED = "dismissed"  # 无须处理


DRAFT_TRANSITIONS: Mapping[tuple[DraftStatus, DraftAction], DraftStatus] = {
    (DraftStatus.OPEN, DraftAction.CORRECT): DraftStatus.OPEN,
    (DraftStatus.OPEN, DraftAction.ISSUE): DraftStatus.ISSUED,
    (DraftStatus.OPEN, DraftAction.DISCARD): DraftStatus.DISCARDED,
}

DUTY_TRANSITIONS: Mapping[tuple[DutyStatus, DutyAction], DutyStatus] = {
    (DutyStatus.PROPOSED, DutyAction.ACCEPT): DutyStatus.ACCEPTED,
    (DutyStatus.PROPOSED, DutyAction.CHANGE): DutyStatus.CHANGED,
    (DutyStatus.PROPOSED, DutyAction.SPLIT): DutyStatus.SPLIT,
    (DutyStatus.PROPOSED, DutyAction.DROP): DutyStatus.DROPPED,
    (DutyStatus.ACCEPTED, DutyAction.CHANGE): DutyStatus.CHANGED,
    (DutyStatus.ACCEPTED, DutyAction.SPLIT): DutyStatus.SPLIT,
    (DutyStatus.ACCEPTED, DutyAction.DROP): DutyStatus.DROPPED,
    (DutyStatus.CHANGED, DutyAction.CHANGE): DutyStatus.CHANGED,
    (DutyStatus.CHANGED, DutyAction.SPLIT): DutyStatus.SPLIT,
    (DutyStatus.CHANGED, DutyAction.DROP): DutyStatus.DROPPED,
    # What was dropped is looked at anew; what was split lives on in its parts.
    (DutyStatus.DROPPED, DutyAction.RESTORE): DutyStatus.PROPOSED,
}

FLAG_TRANSITIONS: Mapping[tuple[FlagStatus, FlagAction], FlagStatus] = {
    (FlagStatus.OPEN, FlagAction.SETTLE): FlagStatus.SETTLED,
    (FlagStatus.SETTLED, FlagAction.REOPEN): FlagStatus.OPEN,
}

TAKEN = frozenset({DutyStatus.ACCEPTED, DutyStatus.CHANGED})
"""The duties that a plan is issued with."""

SETTLED_BY: Mapping[FlagKind, frozenset[Resolution]] = {
    FlagKind.INJECTED: frozenset({Resolution.REMOVED, Resolution.KEPT}),
    FlagKind.HIDDEN: frozenset({Resolution.REMOVED}),
    FlagKind.MISPRINT: frozenset({Resolution.CORRECTED, Resolution.KEPT}),
    FlagKind.UNKNOWN_UNIT: frozenset({Resolution.ASSIGNED, Resolution.DISMISSED}),
    FlagKind.AMBIGUOUS_UNIT: frozenset({Resolution.ASSIGNED, Resolution.DISMISSED}),
    FlagKind.NO_UNIT: frozenset({Resolution.ASSIGNED, Resolution.DISMISSED}),
    FlagKind.NO_ARTICLE: frozenset({Resolution.DISMISSED}),
    # A draft keeps its year: one under the wrong year is given up and read anew.
    FlagKind.YEAR_MISMATCH: frozenset({Resolution.DISMISSED}),
}


class PlanDraftActionRefused(Problem):
    """The draft, the duty or the doubt does not take this action now."""

    status = 409
    title_zh = "当前不能执行此操作"
    title_en = "This action is not taken now"


class FlagsOpen(PlanDraftActionRefused):
    """Somebody must still look at places of the text before the plan is issued."""

    title_zh = "仍有标记未处理"
    title_en = "Flags are still open"


class DutiesUndecided(PlanDraftActionRefused):
    """Somebody must still accept, change or drop proposed duties before the plan is issued."""

    title_zh = "仍有职责未核对"
    title_en = "Duties are still undecided"


class NothingToIssue(PlanDraftActionRefused):
    """No duty of the draft was taken."""

    title_zh = "没有可印发的职责"
    title_en = "There is no duty to issue"


class NobodyAnswers(PlanDraftActionRefused):
    """Duties were taken that no unit answers for."""

    title_zh = "有职责没有责任单位"
    title_en = "Nobody answers for some duties"


def draft_after(status: DraftStatus, action: DraftAction) -> DraftStatus:
    """The status of a draft once the action is done, or a refusal."""
    return _after(DRAFT_TRANSITIONS, status, action)


def duty_after(status: DutyStatus, action: DutyAction) -> DutyStatus:
    """The status of a proposed duty once the action is done, or a refusal."""
    return _after(DUTY_TRANSITIONS, status, action)


def flag_after(status: FlagStatus, action: FlagAction) -> FlagStatus:
    """The status of a doubt once the action is done, or a refusal."""
    return _after(FLAG_TRANSITIONS, status, action)


_S = TypeVar("_S", bound=StrEnum)
_A = TypeVar("_A", bound=StrEnum)


def _after(table: Mapping[tuple[_S, _A], _S], status: _S, action: _A) -> _S:
    try:
        return table[status, action]
    except KeyError:
        raise PlanDraftActionRefused(
            f"状态为 {status} 时不能 {action}", f"Cannot {action} what is {status}."
        ) from None


@dataclass(frozen=True, slots=True)
class Replaced:
    """A place of the text, and the words that count instead of what stands there."""

    span: Span
    words: str


def words(text: str, span: Span, replaced: Iterable[Replaced]) -> str:
    """The words of a span with some places replaced; one that reaches in is cut at the edge."""
    pieces: list[str] = []
    last = span.start
    for row in sorted(replaced, key=lambda row: row.span.start):
        if span.overlap(row.span):
            pieces += [text[last : max(last, row.span.start)], row.words]
            last = max(last, min(span.end, row.span.end))
    return "".join((*pieces, text[last : span.end]))


def renumbered(rows: Sequence[tuple[int, int, int]]) -> Mapping[int, str]:
    """New codes `<article>.<n>` for (index, article, start), in the order of the text."""
    codes: dict[int, str] = {}
    counts: dict[int, int] = {}
    for index, article, _ in sorted(rows, key=lambda row: (row[1], row[2], row[0])):
        counts[article] = counts.get(article, 0) + 1
        codes[index] = f"{article}.{counts[article]}"
    return codes
