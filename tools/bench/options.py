"""How thoroughly to measure."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Options:
    """More rounds and longer ones tell more and take longer."""

    rounds: int = 5
    seconds: float = 2.0
