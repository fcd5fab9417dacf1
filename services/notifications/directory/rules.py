"""Who is told what a unit that is no more would have been told. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class End:
    """How a unit ended: who follows it, and its last day."""

    heir: str
    last_day: date


def called(unit: str, *, ends: Mapping[str, End], on: date) -> str | None:
    """After its last day a unit's heir is called instead, or its heir's heir (platform).

    None where heirs follow each other in a ring, so that none of them stands.
    """
    seen: set[str] = set()
    while (end := ends.get(unit)) is not None and end.last_day < on:
        seen.add(unit)
        if end.heir in seen:
            return None
        unit = end.heir
    return unit
