"""Storing a report once, with its answer, in one transaction of its own."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar, idempotency
from kernel.consumer import is_outage
from kernel.db import Database, unit_of_work
from kernel.idempotency import TwinInProgress
from kernel.lane import FAILURES, lane
from services.incidents.accidents import rules as grading
from services.incidents.followups import operations as followups
from services.incidents.intake.domain import Arrival
from services.incidents.receipts import schemas as receipts
from services.incidents.receipts.schemas import Receipt
from services.incidents.reports import operations as reports
from services.incidents.reports.domain import Opening, Statement, open_accident
from services.incidents.reports.schemas import NewReport

log = structlog.get_logger(__name__)

ROUTE = "POST /api/v1/incidents/reports"
CREATED = 201
ACCEPTED = 202

PATIENCE_S = 2.0
"""How long a reporter waits for the database before the report is spooled."""

_JSON = {"content-type": "application/json"}


class _Place(TypedDict):
    client: str
    route: str
    key: str


class _Claimed(_Place):
    request_hash: bytes


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the reporter gets, to the byte."""

    status: int
    body: bytes


async def commit_soon(
    database: Database, *, arrival: Arrival, report: NewReport, now: datetime
) -> Answer | None:
    """Store a report, or None when the database does not take it within a reporter's patience.

    An attempt that is given up may still commit: the spool then finds it stored.
    """
    attempt = asyncio.create_task(_commit_on_a_live_connection(database, arrival, report, now))
    done, _ = await asyncio.wait({attempt}, timeout=PATIENCE_S)
    if not done:
        attempt.add_done_callback(_note_late_end)
        attempt.cancel()
        return None
    reason = attempt.exception()
    if reason is not None and is_outage(reason):
        log.warning("intake.database_away", reason=repr(reason))
        return None
    return attempt.result()


def _note_late_end(attempt: "asyncio.Task[Answer]") -> None:
    if not attempt.cancelled() and attempt.exception() is not None:
        log.warning("intake.given_up", reason=repr(attempt.exception()))


async def _commit_on_a_live_connection(
    database: Database, arrival: Arrival, report: NewReport, now: datetime
) -> Answer:
    """Try once more: after a restart the pool's first connection is a dead one."""
    try:
        return await commit(database, arrival=arrival, report=report, now=now)
    except Exception as reason:
        if not is_outage(reason):
            raise
    return await commit(database, arrival=arrival, report=report, now=now)


async def commit(
    database: Database, *, arrival: Arrival, report: NewReport, now: datetime
) -> Answer:
    """Store a report and its answer; one that is stored already gets the very same answer."""
    if report.opens:
        return await _commit_opening(database, arrival, report, now)
    return await _commit_follow_up(database, arrival, report, now)


async def _commit_opening(
    database: Database, arrival: Arrival, report: NewReport, now: datetime
) -> Answer:
    """All of a first report's answer follows from the report: it is kept with the claim.

    Such a report only adds rows, so it takes the fast lane. A twin, a taken id and a dead
    connection need more; the ordinary road deals with them.
    """
    first = _First.of(arrival, report)
    answer = first.answer
    try:
        async with lane(database, arrival.by) as session:
            idempotency.take(
                session,
                **_claimed(arrival),
                status=answer.status,
                headers=_JSON,
                body=answer.body,
            )
            await _open(session, arrival, first, now)
        return answer
    except FAILURES as reason:
        log.debug("intake.ordinary_road", reason=type(reason).__name__)
    async with unit_of_work(database, arrival.by) as session:
        known = await _claim(session, arrival, answer)
        if known is not None:
            return known
        await _open(session, arrival, first, now)
    return answer


@dataclass(frozen=True, kw_only=True)
class _First:
    """A first report with all that follows from it."""

    report: NewReport
    statement: Statement
    opening: Opening
    answer: Answer

    @classmethod
    def of(cls, arrival: Arrival, report: NewReport) -> "_First":
        statement = reports.state(report, by=arrival.by, received_at=arrival.received_at)
        opening = open_accident(statement)
        receipt = receipts.of_opening(statement, opening, chinese=arrival.chinese)
        answer = Answer(status=CREATED, body=_rendered(receipt))
        return cls(report=report, statement=statement, opening=opening, answer=answer)


async def _open(session: AsyncSession, arrival: Arrival, first: _First, now: datetime) -> None:
    await reports.open_accident(
        session,
        report=first.report,
        statement=first.statement,
        opening=first.opening,
        by=arrival.by,
        now=now,
    )


async def _commit_follow_up(
    database: Database, arrival: Arrival, report: NewReport, now: datetime
) -> Answer:
    async with unit_of_work(database, arrival.by) as session:
        known = await _claim(session, arrival)
        if known is not None:
            return known
        followed = await followups.add_report(
            session,
            report=report,
            by=arrival.by,
            received_at=arrival.received_at,
            now=now,
        )
        receipt = receipts.of_follow_up(
            followed, report_id=report.report_id, at=arrival.received_at, chinese=arrival.chinese
        )
        answer = Answer(status=CREATED, body=_rendered(receipt))
        await idempotency.keep(
            session,
            **_place(arrival),
            status=answer.status,
            headers=_JSON,
            body=answer.body,
        )
    return answer


def _place(arrival: Arrival) -> _Place:
    return {"client": arrival.by.subject, "route": ROUTE, "key": arrival.key}


def _claimed(arrival: Arrival) -> _Claimed:
    return {**_place(arrival), "request_hash": idempotency.digest(arrival.payload)}


async def _claim(
    session: AsyncSession, arrival: Arrival, answer: Answer | None = None
) -> Answer | None:
    """Take the report's key, or return the answer that was given for it."""
    known = await idempotency.claim(
        session,
        **_claimed(arrival),
        status=answer.status if answer else None,
        headers=_JSON if answer else None,
        body=answer.body if answer else None,
    )
    if known is None:
        return None
    if known.status is None or known.body is None:
        raise TwinInProgress
    return Answer(status=known.status, body=known.body)


def spooled_answer(arrival: Arrival, report: NewReport) -> Answer:
    """The answer that needs no database."""
    if report.opens:
        statement = reports.state(report, by=arrival.by, received_at=arrival.received_at)
        receipt = receipts.of_opening(statement, open_accident(statement), chinese=arrival.chinese)
        return Answer(status=ACCEPTED, body=_rendered(receipt.spooled()))
    assert report.accident_id is not None
    happened = report.occurred_at or arrival.received_at
    kind = report.accident_type or grading.WORK_SAFETY
    receipt = receipts.of_waiting_follow_up(
        report_id=report.report_id,
        accident_id=report.accident_id,
        verdict=grading.grade(
            report.figures(), on=calendar.day_of(happened), scale=grading.scale_of(kind)
        ),
        regime=reports.regime_of(report.industry),
        received_at=arrival.received_at,
        chinese=arrival.chinese,
    )
    return Answer(status=ACCEPTED, body=_rendered(receipt))


def _rendered(receipt: Receipt) -> bytes:
    return receipt.model_dump_json().encode()
