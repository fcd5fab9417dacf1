"""How the hops up the levels read in words."""

from collections.abc import Iterable, Iterator

from services.incidents.relays.tables import Relay
from services.incidents.timeline.schemas import Entry, EntryKind, Words, late_by, names


def relayed(relays: Iterable[Relay]) -> Iterator[Entry]:
    """Each hop with its stamps."""
    for relay in relays:
        level = relay.reaches
        sender, receiver = names(relay.from_unit), names(relay.to_unit)
        yield Entry(
            at=relay.planned_at,
            kind=EntryKind.RELAY_PLANNED,
            due_at=relay.due_at,
            unit=relay.from_unit,
            level=level,
            zh=f"{sender[0]}须上报{receiver[0]}",
            en=f"{sender[1]} must report to {receiver[1]}",
        )
        yield from _stamps(relay, sender, receiver)


def _stamps(relay: Relay, sender: Words, receiver: Words) -> Iterator[Entry]:
    stamps = (
        (
            relay.acknowledged_at,
            EntryKind.RELAY_ACKNOWLEDGED,
            "签收报告",
            "acknowledged the report",
        ),
        (
            relay.overdue_at,
            EntryKind.RELAY_OVERDUE,
            f"超时未上报{receiver[0]}",
            f"was overdue in reporting to {receiver[1]}",
        ),
        (
            relay.forwarded_at,
            EntryKind.RELAY_FORWARDED,
            f"上报{receiver[0]}",
            f"reported to {receiver[1]}",
        ),
    )
    for at, kind, zh, en in stamps:
        if at is not None:
            late = 0
            if kind is not EntryKind.RELAY_ACKNOWLEDGED:
                late = late_by(at, relay.due_at)
            yield Entry(
                at=at,
                kind=kind,
                due_at=relay.due_at,
                late_by_seconds=late,
                unit=relay.from_unit,
                level=relay.reaches,
                zh=sender[0] + zh,
                en=f"{sender[1]} {en}",
            )
