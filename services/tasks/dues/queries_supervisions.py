"""Sources: supervisory orders, on the side of who is addressed and of who issued them."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import Select, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from reference.terms import SupervisionKind
from services.tasks.dues.domain import Said
from services.tasks.dues.queries_kinds import Column, Source, Words, asked, clocked, unmoved
from services.tasks.supervisionanswers.tables import SupervisionCommitment
from services.tasks.supervisions import operations as steps
from services.tasks.supervisions.domain import LIVE, OWED, SupervisionStatus
from services.tasks.supervisions.tables import Supervision, SupervisionReceipt

_STANDING = LIVE - {SupervisionStatus.DRAFTED}
_JUDGES: Column = literal_column(
    "replace(supervision.keeper, '.safety_committee', '.committee_office')"
)
"""Whose people act for the issuer: for a committee its office (`serving` of the orders)."""


def _said(step: Said, of: Select[UUID, str, str | None]) -> Words:
    """The step, and the kind and number of the order; never what it is about.

    `of` gives the id of what is due, and the kind and number of its order.
    """
    key = next(iter(of.selected_columns))

    async def words(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Said]:
        rows = await session.execute(of.where(key.in_(ids)))
        return {
            found: _named(step, SupervisionKind(kind), number or "") for found, kind, number in rows
        }

    return words


def _named(step: Said, kind: SupervisionKind, number: str) -> Said:
    return Said(f"{step.zh}：{kind.zh} {number}", f"{step.en}: {kind.en} {number}")


async def _moves_of_answers(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, int]:
    """An extension moves the deadline; so does each answer that is returned."""
    moved = Supervision.extended + Supervision.round - 1
    rows = await session.execute(select(Supervision.id, moved).where(Supervision.id.in_(ids)))
    return {found: times for found, times in rows}  # noqa: C416 -- no pairs to mypy


_OF_ORDERS = select(Supervision.id, Supervision.kind, Supervision.number_text)
_OF_RECEIPTS = select(SupervisionReceipt.id, Supervision.kind, Supervision.number_text).join(
    Supervision, Supervision.id == SupervisionReceipt.supervision_id
)
_OF_COMMITMENTS = select(SupervisionCommitment.id, Supervision.kind, Supervision.number_text).join(
    Supervision, Supervision.id == SupervisionCommitment.supervision_id
)

SOURCES: tuple[Source, ...] = (
    # Of a unit its code and of an enterprise its credit code: neither is ever the other's.
    Source(
        kind="supervision_receipt",
        entity="supervisions",
        owed=asked(
            SupervisionReceipt.id,
            entity=Supervision.id,
            unit=SupervisionReceipt.addressee,
            enterprise=SupervisionReceipt.addressee,
            due=SupervisionReceipt.due_at,
            opened=Supervision.issued_at,
            changed=[SupervisionReceipt.overdue_at],
        )
        .join(Supervision, Supervision.id == SupervisionReceipt.supervision_id)
        .where(SupervisionReceipt.received_at.is_(None), Supervision.status.in_(_STANDING)),
        words=_said(Said("签收监督文书", "Sign for a supervision"), _OF_RECEIPTS),
        moves=unmoved,
    ),
    Source(
        kind="supervision",
        entity="supervisions",
        owed=asked(
            Supervision.id,
            unit=Supervision.addressee,
            enterprise=Supervision.addressee,
            due=Supervision.due_at,
            opened=Supervision.issued_at,
            changed=[Supervision.received_at, Supervision.answered_at, Supervision.overdue_at],
        ).where(Supervision.status.in_(OWED)),
        words=_said(Said("答复监督文书", "Answer a supervision"), _OF_ORDERS),
        moves=_moves_of_answers,
    ),
    Source(
        kind="supervision_commitment",
        entity="supervisions",
        owed=asked(
            SupervisionCommitment.id,
            entity=Supervision.id,
            unit=Supervision.addressee,
            enterprise=Supervision.addressee,
            due=SupervisionCommitment.due_at,
            opened=Supervision.met_at,
            changed=[SupervisionCommitment.overdue_at],
        )
        .join(Supervision, Supervision.id == SupervisionCommitment.supervision_id)
        .where(SupervisionCommitment.kept_at.is_(None), Supervision.status.in_(_STANDING)),
        words=_said(Said("兑现约谈承诺", "Keep what was promised"), _OF_COMMITMENTS),
        moves=unmoved,
    ),
    Source(
        kind="supervision_acceptance",
        entity="supervisions",
        owed=asked(
            Supervision.id,
            unit=_JUDGES,
            due=Supervision.acceptance_due_at,
            opened=Supervision.answered_at,
            changed=[Supervision.acceptance_overdue_at],
        ).where(Supervision.status == SupervisionStatus.ANSWERED),
        words=_said(Said("验收监督文书答复", "Examine an answer to a supervision"), _OF_ORDERS),
        moves=clocked(steps.ACCEPTANCE_DUE),
    ),
)
