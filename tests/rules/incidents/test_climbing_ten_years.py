"""Ten years of days, every grade: a firmer finding and a graver accident climb no less."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reference import escalations
from reference.terms import Finding, FindingStatus, Grade, Level
from services.incidents.investigations.rules import escalation, standing

DAYS = st.integers(0, 3652).map(lambda passed: date(2015, 1, 1) + timedelta(days=passed))
GRADES, STATUSES = list(Grade), list(FindingStatus)
THERE = st.lists(st.sampled_from([level for level in Level if level is not Level.NATIONAL])).map(
    lambda levels: [*sorted(set(levels), key=lambda level: level.rank), Level.NATIONAL]
)


@given(DAYS, st.sampled_from(Finding), st.sampled_from(STATUSES), st.sampled_from(GRADES))
def test_a_finding_climbs_exactly_when_a_binding_row_of_the_day_says_so(
    on: date, finding: Finding, status: FindingStatus, grade: Grade
) -> None:
    found = escalation(finding=finding, status=status, grade=grade, on=on)

    binding = [
        row
        for row in escalations.rows(on=on)
        if row.mandatory
        and row.ground == "finding"
        and row.finding is finding
        and (
            row.finding_status is None
            or STATUSES.index(status) >= STATUSES.index(row.finding_status)
        )
        and GRADES.index(grade) >= GRADES.index(row.least_grade)
    ]
    assert found == (binding[0] if binding else None)
    assert found is None or (found.effective_from <= on and found.levels_up > 0)


@given(
    DAYS,
    st.sampled_from(Finding),
    st.tuples(st.sampled_from(STATUSES), st.sampled_from(STATUSES)),
    st.tuples(st.sampled_from(GRADES), st.sampled_from(GRADES)),
)
def test_a_firmer_finding_on_a_graver_accident_climbs_no_less(
    on: date,
    finding: Finding,
    statuses: tuple[FindingStatus, FindingStatus],
    grades: tuple[Grade, Grade],
) -> None:
    softer, firmer = sorted(statuses, key=STATUSES.index)
    milder, graver = sorted(grades, key=GRADES.index)

    before = escalation(finding=finding, status=softer, grade=milder, on=on)
    after = escalation(finding=finding, status=firmer, grade=graver, on=on)

    if before is not None:
        assert after is not None
        assert after.levels_up >= before.levels_up


@given(st.sampled_from(Level), THERE, st.integers(0, 5))
def test_who_investigates_is_there_at_least_as_high_as_named_and_climbs_by_each_step(
    named: Level, there: list[Level], steps: int
) -> None:
    found = standing(named, there=there, levels_up=steps)
    unclimbed = standing(named, there=there)

    assert found in there
    assert unclimbed.rank == min(level.rank for level in there if level.rank >= named.rank)
    wanted = min(unclimbed.rank + steps, Level.NATIONAL.rank)
    assert found.rank == min(level.rank for level in there if level.rank >= wanted)
