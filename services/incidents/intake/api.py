"""The HTTP face of intake: where accidents are reported."""

from fastapi import Request, Response

from kernel.precedence import PRECEDENCE
from kernel.rendering import wants_chinese
from kernel.transactions import Actor, Now, Runtime, act, untransacted
from kernel.web import rooms
from services.incidents.intake import operations
from services.incidents.intake.domain import Arrival
from services.incidents.intake.spool import Spool
from services.incidents.policies import Act
from services.incidents.receipts.schemas import Receipt
from services.incidents.reports.operations import refuse_strangers
from services.incidents.reports.schemas import NewReport
from services.incidents.reports.schemas_checks import refuse_implausible

router = rooms("/incidents/reports", "reports")


@router.post(
    "",
    status_code=operations.CREATED,
    response_model=Receipt,
    responses={operations.ACCEPTED: {"model": Receipt, "description": "Spooled on disk."}},
)
@act(Act.REPORT)
@untransacted
async def report(body: NewReport, request: Request, by: Actor, now: Now) -> Response:
    """Report an accident, or what has become of one.

    Sent again with the same `report_id` it has one effect and the very same answer.
    """
    refuse_implausible(body, now=now)
    refuse_strangers(body, by=by)
    runtime: Runtime = request.app.state.runtime
    spool: Spool = request.app.state.spool
    arrival = await spool.first_received(
        Arrival(
            payload=await request.json(),
            by=by,
            received_at=now,
            chinese=wants_chinese(request.headers.get("accept-language")),
        )
    )
    answer = None
    if not await spool.holds(body.accident_id):
        with PRECEDENCE.urgent():
            answer = await operations.commit_soon(
                runtime.database, arrival=arrival, report=body, now=now
            )
    if answer is None:
        operations.spooled_answer(arrival, body)  # what could never be stored is refused now
        answer = operations.spooled_answer(await spool.keep(arrival), body)
    return Response(answer.body, answer.status, media_type="application/json")
