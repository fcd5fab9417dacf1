"""A park counts in two trees, the park's and the county's, and once in totals. Pure.

Figures come by the place they are recorded in: of what lies in a park the park, else the
county. What is ranked is the place itself, parks beside counties; what is accounted for is
the territory, where a county holds its parks.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from reference import regions


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The figures of a place in both trees."""

    ranked: Mapping[str, int]
    """By the place itself: no figure stands in two of them."""
    territory: Mapping[str, int]
    """By every place, all below it included: a park's stands in its county too."""
    total: int


def totals(figures: Mapping[str, int]) -> Totals:
    """Roll figures up. Every figure is counted once in `total` and in each place above it."""
    territory: dict[str, int] = defaultdict(int)
    for code, figure in figures.items():
        for place in regions.ancestors(code):
            territory[place.code] += figure
    return Totals(ranked=dict(figures), territory=dict(territory), total=sum(figures.values()))
