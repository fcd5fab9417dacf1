"""What calendars are given: on the right day, folded and escaped, ringing on a working day."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import calendar
from kernel.calendar import SHANGHAI
from reference import holidays, national
from services.tasks.dues.domain import Due, Said
from services.tasks.feeds import domain, domain_calendar
from services.tasks.feeds.domain_calendar import Language, Shape
from tests.services.tasks.ics import Part, parsed

NOW = datetime(2023, 1, 10, 9, 0, tzinfo=SHANGHAI)
ROW = national.FEEDS.one("feed", on=NOW.date())
ID = UUID("01890000-0000-7000-8000-0000000000aa")


def due(due_at: datetime, words: Said | None = None, moved: int = 0) -> Due:
    return Due(
        kind="obligation",
        id=ID,
        entity=f"obligations/{ID}",
        due_at=due_at,
        opened_at=NOW - timedelta(days=5),
        changed_at=NOW - timedelta(days=2),
        moved=moved,
        words=words or Said("每月研究一次", "Meet once a month"),
    )


def file(*dues: Due, language: Language = Language.ZH, shape: Shape = Shape.EVENT) -> bytes:
    return domain_calendar.written(
        dues,
        name=Said("安全生产待办 · 某局", "Work safety: due of a bureau"),
        language=language,
        shape=shape,
        row=ROW,
        days_off=holidays.calendar(),
        now=NOW,
    )


def only(body: bytes) -> Part:
    (entry,) = parsed(body).parts
    return entry


def test_a_deadline_at_midnight_stands_on_the_day_that_it_ends() -> None:
    entry = only(file(due(calendar.closes_at(date(2023, 1, 20)))))

    assert entry.name == "VEVENT"
    assert entry.lines["DTSTART;VALUE=DATE"] == "20230120"
    assert entry.lines["UID"] == f"obligation-{ID}@anlian"
    assert entry.lines["DTSTAMP"] == entry.lines["LAST-MODIFIED"] == "20230108T010000Z"


@pytest.mark.parametrize("around", [timedelta(microseconds=-1), timedelta(seconds=1)])
def test_a_deadline_by_the_hour_stands_at_its_hour(around: timedelta) -> None:
    entry = only(file(due(calendar.closes_at(date(2023, 1, 20)) + around)))

    assert entry.lines["DTSTART"] in {"20230120T155959Z", "20230120T160001Z"}


def test_a_to_do_says_by_when_it_is_due() -> None:
    body = file(due(calendar.closes_at(date(2023, 1, 20)), moved=2), shape=Shape.TODO)

    entry = only(body)
    assert entry.name == "VTODO"
    assert entry.lines["DUE"] == "20230120T160000Z"
    assert entry.lines["SEQUENCE"] == "2"


@pytest.mark.parametrize(
    ("last", "morning"),
    [
        # Spring Festival 2023: off from 21 to 27 January, worked on Saturday 28 and Sunday 29.
        (date(2023, 1, 20), date(2023, 1, 18)),
        (date(2023, 1, 24), date(2023, 1, 19)),
        (date(2023, 1, 27), date(2023, 1, 19)),
        (date(2023, 1, 28), date(2023, 1, 19)),
        (date(2023, 1, 29), date(2023, 1, 20)),
        (date(2023, 1, 30), date(2023, 1, 28)),
        (date(2023, 1, 31), date(2023, 1, 29)),
        (date(2023, 2, 1), date(2023, 1, 30)),
    ],
)
def test_it_rings_two_working_days_before(last: date, morning: date) -> None:
    found = domain.rings_at(calendar.closes_at(last), row=ROW, days_off=holidays.calendar())
    (alarm,) = only(file(due(calendar.closes_at(last)))).parts

    assert found == datetime(morning.year, morning.month, morning.day, 9, tzinfo=SHANGHAI)
    assert alarm.name == "VALARM"
    assert alarm.lines["ACTION"] == "DISPLAY"
    assert alarm.lines["TRIGGER;VALUE=DATE-TIME"] == f"{morning:%Y%m%d}T010000Z"


def test_in_a_year_whose_holidays_are_not_known_nothing_rings() -> None:
    assert only(file(due(calendar.closes_at(date(2090, 5, 5))))).parts == []


def test_it_speaks_the_language_that_is_asked_for_and_says_what_is_late() -> None:
    late = due(NOW - timedelta(hours=1))

    chinese, english = only(file(late)), only(file(late, language=Language.EN))

    assert chinese.text("SUMMARY") == "【已逾期】每月研究一次"
    assert english.text("SUMMARY") == "[Overdue] Meet once a month"


TEXTS = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n,;\\:\"'"),
    min_size=1,
    max_size=400,
)


@given(words=TEXTS, at=st.datetimes(datetime(2021, 1, 1), datetime(2025, 1, 1)))  # noqa: DTZ001
def test_whatever_the_words_a_file_is_whole_and_reads_back(words: str, at: datetime) -> None:
    body = file(due(at.replace(tzinfo=UTC), Said(words, words)), shape=Shape.TODO)

    summary = only(body).text("SUMMARY").removeprefix("【已逾期】")
    (read,) = icalendar.Calendar.from_ical(body).walk("VTODO")
    assert summary == words
    assert str(read["SUMMARY"]).removeprefix("【已逾期】") == words
    assert read.decoded("DUE") == at.replace(tzinfo=UTC, microsecond=0)


def test_the_same_dues_make_the_same_file() -> None:
    one = due(calendar.closes_at(date(2023, 3, 1)))

    assert file(one) == file(one)
