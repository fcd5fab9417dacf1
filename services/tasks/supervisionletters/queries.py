"""Gathers what a letter says: the order, and names for the codes in it as they were then."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.access import Principal
from kernel.db import everywhere
from services.tasks.chains import queries as chains
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.tables import Post
from services.tasks.supervisionletters import domain
from services.tasks.supervisionletters.domain import Facts, Letter, Receipt
from services.tasks.supervisions import operations as steps
from services.tasks.supervisions import queries as orders
from services.tasks.supervisions.tables import Supervision


async def letter(
    session: AsyncSession, supervision_id: UUID, *, by: Principal
) -> tuple[Letter, datetime]:
    """The letter of an order that the actor reads, and the time that its files state."""
    row = await orders.seen(session, supervision_id, by=by)
    at = row.issued_at or row.drafted_at
    facts = await _facts(session, row, on=calendar.day_of(at))
    return domain.letter(facts), at


async def _facts(session: AsyncSession, row: Supervision, *, on: date) -> Facts:
    receipts = await orders.receipts(session, row.id)
    codes = {row.issuer, *row.addressees, *row.cc, *(one.addressee for one in receipts)}
    names = await _names(session, codes, on=on)
    if not row.addressees:
        async with everywhere(session):  # it says the same, whoever reads it
            stood = await chains.entry(session, row.addressee, on=on)
        names[row.addressee] = stood.name if stood else row.addressee
    before = await orders.get(session, row.follows) if row.follows else None
    return Facts(
        rule=steps.rule_of(row),
        kind=row.of_kind,
        number=row.number_text,
        issuer=names[row.issuer],
        addressees=tuple(names[code] for code in row.addressees or [row.addressee]),
        enterprise=not row.addressees,
        cc=tuple(names[code] for code in row.cc),
        title=row.title,
        matters=tuple(row.matters),
        basis=row.basis,
        reason=row.cause_reason,
        follows=before.number_text if before else None,
        automatic=row.automatic,
        five=row.five,
        issued_at=row.issued_at,
        due_at=row.due_at,
        meeting_at=row.meeting_at,
        meeting_place=row.meeting_place,
        interviewees=await _posts(session, row.interviewees or [], on=on),
        receipts=tuple(
            Receipt(name=names[one.addressee], due_at=one.due_at, received_at=one.received_at)
            for one in receipts
        ),
    )


async def _names(session: AsyncSession, codes: Collection[str], *, on: date) -> dict[str, str]:
    """What units were called on a day; the heir of one by the name that it has had since."""
    standing = await organisations.standing(session, codes, day=on)
    names = {code: row.name_zh for code, row in standing.items()}
    for code in set(codes) - set(names):
        known = await organisations.history(session, code)
        names[code] = known[0].name_zh if known else code
    return names


async def _posts(session: AsyncSession, codes: Collection[str], *, on: date) -> tuple[str, ...]:
    chosen = organisations.posts_at(on).where(Post.code.in_(codes))
    labels = {post.code: post.label_zh for post in await session.scalars(chosen)}
    return tuple(labels.get(code, code) for code in codes)
