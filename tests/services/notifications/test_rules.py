"""The pure parts: whom codes mean, when a chain may stop, what is said and when it is retried."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.incidents import Toll
from reference.terms import Grade
from services.notifications.calls import domain_sending as calls
from services.notifications.endpoints.domain_offer import OFFERED
from services.notifications.escalations.domain import (
    TRANSITIONS,
    AlarmStatus,
    Move,
    is_answered,
)
from services.notifications.handlers import SUBSCRIPTIONS
from services.notifications.mail import domain as mail
from services.notifications.routing import domain as routing
from services.notifications.routing.domain_steps import PlannedStep, recipient, without
from services.notifications.wording import domain as wording
from services.notifications.wording import domain_labels as labels
from services.notifications.wording import domain_templates as templates
from tests.services.notifications.facts import (
    AT,
    CITY_DESK,
    COUNTY_DESK,
    MINE,
    case_overdue,
    relay_overdue,
    reported,
)

CODES = st.sampled_from(["a", "b", "c"])
STEPS = st.lists(st.lists(CODES, max_size=3, unique=True), max_size=4)


def test_codes_mean_posts_units_and_enterprises() -> None:
    post = recipient(COUNTY_DESK)
    assert (post.unit, post.post) == ("430481.emergency", COUNTY_DESK)
    unit = recipient("430481.emergency")
    assert (unit.unit, unit.post) == ("430481.emergency", None)
    assert recipient(MINE).uscc == MINE


def test_the_end_of_a_relay_that_is_an_enterprise_is_called_itself() -> None:
    overdue = relay_overdue(reported()).model_copy(update={"from_unit": MINE})
    [chain] = routing.chains(overdue, on=AT.date())
    assert chain.steps[0].to == (MINE, CITY_DESK)


@given(STEPS, st.sets(CODES))
def test_nobody_is_called_twice_and_nobody_is_lost(steps: list[list[str]], told: set[str]) -> None:
    planned = [PlannedStep(to=tuple(step), minutes=5) for step in steps]
    left = [code for step in without(planned, told=told) for code in step.to]
    assert len(left) == len(set(left))
    assert set(left) == {code for step in steps for code in step} - told


@given(st.booleans(), STEPS, st.sets(CODES))
def test_one_answer_is_enough_unless_everyone_of_a_step_must(
    everyone: bool, called: list[list[str]], answered: set[str]
) -> None:
    stops = is_answered(everyone=everyone, called=called, answered=answered)
    if everyone:
        assert stops == any(step and set(step) <= answered for step in called)
    else:
        assert stops == any(set(step) & answered for step in called)


@given(STEPS)
def test_silence_never_stops_a_chain(called: list[list[str]]) -> None:
    for everyone in (True, False):
        assert not is_answered(everyone=everyone, called=called, answered=())


@pytest.mark.parametrize(("status", "move"), list(product(AlarmStatus, Move)))
def test_every_move_that_is_not_declared_is_none(status: AlarmStatus, move: Move) -> None:
    declared = {
        (AlarmStatus.OPEN, Move.ANSWER),
        (AlarmStatus.OPEN, Move.EXHAUST),
        (AlarmStatus.EXHAUSTED, Move.ANSWER),
    }
    assert ((status, move) in TRANSITIONS) == ((status, move) in declared)


@pytest.mark.parametrize("grade", list(Grade))
@pytest.mark.parametrize("region", ["430481", "430471", "430400", "430000"])
def test_every_grade_has_a_chain_everywhere(grade: Grade, region: str) -> None:
    event = reported(grade=grade, region_code=region)
    [chain] = routing.chains(event, on=AT.date())
    assert chain.route != routing.UNROUTED
    assert all(not step.placeless for step in chain.steps)


def test_every_event_that_tells_people_something_has_words() -> None:
    alone = {
        "tasks.unit.recorded.v1",
        "tasks.unit.ended.v1",
        "inspections.enterprise.registered.v1",
    }
    silent = {
        "incidents.relay.forwarded.v1",
        "incidents.recommendation.made.v1",  # its addressee hears of the duty it becomes
        "incidents.recommendation.closed.v1",
        "incidents.evaluation.published.v1",
        *(f"incidents.investigation.{word}.v1" for word in ("listed", "approved")),
        *(f"incidents.investigation.{word}.v1" for word in ("closed", "reopened", "clock_moved")),
        "incidents.relay.telephoned.v1",
        "incidents.rescue.ended.v1",
        "incidents.finding.dismissed.v1",
        "incidents.accident.corrected.v1",
        "incidents.accident.identified.v1",
        "incidents.accident.qualified.v1",
        "incidents.accident.struck_off.v1",
    }
    heard = {line.event.subject for line in SUBSCRIPTIONS}
    assert set(templates.TEMPLATES) == heard - alone - silent
    assert {event.subject for event in OFFERED} <= heard


@pytest.mark.parametrize("stage", ["investigation", "approval", "supervision"])
def test_every_limit_of_an_investigation_has_its_words(stage: str) -> None:
    said = wording.words(case_overdue(reported(), stage=stage))
    assert "耒阳市人民政府" in said.body.zh
    assert said.subject.en


def test_a_toll_names_only_what_there_is() -> None:
    assert labels.toll(Toll(deaths=5, missing=8)) == ("死亡5人、失联8人", "5 dead, 8 missing")
    assert labels.toll(Toll()).zh == "暂无伤亡报告"


def test_a_subject_fits_one_line_of_a_phone() -> None:
    said = wording.words(reported(toll=Toll(deaths=13, missing=8, serious_injuries=21)))
    assert len(said.subject.zh) <= 45
    assert "\n" not in said.subject.zh + said.subject.en


def test_retries_last_for_three_days_and_end() -> None:
    waits = [calls.retry_after(failed) for failed in range(1, 20)]
    assert waits[-1] is None
    total = sum((wait for wait in waits if wait), timedelta())
    assert timedelta(hours=72) < total < timedelta(hours=80)
    assert mail.retry_after(1) == timedelta(seconds=5)
    assert mail.retry_after(100) is None
