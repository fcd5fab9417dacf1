"""The HTTP face of the figures."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime

from contracts import identifiers
from contracts.identifiers import RegionCode
from kernel.problems import FieldFault, InvalidPayload
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.policies_orders import OrderAct
from services.tasks.punctuality import queries
from services.tasks.punctuality.queries import Period
from services.tasks.punctuality.schemas import Share, UnitFigures

router = rooms("/tasks/punctuality", "punctuality")


@router.get("")
@act(OrderAct.READ_ORDERS)
async def read_figures(
    session: Session,
    by: Actor,
    now: Now,
    since: Annotated[AwareDatetime, Query(description="From this instant on")],
    before: Annotated[AwareDatetime, Query(description="Before this instant")],
    region: Annotated[RegionCode | None, Query(description="Orders of this place")] = None,
) -> list[UnitFigures]:
    """How units of the actor's area dealt with orders in a period, by unit."""
    if before <= since:
        raise InvalidPayload(
            FieldFault(
                pointer="query:before",
                code="not_after_since",
                zh="应晚于 since",
                en="expected an instant after `since`",
            )
        )
    period = Period(since=since, before=before, now=now)
    below = identifiers.prefix(region) if region else None
    found = await queries.of_units(session, period=period, region=below, by=by)
    return [_figures(unit, found[unit]) for unit in sorted(found)]


def _figures(unit: str, counts: Mapping[str, int]) -> UnitFigures:
    def share(numerator: str, denominator: str) -> Share:
        return Share.of(counts.get(numerator, 0), counts.get(denominator, 0))

    return UnitFigures(
        unit=unit,
        signed=share("signed", "to_sign"),
        answered=share("answered", "due"),
        returned=share("returned", "sent"),
        satisfied=share("satisfied", "said"),
        redone=share("redone", "visited"),
        extended=counts.get("extended", 0),
    )
