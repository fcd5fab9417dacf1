"""The HTTP face of lines of reporting. Translates; decides nothing."""

from kernel.transactions import Actor, AsAt, Session, act
from kernel.web import rooms
from services.tasks.lines import domain, operations, queries
from services.tasks.lines.schemas import LineView, NewSuperior
from services.tasks.organisations import queries as organisations
from services.tasks.policies import Act

router = rooms("/tasks/organisations", "lines")


@router.get("/units/{code}/line")
@act(Act.READ_UNITS)
async def read_line(
    code: str,
    session: Session,
    on: AsAt,
) -> LineView:
    """A unit and everybody above it on a day, nearest first."""
    await organisations.unit(session, code, day=on)
    above = await queries.above(session, on=on)
    return LineView(on=on, units=list(domain.climb(code, above=above)))


@router.put("/units/{code}/superior")
@act(Act.CHANGE_ORGANISATION)
async def report_to(code: str, body: NewSuperior, session: Session, by: Actor) -> LineView:
    """Have a unit report to another one from a day on; never in a circle."""
    await operations.report_to(
        session, unit_code=code, superior=body.superior, on=body.effective_from, by=by
    )
    await session.flush()
    above = await queries.above(session, on=body.effective_from)
    return LineView(on=body.effective_from, units=list(domain.climb(code, above=above)))
