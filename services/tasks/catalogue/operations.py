"""Writing lines of the catalogue, and learning from what became of dispatches."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit
from kernel.access import Place, Principal
from kernel.ids import uuid7
from kernel.problems import Problem
from reference import city, orders, places
from services.tasks.catalogue import queries, rules
from services.tasks.catalogue.domain import CatalogueLoops, LineUnclear
from services.tasks.catalogue.rules import Lesson, Line
from services.tasks.catalogue.schemas import NewLine
from services.tasks.catalogue.tables import CatalogueLine, LearntLesson
from services.tasks.organisations import queries as organisations
from services.tasks.policies import POLICIES
from services.tasks.policies_orders import OrderAct


class LineWrittenLater(Problem):
    """History is not rewritten: the line that holds now began on that day or after it."""

    status = 409
    title_zh = "该事项的现行条目起效日期不早于所填日期"
    title_en = "The line that holds now began on that day or later"


async def write(
    session: AsyncSession, *, new: NewLine, by: Principal, now: datetime
) -> CatalogueLine:
    """State where orders about a matter go from a day on; the line before it ends on its eve."""
    place = Place(new.region_code or city.current().code)
    POLICIES.require(by, OrderAct.WRITE_CATALOGUE, on=place, seen_by=OrderAct.READ_CATALOGUE)
    line = new.line()
    await _refuse_unclear(session, line, place.region_code, on=new.effective_from)
    await queries.lock(session)
    await _refuse_looping(session, line, since=new.effective_from)
    await _end_standing(session, line, on=new.effective_from)
    row = CatalogueLine(
        id=uuid7(),
        matter=line.matter,
        region=line.region,
        lead=line.lead,
        supporting=list(line.supporting),
        same_as=line.same_as,
        reason=new.reason,
        effective_from=new.effective_from,
        made_by=by.subject,
        made_at=now,
    )
    session.add(row)
    audit.note(
        session, by=by, act=OrderAct.WRITE_CATALOGUE, entity="catalogue_line", entity_id=row.id
    )
    return row


async def _refuse_looping(session: AsyncSession, line: Line, *, since: date) -> None:
    """It goes on with whatever lines are written ahead: it must not loop with those either."""
    for day in (since, *await queries.days_of_change(session, since=since)):
        found = rules.circle(await queries.lines(session, on=day), added=line)
        if found:
            raise CatalogueLoops(
                f"自 {day} 起：" + " → ".join(found),
                f"From {day} on: " + " → ".join(found),
                matters=list(found),
            )


async def _refuse_unclear(session: AsyncSession, line: Line, region: str, *, on: date) -> None:
    matters = [line.matter, *([line.same_as] if line.same_as else [])]
    if (line.lead is None) is (line.same_as is None) or (line.same_as and line.supporting):
        raise LineUnclear
    for code in matters:
        if orders.matter(code, on=on) is None:
            raise LineUnclear(f"没有事项 {code}", f"There is no matter {code}.")
    patterns = [pattern for pattern in (line.lead, *line.supporting) if pattern]
    meant = {pattern: places.filled(pattern, region) for pattern in patterns}
    known = await organisations.known(session, meant.values(), day=on)
    for pattern, code in meant.items():
        if code not in known:
            raise LineUnclear(f"没有单位 {pattern}", f"There is no unit {pattern}.")


async def _end_standing(session: AsyncSession, line: Line, *, on: date) -> None:
    standing = await queries.standing(session, matter=line.matter, region=line.region)
    if standing is None:
        return
    if standing.effective_from >= on:
        raise LineWrittenLater(effective_from=standing.effective_from.isoformat())
    standing.effective_to = on - timedelta(days=1)
    await session.flush()  # what ends must end before what follows it is written


async def learn(
    session: AsyncSession,
    lesson: Lesson,
    *,
    dispatch_id: UUID,
    order_id: UUID,
    matter: str,
    region: str,
    unit: str,
    now: datetime,
) -> None:
    """Keep what a dispatch taught; told twice, it counts once."""
    row = insert(LearntLesson).values(
        dispatch_id=dispatch_id,
        lesson=str(lesson),
        order_id=order_id,
        matter=matter,
        region=region,
        unit=unit,
        learnt_at=now,
    )
    await session.execute(row.on_conflict_do_nothing())
