"""The shapes of the rows about figures of plans, and about reminders of what is due."""

from typing import Literal

from pydantic import Field

from reference.entries import Coded
from reference.terms import Grade


class FigureRule(Coded):
    """Where a figure of a plan comes from, and how it is added up; `code` is the metric."""

    told_by: Literal["accidents", "investigations", "orders", "obligations", "reported"]
    """Which facts make it. What no service tells is reported by the subject, with evidence."""
    counts: Literal["accidents", "deaths"] | None = None
    """What of an accident is counted."""
    grades: tuple[Grade, ...] = ()
    """Only accidents of these grades; of all when empty."""
    sectors: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    adds: Literal["sum", "latest"] | None = None
    """What is reported of several days is added up, or the newest holds; None as its kind does."""
    share: bool = True
    """Of a rate: whether its numerator is a part of its denominator."""
    per: int = Field(default=100, gt=0)
    """Of a rate: how many of the denominator it is said for; 100 for per cent."""


class FeedRule(Coded):
    """What a calendar feed shows, how far it looks, and when it rings."""

    days_behind: int = Field(ge=0)
    """What fell due up to so many days ago and is still owed stands in it."""
    days_ahead: int = Field(gt=0)
    most: int = Field(gt=0)
    """How many entries at most; what is due last is left out."""
    alarm_working_days: int = Field(ge=0)
    """On the how manieth working day before the last day it rings."""
    alarm_hour: int = Field(ge=0, le=23)
    live: int = Field(gt=0)
    """How many addresses one unit or enterprise may have at a time."""


class DigestRule(Coded):
    """When on working days somebody is told what they owe, and how far that looks."""

    hour: int = Field(ge=0, le=23)
    minute: int = Field(ge=0, le=59)
    soon_working_days: int = Field(gt=0)
    named: int = Field(gt=0)
    """How many of the most urgent are named."""
