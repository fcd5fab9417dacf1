"""Returns, objections, whose delay it is, redoing, likeness and shares."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from kernel.calendar import SHANGHAI
from reference import orders
from reference.cityrows import Place
from reference.terms import OrderClass, OrderStep
from services.tasks.callbacks.rules import is_redone
from services.tasks.dispatches import rules as parts
from services.tasks.dispatches.rules import Held
from services.tasks.objections.rules import objection_from
from services.tasks.punctuality.rules import rate
from services.tasks.repeats import rules as repeats
from services.tasks.repeats.rules import Told

DAY = date(2023, 6, 5)
SENT, REFUSED = (datetime(2023, 6, day, tzinfo=SHANGHAI) for day in (5, 6))
RETURN = orders.limit(OrderStep.RETURN, OrderClass.COMPLAINT, on=DAY)
REDO = orders.limit(OrderStep.REDO, OrderClass.COMPLAINT, on=DAY)


@pytest.mark.parametrize(
    ("returns", "left", "leader"), [(0, True, False), (1, True, True), (2, False, True)]
)
def test_an_order_is_returned_twice_and_the_second_time_by_a_leader(
    returns: int, left: bool, leader: bool
) -> None:
    assert parts.returns_left(RETURN, returns=returns) is left
    assert parts.leader_signs(RETURN, returns=returns) is leader


def test_without_a_limit_in_the_row_there_is_none() -> None:
    free = RETURN.model_copy(update={"times": None, "leader_from": None})

    assert parts.returns_left(free, returns=99)
    assert not parts.leader_signs(free, returns=99)


@pytest.mark.parametrize(
    ("held", "whose"),
    [
        ([("lead", True)], ("lead",)),
        ([("lead", True), ("b", False), ("a", False)], ("a", "b")),
        ([("a", False)], ("a",)),
        ([], ()),
    ],
)
def test_a_delay_is_that_of_the_units_that_held_the_work(
    held: list[tuple[str, bool]], whose: tuple[str, ...]
) -> None:
    assert parts.delayed_by(Held(unit=unit, leads=leads) for unit, leads in held) == whose


@pytest.mark.parametrize(
    ("refused_at", "left", "arbitrated", "since"),
    [
        (None, True, False, None),  # it has to return it first
        (REFUSED, True, False, REFUSED),
        (None, False, False, SENT),  # it cannot be returned any more
        (REFUSED, False, False, REFUSED),
        (REFUSED, True, True, None),  # it was arbitrated
        (None, False, True, None),
    ],
)
def test_a_unit_objects_once_a_return_is_refused_or_cannot_be_made(
    refused_at: datetime | None, left: bool, arbitrated: bool, since: datetime | None
) -> None:
    found = objection_from(
        sent_at=SENT, refused_at=refused_at, returns_left=left, arbitrated=arbitrated
    )

    assert found == since


@pytest.mark.parametrize(
    ("satisfied", "redone", "again"),
    [(False, 0, True), (False, 1, True), (False, 2, False), (True, 0, False), (None, 0, False)],
)
def test_it_is_handled_again_at_most_twice_and_only_for_who_is_not_satisfied(
    satisfied: bool | None, redone: int, again: bool
) -> None:
    assert is_redone(REDO, satisfied=satisfied, redone=redone) is again


@pytest.mark.parametrize(
    ("numerator", "denominator", "share"),
    [(0, 0, None), (0, 3, Decimal("0.0000")), (2, 3, Decimal("0.6667")), (3, 3, Decimal("1.0000"))],
)
def test_of_nothing_there_is_no_share(
    numerator: int, denominator: int, share: Decimal | None
) -> None:
    assert rate(numerator, denominator) == share


def told(
    caller: bytes | None = b"a",
    matter: str = "noise",
    place: str = "五一路 1 号",
    enterprise: str | None = None,
    point: Place | None = None,
) -> Told:
    return Told(matter=matter, place=place, caller=caller, enterprise=enterprise, point=point)


HERE = Place(lon=112.6, lat=26.9)
NEXT_DOOR, ROUND_THE_CORNER, FAR = (Place(lon=112.6, lat=26.9 + d) for d in (5e-4, 3e-3, 1e-2))


@pytest.mark.parametrize(
    ("one", "other", "score", "offered"),
    [
        (told(), told(place="别处"), 70, True),  # caller and matter: just enough
        (told(), told(matter="wages"), 70, True),  # caller and place; spaces do not matter
        (told(), told(caller=b"b"), 60, False),  # another caller, the same matter and place
        (told(), told(caller=None, place="别处"), 30, False),
        (told(caller=None), told(caller=None, place="别处"), 30, False),  # nobody is like nobody
        (told(enterprise="x"), told(caller=b"b", enterprise="x"), 90, True),
        (told(point=HERE), told(caller=b"b", place="别处", point=NEXT_DOOR), 60, False),
        (told(point=HERE), told(caller=b"b", place="别处", point=ROUND_THE_CORNER), 45, False),
        (told(point=HERE), told(caller=b"b", place="别处", point=FAR), 30, False),
        (told(point=HERE), told(caller=b"b", point=HERE), 60, False),  # a place counts once
    ],
)
def test_what_two_orders_share_adds_up(one: Told, other: Told, score: int, offered: bool) -> None:
    alike = repeats.likeness(one, other, on=DAY)

    assert (alike.score, alike.is_offered) == (score, offered)
    assert repeats.likeness(other, one, on=DAY).score == score


def test_a_month_later_nothing_is_repeated() -> None:
    assert repeats.farthest_apart(on=DAY) == timedelta(days=30)
