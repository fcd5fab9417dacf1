"""What a letter says, made from its order alone: no sentence is typed by whoever prints it. Pure.

Letters are in Chinese, as the documents of authorities are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kernel.calendar import SHANGHAI, day_of
from reference.national.rows_supervisions import SupervisionRule
from reference.terms import InPlace, SupervisionKind

_NUMERALS = "一二三四五六七八九"
_TEN = 10

_ASKS: Mapping[SupervisionKind, str] = {
    SupervisionKind.ASSIGNMENT: "现将下列事项交办{you}，请按要求办理：",
    SupervisionKind.URGING: "现对下列事项予以催办：",
    SupervisionKind.SUPERVISION: "决定对下列事项予以督办，请{you}按要求办理：",
    SupervisionKind.LISTING: "决定对下列事项挂牌督办。督办事项如下：",
    SupervisionKind.INTERVIEW: "决定约谈{you}有关负责人。约谈内容如下：",
    SupervisionKind.WARNING: "现就下列问题向{you}提出警示：",
    SupervisionKind.BULLETIN: "现将有关情况通报如下：",
}
_ENDS: Mapping[SupervisionKind, str] = {
    SupervisionKind.URGING: "请立即办理，并按原文书要求答复。",
    SupervisionKind.BULLETIN: "请各有关单位对照检查，举一反三，抓好整改落实。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Whether one addressee has signed for it."""

    name: str
    due: str
    signed: str
    """When it did; empty while it has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter, ready to be set."""

    heading: str
    number: str
    about: str
    """The title before the word for its kind; it may break between the two only there."""
    word: str
    to: str
    opening: str
    matters: tuple[str, ...]
    paragraphs: tuple[str, ...]
    issuer: str
    dated: str
    cc: str
    printed: str
    """On which day; empty while it was not."""
    draft: str
    """What stands across the head of one that was not signed; empty afterwards."""
    slip_title: str
    slip_note: str
    slip: tuple[Signed, ...]

    @property
    def title(self) -> str:
        """The whole title."""
        return self.about + self.word


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A receipt as it stands."""

    name: str
    due_at: datetime
    received_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything of an order that its letter speaks of, with names for codes."""

    rule: SupervisionRule
    kind: SupervisionKind
    number: str | None
    issuer: str
    addressees: tuple[str, ...]
    enterprise: bool
    cc: tuple[str, ...]
    title: str
    matters: tuple[str, ...]
    basis: str | None
    reason: str | None
    follows: str | None
    """The number of the order that it follows from."""
    automatic: bool
    five: bool
    issued_at: datetime | None
    due_at: datetime | None
    meeting_at: datetime | None
    meeting_place: str | None
    interviewees: tuple[str, ...]
    receipts: tuple[Receipt, ...]


def letter(facts: Facts) -> Letter:
    """The letter of an order."""
    issued_on = day_of(facts.issued_at) if facts.issued_at else None
    dated = in_chinese(issued_on) if issued_on else "（未签发）"
    return Letter(
        heading=facts.issuer,
        number=facts.number or f"{facts.rule.mark}〔　　〕　号",
        about=_about(facts),
        word=facts.rule.title,
        to="、".join(facts.addressees) + "：",
        opening=_opening(facts),
        matters=tuple(
            f"{ordinal(n)}、{_ended(matter)}" for n, matter in enumerate(facts.matters, start=1)
        ),
        paragraphs=tuple(_paragraphs(facts)),
        issuer=facts.issuer,
        dated=dated,
        cc="、".join(facts.cc) + "。" if facts.cc else "",
        printed=f"{dated}印发" if issued_on else "",
        draft="" if facts.number else "草稿，未签发，不具效力",
        slip_title="送达回执",
        slip_note="请在签收期限前签收；纸质送达的，填写签收人岗位和时间后退回下达单位。",
        slip=tuple(_signed(receipt) for receipt in facts.receipts),
    )


def _about(facts: Facts) -> str:
    """The title without the word for the kind of letter, which is added once."""
    title = facts.title
    for ending in (facts.rule.title, f"的{facts.rule.zh}"):
        title = title.removesuffix(ending)
    return f"{title.removesuffix('的')}的"


def _opening(facts: Facts) -> str:
    parts = []
    if facts.basis:
        parts.append(f"依据{facts.basis.removesuffix('。')}，")
    if facts.reason:
        parts.append(f"因{facts.reason.removesuffix('。')}，")
    if facts.follows:
        parts.append(f"前发{facts.follows}，")
    you = "你公司（单位）" if facts.enterprise else "你单位"
    return "".join(parts) + _ASKS[facts.kind].format(you=you)


def _paragraphs(facts: Facts) -> list[str]:
    said = []
    if facts.meeting_at is not None:
        who = f"，被约谈人员岗位：{'、'.join(facts.interviewees)}" if facts.interviewees else ""
        said.append(f"约谈时间：{at(facts.meeting_at)}；地点：{facts.meeting_place}{who}。")
    if facts.due_at is not None:
        last = in_chinese(day_of(facts.due_at - timedelta(seconds=1)))
        said.append(f"请于{last}前将办理情况书面答复{facts.issuer}。")
    if facts.five:
        five = "、".join(one.zh for one in InPlace)
        said.append(f"答复须逐项说明{five}“五落实”情况，并附佐证材料；未全部落实的，不予验收。")
    if facts.rule.lifting:
        said.append(
            "解除方式和程序：办理完毕并经验收合格后，由挂牌经办人以外的人员现场核查；"
            "核查确认的，予以摘牌；核查未通过的，退回继续办理。"
        )
    if facts.kind in _ENDS:
        said.append(_ENDS[facts.kind])
    if facts.automatic and facts.kind is SupervisionKind.URGING:
        said.append("本通知由监督平台在逾期后自动生成并送达。")
    return said


def _signed(receipt: Receipt) -> Signed:
    due = receipt.due_at - timedelta(seconds=1)
    return Signed(
        name=receipt.name,
        due=f"{in_chinese(day_of(due))}前",
        signed=at(receipt.received_at) if receipt.received_at else "",
    )


def _ended(matter: str) -> str:
    return matter if matter.endswith(("。", "！", "？", "；", ".")) else f"{matter}。"


def in_chinese(day: date) -> str:
    """A day as documents write it: 2023年6月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def at(instant: datetime) -> str:
    """A time of day on the city's clocks: 2023年6月8日9时30分."""
    local = instant.astimezone(SHANGHAI)
    minutes = f"{local.minute}分" if local.minute else ""
    return f"{in_chinese(local.date())}{local.hour}时{minutes}"


def ordinal(n: int) -> str:
    """The number of a point in Chinese, up to 99: 一, 十, 十一, 二十一."""
    tens, ones = divmod(n, _TEN)
    front = "" if not tens else ("十" if tens == 1 else f"{_NUMERALS[tens - 1]}十")
    return front + (_NUMERALS[ones - 1] if ones else "")
