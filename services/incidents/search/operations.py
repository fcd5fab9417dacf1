"""Keeping what is searched: made anew from an accident and its reports with every fact."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, tuple_
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.enterprises import queries as enterprises
from services.incidents.reports.tables import Report
from services.incidents.search import domain
from services.incidents.search.tables import SearchGram, SearchText

_Key = tuple[str, str, datetime, UUID]
"""Pair, division, instant, accident."""


async def index(session: AsyncSession, *, accident_id: UUID) -> None:
    """Bring an accident's searched text up to what is known now; repeated, it changes nothing."""
    accident = await accidents.get(session, accident_id)
    known = await session.get(SearchText, accident_id, with_for_update=True)
    text = domain.normal(await _said(session, accident))
    if known is not None and _standing(known, known.text) == _standing(accident, text):
        return
    before = set[_Key]()
    if known is not None:
        before = _keys(known.text, known.region_code, known.occurred_at, known.accident_id)
    now = _keys(text, accident.region_code, accident.occurred_at, accident.id)
    if before - now:
        key = tuple_(*SearchGram.__table__.primary_key)
        await session.execute(delete(SearchGram).where(key.in_(sorted(before - now))))
    await _add(session, now - before)
    facts = {"text": text, "occurred_at": accident.occurred_at, **_place(accident)}
    row = insert(SearchText).values(accident_id=accident.id, **facts)
    await session.execute(row.on_conflict_do_update(index_elements=["accident_id"], set_=facts))


async def index_enterprise(session: AsyncSession, *, uscc: str) -> None:
    """Have an enterprise's accidents found by the name it has now."""
    chosen = select(Accident.id).where(Accident.enterprise_uscc == uscc).order_by(Accident.id)
    for accident_id in await session.scalars(chosen):
        await index(session, accident_id=accident_id)


async def _said(session: AsyncSession, accident: Accident) -> list[str | None]:
    """Place, enterprise by both its names, then what each report said, oldest first."""
    said = select(Report.place, Report.summary).where(Report.accident_id == accident.id)
    reports = (await session.execute(said.order_by(Report.version))).all()
    name = await enterprises.name(session, accident.enterprise_uscc)
    stated = [accident.place, name, accident.enterprise_name]
    return [*stated, *(text for report in reports for text in report)]


def _standing(row: Accident | SearchText, text: str) -> tuple[object, ...]:
    return text, row.region_code, row.enterprise_uscc, row.occurred_at


def _keys(text: str, region_code: str, occurred_at: datetime, accident_id: UUID) -> set[_Key]:
    return {(gram, region_code, occurred_at, accident_id) for gram in domain.grams(text)}


def _place(accident: Accident) -> dict[str, str | None]:
    return {
        "region_code": accident.region_code,
        "enterprise_uscc": accident.enterprise_uscc,
    }


async def _add(session: AsyncSession, keys: Iterable[_Key]) -> None:
    """All pairs in one statement, in the order of their index."""
    if grams := sorted(keys):
        columns = (list(column) for column in zip(*grams, strict=True))
        given = zip(("grams", "places", "instants", "accidents"), columns, strict=True)
        await session.execute(_ADD, dict(given))


_ADD = sql(
    "INSERT INTO search_gram (gram, region_code, occurred_at, accident_id)"
    " SELECT * FROM unnest(CAST(:grams AS text[]), CAST(:places AS text[]),"
    " CAST(:instants AS timestamptz[]), CAST(:accidents AS uuid[])) ON CONFLICT DO NOTHING"
)
