"""Bring the terms in posts to what a sheet states, each by the operation that a single one takes.

What an operation refuses is a fault of the row; the other rows go on, so that all are named.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotYours, Place, Principal
from kernel.problems import Problem
from services.tasks.holders import domain, operations, queries
from services.tasks.holders.domain import AlreadyRelieved, LastDayWrong, PostOccupied
from services.tasks.holders.schemas import HolderView
from services.tasks.holders.tables import Holding
from services.tasks.policies import POLICIES, Act
from services.tasks.rosters.schemas import HolderRow
from services.tasks.rosters.schemas_terms import HolderLine, Terms

_ABOUT = {
    PostOccupied: "effective_from",
    AlreadyRelieved: "effective_to",
    LastDayWrong: "effective_to",
}


async def take(session: AsyncSession, terms: Terms, *, by: Principal, now: datetime) -> int:
    """Appoint and relieve as the rows say; how many terms began or ended.

    A term that no row names stays as it is. Reliefs come first: they make room.
    """
    recorded = await queries.terms_of(session, {line.post for line in terms.stated})
    begun = {(held.post, held.effective_from): held for held in recorded}
    changed, new = 0, list[HolderLine]()
    for line in terms.stated:
        held = begun.get((line.post, line.stated.effective_from))
        if held is None:
            new.append(line)
        elif _agrees(terms, line, held, by=by):
            changed += await _relieve(session, terms, line, held, by=by, now=now)
    people = {(held.post, held.person): held for held in recorded}
    for line in sorted(new, key=lambda line: line.period.first):
        if _is_new(terms, line, people=people, by=by):
            changed += await _appoint(session, terms, line, by=by, now=now)
    await session.flush()
    return changed


def _agrees(terms: Terms, line: HolderLine, held: Holding, *, by: Principal) -> bool:
    """Whether a row is about the term on record that begins on its day.

    Who may not appoint there learns nothing of what is on record, least of all of a name.
    """
    if not _may_appoint(by, held):
        zh, en = NotYours.title_zh, NotYours.title_en
        terms.fault(line.row, "post", "not_yours", zh, en)
        return False
    if not _same_name(line, held):
        zh, en = PostOccupied.title_zh, PostOccupied.title_en
        terms.fault(line.row, "name", "post_occupied", zh, en)
        return False
    for column, stated, known in (
        ("person", line.stated.person, held.person),
        ("document", line.stated.document, (held.document or "").strip()),
    ):
        if stated is not None and stated != known:
            zh, en = (
                f"与登记不同：{known or '无'}",
                f"differs from what is recorded: {known or '-'}",
            )
            terms.fault(line.row, column, "recorded_otherwise", zh, en)
            return False
    return True


def _may_appoint(by: Principal, held: Holding) -> bool:
    return POLICIES.allows(by, Act.APPOINT, Place(held.unit.partition(".")[0]))


def _same_name(line: HolderLine, held: Holding) -> bool:
    """A name as it is or, where it is masked for everybody, as the export shows it."""
    return line.stated.name in {held.name.strip(), HolderView.of(held).name.strip()}


async def _relieve(
    session: AsyncSession,
    terms: Terms,
    line: HolderLine,
    held: Holding,
    *,
    by: Principal,
    now: datetime,
) -> bool:
    last, paper = line.stated.effective_to, line.relief_document
    known = (held.relief_document or "").strip()
    if last == held.effective_to and paper in {None, known}:
        return False
    if last is None:
        zh, en = f"已登记至 {held.effective_to}", f"recorded to end on {held.effective_to}"
        terms.fault(line.row, "effective_to", "recorded_otherwise", zh, en)
        return False
    try:
        await operations.relieve(
            session, holding_id=held.id, last_day=last, document=paper, by=by, now=now
        )
    except Problem as reason:
        terms.refused(line.row, reason, column=_ABOUT.get(type(reason), "post"))
        return False
    return True


def _is_new(
    terms: Terms,
    line: HolderLine,
    *,
    people: Mapping[tuple[str, UUID], Holding],
    by: Principal,
) -> bool:
    """Whether a row can be a new term: not an exported one that was changed by half."""
    if domain.is_masked(line.stated.name):
        zh, en = "姓名已脱敏，请填写全名", "the name is masked: state all of it"
        terms.fault(line.row, "name", "name_masked", zh, en)
        return False
    person = line.stated.person
    held = people.get((line.post, person)) if person else None
    if held is not None and _may_appoint(by, held) and not _same_name(line, held):
        zh, en = "该编号属于本岗位的另一任职人", "the number is of another holder of the post"
        terms.fault(line.row, "person", "person_of_another", zh, en)
        return False
    return True


async def _appoint(
    session: AsyncSession, terms: Terms, line: HolderLine, *, by: Principal, now: datetime
) -> bool:
    last, paper = line.stated.effective_to, line.relief_document
    try:
        held = await operations.appoint(
            session, post_code=line.post, stated=line.stated, by=by, now=now
        )
        if last is not None and paper is not None:
            await session.flush()
            await operations.relieve(
                session, holding_id=held.id, last_day=last, document=paper, by=by, now=now
            )
    except Problem as reason:
        terms.refused(line.row, reason, column=_ABOUT.get(type(reason), "post"))
        return False
    return True


async def give_out(
    session: AsyncSession, posts: Collection[str], *, on: date
) -> Sequence[HolderRow]:
    """Who holds some posts on a day as rows, each name as the list of holders shows it."""
    held = await queries.holders_of(session, posts, on=on)
    return [
        HolderRow.model_validate(HolderView.of(held[post]), from_attributes=True)
        for post in posts
        if post in held
    ]
