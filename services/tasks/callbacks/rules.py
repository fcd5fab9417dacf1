"""What follows a return visit. Pure."""

from reference.national.rows import OrderLimit


def is_redone(row: OrderLimit, *, satisfied: bool | None, redone: int) -> bool:
    """Whoever is not satisfied has it handled again, at most as often as the row says (platform).

    Somebody who could not be reached has said nothing.
    """
    return satisfied is False and (row.times is None or redone < row.times)
