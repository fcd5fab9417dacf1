"""Open a duty for everybody in scope, set by set, in one transaction.

Two hundred thousand enterprises are a few bounded statements, not as many inserts: nothing
of them passes through this process but counts.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Integer, RowMapping, Text, bindparam, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import DutyTriggered
from kernel import timers
from kernel.ids import uuid7
from kernel.outbox import publish
from reference.cityrows import EnterpriseGroup
from services.tasks.obligations import operations
from services.tasks.obligations.domain import OWED, Cause, Status
from services.tasks.obligations.tables import Obligation
from services.tasks.successions import queries as successions
from services.tasks.triggers.domain import ForEverybody
from services.tasks.triggers.tables import TriggeredDuty

DUE = "triggered_duty_due"

CHUNK = 20_000
"""Subjects per statement: well below the statement timeout on a slow disk."""

# A version 7 UUID made by the database: the instant, then what gen_random_uuid() drew.
_ID = (
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send("
    "(extract(epoch FROM CAST(:now AS timestamptz)) * 1000)::bigint) FROM 3) FROM 1 FOR 6),"
    " 52, 1), 53, 1), 'hex')::uuid"
)

_OPEN = f"""
    INSERT INTO obligation (id, kind, status, origin, cause, duty, subject, unit,
                            enterprise_uscc, region_code, rule, due_at, opened_at)
    SELECT {_ID}, :kind, :status, :origin, :cause, :duty, subject, unit,
           enterprise_uscc, region_code, :rule, :due_at, :now
    FROM picked
    ON CONFLICT (origin, duty, subject) WHERE status <> 'superseded' DO NOTHING
    RETURNING 1
"""  # noqa: S608 -- two constants, no value

_UNITS = text(
    f"""
    WITH picked AS (
        SELECT code AS subject, code AS unit, NULL::text AS enterprise_uscc,
               split_part(code, '.', 1) AS region_code
        FROM unnest(:units) AS code
    ), opened AS ({_OPEN})
    SELECT count(*) FROM opened
    """  # noqa: S608 -- constants
).bindparams(bindparam("units", type_=ARRAY(Text)))

_ENTERPRISES = text(
    f"""
    WITH picked AS MATERIALIZED (
        SELECT uscc AS subject, NULL::text AS unit, uscc AS enterprise_uscc, region_code
        FROM enterprise
        WHERE uscc > :after
          AND (cardinality(:sectors) = 0 OR sector = ANY(:sectors))
          AND (NOT :high_risk OR high_risk)
        ORDER BY uscc LIMIT :chunk
    ), opened AS ({_OPEN})
    SELECT (SELECT count(*) FROM opened) AS opened, max(subject) AS last FROM picked
    """  # noqa: S608 -- constants
).bindparams(bindparam("sectors", type_=ARRAY(Text)), bindparam("chunk", type_=Integer))


async def open_for_everybody(
    session: AsyncSession, *, origin: UUID, duties: Sequence[ForEverybody], now: datetime
) -> None:
    """Open duties for every unit and enterprise they mean; each is told once, with its count.

    Told again, an event opens only what is missing: an occurrence is one per event, duty and
    subject.
    """
    for duty in duties:
        opened = await _open(session, origin=origin, duty=duty, now=now)
        if opened:
            await _keep(session, origin=origin, duty=duty, opened=opened, now=now)
            publish(session, _triggered(origin, duty, opened=opened, now=now))


async def _open(session: AsyncSession, *, origin: UUID, duty: ForEverybody, now: datetime) -> int:
    values = {
        "kind": duty.kind,
        "status": Status.OPEN,
        "origin": origin,
        "cause": Cause.PUBLICATION,
        "duty": duty.code,
        "rule": duty.rule,
        "due_at": duty.due_at,
        "now": now,
    }
    heirs = await successions.bearing(session, duty.units, on=operations.today(now))
    opened = await session.scalar(_UNITS, values | {"units": sorted(set(heirs.values()))})
    total = int(opened or 0)
    for group in duty.enterprises:
        total += await _open_group(session, values, group)
    return total


async def _open_group(
    session: AsyncSession, values: dict[str, object], group: EnterpriseGroup
) -> int:
    picking = {"sectors": list(group.sectors), "high_risk": group.high_risk, "chunk": CHUNK}
    total, after = 0, ""
    while True:
        found = await session.execute(_ENTERPRISES, values | picking | {"after": after})
        row: RowMapping = found.mappings().one()
        if row["last"] is None:
            return total
        total += row["opened"]
        after = row["last"]


async def _keep(
    session: AsyncSession, *, origin: UUID, duty: ForEverybody, opened: int, now: datetime
) -> None:
    """Remember the duty and arm its one clock; a second telling adds to the count."""
    row = insert(TriggeredDuty).values(
        id=uuid7(),
        origin=origin,
        duty=duty.code,
        kind=duty.kind,
        region_code=duty.region_code,
        opened=opened,
        opened_at=now,
        due_at=duty.due_at,
    )
    more = row.on_conflict_do_update(
        index_elements=["origin", "duty"], set_={"opened": TriggeredDuty.opened + opened}
    )
    kept = (await session.scalars(more.returning(TriggeredDuty))).one()
    if kept.opened == opened:
        clock = timers.new(kind=DUE, entity_id=str(kept.id), due_at=duty.due_at, rule=duty.rule)
        timers.begin(session, clock)


def _triggered(origin: UUID, duty: ForEverybody, *, opened: int, now: datetime) -> DutyTriggered:
    return DutyTriggered(
        occurred_at=now,
        origin=origin,
        plan=duty.plan,
        duty=duty.duty,
        kind=duty.kind,
        opened=opened,
        region_code=duty.region_code,
        due_at=duty.due_at,
    )


async def note_overdue(session: AsyncSession, *, triggered_id: UUID, now: datetime) -> None:
    """Mark everybody who has handed nothing in; units are told one by one, enterprises listed."""
    duty = await session.get_one(TriggeredDuty, triggered_id, with_for_update=True)
    late = (
        Obligation.origin == duty.origin,
        Obligation.duty == duty.duty,
        Obligation.status.in_(OWED),
        Obligation.overdue_at.is_(None),
        # One of them whose clock stands, or was moved, is watched by itself.
        Obligation.stopped_at.is_(None),
        Obligation.due_at <= now,
    )
    of_units = select(Obligation).where(*late, Obligation.unit.is_not(None))
    for row in await session.scalars(of_units):
        publish(session, operations.overdue(row, now=now))
    while True:
        some = select(Obligation.id).where(*late).limit(CHUNK).scalar_subquery()
        mark = update(Obligation).where(Obligation.id.in_(some)).values(overdue_at=now)
        marked = mark.returning(Obligation.id).execution_options(synchronize_session=False)
        if len((await session.scalars(marked)).all()) < CHUNK:
            return
