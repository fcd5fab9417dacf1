"""Which places a client of the exchange may read."""

from functools import cache

from reference import city, national


@cache
def places_below(prefix: str) -> tuple[str, ...]:
    """Every division and park below a prefix, those abolished since included."""
    codes = {row.code for row in (*national.DIVISIONS, *city.current().parks)}
    return tuple(sorted(code for code in codes if code.startswith(prefix)))
