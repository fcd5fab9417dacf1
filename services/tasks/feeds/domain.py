"""When a feed rings, and why an address is refused. Pure."""

from datetime import datetime, timedelta

from kernel import calendar
from kernel.calendar import BeyondCalendar, Calendar
from kernel.problems import Problem
from reference.national.rows_figures import FeedRule


class TooManyFeeds(Problem):
    """A unit has as many addresses as it may have: revoke one first."""

    status = 409
    title_zh = "日历订阅地址已达上限，请先撤销不用的地址"
    title_en = "There are as many feed addresses as there may be: revoke one first"


class FeedRevoked(Problem):
    """The address was revoked before."""

    status = 409
    title_zh = "该日历订阅地址已撤销"
    title_en = "The feed address was revoked before"


class NoHolder(Problem):
    """A feed is a unit's or an enterprise's: whoever has neither has none."""

    status = 409
    title_zh = "日历订阅属于单位或企业，当前账号没有所属单位"
    title_en = "A feed belongs to a unit or an enterprise, and the account has neither"


def last_day(due_at: datetime) -> datetime | None:
    """The midnight that ends the last day where a deadline is one; None where it is an hour."""
    day = calendar.day_of(due_at - timedelta(microseconds=1))
    return due_at if calendar.closes_at(day) == due_at else None


def rings_at(due_at: datetime, *, row: FeedRule, days_off: Calendar) -> datetime | None:
    """When a calendar rings: in the morning so many working days before the last day (platform).

    None where that morning lies in a year whose holidays are not known: it is never guessed.
    """
    day = calendar.day_of(due_at - timedelta(microseconds=1))
    try:
        morning = calendar.subtract_working_days(day, row.alarm_working_days, calendar=days_off)
    except BeyondCalendar:
        return None
    return calendar.opens_at(morning) + timedelta(hours=row.alarm_hour)
