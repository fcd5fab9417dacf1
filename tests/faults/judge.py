"""Whether the system kept what it promised: read from its databases, when all is quiet.

Every check looks only at the accidents of one ledger, so that one stack can serve many runs.
It reads as the database's superuser, whom no row-level security hides anything from.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
import orjson

from devstack import keys
from devstack.config import StackConfig
from kernel.access import SYSTEM
from kernel.chain import Anchors, Chain
from kernel.db import connect, unit_of_work
from kernel.files import Objects
from kernel.keyring import KeyRing
from kernel.verification import verify
from reference import industries, routing
from reference.terms import Grade
from services.incidents.relays.rules import Means
from services.notifications.endpoints.domain_offer import SUBJECTS
from tests.city import City
from tests.faults.ledger import Entry, Ledger
from tests.faults.records import Records, records_of

TOLD_ALWAYS = (
    "tasks.obligation.opened.v1",
    "inspections.visit.opened.v1",
    "inspections.enterprise.flagged.v1",
)
"""Facts that somebody is sent exactly one message about."""


@dataclass(frozen=True)
class Violation:
    """A promise that was broken: `lost`, `altered`, `twice`, `missing`, `behind`, `disorder`…"""

    kind: str
    about: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.about}"


def listed(found: Sequence[Violation]) -> str:
    """The first of them, for a person."""
    return "\n".join([f"{len(found)} broken promises", *map(str, found[:40])])


Found = Iterator[Violation]


async def violations(city: City, ledger: Ledger) -> list[Violation]:
    """Every promise to the reporters of a ledger that was broken."""
    config = StackConfig.of_running(city.layout)
    records = await records_of(config, ledger)
    found = [Violation("refused", refusal) for refusal in ledger.refusals]
    found += [
        *_unsettled(records),
        *_kept(ledger, records),
        *_told(ledger, records),
        *_followed(records),
        *_inspected(records),
        *_asked(records),
        *_alarmed(records),
        *_called(records),
    ]
    for service in keys.SERVICES:
        found += [one async for one in _audited(config, service)]
    found += [one async for one in _pulled(city, records)]
    return found


def _kept(ledger: Ledger, records: Records) -> Found:
    """Every report that was taken is stored, once, as it was sent and when it came."""
    for entry in ledger.taken:
        name = entry.body["report_id"]
        row = records.reports.get(name)
        if row is None:
            promise = "committed" if entry.committed else "spooled"
            yield Violation("lost", f"report {name} ({promise}) is not stored")
            continue
        if altered := list(_altered(entry, row)):
            yield Violation("altered", f"report {name}: {', '.join(altered)}")
        received = {datetime.fromisoformat(answer["received_at"]) for answer in entry.answers}
        # An attempt whose answer was lost with its process may have been the first on disk: its
        # time stands. A later one than was told would make an honest reporter look late.
        if row["received_at"] > min(received):
            yield Violation(
                "altered", f"report {name}: received_at {row['received_at']}, told {received}"
            )
        if len({orjson.dumps(one) for one in entry.answers if one["receipt"] == "committed"}) > 1:
            yield Violation("twice", f"report {name} has more than one answer")
    for accident, entries in ledger.accidents.items():
        yield from _in_order(accident, entries, records)


def _altered(entry: Entry, row: asyncpg.Record) -> Iterator[str]:
    sent = entry.body
    if str(row["accident_id"]) != entry.accident:
        yield "accident_id"
    for name in ("kind", "place", "summary", "measures"):
        if sent.get(name) != row[name]:
            yield name
    for name in ("occurred_at", "known_at"):
        if name in sent and datetime.fromisoformat(sent[name]) != row[name]:
            yield name
    for name, count in sent["casualties"].items():
        if row[name] != count:
            yield name


def _in_order(accident: str, entries: list[Entry], records: Records) -> Found:
    """Reports of an accident are numbered as they were taken; the last one's figures stand."""
    stored = [records.reports.get(entry.body["report_id"]) for entry in entries]
    numbers = [row["version"] for row in stored if row is not None]
    if None in stored or accident not in records.accidents:
        return  # told as lost already
    if numbers != list(range(1, len(entries) + 1)):
        yield Violation("disorder", f"reports of {accident} are numbered {numbers}")
    row = records.accidents[accident]
    if row["deaths"] != entries[-1].body["casualties"]["deaths"]:
        yield Violation("disorder", f"accident {accident} does not stand as last reported")


def _told(ledger: Ledger, records: Records) -> Found:
    """Each stored report was told of once, and versions have no gap."""
    for accident in records.accidents:
        facts = records.facts.get(accident, [])
        versions = [fact["version"] for fact in facts]
        if versions != list(range(1, len(versions) + 1)):
            yield Violation("disorder", f"versions of {accident} are {versions}")
        told = Counter(orjson.loads(fact["data"]).get("report_id") for fact in facts)
        for report, row in records.reports.items():
            if str(row["accident_id"]) == accident and told[report] != 1:
                yield Violation("told", f"report {report} was told of {told[report]} times")
    audited = {row["entity_id"]: row["count"] for row in records.audited}
    for report in records.reports:
        if audited.get(report) != 1:
            yield Violation("audit", f"report {report} has {audited.get(report, 0)} records")


def _followed(records: Records) -> Found:
    """Every listener has applied all that was told."""
    for listener, applied in records.applied.items():
        for accident, facts in records.facts.items():
            if applied.get(accident, 0) != len(facts):
                yield Violation(
                    "behind", f"{listener} at {applied.get(accident, 0)}/{len(facts)} of {accident}"
                )


