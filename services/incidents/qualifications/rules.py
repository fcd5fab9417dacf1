"""Which level may strike an accident off the statistics."""

from datetime import date

from reference import national
from reference.national.rows_statistics import StrikeOff
from reference.terms import Grade, Level


def strike_off_row(grade: Grade, *, on: date) -> StrikeOff:
    """The province's committee office strikes off general accidents, the State Council's graver
    ones (Statistical System of Production Safety Accidents).
    """
    return national.STRIKE_OFFS.one(grade, on=on)


def high_enough(level: Level, *, grade: Grade, on: date) -> bool:
    """No level below the one named for the grade strikes an accident off (Statistical System)."""
    return level.at_least(strike_off_row(grade, on=on).level)
