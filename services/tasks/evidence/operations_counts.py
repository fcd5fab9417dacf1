"""Count what was handed in for an obligation, on its locked row."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference import evidence as pack
from reference import figures, subjects
from reference.national.evidencerows import CreditRule
from reference.terms import DutyKind, EvidenceKind
from services.tasks.credits import rules
from services.tasks.credits.rules import Done, Span
from services.tasks.evidence import queries
from services.tasks.evidence.domain import HELD, EvidenceState
from services.tasks.evidence.tables import Evidence, EvidenceFile
from services.tasks.obligations.tables import Obligation
from services.tasks.plans import queries as plans
from services.tasks.plans.tables import Duty


async def recount(session: AsyncSession, obligation: Obligation) -> None:
    """Say anew what counts and what waits, and of each piece why it does not count, or would not.

    The pieces are few and the row is locked: counting them all again is never wrong, and adding
    one up would be as soon as an acceptance is taken back.
    """
    await session.flush()
    pieces = await queries.of(session, obligation.id)
    accepted = [piece for piece in pieces if piece.state == EvidenceState.ACCEPTED]
    obligation.waiting = sum(piece.state in HELD for piece in pieces)
    if obligation.least is None:
        obligation.credited = len(accepted)
        return
    files = await queries.files(session, obligation.id)
    rule = await rule_of(session, obligation)
    span = span_of(obligation)
    tally = rules.tally(_done_of(accepted, files), rule=rule, span=span)
    obligation.credited = len(tally.counted)
    for piece in pieces:
        with_it = tally
        if piece.state in HELD:
            with_it = rules.tally(_done_of([*accepted, piece], files), rule=rule, span=span)
        piece.uncounted = with_it.uncounted.get(piece.id)


async def lacks_kinds(
    session: AsyncSession, obligation: Obligation, pieces: Collection[Evidence]
) -> bool:
    """Whether a kind of evidence that the obligation asks for is in none of some pieces."""
    if obligation.least is None:
        return False
    rule = await rule_of(session, obligation)
    files = await queries.files(session, obligation.id)
    kinds = {kind for one in _done_of(pieces, files) for kind in one.kinds}
    return bool(set(rule.needs) - kinds)


async def rule_of(session: AsyncSession, obligation: Obligation) -> CreditRule:
    """The rule by which an obligation is counted: that of the day its period began."""
    duty = await duty_of(session, obligation)
    return pack.credit_rule(duty.metric if duty else None, on=_begins_on(obligation))


async def duty_of(session: AsyncSession, obligation: Obligation) -> Duty | None:
    """The duty of the plan that an obligation is an occurrence of."""
    if obligation.plan_version is None:
        return None
    year, _, code = obligation.duty.partition("/")
    return await plans.duty_of_version(session, int(year), obligation.plan_version, code)


def of_principals(duty: Duty | None) -> bool:
    """Whether a duty means the head of a unit in person."""
    return duty is not None and any(
        subjects.stripped(subject) != subject for subject in duty.subjects
    )


def decides(obligation: Obligation) -> bool:
    """Whether what is handed in decides on it; on what is measured a figure does (platform)."""
    return DutyKind(obligation.duty_kind) not in figures.MEASURED


def span_of(obligation: Obligation) -> Span:
    """The days on which it can be done: its period, and on to a deadline that was moved."""
    last = obligation.period_to
    return Span(first=obligation.period_from, last=last and max(last, due_on(obligation)))


def due_on(obligation: Obligation) -> date:
    """The last day on which it is in time: what is due at 24:00 is due on the day that ends."""
    return calendar.day_of(obligation.due_at - timedelta(microseconds=1))


def _begins_on(obligation: Obligation) -> date:
    return obligation.period_from or calendar.day_of(obligation.opened_at)


def _done_of(pieces: Iterable[Evidence], files: Sequence[EvidenceFile]) -> list[Done]:
    return [_done(piece, files) for piece in pieces]


def _done(piece: Evidence, files: Sequence[EvidenceFile]) -> Done:
    kinds = {EvidenceKind(file.kind) for file in files if file.evidence_id == piece.id}
    # Words alone can be minutes or figures; a photo, a roster and a document are files.
    kinds |= {EvidenceKind(piece.kind)} & {EvidenceKind.MINUTES, EvidenceKind.FIGURE}
    return Done(
        id=piece.id,
        happened_on=piece.happened_on,
        happened_at=piece.happened_at,
        activity=piece.activity,
        kinds=frozenset(kinds),
        attending=piece.attending,
        joint=bool(piece.held_with),
        hosted=piece.host in {None, piece.subject},
    )
