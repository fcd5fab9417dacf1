"""The HTTP face of the ledger."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request

from kernel import exports
from kernel.calendar import Cadence
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.indicators import domain as figures
from services.tasks.indicators import rules
from services.tasks.organisations.schemas import Day
from services.tasks.policies_scoring import ScoreAct
from services.tasks.scores import (
    operations_recount,
    operations_runs,
    queries,
    queries_readers,
)
from services.tasks.scores.domain import ITEMS, Sums, Unmeasured
from services.tasks.scores.schemas import (
    HolderThen,
    ItemView,
    LineDetail,
    LineView,
    NewRun,
    RunView,
    SumView,
    YearsView,
)
from services.tasks.scores.tables import ScoreRun

router = rooms("/tasks/scores", "scores")


@router.post("/runs", status_code=202, response_model=RunView)
@act(ScoreAct.COMPUTE_SCORES)
async def order_run(body: NewRun, session: Session, by: Actor, now: Now) -> ScoreRun:
    """Compute a period as things stand now; what comes out as before changes nothing."""
    return await operations_runs.order(session, cadence=body.cadence, day=body.day, by=by, now=now)


@router.get("/runs", response_model=Page[RunView], responses=exports.RESPONSES)
@act(ScoreAct.READ_DRAFT_RANKINGS)
async def list_runs(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.RUNS.asked)],
) -> Any:
    """The runs, newest first."""
    return await exports.answer(
        request, session, queries_readers.every_run(by), asked, view=RunView
    )


@router.get("/runs/{run_id}", response_model=RunView)
@act(ScoreAct.READ_DRAFT_RANKINGS)
async def read_run(run_id: UUID, session: Session, by: Actor) -> ScoreRun:
    """How far a run has come."""
    queries_readers.require_all(by)
    return await queries.run(session, run_id)


@router.post("/schedule", status_code=204)
@act(ScoreAct.COMPUTE_SCORES)
async def begin_schedule(session: Session, by: Actor, now: Now) -> None:
    """Have every period computed once it ends, from now on."""
    await operations_runs.order_schedule(session, by=by, now=now)


@router.post("/recounts", status_code=202, response_model=YearsView)
@act(ScoreAct.COMPUTE_SCORES)
async def order_recount(session: Session, by: Actor, now: Now) -> YearsView:
    """Build all sums anew from the lines, a year at a time."""
    return YearsView(years=list(await operations_recount.order(session, by=by, now=now)))


@router.get("/lines", response_model=Page[LineView], responses=exports.RESPONSES)
@act(ScoreAct.READ_RANKINGS)
async def list_lines(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.LINES.asked)],
) -> Any:
    """The lines of the actor's unit and subtree, and of every post they held, newest first."""
    return await exports.answer(
        request, session, queries_readers.reached_by(by), asked, view=LineView
    )


@router.get("/lines/{line_id}", response_model=LineDetail)
@act(ScoreAct.READ_RANKINGS)
async def read_line(line_id: UUID, session: Session, by: Actor) -> LineDetail:
    """A line with its evidence and arithmetic, and who held the unit's posts then."""
    row = await queries_readers.seen(session, line_id, by=by)
    holders = await queries_readers.holders_then(session, row)
    shown = LineView.model_validate(row).model_dump()
    return LineDetail(
        **shown,
        reverses=row.reverses,
        reason=Unmeasured.NO_BASE if row.points is None else None,
        evidence=row.evidence,
        holders=[
            HolderThen(
                post=held.post,
                holder=held.person,
                since=held.effective_from,
                until=held.effective_to,
            )
            for held in holders
        ],
    )


@router.get("/lines/{line_id}/items", response_model=Page[ItemView], responses=exports.RESPONSES)
@act(ScoreAct.READ_RANKINGS)
async def list_items(
    line_id: UUID,
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.ITEMS.asked)],
) -> Any:
    """All that a line counted when it was computed, for whoever reads the line.

    They are kept with the line, in its transaction and by the conditions that counted them, and
    neither is ever changed: what came in later is in a further line, with items of its own.
    """
    line = await queries_readers.seen(session, line_id, by=by)
    kind = ITEMS[line.evidence["figure"]]

    def shown(said: dict[str, Any]) -> ItemView:
        return ItemView(kind=kind, **said)

    found = await queries.items(session, line)
    return await exports.answer(request, session, found, asked, view=ItemView, shown=shown)


@router.get("/sums")
@act(ScoreAct.READ_DRAFT_RANKINGS)
async def read_sums(
    session: Session,
    by: Actor,
    group: Annotated[str, Query(max_length=50)],
    cadence: Cadence,
    day: Day,
    basis: Annotated[
        str, Query(pattern="^(rolled_up|recount)$", description="From the roll-up or the lines")
    ] = "rolled_up",
) -> list[SumView]:
    """What the units of a group come to in a period; from the lines it is the same."""
    queries_readers.require_all(by)
    period = figures.period_of(day, cadence)
    count = queries.recounted if basis == "recount" else queries.sums
    found = await count(session, group=group, period=period)
    return [_shown(subject, sums) for subject, sums in found.items()]


def _shown(subject: str, sums: Sums) -> SumView:
    of = {"earned": sums.earned, "weight": sums.weight, "taken_off": sums.taken_off}
    score = rules.score(**of)
    said = {name: getattr(sums, name) for name in Sums.__slots__}
    steps = rules.score_steps(**of, score=score)
    return SumView(subject=subject, score=score, arithmetic=steps, **said)
