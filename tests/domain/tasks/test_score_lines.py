"""What a line says is the same for the same inputs, and what lines come to is their sum."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI, Cadence
from reference import scoring
from services.tasks.indicators.domain import NOTHING, Count, Subject, period_of
from services.tasks.scores import domain
from services.tasks.scores.domain import FIRST_DIGEST, Sums

QUARTER = period_of(date(2023, 5, 1), Cadence.QUARTER)
COUNTY = Subject(group="counties", unit="430481.government", region_code="430481", territory=True)
BUREAU = replace(COUNTY, group="departments", unit="430400.emergency", territory=False)
INDICATORS = scoring.indicators("counties", Cadence.QUARTER, on=QUARTER.last)
ITEM = UUID("01890000-0000-7000-8000-0000000000aa")
counts = st.builds(
    Count,
    numerator=st.integers(0, 50),
    denominator=st.integers(0, 50),
    costly=st.sampled_from([(), (ITEM,)]),
)
indicators = st.sampled_from(INDICATORS)


@dataclass
class Line:
    points: Decimal | None
    weight: Decimal | None
    sign: int = 1
    evidence: dict[str, Any] = field(default_factory=dict)


points = st.integers(-1000, 1000).map(lambda cents: Decimal(cents) / 100)
lines = st.builds(
    Line,
    points=st.none() | points,
    weight=st.none() | st.integers(1, 100).map(lambda cents: Decimal(cents) / 100),
)


@given(indicator=indicators, count=counts)
def test_the_same_figure_says_the_same(indicator: Any, count: Count) -> None:
    first, again = (domain.content(indicator, count) for _ in range(2))

    assert first.bits() == again.bits()
    assert first.rule == indicator.rule
    assert (first.points is None) is (first.value is None)
    assert first.items["costly"] == [str(item) for item in count.costly]


@given(indicator=indicators, count=counts)
def test_another_figure_or_other_evidence_says_something_else(indicator: Any, count: Count) -> None:
    said = domain.content(indicator, count)
    other = replace(count, numerator=count.numerator + 1)
    elsewhere = replace(count, digest="another")

    assert domain.content(indicator, other).bits() != said.bits()
    assert domain.content(indicator, elsewhere).bits() != said.bits()


@given(held=st.lists(lines, max_size=12))
def test_a_reversal_takes_back_what_its_line_added(held: list[Line]) -> None:
    back = [replace(line, sign=-1) for line in held]

    assert domain.total([*held, *back]) == Sums()


@given(held=st.lists(lines, max_size=12))
def test_lines_come_to_what_each_adds(held: list[Line]) -> None:
    sums = domain.total(held)

    weighed = [one for one in held if one.points is not None and one.weight is not None]
    each = [one for one in held if one.points is not None and one.weight is None]
    assert sums.earned == sum((one.points or 0 for one in weighed), start=Decimal(0))
    assert sums.weight == sum((one.weight or 0 for one in weighed), start=Decimal(0))
    assert sums.taken_off == sum((one.points or 0 for one in each), start=Decimal(0))
    assert (sums.measured, sums.unmeasured) == (
        len(weighed) + len(each),
        len(held) - len(weighed) - len(each),
    )


def test_the_id_of_a_line_follows_from_what_it_is_about() -> None:
    about = {"subject": COUNTY, "period": QUARTER, "indicator": "duties_in_time", "sequence": 1}
    changes: list[dict[str, Any]] = [
        {"subject": BUREAU}, {"period": QUARTER.after}, {"indicator": "x"}, {"sequence": 2},
    ]  # fmt: skip
    ids = [domain.line_id(**about | change) for change in ({}, *changes)]

    assert domain.line_id(**about) == ids[0]
    assert len(set(ids)) == len(ids)


def test_a_digest_covers_everything_computed_and_its_order() -> None:
    said = [domain.content(indicator, NOTHING) for indicator in INDICATORS]

    def digest(*subjects: Subject) -> str:
        found = FIRST_DIGEST
        for subject in subjects:
            found = domain.chained(found, subject, said)
        return found

    assert digest(COUNTY, BUREAU) == digest(COUNTY, BUREAU)
    assert len({digest(), digest(COUNTY), digest(BUREAU, COUNTY), digest(COUNTY, BUREAU)}) == 4
    assert domain.chained(FIRST_DIGEST, COUNTY, said[1:]) != digest(COUNTY)


def test_evidence_says_how_to_count_again() -> None:
    as_of = datetime(2023, 7, 1, 0, 30, tzinfo=SHANGHAI)
    said = domain.content(INDICATORS[0], Count(costly=(ITEM,)))

    found = domain.evidence(said, subject=COUNTY, period=QUARTER, as_of=as_of)
    of_unit = domain.evidence(said, subject=BUREAU, period=QUARTER, as_of=as_of)

    assert found == {
        "figure": "obligations_in_time",
        "costly": [str(ITEM)],
        "digest": None,
        "counted_by": "430481",
        "after": "2023-04-01T00:00:00+08:00",
        "until": "2023-07-01T00:00:00+08:00",
        "as_of": "2023-07-01T00:30:00+08:00",
    }
    assert of_unit["counted_by"] == "430400.emergency"


def test_what_a_stored_line_says_is_what_was_written() -> None:
    said = domain.content(INDICATORS[0], Count(numerator=12, denominator=15, costly=(ITEM,)))
    about = {name: getattr(said, name) for name in said.__slots__ if name != "items"}
    stored = type("Stored", (), about | {"evidence": {**said.items, "as_of": "whenever"}})

    assert domain.said_by(stored).bits() == said.bits()


def test_periods_follow_one_another() -> None:
    assert QUARTER.before.last == date(2023, 3, 31)
    assert QUARTER.after.first == date(2023, 7, 1)
    assert QUARTER.year == 2023
    assert QUARTER.ends_at == QUARTER.after.begins_at
