"""Who may do what in the notifications service. What is not in the table is refused."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from contracts.gateway import Role
from kernel.access import IN_UNIT, OWN, WITHIN, NotFound, Policies, Principal, Relation, relation


class Act(StrEnum):
    """What can be done here."""

    READ_MESSAGES = "read_messages"  # 查看通知
    ACKNOWLEDGE = "acknowledge"  # 确认通知
    FOLLOW = "follow"  # 实时接收通知
    READ_ENDPOINTS = "read_endpoints"  # 查看推送订阅
    MANAGE_ENDPOINTS = "manage_endpoints"  # 管理推送订阅


_OFFICES = (
    Role.COMMITTEE_OFFICE,
    Role.DUTY_DESK,
    Role.LEADER,
    Role.INVESTIGATOR,
    Role.INSPECTOR,
    Role.LAW_REVIEWER,
    Role.HOTLINE_OPERATOR,
)
_OWN_INBOX: Mapping[str, frozenset[Relation]] = {
    Role.ENTERPRISE: OWN,
    **dict.fromkeys(_OFFICES, IN_UNIT),
}

POLICIES = Policies(
    {
        # A leader, the committee office and the auditor also see whether those below answer.
        Act.READ_MESSAGES: {
            **_OWN_INBOX,
            **dict.fromkeys((Role.LEADER, Role.COMMITTEE_OFFICE, Role.AUDITOR), WITHIN),
        },
        Act.ACKNOWLEDGE: _OWN_INBOX,
        Act.FOLLOW: _OWN_INBOX,
        Act.READ_ENDPOINTS: {Role.ADMINISTRATOR: WITHIN, Role.AUDITOR: WITHIN},
        Act.MANAGE_ENDPOINTS: {Role.ADMINISTRATOR: WITHIN},
    }
)


class Addressed(Protocol):
    """A row sent to a unit, or to one of its posts."""

    @property
    def region_code(self) -> str: ...

    @property
    def post(self) -> str | None: ...


def require(by: Principal, act: Act, *, on: Addressed) -> None:
    """Refuse unless granted. Who holds a post answers for it and for the unit, not for others."""
    POLICIES.require(by, act, on=on, seen_by=Act.READ_MESSAGES)
    if by.is_system or relation(by, on) is not Relation.UNIT:
        return
    if not holds(by, on.post) and Relation.SUBTREE not in POLICIES.granted(by, act):
        raise NotFound


def holds(by: Principal, post: str | None) -> bool:
    """Whether a post is the actor's; an account without a post stands for its whole unit."""
    return post is None or by.post is None or post_of(by) == post


def post_of(by: Principal) -> str | None:
    """The whole code of the actor's post."""
    if by.post is None or by.unit is None or by.post.startswith(f"{by.unit}."):
        return by.post
    return f"{by.unit}.{by.post}"
