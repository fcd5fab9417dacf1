"""What the databases of a stack hold, read as their superuser, whom nothing is hidden from."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from devstack.config import StackConfig
from tests.faults.ledger import Ledger

TELLERS = ("incidents", "tasks", "inspections", "notifications")
LISTENERS = TELLERS
"""Incidents hears itself."""

Rows = Sequence[asyncpg.Record]


@dataclass(frozen=True)
class Records:
    """What the databases hold about the accidents of a ledger, and the like of all."""

    accidents: dict[str, asyncpg.Record]
    reports: dict[str, asyncpg.Record]
    relays: Rows
    facts: dict[str, list[asyncpg.Record]]
    """Of each accident, what was told of it, by version."""

    applied: dict[str, dict[str, int]]
    """Of each listener, how far it has followed each accident."""

    flags: Rows
    flag_grades: Rows
    visits: Rows
    obligations: Rows
    alarms: Rows
    messages: Rows
    calls: Rows
    consequences: Rows
    """What tasks and inspections told because of the accidents."""

    audited: Rows
    letters: dict[str, list[str]]
    """Of each service, what was set aside and why."""

    waiting: dict[str, int]


async def fetch_from(config: StackConfig, service: str, query: str, *values: Any) -> Rows:
    """Rows of a service's database, with nothing hidden."""
    async with config.server.connection(f"anlian_{service}") as connection:
        rows: Rows = await connection.fetch(query, *values)
        return rows


async def records_of(config: StackConfig, ledger: Ledger) -> Records:
    ids = list(ledger.accidents)
    one_of = "= ANY($1::uuid[])"

    async def fetch(service: str, query: str) -> Rows:
        return await fetch_from(config, service, query, ids)

    told = await fetch(
        "incidents",
        "SELECT * FROM event_log WHERE aggregate_id = ANY($1::uuid[]::text[])"
        " ORDER BY aggregate_id, version",
    )
    facts: dict[str, list[asyncpg.Record]] = defaultdict(list)
    for fact in told:
        facts[fact["aggregate_id"]].append(fact)
    reports = await fetch("incidents", f"SELECT * FROM report WHERE accident_id {one_of}")
    accidents = await fetch("incidents", f"SELECT * FROM accident WHERE id {one_of}")
    return Records(
        accidents={str(row["id"]): row for row in accidents},
        reports={str(row["id"]): row for row in reports},
        relays=await fetch("incidents", f"SELECT * FROM relay WHERE accident_id {one_of}"),
        facts=facts,
        applied={listener: await _applied(config, listener, ids) for listener in LISTENERS},
        flags=await fetch("inspections", f"SELECT * FROM flag WHERE accident_id {one_of}"),
        flag_grades=await fetch(
            "inspections",
            "SELECT f.accident_id, g.grade FROM flag_grade g JOIN flag f ON f.id = g.flag_id"
            f" WHERE f.accident_id {one_of} ORDER BY g.since",
        ),
        visits=await fetch("inspections", f"SELECT * FROM visit WHERE origin {one_of}"),
        obligations=await fetch(
            "tasks",
            f"SELECT * FROM obligation WHERE origin {one_of} AND status <> 'superseded'",
        ),
        alarms=await fetch(
            "notifications",
            "SELECT * FROM alarm WHERE origin = ANY($1::uuid[]::text[])",
        ),
        messages=await fetch(
            "notifications",
            "SELECT * FROM message WHERE origin = ANY($1::uuid[]::text[]) ORDER BY message_id",
        ),
        calls=await fetch(
            "notifications",
            "SELECT c.* FROM call c JOIN endpoint e USING (endpoint_id) WHERE e.name = 'city'"
            " AND aggregate_id = ANY($1::uuid[]::text[]) ORDER BY position",
        ),
        consequences=[
            *await fetch("tasks", _CONSEQUENCES.format(origin="origin")),
            *await fetch("inspections", _CONSEQUENCES.format(origin="origin")),
            *await fetch("inspections", _CONSEQUENCES.format(origin="accident_id")),
        ],
        audited=await fetch(
            "incidents",
            "SELECT entity_id, count(*) FROM audit WHERE entity = 'report' AND entity_id IN"
            f" (SELECT id::text FROM report WHERE accident_id {one_of}) GROUP BY entity_id",
        ),
        letters={service: await _letters(config, service, ids) for service in TELLERS},
        waiting={
            service: (await fetch_from(config, service, "SELECT count(*) FROM outbox"))[0][0]
            for service in TELLERS
        },
    )


_CONSEQUENCES = (
    "SELECT event_id, subject FROM event_log"
    " WHERE convert_from(data, 'UTF8')::json ->> '{origin}' = ANY($1::uuid[]::text[])"
)


async def _applied(config: StackConfig, listener: str, ids: list[str]) -> dict[str, int]:
    rows = await fetch_from(
        config,
        listener,
        "SELECT aggregate_id, version FROM applied_version"
        " WHERE publisher = 'incidents' AND aggregate_id = ANY($1::uuid[]::text[])",
        ids,
    )
    return {row["aggregate_id"]: row["version"] for row in rows}


async def _letters(config: StackConfig, service: str, ids: list[str]) -> list[str]:
    """Dead letters about the accidents. Nothing of this ledger may be set aside."""
    rows = await fetch_from(config, service, "SELECT * FROM dead_letter WHERE status = 'dead'")
    known = [one.encode() for one in ids]
    return [
        f"{row['subject']}: {row['error']}"
        for row in rows
        if any(one in row["envelope"] for one in known)
    ]
