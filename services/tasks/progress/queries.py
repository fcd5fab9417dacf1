"""Reads how far an obligation is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference.national.evidencerows import CreditRule
from services.tasks.evidence import operations_counts as counts
from services.tasks.evidence import queries as evidence
from services.tasks.evidence.tables import Evidence
from services.tasks.holders import queries as holders
from services.tasks.holders.tables import Holding
from services.tasks.obligations.domain import LIVE
from services.tasks.obligations.tables import Obligation
from services.tasks.progress import rules
from services.tasks.progress.domain import MeasuredByFigure, NotOfPrincipals
from services.tasks.progress.rules import Outlook, Owed, Part, Term

PRINCIPAL = "principal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """An obligation's pieces of evidence, which of them count, and the outlook."""

    pieces: Sequence[Evidence]
    outlook: Outlook
    rule: CreditRule | None
    """What counts; None where whatever is accepted does."""


async def progress(session: AsyncSession, obligation: Obligation, *, today: date) -> Progress:
    """How far an obligation is on a day; refused where a figure says it."""
    if not counts.decides(obligation):
        raise MeasuredByFigure(duty_kind=obligation.duty_kind)
    pieces = await evidence.of(session, obligation.id)
    owed = await _owed(session, obligation)
    rule = await counts.rule_of(session, obligation) if obligation.least is not None else None
    found = rules.outlook(owed, counted=_days(pieces), today=today)
    return Progress(pieces=pieces, outlook=found, rule=rule)


async def parts(session: AsyncSession, obligation: Obligation) -> list[tuple[Part, Holding | None]]:
    """What each post-holder of the period owes and has; the unit's part has no holder."""
    duty = await counts.duty_of(session, obligation)
    if not counts.of_principals(duty) or obligation.unit is None or obligation.least is None:
        raise NotOfPrincipals
    held = await holders.terms(session, f"{obligation.unit}.{PRINCIPAL}")
    terms = [
        Term(person=row.person, first=row.effective_from, last=row.effective_to) for row in held
    ]
    pieces = await evidence.of(session, obligation.id)
    found = rules.parts(await _owed(session, obligation), terms=terms, counted=_days(pieces))
    last_terms = {row.person: row for row in held}
    return [(part, last_terms.get(part.person) if part.person else None) for part in found]


async def _owed(session: AsyncSession, obligation: Obligation) -> Owed:
    rule = await counts.rule_of(session, obligation)
    first = obligation.period_from or calendar.day_of(obligation.opened_at)
    last = counts.span_of(obligation).last or counts.due_on(obligation)
    return Owed(
        least=obligation.least or 1,
        first=first,
        last=max(first, last),
        spacing=rule.spacing if obligation.least is not None else None,
        ended=obligation.status not in LIVE,
    )


def _days(pieces: Sequence[Evidence]) -> list[date]:
    """The days of what counts, as it was last counted."""
    return [
        piece.happened_on or calendar.day_of(piece.submitted_at) for piece in pieces if piece.counts
    ]
