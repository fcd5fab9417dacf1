"""Who finds out what happened where the law names an organ of its own."""

from datetime import date

from reference import national
from reference.national.rows import FactFinder


def fact_finder(accident_type: str, *, on: date) -> FactFinder | None:
    """Fires and the road have organs of their own (Fire Law 51, Road Traffic 73, Forest Fires 41).

    They find out the facts; which government investigates still follows from the grade.
    """
    return national.FACT_FINDERS.get(accident_type, on=on)
