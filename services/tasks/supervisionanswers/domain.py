"""What an answer shows, who may judge it, and why more time is not given. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kernel.access import NotYours
from kernel.problems import Problem
from reference.terms import InPlace


class Verdict(StrEnum):
    """What became of an answer."""

    ACCEPTED = "accepted"  # 验收通过
    RETURNED = "returned"  # 退回


class AskedMore(StrEnum):
    """Where a request for more time stands."""

    ASKED = "asked"  # 待审批
    APPROVED = "approved"  # 已同意
    REFUSED = "refused"  # 不同意
    LAPSED = "lapsed"  # 已先行答复


class Decision(StrEnum):
    """What ends a request for more time."""

    APPROVE = "approve"  # 同意
    REFUSE = "refuse"  # 不同意
    LAPSE = "lapse"  # 因答复失效


ASKED_MORE: Mapping[tuple[AskedMore, Decision], AskedMore] = {
    (AskedMore.ASKED, Decision.APPROVE): AskedMore.APPROVED,
    (AskedMore.ASKED, Decision.REFUSE): AskedMore.REFUSED,
    # The answer came without it: in a further round more time can be asked for again.
    (AskedMore.ASKED, Decision.LAPSE): AskedMore.LAPSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Whether one of the five is in place, and what shows it."""

    in_place: bool
    evidence: str


Five = Mapping[InPlace, Shown]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What somebody who was heard promised, and by when."""

    text: str
    due_on: date


class FiveNotShown(Problem):
    """An answer that has to show the five shows all of them, and no other shows any."""

    status = 422
    title_zh = "须逐项说明五落实情况，其他文书不填"
    title_en = "The answer shows each of the five exactly where its order asks for them"


class FiveNotInPlace(Problem):
    """What is not in place is not accepted."""

    status = 409
    title_zh = "五落实未全部到位，不能验收"
    title_en = "Not all of the five are in place: the answer cannot be accepted"


class OwnAnswer(NotYours):
    """Nobody judges their own unit's answer."""

    title_zh = "不得验收本人或本单位的答复"
    title_en = "You may not judge an answer of your own or of your unit"


class NotHeardYet(Problem):
    """An interview is answered once it was held."""

    status = 409
    title_zh = "约谈尚未记录"
    title_en = "The interview has not been recorded yet"


class MoreTimeRefused(Problem):
    """More time is asked for once, in time, and not beyond its limit."""

    status = 409
    title_zh = "不能申请延期：已届满、已用尽或超过上限"
    title_en = "No more time: it is up, was extended as often as it may be, or too much is asked"


class RequestDecided(Problem):
    """The request was decided on before, or the order has moved on."""

    status = 409
    title_zh = "该延期申请已作处理或文书已答复"
    title_en = "The request was decided on before, or the order has moved on"


def refuse_unshown(five: Five | None, *, asked: bool) -> None:
    """Refuse an answer that does not show the five where they are asked for."""
    if not asked and five is None:
        return
    missing = [str(one) for one in InPlace if five is None or one not in five]
    if missing or not asked:
        raise FiveNotShown(missing=missing)


def lacking(shown: Mapping[str, bool]) -> tuple[str, ...]:
    """Which of the five are not in place, in their usual order."""
    return tuple(str(one) for one in InPlace if not shown.get(str(one), False))


def decided(status: AskedMore, decision: Decision) -> AskedMore:
    """What becomes of a request, or a refusal."""
    try:
        return ASKED_MORE[status, decision]
    except KeyError:
        raise RequestDecided(request_status=str(status)) from None
