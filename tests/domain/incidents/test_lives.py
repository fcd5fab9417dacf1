"""State machines of calls, notices, rescues, their days and findings: the whole products."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.problems import InvalidPayload, Problem
from reference.terms import FindingStatus, Level
from services.incidents import masking
from services.incidents.bystanders import domain as bystanders
from services.incidents.directreports import domain as direct_reports
from services.incidents.drafts import domain as drafts
from services.incidents.duplicates import domain as duplicates
from services.incidents.findings import domain as findings
from services.incidents.findings.domain import FindingAction
from services.incidents.notices import domain as notices
from services.incidents.relays import domain as relays
from services.incidents.relays.domain import HopAction, HopStatus
from services.incidents.relays.rules import Means
from services.incidents.rescues import domain as rescues
from services.incidents.rescues.domain import DayStatus
from services.incidents.tolls.domain import NothingToReason, refuse_reason

Machine = tuple[Mapping[Any, Any], Callable[..., Any], type[StrEnum], type[StrEnum], type[Problem]]

MACHINES: dict[str, Machine] = {
    "call": (
        relays.CALL_TRANSITIONS,
        lambda status, action: relays.after(status, action, means=Means.PHONE),
        HopStatus,
        HopAction,
        relays.RelayActionRefused,
    ),
    "notice": (
        notices.TRANSITIONS,
        notices.after,
        notices.NoticeStatus,
        notices.NoticeAction,
        notices.NoticeActionRefused,
    ),
    "direct report": (
        direct_reports.TRANSITIONS,
        direct_reports.after,
        direct_reports.DirectReportStatus,
        direct_reports.DirectReportAction,
        direct_reports.DirectReportRefused,
    ),
    "rescue": (
        rescues.TRANSITIONS,
        rescues.after,
        rescues.RescueStatus,
        rescues.RescueAction,
        rescues.RescueActionRefused,
    ),
    "finding": (
        findings.TRANSITIONS,
        findings.after,
        FindingStatus,
        FindingAction,
        findings.FindingActionRefused,
    ),
}
STEPS = [
    (name, status, action)
    for name, (_, _, statuses, actions, _) in MACHINES.items()
    for status, action in product(statuses, actions)
]


@pytest.mark.parametrize(("name", "status", "action"), STEPS)
def test_only_declared_steps_are_allowed(name: str, status: StrEnum, action: StrEnum) -> None:
    table, after, _, _, refusal = MACHINES[name]
    if (status, action) in table:
        assert after(status, action) is table[status, action]
    else:
        with pytest.raises(refusal):
            after(status, action)


def test_what_was_told_before_is_refused_by_its_own_name() -> None:
    with pytest.raises(notices.AlreadyTold):
        notices.after(notices.NoticeStatus.TOLD, notices.NoticeAction.TELL)
    with pytest.raises(direct_reports.LevelAlreadyTold):
        direct_reports.after(
            direct_reports.DirectReportStatus.TOLD, direct_reports.DirectReportAction.TELL
        )


@given(st.uuids(version=4), st.sampled_from(Level), st.sampled_from(Level))
def test_what_a_unit_tells_a_level_has_an_id_of_its_own_that_follows_from_both(
    accident: UUID, level: Level, other: Level
) -> None:
    known = direct_reports.direct_report_id(accident, level)

    assert known == direct_reports.direct_report_id(accident, level)
    assert known not in {accident, *(relays.hop_id(accident, hop) for hop in Level)}
    assert (known == direct_reports.direct_report_id(accident, other)) is (level is other)
    assert (known.version, known.bytes[:6]) == (7, accident.bytes[:6])


def test_a_text_never_goes_before_its_call() -> None:
    ways = [status for status, action in relays.CALL_TRANSITIONS if action is HopAction.FORWARD]

    assert ways == [HopStatus.PHONED]


@pytest.mark.parametrize("over", [True, False])
@pytest.mark.parametrize("received", [0, 1, 2, 3])
@pytest.mark.parametrize("status", DayStatus)
def test_a_day_is_missed_only_once_it_is_over_and_met_whenever_it_has_enough(
    status: DayStatus, received: int, over: bool
) -> None:
    stands = rescues.judged(status, received=received, needed=2, over=over)

    if status in {DayStatus.OPEN, DayStatus.MISSED} and received >= 2:
        assert stands is DayStatus.MET
    elif status is DayStatus.OPEN and over:
        assert stands is DayStatus.MISSED
    else:
        assert stands is status


@pytest.mark.parametrize("action", FindingAction)
@pytest.mark.parametrize("status", FindingStatus)
def test_one_person_alone_never_ends_what_is_found(
    status: FindingStatus, action: FindingAction
) -> None:
    ends = action is FindingAction.CONFIRM or (
        action is FindingAction.DISMISS and status is not FindingStatus.SUSPECTED
    )
    findings.refuse_alone(status, action, by="second", before={"first"})
    findings.refuse_alone(status, action, by="first", before={"first", "second"})
    if ends:
        with pytest.raises(findings.SecondPersonNeeded):
            findings.refuse_alone(status, action, by="first", before={"first"})
    else:
        findings.refuse_alone(status, action, by="first", before={"first"})


@given(st.lists(st.tuples(st.sampled_from(FindingAction), st.sampled_from("abc")), max_size=12))
def test_no_series_of_steps_confirms_a_finding_by_one_person(
    steps: list[tuple[FindingAction, str]],
) -> None:
    status, people = FindingStatus.SUSPECTED, {"a"}
    for action, person in steps:
        try:
            reached = findings.after(status, action)
            findings.refuse_alone(status, action, by=person, before=people)
        except Problem:
            continue
        status = reached
        people.add(person)

    if status is FindingStatus.CONFIRMED:
        assert len(people) > 1


def test_a_finding_is_not_raised_as_dismissed() -> None:
    for status in set(FindingStatus) - {FindingStatus.DISMISSED}:
        findings.refuse_dismissed(status)
    with pytest.raises(InvalidPayload):
        findings.refuse_dismissed(FindingStatus.DISMISSED)


@pytest.mark.parametrize(
    ("fell", "given_", "wanted"),
    [(True, None, True), (True, "r", False), (False, None, False), (False, "r", False)],
)
def test_a_reason_is_wanted_once_and_only_of_figures_that_fell(
    fell: bool, given_: str | None, wanted: bool
) -> None:
    if wanted:
        refuse_reason(fell=fell, given=given_)
    else:
        with pytest.raises(NothingToReason):
            refuse_reason(fell=fell, given=given_)


@pytest.mark.parametrize(("status", "action"), list(product(drafts.Status, drafts.Action)))
def test_a_draft_takes_only_declared_actions(status: drafts.Status, action: drafts.Action) -> None:
    if (status, action) in drafts.TRANSITIONS:
        assert drafts.after(status, action) is drafts.TRANSITIONS[status, action]
    else:
        with pytest.raises(drafts.DraftActionRefused):
            drafts.after(status, action)


@pytest.mark.parametrize(("status", "action"), list(product(duplicates.Status, duplicates.Action)))
def test_a_likeness_takes_only_declared_actions(
    status: duplicates.Status, action: duplicates.Action
) -> None:
    if (status, action) in duplicates.TRANSITIONS:
        assert duplicates.after(status, action) is duplicates.TRANSITIONS[status, action]
    else:
        with pytest.raises(duplicates.LikenessDecided):
            duplicates.after(status, action)


@pytest.mark.parametrize(("status", "action"), list(product(bystanders.Status, bystanders.Action)))
def test_a_public_report_takes_only_declared_actions(
    status: bystanders.Status, action: bystanders.Action
) -> None:
    if (status, action) in bystanders.TRANSITIONS:
        assert bystanders.after(status, action) is bystanders.TRANSITIONS[status, action]
    else:
        with pytest.raises(bystanders.PublicReportDecided):
            bystanders.after(status, action)


def test_what_waits_can_be_decided_and_what_is_decided_stays() -> None:
    assert {status for status, _ in bystanders.TRANSITIONS} == bystanders.WAITING
    ended = {duplicates.Status.MERGED, duplicates.Status.SETTLED}
    assert ended.isdisjoint(status for status, _ in duplicates.TRANSITIONS)
    assert {status for status, _ in drafts.TRANSITIONS} == {drafts.Status.OPEN}


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("12345678", "123*5678"),
        ("1234567", "*******"),
        ("", None),
        (None, None),
    ],
)
def test_a_number_shows_its_ends_or_nothing(number: str | None, shown: str | None) -> None:
    assert masking.phone(number) == shown


@given(st.text(min_size=2, max_size=20))
def test_a_name_shows_its_first_character_alone(full: str) -> None:
    assert masking.name(full) == f"{full[0]}*"
    assert masking.name(None) is None
