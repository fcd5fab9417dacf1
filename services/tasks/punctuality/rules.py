"""What a share is. Pure."""

from decimal import ROUND_HALF_UP, Decimal

_FOUR_PLACES = Decimal("0.0001")


def rate(numerator: int, denominator: int) -> Decimal | None:
    """A share is of what fell due; where nothing did there is none, not all of it (platform)."""
    if not denominator:
        return None
    return (Decimal(numerator) / denominator).quantize(_FOUR_PLACES, rounding=ROUND_HALF_UP)
