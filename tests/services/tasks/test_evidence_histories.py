"""Whatever happens to the evidence of a quota, its counters are those of a recount by hand."""

from asyncio import gather
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from kernel.problems import Problem
from reference.terms import EvidenceKind
from services.tasks.evidence import operations, operations_review
from services.tasks.evidence.domain import EvidenceAction, EvidenceState
from services.tasks.evidence.operations import NewEvidence
from services.tasks.evidence.operations_review import Verdict
from services.tasks.evidence.tables import Evidence
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.quotas import (
    MEETING,
    PROVINCE_OFFICE,
    SECRETARY,
    handed_in,
    planned,
    post,
    quota,
    status,
)
from tests.services.tasks.story import CITY_OFFICE

NOW = datetime(2023, 12, 20, 2, tzinfo=UTC)
HISTORIES, STEPS = 6, 30


async def hand_in(tasks: Stage, row: Obligation, drawn: Random) -> None:
    on = date(2022, 12, 15) + timedelta(days=drawn.randrange(200))
    evidence = NewEvidence(
        note=f"{on}",
        kind=drawn.choice((EvidenceKind.MINUTES, EvidenceKind.MINUTES, EvidenceKind.DOCUMENT)),
        activity=drawn.choice((MEETING, "party_special_meeting", "field_study")),
        happened_on=on,
    )
    async with tasks.work(SECRETARY) as session:
        await operations.submit(
            session, obligation_id=row.id, evidence=evidence, by=SECRETARY, now=NOW
        )


async def review(tasks: Stage, row: Obligation, drawn: Random, piece: UUID) -> None:
    action = drawn.choice((EvidenceAction.ACCEPT, EvidenceAction.RETURN))
    verdict = Verdict(action=action, remark="按历史", evidence_id=piece)
    async with tasks.work(CITY_OFFICE) as session:
        await operations_review.review(
            session, obligation_id=row.id, verdict=verdict, by=CITY_OFFICE, now=NOW
        )


async def ask(tasks: Stage, row: Obligation, _: Random, piece: UUID) -> None:
    async with tasks.work(CITY_OFFICE) as session:
        await operations_review.ask(
            session,
            obligation_id=row.id,
            evidence_id=piece,
            question="？",
            by=CITY_OFFICE,
            now=NOW,
        )


async def answer(tasks: Stage, row: Obligation, _: Random, piece: UUID) -> None:
    async with tasks.work(SECRETARY) as session:
        await operations_review.answer(
            session, obligation_id=row.id, evidence_id=piece, words="。", by=SECRETARY, now=NOW
        )


async def withdraw(tasks: Stage, row: Obligation, _: Random, piece: UUID) -> None:
    async with tasks.work(PROVINCE_OFFICE) as session:
        await operations_review.withdraw(
            session, obligation_id=row.id, evidence_id=piece, why="假", by=PROVINCE_OFFICE, now=NOW
        )


def by_hand(pieces: Sequence[Evidence]) -> tuple[int, int]:
    """How many months have an accepted meeting with minutes in 2023, and how many pieces wait."""
    months = {
        piece.happened_on.month
        for piece in pieces
        if piece.state == "accepted"
        and piece.happened_on is not None
        and piece.happened_on.year == 2023
        and piece.activity in {MEETING, "party_special_meeting"}
        and piece.kind == "minutes"
    }
    return len(months), sum(piece.state in {"waiting", "asked"} for piece in pieces)


async def step(tasks: Stage, row: Obligation, drawn: Random) -> None:
    """Something happens, or is refused: then nothing may have changed."""
    pieces = await tasks.rows(Evidence, obligation_id=row.id)
    with suppress(Problem):
        what = drawn.choice((None, None, review, review, review, review, ask, answer, withdraw))
        if what is None or not pieces:
            await hand_in(tasks, row, drawn)
        else:
            await what(tasks, row, drawn, drawn.choice(pieces).id)


async def agrees(tasks: Stage, row: Obligation, least: int) -> Status:
    """The state of an obligation, which is what a recount by hand says."""
    (found,) = await tasks.rows(Obligation, id=row.id)
    pieces = await tasks.rows(Evidence, obligation_id=row.id)
    credited, waiting = by_hand(pieces)
    assert (found.credited, found.waiting) == (credited, waiting)
    accepted = [piece for piece in pieces if piece.state == EvidenceState.ACCEPTED]
    assert sum(piece.uncounted is None for piece in accepted) == credited
    if credited >= least:
        assert found.status == Status.ACCEPTED
    elif credited + waiting >= least:
        assert found.status == Status.SUBMITTED
    else:
        assert found.status == Status.OPEN or (found.status == Status.RETURNED and not waiting)
    assert (found.closed_at is not None) is (found.status == Status.ACCEPTED)
    return Status(found.status)


async def test_counters_and_state_are_those_of_a_recount(tasks: Stage) -> None:
    await planned(tasks)
    seen = set()
    for seed in range(HISTORIES):
        drawn = Random(seed)
        least = 1 + seed % 3
        row = await quota(tasks, least=least)
        for _ in range(STEPS):
            await step(tasks, row, drawn)
            seen.add(await agrees(tasks, row, least))

    assert seen == {Status.OPEN, Status.SUBMITTED, Status.RETURNED, Status.ACCEPTED}


async def test_two_who_review_at_once_lose_no_credit(tasks: Stage) -> None:
    await planned(tasks)
    tasks.now = NOW
    row = await quota(tasks)
    pieces = [await handed_in(tasks, row, on=on) for on in ("2023-02-10", "2023-03-10")]

    answers = await gather(
        *(post(tasks, CITY_OFFICE, row, "accept", {"evidence_id": piece["id"]}) for piece in pieces)
    )

    assert [answer.status_code for answer in answers] == [200, 200]
    assert await status(tasks, row) == (Status.ACCEPTED, 2, 0)
