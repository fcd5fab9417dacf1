"""The life of a part, who holds the work, and when the whole is done. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kernel.problems import Problem


class PartRole(StrEnum):
    """What a unit has to do with an obligation that several share."""

    LEAD = "lead"  # 牵头
    JOINT_LEAD = "joint_lead"  # 共同牵头
    SUPPORTING = "supporting"  # 配合


class PartStatus(StrEnum):
    """Where a part stands."""

    OPEN = "open"  # 办理中
    HANDED_IN = "handed_in"  # 已提交
    RETURNED = "returned"  # 已退回
    ACCEPTED = "accepted"  # 已认可
    EXCUSED = "excused"  # 免除


class PartAction(StrEnum):
    """What can be done with a part."""

    HAND_IN = "hand_in"  # 提交
    ACCEPT = "accept"  # 认可
    RETURN = "return"  # 退回
    EXCUSE = "excuse"  # 免除


_S, _A = PartStatus, PartAction

PART_TRANSITIONS: Mapping[tuple[PartStatus, PartAction], PartStatus] = {
    (_S.OPEN, _A.HAND_IN): _S.HANDED_IN,
    (_S.RETURNED, _A.HAND_IN): _S.HANDED_IN,
    (_S.HANDED_IN, _A.ACCEPT): _S.ACCEPTED,
    (_S.HANDED_IN, _A.RETURN): _S.RETURNED,
    (_S.OPEN, _A.EXCUSE): _S.EXCUSED,
    (_S.RETURNED, _A.EXCUSE): _S.EXCUSED,
    (_S.HANDED_IN, _A.EXCUSE): _S.EXCUSED,
}

WORKING = frozenset({_S.OPEN, _S.RETURNED})
"""The unit has to act."""

DONE = frozenset({_S.ACCEPTED, _S.EXCUSED})
"""Nothing more is asked of the unit."""

REVIEWER = "reviewer"
"""Holds what leads have handed in or a unit objected to; no unit that shares the obligation."""


class PartRefused(Problem):
    """The part is not in a state that allows this."""

    status = 409
    title_zh = "该分工事项当前状态不允许此操作"
    title_en = "The part does not allow this now"


class PartsWaitFor(Problem):
    """A lead hands in once every supporting part is accepted or excused."""

    status = 409
    title_zh = "配合单位的事项尚未全部认可，牵头单位不能提交"
    title_en = "Supporting parts are not all accepted yet: the lead cannot hand in"


class SoleLead(Problem):
    """Somebody has to lead: the lead itself is not excused."""

    status = 409
    title_zh = "牵头单位不能免除"
    title_en = "The lead cannot be excused"


def after(status: PartStatus, action: PartAction) -> PartStatus:
    """What becomes of a part, or a refusal."""
    try:
        return PART_TRANSITIONS[status, action]
    except KeyError:
        raise PartRefused(part_status=str(status), action=str(action)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part as it stands: who, in what role, how far."""

    unit: str
    role: PartRole
    status: PartStatus
    objected: bool = False
    """Whether the unit has objected to it and waits for the decision."""


def holders(shares: Collection[Share]) -> frozenset[str]:
    """Who holds the work: whoever has to act for it to go on, and nobody who waits.

    A supporting or jointly leading unit holds its own part until it hands it in. The lead
    holds what supporting units have handed in to it, and its own part once it waits for none
    of them. What leads have handed in is held by the reviewer, and so is a part that its unit
    objected to, until it is decided on: the lead waits for it all the same.
    """
    helping = [share for share in shares if share.role is PartRole.SUPPORTING]
    at_work = {share.unit for share in helping if share.status in WORKING}
    to_judge = any(share.status is PartStatus.HANDED_IN for share in helping)
    held: set[str] = set()
    for share in shares:
        if share.objected and share.status in WORKING:
            held.add(REVIEWER)
            continue
        if share.role is PartRole.SUPPORTING:
            held |= at_work & {share.unit}
            continue
        leads = share.role is PartRole.LEAD
        if share.status in WORKING and (not leads or not at_work):
            held.add(share.unit)
        if leads and to_judge:
            held.add(share.unit)
        if share.status is PartStatus.HANDED_IN:
            held.add(REVIEWER)
    return frozenset(held)


def is_done(shares: Collection[Share]) -> bool:
    """Whether the whole is done: every part is accepted or excused, and there is one at all."""
    return bool(shares) and all(share.status in DONE for share in shares)


def may_hand_in(share: Share, shares: Collection[Share]) -> bool:
    """Whether a part can be handed in: a lead waits until every supporting part is done."""
    if share.role is not PartRole.LEAD:
        return True
    helping = [other for other in shares if other.role is PartRole.SUPPORTING]
    return all(other.status in DONE for other in helping)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A part that ought to stand."""

    unit: str
    role: PartRole


def wanted(*, lead: str, leads: Collection[str], supporting: Collection[str]) -> tuple[Wanted, ...]:
    """Each unit once, in its foremost role; nothing where the lead is alone."""
    found = {lead: PartRole.LEAD}
    for unit in leads:
        found.setdefault(unit, PartRole.JOINT_LEAD)
    for unit in supporting:
        found.setdefault(unit, PartRole.SUPPORTING)
    if len(found) == 1:
        return ()
    return tuple(Wanted(unit=unit, role=role) for unit, role in found.items())
