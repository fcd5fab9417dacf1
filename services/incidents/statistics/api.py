"""The HTTP face of the statistics."""

from datetime import date
from typing import Annotated, Any

from fastapi import Query, Request, Response

from kernel import calendar, exports
from kernel.access import Place
from kernel.exports import Format
from kernel.problems import FieldFault, InvalidPayload
from kernel.rendering import wants_chinese
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from reference import city
from services.incidents.policies import POLICIES, Act
from services.incidents.statistics import (
    operations_bases,
    operations_recount,
    queries_analysis,
    schemas,
)
from services.incidents.statistics.domain_situation import Analysis, Basis
from services.incidents.statistics.schemas import (
    AnalysisRow,
    BaseView,
    FigureView,
    Month,
    NewBase,
    NewFigure,
    PlaceCode,
    Recounting,
)
from services.incidents.statistics.tables import FrozenBase, StatedFigure

router = rooms("/incidents/statistics", "statistics")


def refuse_future(month: date, *, today: date) -> None:
    """A month that has not begun has no situation."""
    if month > today:
        zh, en = "不得晚于本月", "expected a month that has begun"
        raise InvalidPayload(FieldFault(pointer="query:month", code="in_the_future", zh=zh, en=en))


@router.get("/analysis", response_model=Analysis, responses=exports.RESPONSES)
@act(Act.READ_STATISTICS)
async def analyse(
    request: Request,
    session: Session,
    by: Actor,
    now: Now,
    month: Annotated[Month, Query()],
    region: Annotated[PlaceCode | None, Query()] = None,
    basis: Annotated[
        Basis, Query(description="汇总表或逐起重算 / read the roll-up or count each accident")
    ] = Basis.ROLLUP,
) -> Any:
    """The situation of a place in a month; as CSV or XLSX by `Accept`.

    Without a region, of the city. Rates and comparisons are computed and null without a base.
    """
    place = region or city.current().code
    POLICIES.require(by, Act.READ_STATISTICS, on=Place(place), seen_by=Act.READ_STATISTICS)
    refuse_future(month, today=calendar.day_of(now))
    analysis = await queries_analysis.analyse(
        session, region=place, month=month, basis=basis, now=now
    )
    wanted = exports.wanted(request.headers.get("accept"))
    if wanted is Format.JSON:
        # Written once: that it is an analysis is known, and checking it again takes longer.
        body = queries_analysis.ANALYSIS.dump_json(analysis)
        return Response(body, media_type="application/json")
    chinese = wants_chinese(request.headers.get("accept-language"))
    return exports.download(
        schemas.rows_of(analysis, chinese=chinese),
        view=AnalysisRow,
        name=f"analysis-{place}-{month:%Y-%m}",
        format=wanted,
        chinese=chinese,
    )


@router.post("/figures", status_code=201, response_model=FigureView)
@act(Act.STATE_FIGURES)
async def state_figure(body: NewFigure, session: Session, by: Actor, now: Now) -> StatedFigure:
    """State a figure that others publish, with its source; a correction is a new version."""
    return await operations_bases.state_figure(
        session,
        region=body.region_code,
        kind=str(body.kind),
        month=body.month,
        value=body.value,
        source=body.source,
        published_on=body.published_on,
        by=by,
        now=now,
    )


@router.post("/bases", status_code=201, response_model=BaseView)
@act(Act.STATE_FIGURES)
async def freeze_base(body: NewBase, session: Session, by: Actor, now: Now) -> FrozenBase:
    """Freeze the base of a year's targets now: the counts of the year before. Only once."""
    return await operations_bases.freeze_base(session, year=body.year, by=by, now=now)


@router.post("/recount", status_code=202)
@act(Act.COUNT_ANEW)
async def count_anew(session: Session, by: Actor, now: Now) -> Recounting:
    """Have the sums of the whole city built anew from its accidents, a year after the other."""
    years = await operations_recount.order(session, by=by, now=now)
    return Recounting(years=list(years))
