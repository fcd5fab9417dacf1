"""What this service does when tasks tells of evidence that went back and of appeals decided."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_evidence import (
    AppealDecided,
    AppealMade,
    AppealUndecided,
    CreditWithdrawn,
    EvidenceFact,
    EvidenceQuestioned,
    EvidenceReturned,
)
from contracts.tasks_parts import PartAppealDecided, PartAppealed, PartAppealFact
from kernel.calendar import day_of
from kernel.events import Event
from kernel.inbox import on
from services.notifications.directory import queries as known
from services.notifications.telling import alarm, inform


async def inform_holder_on_evidence_fact(session: AsyncSession, event: EvidenceFact) -> None:
    """Whoever handed it in has something to do again, and a clock that runs."""
    await inform(session, event, to=[await _holder(session, event)])


async def inform_holder_on_credit_withdrawn(session: AsyncSession, event: CreditWithdrawn) -> None:
    """What was done may be owed again."""
    await inform(session, event, to=[await _holder(session, event)])


async def inform_the_office_on_appeal_made(session: AsyncSession, event: AppealMade) -> None:
    """Somebody has to decide: until then the duty is nobody's delay."""
    await inform(session, event, to=[event.unit] if event.unit else [])


async def raise_alarm_on_appeal_undecided(session: AsyncSession, event: AppealUndecided) -> None:
    """The office that decides and the city's above it have to know."""
    await alarm(session, event)


async def inform_objector_on_appeal_decided(session: AsyncSession, event: AppealDecided) -> None:
    """The clock may run again, or there is more time."""
    await inform(session, event, to=[await _holder(session, event)])


async def inform_the_office_on_part_appealed(session: AsyncSession, event: PartAppealed) -> None:
    """Somebody has to decide; the unit has it in writing, and the lead knows what waits."""
    office = [event.office] if event.office else []
    await inform(session, event, to=[*office, *await _both(session, event)])


async def inform_unit_and_lead_on_part_appeal_decided(
    session: AsyncSession, event: PartAppealDecided
) -> None:
    """The unit has to act again or not at all, and the lead waits for it or does not."""
    await inform(session, event, to=await _both(session, event))


async def _both(session: AsyncSession, event: PartAppealFact) -> list[str]:
    return [await _liaison(session, event, unit) for unit in (event.unit, event.lead)]


async def _holder(
    session: AsyncSession, event: EvidenceFact | CreditWithdrawn | AppealDecided
) -> str:
    """The enterprise; of a unit its liaison officer, as for the daily digest."""
    code = event.subject_code
    return code if "." not in code else await _liaison(session, event, code)


async def _liaison(session: AsyncSession, event: Event, unit: str) -> str:
    on_day = day_of(event.occurred_at)
    return await known.post_or_unit(session, unit=unit, post="liaison", on=on_day)


REVIEWS = (
    on(EvidenceReturned, inform_holder_on_evidence_fact),
    on(EvidenceQuestioned, inform_holder_on_evidence_fact),
    on(CreditWithdrawn, inform_holder_on_credit_withdrawn),
    on(AppealMade, inform_the_office_on_appeal_made),
    on(AppealUndecided, raise_alarm_on_appeal_undecided),
    on(AppealDecided, inform_objector_on_appeal_decided),
    on(PartAppealed, inform_the_office_on_part_appealed),
    on(PartAppealDecided, inform_unit_and_lead_on_part_appeal_decided),
)
