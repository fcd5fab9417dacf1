"""Who reads which lines: their unit's and subtree's, and of the posts that they held then."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import Place, Principal, Relation
from reference import city
from services.tasks.holders import queries as holders
from services.tasks.holders.tables import Holding
from services.tasks.policies import POLICIES
from services.tasks.policies_scoring import ScoreAct
from services.tasks.scores import queries
from services.tasks.scores.tables import ScoreLine, ScoreRun


def require_all(by: Principal) -> None:
    """Refuse who may not read what all units come to before it is published."""
    here = Place(city.current().code)
    POLICIES.require(by, ScoreAct.READ_DRAFT_RANKINGS, on=here, seen_by=ScoreAct.READ_RANKINGS)


def every_run(by: Principal) -> Select[ScoreRun]:
    """All runs, for those who may read of all units."""
    require_all(by)
    return select(ScoreRun)


def reached_by(by: Principal) -> Select[ScoreLine]:
    """What an actor may list."""
    granted = POLICIES.granted(by, ScoreAct.READ_SCORES)
    unit: ColumnElement[bool] = false()
    subtree: ColumnElement[bool] = false()
    if Relation.UNIT in granted and by.unit:
        unit = ScoreLine.subject == by.unit
    if Relation.SUBTREE in granted and by.region is not None and by.uscc is None:
        subtree = ScoreLine.region_code.startswith(by.region, autoescape=True)
    return select(ScoreLine).where(or_(unit, subtree, _held_then(by)))


def _held_then(by: Principal) -> ColumnElement[bool]:
    """Whether the actor held a post of the unit on any day of the period."""
    person = _person(by)
    if person is None:
        return false()
    return exists().where(
        Holding.person == person,
        Holding.unit == ScoreLine.subject,
        Holding.effective_from <= ScoreLine.last,
        or_(Holding.effective_to.is_(None), Holding.effective_to >= ScoreLine.first),
    )


def _person(by: Principal) -> UUID | None:
    """Of a person the account's id, which stays whatever post they hold."""
    if by.client or by.uscc is not None:
        return None
    try:
        return UUID(by.subject)
    except ValueError:
        return None


async def seen(session: AsyncSession, line_id: UUID, *, by: Principal) -> ScoreLine:
    """One line, for those who read it; to others it is absent."""
    found = await session.scalar(reached_by(by).where(ScoreLine.id == line_id))
    if found is None:
        raise queries.no_line(line_id)
    return found


async def holders_then(session: AsyncSession, line: ScoreLine) -> Sequence[Holding]:
    """Who held the unit's posts on days of the period, in turn: the score stays with them."""
    return await holders.during(session, line.subject, first=line.first, last=line.last)
