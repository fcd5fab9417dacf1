"""Take the prints of what is handed in, and find what is like it."""

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import SYSTEM, Principal
from kernel.db import Scope, set_scope
from kernel.ids import uuid7
from services.tasks.prints import domain, queries
from services.tasks.prints.domain import Of
from services.tasks.prints.tables import Mark, Print


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The evidence that prints are taken of."""

    evidence_id: UUID
    obligation_id: UUID
    subject: str
    region_code: str
    enterprise_uscc: str | None
    happened_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What can be recognised in evidence: its files, what they show, and its words."""

    files: Collection[str] = ()
    pictures: Collection[str] = ()
    words: Collection[tuple[int, ...]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """Something handed in before that is the same, or nearly so."""

    of: Of
    earlier: Print
    bits: int = 0
    """How far a picture is from it."""
    percent: int = 100
    """How much of its words a text has."""


async def words(text: str) -> tuple[int, ...] | None:
    """The print of a text; made beside the loop, for it takes a moment of the processor."""
    found = await asyncio.to_thread(domain.words_print, text)
    return None if found is None else tuple(found)


async def compare_and_keep(
    session: AsyncSession, *, source: Source, found: Found, by: Principal, now: datetime
) -> list[Like]:
    """What was handed in before that is like this; then this is kept for those who come later.

    It is looked for in every place: a photo of another county is a copy too. Nothing else of
    another place is read, and the session sees what its actor may see when this returns.
    """
    fresh = list(_prints(source, found, now=now))
    if not fresh:
        return []
    marks = {row.id: list(_marks(row)) for row in fresh}
    await set_scope(session, Scope.of(SYSTEM))
    near = await queries.marked(session, {mark for each in marks.values() for mark in each})
    await set_scope(session, Scope.of(by))
    session.add_all(fresh)
    await session.flush()
    for row in fresh:
        session.add_all(
            Mark(
                mark=mark,
                print_id=row.id,
                region_code=row.region_code,
                enterprise_uscc=row.enterprise_uscc,
            )
            for mark in set(marks[row.id])
        )
    return [like for row in fresh for other in near if (like := _like(row, other))]


def _prints(source: Source, found: Found, *, now: datetime) -> Iterator[Print]:
    def taken(of: Of, value: str | None, orders: tuple[int, ...] | None = None) -> Print:
        return Print(
            id=uuid7(),
            of=of,
            evidence_id=source.evidence_id,
            obligation_id=source.obligation_id,
            subject=source.subject,
            region_code=source.region_code,
            enterprise_uscc=source.enterprise_uscc,
            happened_on=source.happened_on,
            value=value,
            orders=None if orders is None else list(orders),
            taken_at=now,
        )

    yield from (taken(Of.FILE, sha256) for sha256 in dict.fromkeys(found.files))
    yield from (taken(Of.PICTURE, print_) for print_ in dict.fromkeys(found.pictures))
    yield from (taken(Of.WORDS, None, orders) for orders in dict.fromkeys(found.words))


def _marks(row: Print) -> list[int]:
    if row.of == Of.WORDS:
        return domain.words_marks(row.orders or ())
    value = row.value or ""
    return domain.file_marks(value) if row.of == Of.FILE else domain.picture_marks(value)


def _like(row: Print, other: Print) -> Like | None:
    if row.of != other.of:
        return None
    if row.of == Of.WORDS:
        percent = domain.percent_alike(row.orders or (), other.orders or ())
        return Like(of=Of.WORDS, earlier=other, percent=percent)
    if row.of == Of.PICTURE:
        bits = domain.bits_apart(row.value or "0", other.value or "0")
        return Like(of=Of.PICTURE, earlier=other, bits=bits)
    return Like(of=Of.FILE, earlier=other) if row.value == other.value else None
