"""Bringing together what a ranking's document holds: what was frozen, and its lines as of then."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.documents.content import Document
from reference import city, regions, scoring, units
from services.tasks.cards import queries as cards
from services.tasks.indicators.domain import Period
from services.tasks.rankings import domain_document, queries
from services.tasks.rankings.domain import RankingStatus
from services.tasks.rankings.domain_document import Issue, Section, Standing
from services.tasks.rankings.tables import Ranking, RankingRow
from services.tasks.scores import queries as scores


async def of_rankings(
    session: AsyncSession, rankings: Sequence[Ranking], *, chinese: bool, now: datetime
) -> Document:
    """The document of one ranking, or of all of a period in one bulletin."""
    sections = [await _section(session, one, chinese=chinese) for one in rankings]
    issue = await _issue(session, rankings, chinese=chinese, now=now)
    return domain_document.document(issue, sections, chinese=chinese)


async def published(session: AsyncSession, period: Period) -> Sequence[Ranking]:
    """What is published of every group in a period, in the order of the groups."""
    found = [
        await queries.published(session, group=group.code, period=period)
        for group in scoring.groups(on=period.last)
    ]
    return [one for one in found if one is not None]


async def _section(session: AsyncSession, ranking: Ranking, *, chinese: bool) -> Section:
    period = ranking.period
    group = scoring.group(ranking.group_code, on=period.last)
    indicators = scoring.indicators(group.code, period.cadence, on=period.last)
    lines = await scores.stood(session, group=group.code, period=period, at=ranking.as_of)
    return Section(
        name=group.zh if chinese else group.en,
        indicators={row.code: row.zh if chinese else row.en for row in indicators},
        rules=sorted({line.rule for line in lines.values()}),
        units=[
            Standing(
                name=_short(row, chinese=chinese),
                rank=row.rank,
                tied=row.tied,
                score=row.score,
                taken_off=row.taken_off,
                unmeasured=row.unmeasured,
                rank_before=row.rank_before,
                score_before=row.score_before,
                points={
                    code: line.points for (unit, code), line in lines.items() if unit == row.subject
                },
            )
            for row in await queries.rows(session, ranking.id)
        ],
    )


def _short(row: RankingRow, *, chinese: bool) -> str:
    """A place by its own name where its government is meant: that is who is ranked."""
    slug = row.subject.partition(".")[2]
    place = regions.known().get(row.region_code)
    if slug == "government" and place is not None:
        short = place.short if place.park else place.zh
        return short if chinese else place.en
    return row.name_zh if chinese else row.name_en


async def _issue(
    session: AsyncSession, rankings: Sequence[Ranking], *, chinese: bool, now: datetime
) -> Issue:
    first = rankings[0]
    period = first.period
    here = regions.region(city.current().code)
    office = units.unit(f"{here.code}.committee_office", on=period.last)
    row = scoring.cadence(period.cadence, on=period.last)
    published_at = [one.published_at for one in rankings if one.published_at is not None]
    until = [one.objections_until for one in rankings if one.objections_until is not None]
    return Issue(
        place=here.zh if chinese else here.en,
        office=office.zh if chinese else office.en,
        called=row.zh if chinese else row.en,
        period=period,
        number=first.number,
        version=max(one.version for one in rankings),
        year=first.year,
        published_on=calendar.day_of(max(published_at)) if published_at else None,
        today=calendar.day_of(now),
        objections_until=_last_day(max(until)) if until else None,
        draft=any(one.status == RankingStatus.DRAFT for one in rankings),
        carded=await _carded(session, period, by=max(published_at, default=now), chinese=chinese),
    )


def _last_day(instant: datetime) -> date:
    return calendar.day_of(instant - timedelta(microseconds=1))


async def _carded(
    session: AsyncSession, period: Period, *, by: datetime, chinese: bool
) -> list[str]:
    return [
        await cards.in_words(session, row, chinese=chinese)
        for row in await cards.in_effect(session, on=period.last, by=by)
    ]
