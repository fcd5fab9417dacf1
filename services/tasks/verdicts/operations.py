"""Stating that a unit failed a year's assessment, which proposes that it is barred."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar
from kernel.access import NotYours, Principal
from kernel.calendar import Cadence
from kernel.ids import uuid7
from reference import scoring
from services.tasks.cards import operations_stated as cards
from services.tasks.cards.domain_subjects import Carded
from services.tasks.obligations import rules as reviewing
from services.tasks.organisations import queries as organisations
from services.tasks.policies import POLICIES
from services.tasks.policies_scoring import ScoreAct
from services.tasks.rankings import queries as rankings
from services.tasks.rankings.domain import RankingStatus
from services.tasks.rankings.tables import Ranking, RankingRow
from services.tasks.verdicts import queries
from services.tasks.verdicts.domain import BarsNobody, NotAssessed, StatedBefore
from services.tasks.verdicts.tables import Verdict

ENTITY = "verdict"


async def state(
    session: AsyncSession,
    *,
    ranking_id: UUID,
    unit: str,
    statement: str,
    by: Principal,
    now: datetime,
) -> Verdict:
    """A unit failed the assessment of a year: the veto for it is proposed, and goes its way.

    Once for each version of the assessment, by an office above the unit.
    """
    await rankings.seen(session, ranking_id, by=by)
    ranking = await rankings.get(session, ranking_id, lock=True)
    row = await _assessed(session, ranking, unit)
    await _require(session, row, by=by, now=now)
    if await queries.on(session, ranking_id, unit) is not None:
        raise StatedBefore(unit=unit)
    ends = min(ranking.last, calendar.day_of(now))
    ground = scoring.failing(ranking.group_code, on=ends)
    if ground is None:
        raise BarsNobody(group=ranking.group_code)
    carded = Carded(unit=unit, group=ranking.group_code, region_code=row.region_code)
    card = await cards.propose(session, carded, ground, year=ranking.year, by=by, now=now)
    verdict = Verdict(
        id=uuid7(),
        ranking_id=ranking_id,
        region_code=row.region_code,
        unit=unit,
        group_code=ranking.group_code,
        year=ranking.year,
        statement=statement,
        stated_by=by.subject,
        stated_at=now,
        card_id=card.id,
    )
    session.add(verdict)
    detail = {"ranking": str(ranking_id), "card": str(card.id)}
    act = ScoreAct.STATE_VERDICT
    audit.note(session, by=by, act=act, entity=ENTITY, entity_id=verdict.id, detail=detail)
    return verdict


async def _assessed(session: AsyncSession, ranking: Ranking, unit: str) -> RankingRow:
    """The unit's row, if this is what is published of a year and the unit has a score in it."""
    row = await rankings.row_of(session, ranking.id, unit)
    yearly = ranking.period.cadence is Cadence.YEAR
    if not yearly or ranking.status != RankingStatus.PUBLISHED or row is None or row.score is None:
        raise NotAssessed(unit=unit)
    return row


async def _require(session: AsyncSession, row: RankingRow, *, by: Principal, now: datetime) -> None:
    """From above only: no county's office says so of its own government, or spares it."""
    POLICIES.require(by, ScoreAct.STATE_VERDICT, on=row, seen_by=ScoreAct.READ_RANKINGS)
    kind = await organisations.kind(session, row.subject, day=calendar.day_of(now))
    above = reviewing.may_review(
        reviewer_region=by.region or "", region_code=row.region_code, unit_kind=kind
    )
    if not above:
        raise NotYours


async def look_again(session: AsyncSession, *, ranking_id: UUID, now: datetime) -> None:
    """A year's assessment was corrected: a veto for a score that has changed is not as it was."""
    ranking = await rankings.get(session, ranking_id)
    before = await rankings.corrected(session, ranking)
    if before is None:
        return
    for verdict in await queries.on_earlier_versions(session, ranking):
        said = await rankings.row_of(session, before.id, verdict.unit)
        says = await rankings.row_of(session, ranking_id, verdict.unit)
        if said is None or says is None or said.score != says.score:
            await cards.doubt(session, card_id=verdict.card_id, now=now)
