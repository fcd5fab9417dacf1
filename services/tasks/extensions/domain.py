"""The life of an extension, and why none is given."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class ExtensionStatus(StrEnum):
    """Where a request for more time stands."""

    ASKED = "asked"  # 待审批
    APPROVED = "approved"  # 已同意
    REFUSED = "refused"  # 不同意


class ExtensionAction(StrEnum):
    """What is decided."""

    APPROVE = "approve"  # 同意
    REFUSE = "refuse"  # 不同意


_S, _A = ExtensionStatus, ExtensionAction

TRANSITIONS: Mapping[tuple[ExtensionStatus, ExtensionAction], ExtensionStatus] = {
    (_S.ASKED, _A.APPROVE): _S.APPROVED,
    (_S.ASKED, _A.REFUSE): _S.REFUSED,
}


class ExtensionDecided(Problem):
    """The request was decided on before, or the order has moved on."""

    status = 409
    title_zh = "该延期申请已作处理或工单已回复"
    title_en = "The request was decided on before, or the order has moved on"


class ExtensionTooLong(Problem):
    """No extension is longer than its row allows."""

    status = 409
    title_zh = "申请延长的时间超过上限"
    title_en = "The extension asked for is longer than it may be"


class ExtensionsUsedUp(Problem):
    """The time was extended as often as it may be, or a request waits."""

    status = 409
    title_zh = "延期次数已达上限或已有待审批的申请"
    title_en = "Extended as often as it may be, or a request waits already"


class ExtensionTooLate(Problem):
    """An extension is asked for before the time is up."""

    status = 409
    title_zh = "办理期限已届满，不能再申请延期"
    title_en = "The time is up: no extension can be asked for any more"


def after(status: ExtensionStatus, action: ExtensionAction) -> ExtensionStatus:
    """What becomes of a request, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise ExtensionDecided(extension_status=str(status)) from None
