"""The clock of an investigation as one bar: every day since the accident belongs to one stretch.

Days are those of Asia/Shanghai. A stretch begins after a day and ends with one, for the law
does not count the day from which a period runs (Civil Code 201).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from kernel import calendar

_DAY = timedelta(days=1)


class Stretch(StrEnum):
    """What a day of an investigation is spent on."""

    INVESTIGATION = "investigation"  # 调查
    EXTENSION = "extension"  # 延期调查
    APPRAISAL = "appraisal"  # 技术鉴定，不计入调查期限
    APPROVAL = "approval"  # 待批复
    APPROVAL_EXTENSION = "approval_extension"  # 延期批复
    OVERDUE = "overdue"  # 超期
    PUBLICATION = "publication"  # 待公布


class Stage(StrEnum):
    """Which limit runs now."""

    INVESTIGATION = "investigation"  # 调查期限
    APPROVAL = "approval"  # 批复期限
    PUBLICATION = "publication"  # 依法及时公布，法律未定天数
    DONE = "done"  # 已公布


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The days after one day, up to and including another; open while `until` is None."""

    after: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.after < day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """The days that a stage may take: the law's own and those granted on top."""

    days: int
    extended: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.days + self.extended


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What the clock of an investigation is computed from."""

    starts_on: date
    """The day of the accident; it is not counted."""
    investigation: Allowance
    approval: Allowance
    appraisals: tuple[Interval, ...] = ()
    reviews: tuple[Interval, ...] = ()
    """While a submitted report lay with the government."""
    approved_on: date | None = None
    published_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Consecutive days spent on the same thing; `days` is how many of them a limit counts."""

    kind: Stretch
    first: date
    last: date
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How an investigation stands at the end of a day."""

    stage: Stage
    segments: tuple[Segment, ...]
    used: int
    """Days of investigating, without appraisals and without days at the government."""
    excluded: int
    """Days of technical appraisal, each counted once however many went on."""
    due_on: date | None
    """Last day of the stage that runs; while an appraisal is open, as if it ended today."""
    overdue: bool
    paused: bool
    case_due_on: date
    """Last day for the approval, by which a case counts as closed in time."""


def run(story: Story, *, today: date) -> Clock:
    """60 days from the accident, extended by up to 60, appraisals not counted; then 15 days
    for the approval, 30 and up to 30 more for the gravest (Decree 493, 27, 29 and 32).

    Every day is counted by one limit only: while a report lies with the government, its limit
    runs and that of the investigation stands. An appraisal that begins once the limit has run
    out stops nothing.
    """
    days = tuple(_walk(story, today=today))
    counted = [day for day, kind in days if kind in _INVESTIGATING]
    left = story.investigation.total - len(counted)
    stage = stage_of(story, today=today)
    due_on = _due(story, stage, counted, today=today)
    excluded = sum(kind is Stretch.APPRAISAL for _, kind in days)
    return Clock(
        stage=stage,
        segments=tuple(_segments(days)),
        used=len(counted) + _overrun(story, days),
        excluded=excluded,
        due_on=due_on,
        overdue=due_on is not None and today > due_on,
        paused=stage is Stage.INVESTIGATION
        and left > 0
        and any(one.until is None for one in story.appraisals),
        case_due_on=case_due(story, excluded=excluded),
    )


def stage_of(story: Story, *, today: date) -> Stage:
    """The limit that runs: to investigate, to approve, to publish (Decree 493, 29, 32 and 34)."""
    if story.published_on is not None and story.published_on <= today:
        return Stage.DONE
    if story.approved_on is not None and story.approved_on <= today:
        return Stage.PUBLICATION
    reviewing = any(one.until is None and one.after <= today for one in story.reviews)
    return Stage.APPROVAL if reviewing else Stage.INVESTIGATION


def case_due(story: Story, *, excluded: int) -> date:
    """A case is closed in time when it is approved within both limits together, extensions and
    appraisals added (Decree 493, 27, 29 and 32).
    """
    return story.starts_on + _DAY * (story.investigation.total + excluded + story.approval.total)


def room_to_extend(*, granted: int, most: int) -> int:
    """All extensions together add no more than the law allows (Decree 493, 29 and 32)."""
    return max(most - granted, 0)


def warnings(due_on: date, days_before: Sequence[int]) -> tuple[datetime, ...]:
    """The instants at which so many whole days are left, earliest first (Civil Code, 201)."""
    return tuple(calendar.closes_at(due_on - _DAY * left) for left in sorted(days_before)[::-1])


_INVESTIGATING = (Stretch.INVESTIGATION, Stretch.EXTENSION)
_UNCOUNTED = (Stretch.APPRAISAL, Stretch.PUBLICATION)

Days = tuple[tuple[date, Stretch], ...]


def _walk(story: Story, *, today: date) -> Iterator[tuple[date, Stretch]]:
    used = 0
    day = story.starts_on
    last = today if story.published_on is None else min(today, story.published_on)
    while day < last:
        day += _DAY
        kind = _later(story, day) or _before_submission(story, day, used)
        used += kind in _INVESTIGATING
        yield day, kind


def _later(story: Story, day: date) -> Stretch | None:
    """A day after the approval, or at the government; None for one before."""
    if story.approved_on is not None and day > story.approved_on:
        return Stretch.PUBLICATION
    for review in story.reviews:
        if review.covers(day):
            return _of_approval(story.approval, (day - review.after).days)
    return None


def _of_approval(allowed: Allowance, number: int) -> Stretch:
    if number <= allowed.days:
        return Stretch.APPROVAL
    return Stretch.APPROVAL_EXTENSION if number <= allowed.total else Stretch.OVERDUE


def _before_submission(story: Story, day: date, used: int) -> Stretch:
    if used >= story.investigation.total:
        return Stretch.OVERDUE
    if any(appraisal.covers(day) for appraisal in story.appraisals):
        return Stretch.APPRAISAL
    return Stretch.INVESTIGATION if used < story.investigation.days else Stretch.EXTENSION


def _overrun(story: Story, days: Days) -> int:
    """Days of investigating beyond the limit."""
    return sum(
        kind is Stretch.OVERDUE and not any(review.covers(day) for review in story.reviews)
        for day, kind in days
    )


def _due(story: Story, stage: Stage, counted: Sequence[date], *, today: date) -> date | None:
    if stage is Stage.APPROVAL:
        begun = max(review.after for review in story.reviews if review.until is None)
        return begun + _DAY * story.approval.total
    if stage is not Stage.INVESTIGATION:
        return None
    left = story.investigation.total - len(counted)
    return max(today, story.starts_on) + _DAY * left if left else counted[-1]


def _segments(days: Days) -> Iterator[Segment]:
    for kind, group in groupby(days, key=lambda one: one[1]):
        spent = [day for day, _ in group]
        counted = 0 if kind in _UNCOUNTED else len(spent)
        yield Segment(kind=kind, first=spent[0], last=spent[-1], days=counted)
