"""Moves the development clock, so that every deadline can be seen firing."""

from datetime import datetime, timedelta

from devstack.config import require_development
from devstack.layout import Layout, read_json, write_json


class NotMovable(RuntimeError):
    """There is no clock to move, or the moment is not one."""


def by(layout: Layout, days: float) -> timedelta:
    """Move the clock on from where it stands; it then stands this far from the machine's."""
    kept = _kept(layout)
    return _set(layout, kept + timedelta(days=days))


def to(layout: Layout, moment: str, *, now: datetime) -> timedelta:
    """Set the clock to a moment. `now` is the machine's instant."""
    try:
        instant = datetime.fromisoformat(moment)
    except ValueError as reason:
        raise NotMovable(f"{moment} is no moment such as 2022-01-08T10:50:00+08:00") from reason
    if instant.tzinfo is None:
        raise NotMovable(f"{moment} has no offset; write 2022-01-08T10:50:00+08:00")
    _kept(layout)
    return _set(layout, instant - now)


def _kept(layout: Layout) -> timedelta:
    require_development()
    kept = read_json(layout.clock)
    if kept is None:
        raise NotMovable("There is no stack yet: start it with `make up`.")
    return timedelta(seconds=kept["offset_seconds"])


def _set(layout: Layout, offset: timedelta) -> timedelta:
    write_json(layout.clock, {"offset_seconds": offset.total_seconds()})
    return offset
