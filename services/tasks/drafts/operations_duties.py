"""What people do with proposed duties: accept, change, split, drop, restore, add."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import Principal
from kernel.ids import uuid7
from kernel.problems import Problem
from services.tasks.drafts import operations, queries
from services.tasks.drafts import operations_checks as checks
from services.tasks.drafts.domain import DutyAction, DutyStatus, duty_after
from services.tasks.drafts.domain_goals import ARTICLE
from services.tasks.drafts.domain_parts import Span
from services.tasks.drafts.schemas import AddedDuty, Asked, ChangedDuty, Chosen, NewDuty, Split
from services.tasks.drafts.tables import Draft, DraftDuty
from services.tasks.plans.domain import FIELDS

_KEPT = ("text", "text_en", "allocation", *FIELDS)
"""What the parts of a duty take over from it."""


class DutyMoved(Problem):
    """Somebody has corrected the duty since the caller saw it."""

    status = 412
    title_zh = "该职责已被他人修改"
    title_en = "The duty was corrected by somebody else"


async def accept(
    session: AsyncSession, *, draft_id: UUID, chosen: Chosen, by: Principal, now: datetime
) -> list[DraftDuty]:
    """Take over proposed duties as they are, one by one or article by article."""
    draft = await operations.correcting(session, draft_id, by=by)
    duties = [await queries.duty(session, draft_id, duty_id) for duty_id in chosen.duties]
    duties += [
        row
        for row in await queries.duties(session, draft_id)
        if row.article in chosen.articles and row.stands is DutyStatus.PROPOSED
    ]
    for duty in dict.fromkeys(duties):
        _moved(session, draft, duty, DutyAction.ACCEPT, by=by, now=now)
    return list(dict.fromkeys(duties))


async def change(
    session: AsyncSession,
    *,
    draft_id: UUID,
    duty_id: UUID,
    changed: ChangedDuty,
    by: Principal,
    now: datetime,
) -> DraftDuty:
    """Correct a duty: words, kind, numbers, units, day."""
    draft = await operations.correcting(session, draft_id, by=by)
    duty = await queries.duty(session, draft_id, duty_id)
    _refuse_stale(duty, changed.revision)
    before = {name: _plain(getattr(duty, name)) for name in changed.given()}
    _apply(duty, changed, known=await checks.known(session, year=draft.year, now=now))
    after = {name: _plain(getattr(duty, name)) for name in changed.given()}
    _moved(
        session,
        draft,
        duty,
        DutyAction.CHANGE,
        by=by,
        now=now,
        before=before,
        after=after,
        reason=changed.reason,
    )
    return duty


async def move(
    session: AsyncSession,
    *,
    draft_id: UUID,
    duty_id: UUID,
    action: DutyAction,
    reason: str | None,
    by: Principal,
    now: datetime,
) -> DraftDuty:
    """Drop a duty, or look at a dropped one anew."""
    draft = await operations.correcting(session, draft_id, by=by)
    duty = await queries.duty(session, draft_id, duty_id)
    _moved(session, draft, duty, action, by=by, now=now, reason=reason)
    return duty


async def split(
    session: AsyncSession,
    *,
    draft_id: UUID,
    duty_id: UUID,
    parts: Split,
    by: Principal,
    now: datetime,
) -> list[DraftDuty]:
    """Make several duties of one; each takes over what it does not say itself."""
    draft = await operations.correcting(session, draft_id, by=by)
    duty = await queries.duty(session, draft_id, duty_id)
    _refuse_stale(duty, parts.revision)
    _moved(session, draft, duty, DutyAction.SPLIT, by=by, now=now, reason=parts.reason)
    position = await queries.next_position(session, draft_id, duty.article)
    known = await checks.known(session, year=draft.year, now=now)
    made = []
    for n, part in enumerate(parts.parts):
        row = _new(draft, article=duty.article, position=position + n, of=part, place=duty.span)
        row.split_from = duty.id
        for name in _KEPT:
            setattr(row, name, getattr(duty, name))
        row.reassigned = duty.reassigned
        _apply(row, part, known=known)
        made.append(row)
    session.add_all(made)
    return made


async def add(
    session: AsyncSession, *, draft_id: UUID, added: AddedDuty, by: Principal, now: datetime
) -> DraftDuty:
    """Add a duty, or a goal, that the importer did not see."""
    draft = await operations.correcting(session, draft_id, by=by)
    place = await _place(session, draft, added)
    position = await queries.next_position(session, draft_id, added.article)
    row = _new(draft, article=added.article, position=position, of=added, place=place)
    row.subjects = ["city:involved"] if added.article else []
    _apply(row, added, known=await checks.known(session, year=draft.year, now=now))
    session.add(row)
    await session.flush()
    after = {name: _plain(getattr(row, name)) for name in added.given()}
    operations.noted(
        session, draft, action="add", by=by, now=now, duty=row, after=after, reason=added.reason
    )
    return row


async def _place(session: AsyncSession, draft: Draft, added: AddedDuty) -> Span:
    """Where a duty stands that says no place: with its article, which leads it; else a goal."""
    if added.article == ARTICLE:
        return Span(0, 0)
    articles = await queries.articles(session, draft.id)
    article = next((row for row in articles if row.number == added.article), None)
    if article is None:
        raise checks.fault("/article", f"没有第 {added.article} 条", f"no article {added.article}")
    if not added.lead:
        raise checks.fault("/lead", "不能为空", "every duty has it")
    return Span(article.start, article.start)


def _new(draft: Draft, *, article: int, position: int, of: NewDuty, place: Span) -> DraftDuty:
    """A duty that a person makes, at the place they say or else at this one."""
    start = place.start if of.start is None else of.start
    end = max(start, place.end) if of.end is None else of.end
    if not start <= end <= len(draft.text):
        zh, en = f"{start} 至 {len(draft.text)}", f"from {start} to {len(draft.text)}"
        raise checks.fault("/end", zh, en)
    return DraftDuty(
        id=uuid7(),
        draft_id=draft.id,
        region_code=draft.region_code,
        article=article,
        position=position,
        status=DutyStatus.CHANGED.value,
        revision=1,
        start=start,
        end=end,
        reworded=True,
        reassigned=True,
        lead=[],
        supporting=[],
        subjects=[],
    )


def _apply(duty: DraftDuty, asked: Asked, *, known: checks.Known) -> None:
    """Take over what was said, once everybody named exists and the kind has its numbers."""
    given = asked.given()
    checks.refuse_unfounded(given, known=known)
    for name, value in given.items():
        setattr(duty, name, value.value if isinstance(value, StrEnum) else value)
    duty.reworded = duty.reworded or "text" in given
    duty.reassigned = duty.reassigned or bool({"lead", "supporting"} & given.keys())
    checks.refuse_incomplete(duty)


def _refuse_stale(duty: DraftDuty, revision: int) -> None:
    if duty.revision != revision:
        raise DutyMoved(revision=duty.revision)


def _moved(
    session: AsyncSession,
    draft: Draft,
    duty: DraftDuty,
    action: DutyAction,
    *,
    by: Principal,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    status = duty_after(duty.stands, action).value
    was = {"status": duty.status, **(before or {})}
    duty.status = status
    duty.revision += 1
    operations.noted(
        session,
        draft,
        action=action,
        by=by,
        now=now,
        duty=duty,
        before=was,
        after={"status": status, **(after or {})},
        reason=reason,
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
