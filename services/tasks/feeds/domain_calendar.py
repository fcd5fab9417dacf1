"""What is due as an iCalendar file (RFC 5545): folded, escaped and stable. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from icalendar import Alarm, Calendar, Component, Event, Todo

from kernel import calendar
from kernel.calendar import Calendar as DaysOff
from reference.national.rows_figures import FeedRule
from services.tasks.dues.domain import Due, Said
from services.tasks.feeds import domain

_PRODUCT = Said("-//Anlian//Due//ZH", "-//Anlian//Due//EN")
_LATE = Said("【已逾期】", "[Overdue] ")
_REFRESH = timedelta(hours=1)


class Language(StrEnum):
    """In which language a feed speaks."""

    ZH = "zh"
    EN = "en"


class Shape(StrEnum):
    """What calendars are given: most of them show only events of what they subscribe to."""

    EVENT = "event"
    TODO = "todo"


def written(
    dues: Iterable[Due],
    *,
    name: Said,
    language: Language,
    shape: Shape,
    row: FeedRule,
    days_off: DaysOff,
    now: datetime,
) -> bytes:
    """The whole file. It changes only when something that it shows does."""
    file = Calendar()
    file.add("prodid", _in(_PRODUCT, language))
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", _in(name, language))
    file.add("x-wr-timezone", "Asia/Shanghai")
    file.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    for due in dues:
        summary = _in(due.words, language)
        if due.due_at <= now:
            summary = _in(_LATE, language) + summary
        entry = _entry(due, shape=shape, summary=summary)
        rings = domain.rings_at(due.due_at, row=row, days_off=days_off)
        if rings is not None:
            entry.add_component(_alarm(rings, summary))
        file.add_component(entry)
    return bytes(file.to_ical())


def _in(said: Said, language: Language) -> str:
    return said.zh if language is Language.ZH else said.en


def _entry(due: Due, *, shape: Shape, summary: str) -> Component:
    entry: Component = Todo() if shape is Shape.TODO else Event()
    entry.add("uid", f"{due.uid}@anlian")
    entry.add("dtstamp", _whole(due.changed_at))
    entry.add("created", _whole(due.opened_at))
    entry.add("last-modified", _whole(due.changed_at))
    entry.add("sequence", due.moved)
    entry.add("summary", summary)
    entry.add("class", "PRIVATE")
    entry.add("x-anlian-entity", due.entity)
    ends = domain.last_day(due.due_at)
    if shape is Shape.TODO:
        entry.add("due", _whole(due.due_at))
        entry.add("status", "NEEDS-ACTION")
    elif ends is None:
        entry.add("dtstart", _whole(due.due_at))
    else:
        # A deadline at 24:00 stands on its last day, not at the first minute of the next.
        entry.add("dtstart", calendar.day_of(ends - timedelta(microseconds=1)))
        entry.add("transp", "TRANSPARENT")
    return entry


def _alarm(at: datetime, summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", _whole(at), parameters={"VALUE": "DATE-TIME"})
    return alarm


def _whole(instant: datetime) -> datetime:
    """RFC 5545 knows whole seconds."""
    return instant.astimezone(UTC).replace(microsecond=0)
