"""What incidents tells of investigations and of what follows them, for a year and longer.

Each is a fact about its accident, as in `contracts.incidents`.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from contracts.incidents import AccidentFact
from reference.terms import Grade, Level


class DeadlineKind(StrEnum):
    """What of an accident's aftermath has a deadline."""

    STEP = "step"  # 调查任务
    RECOMMENDATION = "recommendation"  # 整改、处理建议
    TRANSFER = "transfer"  # 案件移送
    EVALUATION = "evaluation"  # 整改评估
    LOOKBACK = "lookback"  # 回头看


class DeadlineMissed(AccidentFact):
    """A deadline of what follows an accident passed and `unit` had not done it."""

    subject: ClassVar[str] = "incidents.deadline.missed.v1"

    kind: DeadlineKind
    entity_id: UUID
    unit: str
    due_at: AwareDatetime
    grade: Grade


class RecommendationKind(StrEnum):
    """What an investigation recommends."""

    RECTIFICATION = "rectification"  # 防范和整改措施建议
    HANDLING = "handling"  # 对责任者的处理建议


class RecommendationMade(AccidentFact):
    """One unit or enterprise must act on what the investigation found, by a day.

    Made again with the next round when it turns out that it was not lasting.
    """

    subject: ClassVar[str] = "incidents.recommendation.made.v1"

    recommendation_id: UUID
    round: int = 1
    kind: RecommendationKind
    unit: str | None = None
    addressee_uscc: str | None = None
    rule: str
    due_at: AwareDatetime


class RecommendationClosed(AccidentFact):
    """It was proved, to the satisfaction of who reviewed it, that a recommendation is met."""

    subject: ClassVar[str] = "incidents.recommendation.closed.v1"

    recommendation_id: UUID
    round: int = 1
    unit: str | None = None
    addressee_uscc: str | None = None


class EvaluationResult(StrEnum):
    """How far what the investigation asked for was carried out."""

    IMPLEMENTED = "implemented"  # 已落实
    PARTLY = "partly"  # 部分落实
    NOT = "not"  # 未落实


class EvaluationPublished(AccidentFact):
    """It was published what became of the lessons of an accident."""

    subject: ClassVar[str] = "incidents.evaluation.published.v1"

    evaluation_id: UUID
    result: EvaluationResult
    published_on: date


class MemberStoodAside(AccidentFact):
    """A member of the team that investigates an accident had to stand aside.

    A report that the team has handed in by then is not undone; its holder hears what is lacking.
    """

    subject: ClassVar[str] = "incidents.team.stood_aside.v1"

    member_id: UUID
    organ: str
    """The organ that the member stood for."""
    unit: str
    """Who holds the investigation."""
    grade: Grade
    lead: bool
    """Whether somebody leads the team now."""
    missing: tuple[str, ...] = ()
    """Organs of the law that nobody stands for now."""


class CaseFact(AccidentFact):
    """What every fact about the course of an investigation says."""

    generation: int
    """1 for the first investigation of an accident; each reopening counts one up."""
    grade: Grade


class InvestigationWarned(CaseFact):
    """Those who hold an investigation were warned that a limit is about to run out."""

    subject: ClassVar[str] = "incidents.investigation.warned.v1"

    stage: str
    level: Level
    unit: str
    due_at: AwareDatetime


class InvestigationOverdue(CaseFact):
    """A stage of an investigation, or what a list asks of it, was not done in time."""

    subject: ClassVar[str] = "incidents.investigation.overdue.v1"

    stage: str
    level: Level
    unit: str
    due_at: AwareDatetime


class ClockMove(StrEnum):
    """Why the limit of an investigation ends at another instant than before."""

    OPENED = "opened"  # 开始计算
    EXTENDED = "extended"  # 批准延期
    APPRAISAL_BEGAN = "appraisal_began"  # 技术鉴定开始，暂停计算
    APPRAISAL_ENDED = "appraisal_ended"  # 技术鉴定结束，恢复计算
    SUBMITTED = "submitted"  # 提交调查报告，转为批复期限
    RETURNED = "returned"  # 退回，恢复调查期限
    APPROVED = "approved"  # 批复，不再计算
    REGRADED = "regraded"  # 事故等级变化
    TAKEN_UP = "taken_up"  # 提级调查
    REOPENED = "reopened"  # 重新启动调查
    MERGED = "merged"  # 事故合并，不再计算
    RECKONED = "reckoned"  # 重新计算


class InvestigationClockMoved(CaseFact):
    """The limit that runs for an investigation ends at another instant, or stands still."""

    subject: ClassVar[str] = "incidents.investigation.clock_moved.v1"

    stage: str
    level: Level
    unit: str
    due_at: AwareDatetime | None = None
    """None while it stands still: during an appraisal, or when no limit runs any more."""
    reason: ClockMove


class InvestigationReckoned(CaseFact):
    """The last day on which an approval closes a case in time (按期结案) was reckoned anew."""

    subject: ClassVar[str] = "incidents.investigation.reckoned.v1"

    due_on: date | None = None
    """None while an appraisal goes on: nobody can say then."""


class InvestigationApproved(CaseFact):
    """The government that holds the investigation approved its report."""

    subject: ClassVar[str] = "incidents.investigation.approved.v1"

    level: Level
    unit: str


class InvestigationClosed(CaseFact):
    """A case was closed, all four questions settled."""

    subject: ClassVar[str] = "incidents.investigation.closed.v1"

    closed_on: date


class InvestigationReopened(CaseFact):
    """A closed investigation was reopened as its next generation."""

    subject: ClassVar[str] = "incidents.investigation.reopened.v1"

    level: Level
    unit: str


class InvestigationListed(CaseFact):
    """A higher list took an investigation under its supervision (挂牌督办)."""

    subject: ClassVar[str] = "incidents.investigation.listed.v1"

    level: Level
    unit: str
    due_at: AwareDatetime
