"""Sources: the reply of a unit to the notice of a card, and the decision on it."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from reference.terms import Card
from services.tasks.cards.domain import CardStatus
from services.tasks.cards.tables import CardRow
from services.tasks.dues.domain import Said
from services.tasks.dues.queries_kinds import Source, Words, asked, unmoved


def _said(step: Said) -> Words:
    """The step, and what sort of card it is of which year; never of what accidents."""

    async def words(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Said]:
        chosen = select(CardRow.id, CardRow.kind, CardRow.year).where(CardRow.id.in_(ids))
        rows = await session.execute(chosen)
        return {found: _named(step, Card(kind), year) for found, kind, year in rows}

    return words


def _named(step: Said, kind: Card, year: int) -> Said:
    return Said(f"{step.zh}：{kind.zh}（{year}年度）", f"{step.en}: {kind.en} ({year})")


SOURCES: tuple[Source, ...] = (
    Source(
        kind="card_reply",
        entity="cards",
        owed=asked(
            CardRow.id, unit=CardRow.unit, due=CardRow.reply_due_at, opened=CardRow.noticed_at
        ).where(CardRow.status == CardStatus.NOTICED),
        words=_said(Said("陈述申辩", "Reply to the notice of a card")),
        moves=unmoved,
        lapses=True,
    ),
    Source(
        kind="card_decision",
        entity="cards",
        owed=asked(
            CardRow.id,
            unit=CardRow.decider,
            due=CardRow.decision_due_at,
            opened=func.coalesce(CardRow.replied_at, CardRow.reply_due_at),
        ).where(
            CardRow.status.in_((CardStatus.NOTICED, CardStatus.REPLIED)),
            CardRow.decision_due_at.is_not(None),
        ),
        words=_said(Said("作出考核处理决定", "Decide on a card")),
        moves=unmoved,
    ),
)
