"""Finds the gaps and overlaps among the enterprises that an actor may see."""

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy import Select, false, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.listing import Listing, within
from reference.chains import Answering
from services.tasks.chains import domain as chains
from services.tasks.chains import queries as chain_queries
from services.tasks.chains.domain import Decided
from services.tasks.chains.tables import Entry
from services.tasks.coverage import domain
from services.tasks.coverage.domain import Kind, Verdict
from services.tasks.decisions import domain as deciding
from services.tasks.decisions import queries as decisions
from services.tasks.organisations import queries as organisations

_FILTERS = {"region": within(Entry.region_code, "行政区划 / division")}


def _listing(name: str) -> Listing:
    return Listing(
        name,
        key=Entry.uscc,
        sorts={"uscc": Entry.uscc, "region_code": Entry.region_code},
        default="uscc",
        filters=_FILTERS,
        beside=frozenset({"on"}),
    )


GAPS, OVERLAPS = _listing("gaps"), _listing("overlaps")


async def verdicts(session: AsyncSession, *, on: date) -> Mapping[Kind, Verdict]:
    """For every kind of enterprise that there was on a day who answered, as far as it is seen."""
    deciding.refuse_before(on)
    pairs = _registered(on).with_only_columns(Entry.industry, Entry.region_code).distinct()
    kinds = [Kind(industry=row[0], region=row[1]) for row in await session.execute(pairs)]
    settled = await _settled(session, kinds, on=on)
    answers = {kind: _answer(kind, settled.get(kind), on=on) for kind in kinds}
    codes = sorted({code for answer in answers.values() for code in answer.lead})
    heirs, named = await chain_queries.standing(session, codes, on=on)
    found = {}
    for kind, answer in answers.items():
        leads = Answering(field=answer.field, lead=answer.lead, supporting=(), territorial=())
        links = chains.links(leads, heirs=heirs, named=named, on=on)
        found[kind] = domain.verdict(kind, links, decided=kind in settled)
    return found


async def _settled(session: AsyncSession, kinds: list[Kind], *, on: date) -> dict[Kind, Decided]:
    rows = await decisions.all_at(session, on=on)
    by_place = {(row.business, place): row for row in rows for place in row.regions}
    found = {}
    for kind in kinds:
        row = by_place.get((deciding.business_of(kind.industry), kind.region))
        if row is not None:
            found[kind] = chain_queries.of_row(row)
    return found


def _answer(kind: Kind, decided: Decided | None, *, on: date) -> Answering:
    if decided is not None:
        return chains.with_decision(decided, region=kind.region, on=on)
    return chains.answering(industry=kind.industry, region=kind.region, on=on)


def of_kinds(
    found: Mapping[Kind, Verdict], wanted: Callable[[Verdict], bool], *, on: date
) -> Select[Entry]:
    """The enterprises of a day whose kind has a verdict that is wanted."""
    kinds = [(kind.industry, kind.region) for kind, verdict in found.items() if wanted(verdict)]
    if not kinds:
        return select(Entry).where(false())
    return _registered(on).where(tuple_(Entry.industry, Entry.region_code).in_(kinds))


def _registered(on: date) -> Select[Entry]:
    return select(Entry).where(organisations.in_force(Entry, on))
