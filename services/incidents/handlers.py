"""What incidents does when it has told something itself, once that is committed."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import AccidentReported, AccidentShared
from kernel.inbox import Subscription, on
from services.incidents.duplicates import operations_matching as duplicates
from services.incidents.sharing import operations as sharing


async def look_for_duplicates_on_accident_reported(
    session: AsyncSession, event: AccidentReported
) -> None:
    """Somebody else may have reported it already: a person is asked, never the reporter."""
    await duplicates.look_for(session, accident_id=event.accident_id, now=event.occurred_at)


async def tell_further_places_on_accident_reported(
    session: AsyncSession, event: AccidentReported
) -> None:
    """It reaches into further places: their desks hear of it too."""
    sharing.tell_further_places(session, reported=event)


async def keep_share_on_accident_shared(session: AsyncSession, event: AccidentShared) -> None:
    """The further place reads along from now on."""
    await sharing.keep_share(session, shared=event)


SUBSCRIPTIONS: tuple[Subscription, ...] = (
    on(AccidentReported, look_for_duplicates_on_accident_reported),
    on(AccidentReported, tell_further_places_on_accident_reported),
    on(AccidentShared, keep_share_on_accident_shared),
)