def _inspected(records: Records) -> Found:
    """Each accident has one flag, with every grade in order, and one special visit."""
    flags = Counter(str(row["accident_id"]) for row in records.flags)
    visits = Counter(str(row["origin"]) for row in records.visits)
    grades: dict[str, list[str]] = defaultdict(list)
    for row in records.flag_grades:
        grades[str(row["accident_id"])].append(row["grade"])
    for accident, row in records.accidents.items():
        due = 1 if row["enterprise_uscc"] else 0
        yield from _times(f"flags of {accident}", flags[accident], due)
        yield from _times(f"visits of {accident}", visits[accident], 1)
        moved = [
            orjson.loads(fact["data"])["grade"]
            for fact in records.facts[accident]
            if fact["subject"].startswith(("incidents.accident.re",))
        ]
        if due and flags[accident] == 1 and grades[accident] != moved:
            yield Violation("disorder", f"grades of {accident}: {grades[accident]}, not {moved}")


def _asked(records: Records) -> Found:
    """One relay duty for each hop, one investigation, and somebody to go there."""
    duties = Counter((str(row["origin"]), row["duty"]) for row in records.obligations)
    for hop in records.relays:
        if hop["means"] != Means.TEXT:
            continue  # a call is owed by the desk of incidents alone
        key = (str(hop["accident_id"]), f"relay:{hop['id']}")
        yield from _times(f"duty {key[1]}", duties[key], 1)
    holders = {
        str(row["origin"]): row["unit"]
        for row in records.obligations
        if row["duty"] == "investigation"
    }
    for accident, row in records.accidents.items():
        yield from _times(f"investigation of {accident}", duties[accident, "investigation"], 1)
        if holders.get(accident, row["investigating_unit"]) != row["investigating_unit"]:
            yield Violation("disorder", f"{holders[accident]} investigates {accident}")
        if not duties[accident, "attendance"]:
            yield Violation("missing", f"attendance of {accident}")


def _alarmed(records: Records) -> Found:
    """The alarm chains of a report, and one message for each later fact and consequence."""
    chains = Counter((row["event_id"], row["route"]) for row in records.alarms)
    messages = Counter(row["event_id"] for row in records.messages)
    alarms = Counter(row["event_id"] for row in records.alarms)
    for accident, facts in records.facts.items():
        for fact in facts:
            kind, data = fact["subject"], orjson.loads(fact["data"])
            event = fact["event_id"]
            if kind == "incidents.accident.reported.v1":
                for route in _routes(data, fact["occurred_at"]):
                    yield from _times(f"alarm {route} of {accident}", chains[event, route], 1)
                yield from _times(
                    f"messages on {kind} of {accident}", messages[event], alarms[event]
                )
            elif kind == "incidents.accident.updated.v1":
                yield from _times(f"messages on {kind} of {accident}", messages[event], 1)
            elif kind == "incidents.accident.regraded.v1":
                yield from _times(
                    f"messages on {kind} of {accident}", messages[event], 1 + alarms[event]
                )
    for fact in records.consequences:
        if fact["subject"] in TOLD_ALWAYS:
            yield from _times(f"messages on {fact['subject']}", messages[fact["event_id"]], 1)


def _routes(data: dict[str, Any], at: datetime) -> Iterable[str]:
    industry = industries.resolve(data["industry"])
    routes = routing.routes_for(
        event="incidents.accident.reported",
        grade=Grade(data["grade"]),
        sector=industry.sector if industry else None,
        on=at.date(),
    )
    return [route.code for route in routes]


def _called(records: Records) -> Found:
    """The subscribed system was called once for each change, in order."""
    called: dict[str, list[Any]] = defaultdict(list)
    for call in records.calls:
        called[call["aggregate_id"]].append(call["event_id"])
        if call["status"] != "succeeded":
            yield Violation("missing", f"call {call['call_id']} is {call['status']}")
    for accident, facts in records.facts.items():
        told = [fact["event_id"] for fact in facts if fact["subject"] in SUBJECTS]
        if called[accident] != told:
            same = Counter(called[accident]) == Counter(told)
            kind = "disorder" if same else "missing"
            yield Violation(kind, f"{len(called[accident])}/{len(told)} calls about {accident}")


def _unsettled(records: Records) -> Found:
    """No dead letters, and nothing left in any outbox."""
    for service, letters in records.letters.items():
        for letter in letters:
            yield Violation("dead", f"{service} set aside {letter}")
    for service, waiting in records.waiting.items():
        if waiting:
            yield Violation("waiting", f"{waiting} facts in the outbox of {service}")


def _times(what: str, found: int, due: int) -> Found:
    if found != due:
        yield Violation("missing" if found < due else "twice", f"{what}: {found} instead of {due}")


async def _audited(config: StackConfig, service: str) -> Any:
    """The chain of a service's audit trail is whole."""
    ring = KeyRing.from_file(keys.ring_file(config.layout, service))
    anchors = Anchors(Objects.at(config.layout.objects.as_uri()), service=service)
    database = connect(config.databases[service].owner, pool_size=2, name="judge")
    try:
        async with unit_of_work(database, SYSTEM) as session:
            chain = Chain(ring.audit, algorithm=ring.audit_hash)
            verdict = await verify(session, chain=chain, anchors=anchors.kept())
    finally:
        await database.close()
    for fault in verdict.faults[:5]:
        yield Violation("audit", f"{service}: {fault}")


async def _pulled(city: City, records: Records) -> Any:
    """The province sees every change of every accident, in order."""
    seen: dict[str, list[int]] = defaultdict(list)
    async for page in city.pulled():
        for change in page["items"]:
            seen[change["entity_id"]].append(change["version"])
    for accident, row in records.accidents.items():
        if seen[accident] != list(range(1, row["version"] + 1)):
            yield Violation("pull", f"{accident}: {seen[accident]} of {row['version']}")
