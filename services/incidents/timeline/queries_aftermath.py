"""Gathering what followed an accident. Row-level security hides most of it from enterprises."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.evaluations import queries as evaluations
from services.incidents.evaluations.tables import Evaluation
from services.incidents.evidence import queries as evidence
from services.incidents.evidence.tables import Custody, Evidence, Withdrawal
from services.incidents.lookbacks import queries as lookbacks
from services.incidents.lookbacks.tables import Lookback
from services.incidents.recommendations import queries as recommendations
from services.incidents.recommendations.tables import Proof, Recommendation
from services.incidents.steps import queries as steps
from services.incidents.steps.tables import Step
from services.incidents.teams import queries as teams
from services.incidents.teams.tables import Member, Recusal
from services.incidents.transfers import queries as transfers
from services.incidents.transfers.tables import Transfer, TransferStep


@dataclass(frozen=True, kw_only=True)
class Aftermath:
    """All that followed an accident, as the actor may see it."""

    members: Sequence[Member]
    recusals: Sequence[Recusal]
    steps: Sequence[Step]
    evidence: Sequence[Evidence]
    custody: Sequence[Custody]
    withdrawals: Sequence[Withdrawal]
    recommendations: Sequence[Recommendation]
    proofs: Sequence[Proof]
    transfers: Sequence[Transfer]
    transfer_steps: Sequence[TransferStep]
    evaluations: Sequence[Evaluation]
    lookbacks: Sequence[Lookback]


async def of(session: AsyncSession, accident_id: UUID) -> Aftermath:
    """What followed one accident."""
    items = await evidence.of_accident(session, accident_id)
    made = await recommendations.of_accident(session, accident_id)
    moved = await transfers.of_accident(session, accident_id)
    return Aftermath(
        members=await teams.of_accident(session, accident_id),
        recusals=await teams.recusals(session, accident_id),
        steps=await steps.of_accident(session, accident_id),
        evidence=items,
        custody=await evidence.custody(session, *(one.id for one in items)),
        withdrawals=await evidence.withdrawals(session, *(one.id for one in items)),
        recommendations=made,
        proofs=await recommendations.proofs(session, *(one.id for one in made)),
        transfers=moved,
        transfer_steps=await transfers.steps(session, *(one.id for one in moved)),
        evaluations=await evaluations.of_accident(session, accident_id),
        lookbacks=await lookbacks.of_accident(session, accident_id),
    )
