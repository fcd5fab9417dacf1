"""Who stands where among peers. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a unit is listed, and its rank."""

    subject: str
    place: int
    rank: int | None
    tied: bool
    score: Decimal | None


def ranked(scores: Mapping[str, Decimal | None]) -> tuple[Placed, ...]:
    """The highest score first; equal ones share a rank and the next is left out (platform, 1224).

    A unit without a score has no rank and is listed below all that have one. Units that share a
    rank are listed by their code.
    """
    order = sorted(scores, key=lambda one: (_below(scores[one]), one))
    values = [scores[one] for one in order]
    return tuple(
        Placed(
            subject=one,
            place=place,
            rank=None if score is None else values.index(score) + 1,
            tied=score is not None and values.count(score) > 1,
            score=score,
        )
        for place, (one, score) in enumerate(zip(order, values, strict=True), start=1)
    )


def _below(score: Decimal | None) -> tuple[bool, Decimal]:
    return (score is None, -(score or Decimal(0)))
