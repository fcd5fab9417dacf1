"""The life of one hop: pending, acknowledged, forwarded; a call is telephoned before that.

Being overdue is a mark, not a state.
"""

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from kernel.problems import Problem
from reference.terms import Level
from services.incidents.relays.rules import Means, PlannedHop


class HopStatus(StrEnum):
    """Where a hop stands."""

    PENDING = "pending"  # 待接收
    ACKNOWLEDGED = "acknowledged"  # 已签收
    PHONED = "phoned"  # 已电话快报
    FORWARDED = "forwarded"  # 已上报
    CLOSED = "closed"  # 随事故合并终止


class HopAction(StrEnum):
    """What the sending desk does with a hop."""

    ACKNOWLEDGE = "acknowledge"  # 签收
    PHONE = "phone"  # 电话快报
    FORWARD = "forward"  # 上报
    CLOSE = "close"  # 终止


TRANSITIONS: Mapping[tuple[HopStatus, HopAction], HopStatus] = {
    (HopStatus.PENDING, HopAction.ACKNOWLEDGE): HopStatus.ACKNOWLEDGED,
    # Whoever forwards has read it: a desk in a hurry needs one step, not two.
    (HopStatus.PENDING, HopAction.FORWARD): HopStatus.FORWARDED,
    (HopStatus.ACKNOWLEDGED, HopAction.FORWARD): HopStatus.FORWARDED,
    # The accident goes on as another one, whose own hops still stand.
    (HopStatus.PENDING, HopAction.CLOSE): HopStatus.CLOSED,
    (HopStatus.ACKNOWLEDGED, HopAction.CLOSE): HopStatus.CLOSED,
}

CALL_TRANSITIONS: Mapping[tuple[HopStatus, HopAction], HopStatus] = {
    (HopStatus.PENDING, HopAction.ACKNOWLEDGE): HopStatus.ACKNOWLEDGED,
    (HopStatus.PENDING, HopAction.PHONE): HopStatus.PHONED,
    (HopStatus.ACKNOWLEDGED, HopAction.PHONE): HopStatus.PHONED,
    # The telephone first: writing alone is what the call is there to outrun.
    (HopStatus.PHONED, HopAction.FORWARD): HopStatus.FORWARDED,
    (HopStatus.PENDING, HopAction.CLOSE): HopStatus.CLOSED,
    (HopStatus.ACKNOWLEDGED, HopAction.CLOSE): HopStatus.CLOSED,
}

_TABLES = {Means.TEXT: TRANSITIONS, Means.PHONE: CALL_TRANSITIONS}


class RelayActionRefused(Problem):
    """The hop is past this action."""

    status = 409
    title_zh = "该上报环节当前不能执行此操作"
    title_en = "The relay does not take this action now"


def after(status: HopStatus, action: HopAction, *, means: Means = Means.TEXT) -> HopStatus:
    """The status of a hop once the action is done, or a refusal."""
    try:
        return _TABLES[means][status, action]
    except KeyError:
        raise RelayActionRefused(
            f"状态为 {status} 时不能 {action}",
            f"Cannot {action} a relay that is {status}.",
            hop_status=str(status),
        ) from None


_TIME_BYTES = 6
_VERSION = 0x70
_VARIANT = 0x80


def hop_id(accident_id: UUID, level: Level) -> UUID:
    """The id of an accident's hop to a level: a UUIDv7 with the accident's own instant.

    It follows from the two, so that a report that waits in the spool already knows its hops,
    and an accident can never have two hops to one level.
    """
    return derived(accident_id, level)


def call_id(accident_id: UUID, from_unit: str, level: Level) -> UUID:
    """The id of a desk's telephone call to a level: a call is owed once, however often planned."""
    return derived(accident_id, f"{from_unit} {level}")


def derived(accident_id: UUID, said: str) -> UUID:
    """An id that follows from an accident and from what is said of it."""
    drawn = bytearray(hashlib.sha256(accident_id.bytes + said.encode()).digest()[:16])
    drawn[:_TIME_BYTES] = accident_id.bytes[:_TIME_BYTES]
    drawn[6] = _VERSION | drawn[6] & 0x0F
    drawn[8] = _VARIANT | drawn[8] & 0x3F
    return UUID(bytes=bytes(drawn))


def id_of(accident_id: UUID, hop: PlannedHop) -> UUID:
    """The id of a planned hop."""
    if hop.means is Means.PHONE:
        return call_id(accident_id, hop.from_unit, hop.level)
    return hop_id(accident_id, hop.level)
