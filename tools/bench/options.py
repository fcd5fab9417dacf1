"""How thoroughly to measure."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Options:
    """More rounds and longer ones tell more and take longer."""

    rounds: int = 5
    seconds: float = 2.0
    accidents: int = 1_000_000
    """How many are stored where it matters how many there are."""
    enterprises: int = 200_000
    """Whose duties are opened."""
    obligations: int = 10_000_000
    """How many are stored while lists are read."""
    lines: int = 20_000_000
    """Of the score ledger."""
    submissions: int = 10_000
    """Pieces of evidence handed in, in the shape of an hour; of fewer, in less than one."""
