"""Open one duty for many subjects in one statement: nothing of them passes through here.

Two hundred thousand enterprises are a few bounded statements, not as many inserts.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Date, Integer, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import ObligationKind
from reference.cityrows import EnterpriseGroup
from reference.terms import DutyKind
from services.tasks.obligations.domain import Cause, Status

CHUNK = 20_000
"""Subjects per statement: well below the statement timeout on a slow disk."""

# A version 7 UUID: of a random one the database keeps what comes after the instant.
_ID = "overlay(gen_random_uuid()::text placing :instant from 1 for 15)::uuid"

_INSERT = f"""
    INSERT INTO obligation (id, kind, duty_kind, status, origin, cause, duty, subject, unit,
                            enterprise_uscc, region_code, rule, due_at, opened_at,
                            plan_version, period_from, period_to, least)
    SELECT {_ID}, :kind, :duty_kind, :status, :origin, :cause, :duty, subject, unit,
           enterprise_uscc, region_code, :rule, :due_at, :now,
           CAST(:plan_version AS integer), CAST(:period_from AS date),
           CAST(:period_to AS date), CAST(:least AS integer)
    FROM picked
"""  # noqa: S608 -- two constants, no value

_UNITS = text(
    f"""
    WITH picked AS (
        SELECT code AS subject, code AS unit, NULL::text AS enterprise_uscc,
               split_part(code, '.', 1) AS region_code
        FROM unnest(:units) AS code
    ), opened AS (
        {_INSERT}
        ON CONFLICT (origin, duty, subject) WHERE status <> 'superseded' DO NOTHING
        RETURNING 1
    )
    SELECT count(*) FROM opened
    """  # noqa: S608 -- constants
).bindparams(bindparam("units", type_=ARRAY(Text)))

# Whom a period means is looked up as it begins: as they are.
_NOW = "enterprise AS meant"

# Whom an event means is whoever was what it means on its day, and whoever watches it now reviews
# it. Of days before the register was begun nothing is known: they are taken for its first.
_ON_THE_DAY = """(
    SELECT was.uscc, is_now.region_code, was.sector, was.high_risk, was.groups
    FROM enterprise_entry AS was
    JOIN enterprise AS is_now ON is_now.uscc = was.uscc,
    (SELECT greatest(CAST(:on AS date), min(effective_from)) AS day FROM enterprise_entry) AS asked
    WHERE was.effective_from <= asked.day
      AND (was.effective_to IS NULL OR was.effective_to >= asked.day)
) AS meant"""

# Without ON CONFLICT, which takes about a third longer: nobody else opens it for an enterprise
# meanwhile, because whoever would holds the opening. Those who have it are read once and hashed:
# a join may be planned to read the table anew for each enterprise, while it is still thought small.
_OF_ENTERPRISES = f"""
    WITH picked AS MATERIALIZED (
        SELECT uscc AS subject, NULL::text AS unit, uscc AS enterprise_uscc, region_code
        FROM {{meant}}
        WHERE uscc > :after
          AND (cardinality(:sectors) = 0 OR sector = ANY(:sectors))
          AND (NOT :high_risk OR high_risk)
          AND (CAST(:flag AS text) IS NULL OR :flag = ANY(groups))
          AND (CAST(:only AS text[]) IS NULL OR uscc = ANY(:only))
        ORDER BY uscc LIMIT :chunk
    ), opened AS (
        {_INSERT}
        WHERE subject NOT IN (
            SELECT have.subject FROM obligation AS have
            WHERE have.origin = :origin AND have.duty = :duty
              AND have.subject > :after
              AND have.subject <= (SELECT max(subject) FROM picked)
              AND have.status <> 'superseded'
        )
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM opened) AS opened,
           CASE WHEN count(*) = :chunk THEN max(subject) END AS last
    FROM picked
"""  # noqa: S608 -- constants
_BINDS = (
    bindparam("sectors", type_=ARRAY(Text)),
    bindparam("flag", type_=Text),
    bindparam("only", type_=ARRAY(Text)),
    bindparam("chunk", type_=Integer),
)
_ENTERPRISES = text(_OF_ENTERPRISES.format(meant=_NOW)).bindparams(*_BINDS)
_ENTERPRISES_THEN = text(_OF_ENTERPRISES.format(meant=_ON_THE_DAY)).bindparams(
    *_BINDS, bindparam("on", type_=Date)
)

WORTH_A_LOOK = 5_000
"""Rows below which it does not matter how a list is read."""

# What other transactions changed is known once they have said so; this one's own is given.
_LOOK_ANEW = text(
    """
    SELECT analyze_obligation() FROM pg_class
    WHERE oid = 'obligation'::regclass
      AND pg_stat_get_mod_since_analyze(oid) + :fresh >= greatest(reltuples / 2, :least)
    """
)
_SAY_SO = text("SELECT pg_stat_force_next_flush()")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What every one of the obligations says, whoever the subject is."""

    kind: ObligationKind
    duty_kind: DutyKind
    origin: UUID
    cause: Cause
    duty: str
    rule: str
    due_at: datetime
    now: datetime
    plan_version: int | None = None
    period_from: date | None = None
    period_to: date | None = None
    least: int | None = None

    @property
    def values(self) -> dict[str, object]:
        """The parameters of the statements."""
        return asdict(self) | {"status": Status.OPEN, "instant": _beginning(self.now)}


def _beginning(now: datetime) -> str:
    """What every version 7 UUID of an instant begins with."""
    milliseconds = f"{int(now.timestamp() * 1000):012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}-7"


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one statement did for enterprises."""

    opened: int
    last: str | None
    """The last enterprise it looked at; None when there is surely none after it."""


async def open_units(session: AsyncSession, asking: Asking, units: list[str]) -> int:
    """Open it for every unit that has none of it yet; for how many it was."""
    return int(await session.scalar(_UNITS, asking.values | {"units": units}) or 0)


async def open_enterprises(
    session: AsyncSession,
    asking: Asking,
    group: EnterpriseGroup,
    *,
    after: str,
    on: date | None,
    only: list[str] | None = None,
) -> Chunk:
    """Open it for the next enterprises of a group, or of some of them, in order of their codes.

    Of those that were in it `on` a day; without one, that are in it now.
    """
    picking = {
        "sectors": list(group.sectors),
        "high_risk": group.high_risk,
        "flag": group.flag,
        "only": only,
        "after": after,
        "chunk": CHUNK,
    }
    if on is None:
        asked = session.execute(_ENTERPRISES, asking.values | picking)
    else:
        asked = session.execute(_ENTERPRISES_THEN, asking.values | picking | {"on": on})
    row = (await asked).one()
    return Chunk(opened=row.opened, last=row.last)


async def look_anew(session: AsyncSession, *, fresh: int) -> None:
    """Have the planner look at the table once half of what it knows of has come or changed since.

    The server looks by itself up to a minute later. Until then it believes what it saw last: a
    table nearly empty, or the enterprises of the first duty's first counties only. It then reads
    all of it for one page of another county's list, while a city begins with its plan.
    """
    await session.execute(_LOOK_ANEW, {"fresh": fresh, "least": WORTH_A_LOOK})
    await session.execute(_SAY_SO)
