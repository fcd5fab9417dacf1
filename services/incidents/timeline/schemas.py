"""One entry of a timeline, and the words that every kind of entry shares."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from math import ceil
from uuid import UUID

from pydantic import BaseModel, Field

from reference import units
from reference.terms import Grade, Level
from services.incidents.accidents.schemas import ShanghaiTime


class EntryKind(StrEnum):
    """What an entry tells, in the order in which things follow from each other."""

    OCCURRED = "occurred"  # 事故发生
    PUBLIC_REPORT = "public_report"  # 公众报告
    CALL_TAKEN = "call_taken"  # 接到电话报告
    REPORTED = "reported"  # 收到报告
    FOLLOWED_UP = "followed_up"  # 收到续报
    IDENTIFIED = "identified"  # 补登事故单位
    CORRECTED = "corrected"  # 报告更正
    GRADED = "graded"  # 等级认定
    REGRADED = "regraded"  # 等级变化
    RELAY_PLANNED = "relay_planned"  # 待逐级上报
    RELAY_ACKNOWLEDGED = "relay_acknowledged"  # 已签收
    RELAY_OVERDUE = "relay_overdue"  # 超时未报
    RELAY_FORWARDED = "relay_forwarded"  # 已上报
    CALL_OWED = "call_owed"  # 待电话快报
    CALL_OVERDUE = "call_overdue"  # 超时未电话快报
    CALL_MADE = "call_made"  # 已电话快报
    DIRECT_OWED = "direct_owed"  # 待单位直报
    DIRECT_OVERDUE = "direct_overdue"  # 单位超时未直报
    DIRECT_TOLD = "direct_told"  # 单位已直报
    NOTICE_OWED = "notice_owed"  # 待通知有关单位
    NOTICE_OVERDUE = "notice_overdue"  # 超时未通知有关单位
    NOTICE_TOLD = "notice_told"  # 已通知有关单位
    READ = "read"  # 已阅知
    SHARED = "shared"  # 通报其他属地
    DUPLICATE = "duplicate"  # 疑似重复
    MERGED_INTO = "merged_into"  # 并入其他事故
    MERGED_FROM = "merged_from"  # 其他事故并入
    FOLLOW_UP_MISSED = "follow_up_missed"  # 未按期续报
    LEAD = "lead"  # 线索核查
    RESCUE_ENDED = "rescue_ended"  # 救援结束
    RESCUE_RESUMED = "rescue_resumed"  # 恢复救援
    TOLL_CORRECTED = "toll_corrected"  # 伤亡人数更正
    TOLL_LATE = "toll_late"  # 伤亡变化未当日续报
    FINDING = "finding"  # 迟漏谎瞒认定
    STATISTICS_ENTRY = "statistics_entry"  # 统计录入
    QUALIFICATION = "qualification"  # 性质认定、核销
    CLIMB = "climb"  # 提级与否的决定
    INVESTIGATION = "investigation"  # 调查主体
    CASE_OPENED = "case_opened"  # 调查立案
    CASE_REOPENED = "case_reopened"  # 重新启动调查
    DELEGATED = "delegated"  # 委托调查
    SUPERVISION = "supervision"  # 挂牌督办
    CASE_BEGUN = "case_begun"  # 启动调查
    PUBLISHED = "published"  # 调查报告公布
    TEAM = "team"  # 调查组变动
    RECUSAL = "recusal"  # 回避
    STEP = "step"  # 调查任务
    EVIDENCE = "evidence"  # 证据
    EXTENDED = "extended"  # 延长期限
    APPRAISAL_BEGUN = "appraisal_begun"  # 技术鉴定开始，暂停计算期限
    APPRAISAL_ENDED = "appraisal_ended"  # 技术鉴定结束，恢复计算期限
    CASE_WARNED = "case_warned"  # 期限预警
    CASE_OVERDUE = "case_overdue"  # 超期
    SIGNATURE = "signature"  # 调查组成员签名、拒签
    SUBMITTED = "submitted"  # 提交调查报告
    RETURNED = "returned"  # 退回
    SUPERSEDED = "superseded"  # 调查主体变更，不再批复
    APPROVED = "approved"  # 批复
    RECOMMENDATION = "recommendation"  # 整改、处理建议
    TRANSFER = "transfer"  # 案件移送
    QUESTION = "question"  # 四不放过核查
    CASE_CLOSED = "case_closed"  # 结案
    EVALUATION = "evaluation"  # 整改评估
    LOOKBACK = "lookback"  # 回头看


class Entry(BaseModel):
    """Something that happened, or is due."""

    at: ShanghaiTime
    kind: EntryKind
    due_at: ShanghaiTime | None = None
    late_by_seconds: int = Field(0, description="0 when in time.")
    unit: str | None = Field(None, description="Who acted, or must.")
    version: int | None = None
    grade: Grade | None = None
    level: Level | None = None
    other_accident_id: UUID | None = Field(
        None, description="The other accident, where two were taken to be one."
    )
    zh: str
    en: str


Words = tuple[str, str]
"""The same in zh-CN and in English."""

Stamp = tuple[datetime | None, str, str]
"""When something happened, if it did, and how it reads."""


def stamped(
    kind: EntryKind,
    stamps: Iterable[Stamp],
    *,
    unit: str | None = None,
    due_at: datetime | None = None,
) -> Iterator[Entry]:
    """One entry for each stamp that was set."""
    for at, zh, en in stamps:
        if at is not None:
            yield Entry(at=at, kind=kind, due_at=due_at, unit=unit, zh=zh, en=en)


def late_by(at: datetime, due_at: datetime) -> int:
    """By how many seconds something came after it was due; 0 when in time."""
    return max(ceil((at - due_at).total_seconds()), 0)


def span(seconds: int) -> Words:
    """How long something took, in its two largest units."""
    parts = [(seconds // 86400, "天", "d"), (seconds // 3600 % 24, "小时", "h")]
    parts += [(seconds // 60 % 60, "分钟", "min"), (seconds % 60, "秒", "s")]
    first = next((n for n, part in enumerate(parts) if part[0]), len(parts) - 1)
    said = [part for part in parts[first : first + 2] if part[0]] or parts[-1:]
    return "".join(f"{n}{zh}" for n, zh, _ in said), " ".join(f"{n} {en}" for n, _, en in said)


def names(unit: str) -> Words:
    """A unit in both languages, by its newest name."""
    try:
        known = units.unit(unit, on=date.max)
    except units.UnknownUnit:
        return unit, unit
    return known.zh, f"the {known.en}"


def somebody(unit: str | None, *, zh: str = "", en: str = "somebody") -> Words:
    """A unit by its name, or these words where none is known."""
    return names(unit) if unit else (zh, en)
