"""Parts of a shared obligation: their life, who holds the work, and whose delay it was."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI, closes_at
from reference import holidays
from services.tasks.parts import domain, domain_delays
from services.tasks.parts.domain import (
    REVIEWER,
    PartAction,
    PartRefused,
    PartRole,
    PartStatus,
    Share,
)
from services.tasks.parts.domain_delays import Delay, Hold, Stood

DAYS_OFF = holidays.calendar()
LEAD, JOINT, ONE, TWO = "lead", "joint", "one", "two"
ROLES = {
    LEAD: PartRole.LEAD,
    JOINT: PartRole.JOINT_LEAD,
    ONE: PartRole.SUPPORTING,
    TWO: PartRole.SUPPORTING,
}
_S = PartStatus


@pytest.mark.parametrize("status", PartStatus)
@pytest.mark.parametrize("action", PartAction)
def test_only_declared_steps_are_taken(status: PartStatus, action: PartAction) -> None:
    if (status, action) in domain.PART_TRANSITIONS:
        assert domain.after(status, action) is domain.PART_TRANSITIONS[status, action]
    else:
        with pytest.raises(PartRefused):
            domain.after(status, action)


def shares(**statuses: PartStatus) -> list[Share]:
    return [Share(unit=unit, role=ROLES[unit], status=status) for unit, status in statuses.items()]


@pytest.mark.parametrize(
    ("stands", "held"),
    [
        # The lead waits as long as a supporting unit is at work.
        (shares(lead=_S.OPEN, one=_S.OPEN, two=_S.OPEN), {ONE, TWO}),
        (shares(lead=_S.OPEN, one=_S.RETURNED, two=_S.ACCEPTED), {ONE}),
        # What was handed in to it waits for the lead.
        (shares(lead=_S.OPEN, one=_S.HANDED_IN, two=_S.OPEN), {LEAD, TWO}),
        (shares(lead=_S.OPEN, one=_S.HANDED_IN, two=_S.ACCEPTED), {LEAD}),
        (shares(lead=_S.OPEN, one=_S.ACCEPTED, two=_S.EXCUSED), {LEAD}),
        (shares(lead=_S.RETURNED, one=_S.ACCEPTED), {LEAD}),
        (shares(lead=_S.HANDED_IN, one=_S.ACCEPTED), {REVIEWER}),
        # Who leads jointly works beside the lead.
        (shares(lead=_S.OPEN, joint=_S.OPEN, one=_S.OPEN), {JOINT, ONE}),
        (shares(lead=_S.HANDED_IN, joint=_S.OPEN), {REVIEWER, JOINT}),
        (shares(lead=_S.ACCEPTED, joint=_S.EXCUSED, one=_S.ACCEPTED), set()),
    ],
)
def test_whoever_has_to_act_holds_the_work_and_nobody_who_waits(
    stands: list[Share], held: set[str]
) -> None:
    assert domain.holders(stands) == held


@pytest.mark.parametrize(
    ("objected", "stands", "held"),
    [
        # Whoever decides holds what a unit objected to; the lead waits for it all the same.
        (ONE, {LEAD: _S.OPEN, ONE: _S.OPEN, TWO: _S.ACCEPTED}, {REVIEWER}),
        (ONE, {LEAD: _S.OPEN, ONE: _S.RETURNED, TWO: _S.OPEN}, {REVIEWER, TWO}),
        (ONE, {LEAD: _S.OPEN, ONE: _S.OPEN, TWO: _S.HANDED_IN}, {REVIEWER, LEAD}),
        (JOINT, {LEAD: _S.OPEN, JOINT: _S.OPEN}, {REVIEWER, LEAD}),
        # What was handed in meanwhile waits for the lead, and what is done for nobody.
        (ONE, {LEAD: _S.OPEN, ONE: _S.HANDED_IN}, {LEAD}),
        (ONE, {LEAD: _S.OPEN, ONE: _S.EXCUSED}, {LEAD}),
    ],
)
def test_while_an_objection_is_decided_on_its_unit_does_not_hold_the_part(
    objected: str, stands: dict[str, PartStatus], held: set[str]
) -> None:
    found = [replace(one, objected=one.unit == objected) for one in shares(**stands)]

    assert domain.holders(found) == held


STANDINGS = st.fixed_dictionaries({unit: st.sampled_from(PartStatus) for unit in ROLES})


@given(STANDINGS, st.sets(st.sampled_from(sorted(ROLES))))
def test_somebody_holds_the_work_until_it_is_done_and_nobody_afterwards(
    statuses: dict[str, PartStatus], objected: set[str]
) -> None:
    stands = [replace(one, objected=one.unit in objected) for one in shares(**statuses)]

    assert bool(domain.holders(stands)) is not domain.is_done(stands)


@given(STANDINGS)
def test_a_lead_hands_in_exactly_when_every_supporting_part_is_done(
    statuses: dict[str, PartStatus],
) -> None:
    stands = shares(**statuses)
    done = all(statuses[unit] in domain.DONE for unit in (ONE, TWO))

    may = {share.unit: domain.may_hand_in(share, stands) for share in stands}
    assert may == {LEAD: done, JOINT: True, ONE: True, TWO: True}


def test_a_unit_that_leads_and_supports_has_one_part_and_a_lone_lead_none() -> None:
    found = domain.wanted(lead=LEAD, leads=[LEAD, JOINT], supporting=[JOINT, ONE, LEAD, ONE])

    assert [(want.unit, want.role) for want in found] == [
        (LEAD, PartRole.LEAD),
        (JOINT, PartRole.JOINT_LEAD),
        (ONE, PartRole.SUPPORTING),
    ]
    assert domain.wanted(lead=LEAD, leads=[LEAD], supporting=[]) == ()


DUE = closes_at(date(2023, 1, 20))


def attributed(*holds: Hold, as_at: datetime, stood: Sequence[Stood] = ()) -> dict[str, Delay]:
    found = domain_delays.attributed(holds, due_at=DUE, as_at=as_at, days_off=DAYS_OFF, stood=stood)
    return dict(found)


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2023, 1, day, hour, tzinfo=SHANGHAI)


def test_a_delay_is_counted_in_calendar_and_in_working_days() -> None:
    """Due on the eve of the Spring Festival, off until 27 January, the 28th and 29th worked."""
    found = attributed(
        Hold(holder=ONE, since=at(10), until=at(28, 12)),
        Hold(holder=LEAD, since=at(28, 12), until=None),
        as_at=at(31, 9),
    )

    assert found[ONE] == Delay(time=at(28, 12) - DUE, days=8, working_days=1)
    assert found[LEAD] == Delay(time=at(31, 9) - at(28, 12), days=4, working_days=4)


@pytest.mark.parametrize(
    ("until", "delay"),
    [
        (timedelta(0), None),
        (timedelta(microseconds=1), Delay(time=timedelta(microseconds=1), days=1, working_days=0)),
        (timedelta(days=1), Delay(time=timedelta(days=1), days=1, working_days=0)),
        (
            timedelta(days=1, microseconds=1),
            Delay(time=timedelta(days=1, microseconds=1), days=2, working_days=0),
        ),
    ],
)
def test_a_delay_begins_with_the_deadline_and_a_day_with_its_first_instant(
    until: timedelta, delay: Delay | None
) -> None:
    found = attributed(Hold(holder=ONE, since=at(10), until=DUE + until), as_at=at(31))

    assert found.get(ONE) == delay


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (at(19), at(29), 2),  # an objection made in time and decided on after the deadline
        (at(28), at(29), 9),
        (at(29), None, 8),
        (at(10), at(20), 10),
        (at(10), None, None),
    ],
)
def test_while_the_clock_stood_it_was_nobody_s_delay(
    since: datetime, until: datetime | None, days: int | None
) -> None:
    hold = Hold(holder=ONE, since=at(10), until=at(31))

    found = attributed(hold, as_at=at(31), stood=[Stood(since=since, until=until)])

    assert (found[ONE].days if found else None) == days


@pytest.mark.parametrize(("own", "days"), [(at(25), 6), (at(20), 10), (at(31), None), (None, 10)])
def test_who_was_given_more_time_is_late_from_then_and_never_before_the_whole(
    own: datetime | None, days: int | None
) -> None:
    hold = Hold(holder=ONE, since=at(10), until=None, own_due_at=own)

    found = attributed(hold, as_at=at(31))

    assert (found[ONE].days if found else None) == days


def test_where_holidays_are_not_known_working_days_are_not_guessed() -> None:
    due = closes_at(date(2090, 5, 5))
    hold = Hold(holder=ONE, since=due, until=None)

    found = domain_delays.attributed(
        [hold], due_at=due, as_at=due + timedelta(days=3), days_off=DAYS_OFF
    )

    assert (found[ONE].days, found[ONE].working_days) == (3, None)


HOURS = st.integers(min_value=-200, max_value=400)
STANDS_STILL = st.lists(st.tuples(HOURS, st.integers(min_value=0, max_value=100)), max_size=3)
WALKS = st.lists(st.tuples(HOURS, st.sampled_from(sorted(ROLES)), st.sampled_from(PartAction)))


def holds_of(walk: Sequence[tuple[int, str, PartAction]]) -> tuple[list[Hold], datetime | None]:
    """Play steps in order, as far as they are allowed, and keep who held the work when."""
    stands = dict.fromkeys(ROLES, _S.OPEN)
    since = DUE - timedelta(hours=300)
    current = dict.fromkeys(domain.holders(shares(**stands)), since)
    kept: list[Hold] = []
    for hours, unit, action in sorted(walk, key=lambda step: step[0]):
        now = DUE + timedelta(hours=hours)
        try:
            stands[unit] = domain.after(stands[unit], action)
        except PartRefused:
            continue
        held = domain.holders(shares(**stands))
        gone = set(current) - held
        kept += [Hold(holder=one, since=current.pop(one), until=now) for one in gone]
        current |= dict.fromkeys(held - set(current), now)
        if domain.is_done(shares(**stands)):
            return kept, now
    return kept + [Hold(holder=one, since=at_, until=None) for one, at_ in current.items()], None


@given(walk=WALKS, end=HOURS, stood=STANDS_STILL)
def test_every_instant_past_due_is_counted_to_exactly_those_who_held_it_then(
    walk: list[tuple[int, str, PartAction]], end: int, stood: list[tuple[int, int]]
) -> None:
    holds, closed_at = holds_of(walk)
    as_at = DUE + timedelta(hours=end)
    still = [
        Stood(since=DUE + timedelta(hours=since), until=DUE + timedelta(hours=since + length))
        for since, length in stood
    ]
    found = attributed(*holds, as_at=as_at, stood=still)

    until = as_at if closed_at is None else min(closed_at, as_at)
    counted: dict[str, timedelta] = defaultdict(timedelta)
    hour = timedelta(hours=1)
    instant = DUE
    while instant < until:
        held = {
            hold.holder
            for hold in holds
            if hold.since <= instant and (hold.until is None or hold.until > instant)
        }
        assert held, "past the deadline somebody holds what is not done"
        if not any(one.since <= instant < one.until for one in still if one.until):
            for holder in held:
                counted[holder] += hour
        instant += hour

    assert {holder: delay.time for holder, delay in found.items()} == counted
