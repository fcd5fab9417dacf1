"""Which dead count once the window has closed."""

from services.incidents.accidents.rules import Figures


def late_deaths(*, stated: Figures, counted: Figures) -> int:
    """The dead above those counted in the window: recorded, never graded (Decree 493, 13)."""
    return max(stated.counted_deaths - counted.counted_deaths, 0)
