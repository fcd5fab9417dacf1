"""What looks wrong with evidence: each sign, on both sides of its limit."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from reference.cityrows import Place
from services.tasks.credits.rules import Span
from services.tasks.evidence import rules
from services.tasks.evidence.rules import Copied, Elsewhere, FlagKind, Shot, Stated

NOON = datetime(2023, 5, 10, 4, tzinfo=UTC)
HERE = Place(lon=112.86, lat=26.42)
EARLIER = UUID(int=7)
METRES, MINUTES, KMH = Decimal(3000), Decimal(180), Decimal(150)


def north(km: float) -> Place:
    return Place(lon=HERE.lon, lat=HERE.lat + km / 111.195)


def stated(on: date | None = date(2023, 5, 10), **more: object) -> Stated:
    values: dict[str, object] = {
        "happened_on": on,
        "span": Span(first=date(2023, 4, 1), last=date(2023, 6, 30)),
        "due_on": date(2023, 6, 30),
        "today": date(2023, 7, 5),
    }
    return Stated(**values | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("on", "kinds"),
    [
        (date(2023, 4, 1), []),
        (date(2023, 3, 31), [FlagKind.BEFORE_PERIOD]),
        (date(2023, 6, 30), []),
        (date(2023, 7, 1), [FlagKind.AFTER_DEADLINE]),
        (date(2023, 7, 5), [FlagKind.AFTER_DEADLINE]),
        (date(2023, 7, 6), [FlagKind.IN_FUTURE, FlagKind.AFTER_DEADLINE]),
        (None, []),
    ],
)
def test_a_day_lies_in_the_period_before_the_deadline_and_not_ahead(
    on: date | None, kinds: list[FlagKind]
) -> None:
    assert [flag.kind for flag in rules.days(stated(on))] == kinds


@pytest.mark.parametrize(
    ("minutes", "wrong"), [(-180, False), (180, False), (181, True), (-181, True)]
)
def test_a_photo_is_of_about_the_stated_time(minutes: int, wrong: bool) -> None:
    shot = Shot(taken_at=NOON + timedelta(minutes=minutes))

    flags = list(rules.photos(stated(happened_at=NOON), [shot], metres=METRES, minutes=MINUTES))

    assert [flag.kind for flag in flags] == ([FlagKind.PHOTO_TIME] if wrong else [])


@pytest.mark.parametrize(
    ("taken_at", "wrong"),
    [
        (datetime(2023, 5, 9, 16, 0, tzinfo=UTC), False),  # 0:00 in Shanghai
        (datetime(2023, 5, 9, 15, 59, tzinfo=UTC), True),
        (datetime(2023, 5, 10, 15, 59, tzinfo=UTC), False),
        (datetime(2023, 5, 10, 16, 0, tzinfo=UTC), True),
    ],
)
def test_where_only_the_day_is_stated_a_photo_is_of_that_day(
    taken_at: datetime, wrong: bool
) -> None:
    flags = list(rules.photos(stated(), [Shot(taken_at=taken_at)], metres=METRES, minutes=MINUTES))

    assert bool(flags) is wrong


@pytest.mark.parametrize(("km", "wrong"), [(0, False), (2.99, False), (3.01, True)])
def test_a_photo_is_of_about_the_stated_place(km: float, wrong: bool) -> None:
    shot = Shot(point=north(km))

    flags = list(rules.photos(stated(point=HERE), [shot], metres=METRES, minutes=MINUTES))

    assert [flag.kind for flag in flags] == ([FlagKind.PHOTO_PLACE] if wrong else [])


@pytest.mark.parametrize(
    ("point", "shot", "count"),
    [
        (HERE, None, 0),
        (Place(lon=116.4, lat=39.9), None, 1),
        (HERE, Place(lon=116.4, lat=39.9), 1),
        (None, None, 0),
    ],
)
def test_a_place_outside_of_the_city_is_noted(
    point: Place | None, shot: Place | None, count: int
) -> None:
    flags = list(rules.places(stated(point=point), [Shot(point=shot)]))

    assert [flag.kind for flag in flags] == [FlagKind.OUTSIDE_AREA] * count


@pytest.mark.parametrize(
    ("km", "minutes", "wrong"),
    [
        (0.9, 0, False),  # one place
        (1.1, 0, True),
        (74.9, 30, False),
        (75.1, 30, True),
        (75.1, -30, True),
        (75.1, 31, False),
    ],
)
def test_nobody_is_at_two_places_too_far_apart_for_the_time_between(
    km: float, minutes: int, wrong: bool
) -> None:
    other = Elsewhere(
        evidence_id=EARLIER, happened_at=NOON + timedelta(minutes=minutes), point=north(km)
    )

    flags = list(rules.travel(stated(happened_at=NOON, point=HERE), [other], kmh=KMH))

    assert [(flag.kind, flag.contradicts) for flag in flags] == (
        [(FlagKind.TOO_FAST, EARLIER)] if wrong else []
    )


def test_without_time_or_place_no_journey_is_judged() -> None:
    other = Elsewhere(evidence_id=EARLIER, happened_at=NOON, point=north(500))

    assert list(rules.travel(stated(point=HERE), [other], kmh=KMH)) == []
    assert list(rules.travel(stated(happened_at=NOON), [other], kmh=KMH)) == []


def copied(kind: FlagKind = FlagKind.REUSED_FILE, **more: object) -> Copied:
    values: dict[str, object] = {
        "evidence_id": EARLIER,
        "kind": kind,
        "same_obligation": False,
        "same_day": False,
        "together": False,
    }
    return Copied(**values | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "wrong"),
    [
        (copied(), True),
        (copied(same_obligation=True), True),  # another day
        (copied(same_day=True), True),  # another obligation or subject
        (copied(same_obligation=True, same_day=True), False),  # handed in again
        (copied(together=True, same_day=True), False),  # held together
        (copied(same_obligation=True, same_day=True, other_time=True), True),  # another act
        (copied(together=True), True),
        (copied(FlagKind.LIKE_PICTURE, bits=3), True),
        (copied(FlagKind.LIKE_PICTURE, bits=4), False),
        (copied(FlagKind.COPIED_WORDS, percent=80), True),
        (copied(FlagKind.COPIED_WORDS, percent=79), False),
    ],
)
def test_what_proves_one_act_does_not_prove_another(one: Copied, wrong: bool) -> None:
    flags = list(rules.copies([one], bits=Decimal(3), percent=Decimal(80)))

    assert [(flag.kind, flag.contradicts) for flag in flags] == (
        [(one.kind, EARLIER)] if wrong else []
    )


def test_of_one_earlier_piece_the_plainest_copy_is_told() -> None:
    found = [copied(FlagKind.COPIED_WORDS), copied(FlagKind.LIKE_PICTURE), copied()]

    flags = list(rules.copies(found, bits=Decimal(3), percent=Decimal(80)))

    assert [flag.kind for flag in flags] == [FlagKind.REUSED_FILE]


@pytest.mark.parametrize(
    ("stood", "held", "kinds"),
    [
        (True, True, []),
        (False, True, [FlagKind.NO_UNIT]),
        (False, False, [FlagKind.NO_UNIT]),
        (True, False, [FlagKind.NO_HOLDER]),
    ],
)
def test_who_was_not_there_did_nothing(stood: bool, held: bool, kinds: list[FlagKind]) -> None:
    flags = list(rules.there(stated(), unit_stood=stood, post_held=held))

    assert [flag.kind for flag in flags] == kinds


@pytest.mark.parametrize(
    ("by_region", "reviewed_from", "auditor", "may"),
    [
        ("4304", "430481", False, True),
        ("43", "430481", False, True),
        ("430481", "430481", False, False),
        ("430481", "4304", False, False),
        ("4305", "430481", False, False),
        ("430481", "4304", True, True),
    ],
)
def test_an_acceptance_is_taken_back_from_above_or_by_an_auditor(
    by_region: str, reviewed_from: str, auditor: bool, may: bool
) -> None:
    found = rules.may_withdraw(by_region=by_region, reviewed_from=reviewed_from, auditor=auditor)

    assert found is may
