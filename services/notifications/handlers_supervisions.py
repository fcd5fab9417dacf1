"""What this service does when tasks tells of supervisory orders."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_supervisions import (
    SupervisionAccepted,
    SupervisionAnswered,
    SupervisionClimbed,
    SupervisionExtended,
    SupervisionFact,
    SupervisionIssued,
    SupervisionOverdue,
    SupervisionReturned,
    SupervisionWarned,
    SupervisionWithdrawn,
)
from kernel.inbox import on
from reference.terms import SupervisionStep
from services.notifications.telling import alarm, inform


def _owing(event: SupervisionFact) -> list[str]:
    """Whoever a supervisory order is addressed to and answers it."""
    return [event.enterprise_uscc or event.unit]


async def inform_addressees_on_supervision_issued(
    session: AsyncSession, event: SupervisionIssued
) -> None:
    """Those it is addressed to, and those it is copied to."""
    await inform(session, event, to=[*(event.units or _owing(event)), *event.cc])


async def inform_issuer_on_supervision_answered(
    session: AsyncSession, event: SupervisionAnswered
) -> None:
    """The answer waits to be examined."""
    await inform(session, event, to=[event.issuer])


async def inform_addressee_on_supervision_returned(
    session: AsyncSession, event: SupervisionReturned
) -> None:
    """The answer is owed once more."""
    await inform(session, event, to=_owing(event))


async def inform_addressee_on_supervision_accepted(
    session: AsyncSession, event: SupervisionAccepted
) -> None:
    """The answer does."""
    await inform(session, event, to=_owing(event))


async def inform_addressee_on_supervision_extended(
    session: AsyncSession, event: SupervisionExtended
) -> None:
    """There is more time."""
    await inform(session, event, to=_owing(event))


async def inform_addressees_on_supervision_withdrawn(
    session: AsyncSession, event: SupervisionWithdrawn
) -> None:
    """It does not hold any more."""
    await inform(session, event, to=event.units or _owing(event))


async def inform_addressee_on_supervision_warned(
    session: AsyncSession, event: SupervisionWarned
) -> None:
    """The time ends soon."""
    await inform(session, event, to=_owing(event))


async def raise_alarm_on_supervision_overdue(
    session: AsyncSession, event: SupervisionOverdue
) -> None:
    """Call the chain of a step that came too late; an enterprise hears of its own delay."""
    await alarm(session, event)
    if event.enterprise_uscc is not None and event.step is not SupervisionStep.ACCEPTANCE:
        await inform(session, event, to=[event.enterprise_uscc])


async def inform_the_line_on_supervision_climbed(
    session: AsyncSession, event: SupervisionClimbed
) -> None:
    """The unit above the one that owes the answer, that one, the issuer, and who signs next."""
    told = [event.superior, *_owing(event), event.issuer, event.proposed_to]
    await inform(session, event, to=told)


SUPERVISIONS = (
    on(SupervisionIssued, inform_addressees_on_supervision_issued),
    on(SupervisionAnswered, inform_issuer_on_supervision_answered),
    on(SupervisionReturned, inform_addressee_on_supervision_returned),
    on(SupervisionAccepted, inform_addressee_on_supervision_accepted),
    on(SupervisionExtended, inform_addressee_on_supervision_extended),
    on(SupervisionWithdrawn, inform_addressees_on_supervision_withdrawn),
    on(SupervisionWarned, inform_addressee_on_supervision_warned),
    on(SupervisionOverdue, raise_alarm_on_supervision_overdue),
    on(SupervisionClimbed, inform_the_line_on_supervision_climbed),
)
