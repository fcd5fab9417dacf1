"""What a proposed duty is like among those of earlier plans: said at length or in short."""

from dataclasses import dataclass
from datetime import date

import pytest

from reference.cityrows import Goal
from reference.terms import DutyKind
from services.tasks.drafts.domain_metrics import Catalogue, Likeness

EVENT = DutyKind.EVENT_TRIGGERED


@dataclass(frozen=True)
class Known:
    """A duty of an earlier plan, as far as it is compared."""

    zh: str
    metric: str
    kind: DutyKind = EVENT
    trigger: str | None = None
    within_days: int | None = None


KNOWN = (
    Known("较大事故或突出问题单位专项巡查", "tour", trigger="larger_accident", within_days=60),
    Known("开好会议", "meeting"),
    Known("初步认定瞒报的事故提级调查", "escalated", trigger="concealed", within_days=7),
    Known("初步认定瞒报的事故提级调查", "yearly", kind=DutyKind.RECURRING_QUOTA),
)
TOUR, ESCALATED = Likeness("tour", "larger_accident", 60), Likeness("escalated", "concealed", 7)


@pytest.mark.parametrize(
    ("words", "like"),
    [
        ("对发生较大及以上事故、安全问题突出的单位及时组织开展专项巡查", TOUR),
        ("初步认定瞒报的事故提级调查", ESCALATED),
        ("事故提级调查", ESCALATED),
        ("会议", Likeness("meeting")),
        ("县级安委会要开好会议并形成纪要", Likeness("meeting")),
        ("对突出问题开展约谈", Likeness()),
        ("及时更新隐患台账", Likeness()),
    ],
)
def test_the_shorter_wording_is_mostly_in_the_longer(words: str, like: Likeness) -> None:
    assert Catalogue(KNOWN).likeness(words, EVENT.value) == like  # type: ignore[arg-type]


def test_of_two_that_are_held_alike_the_one_that_is_more_alike_as_a_whole() -> None:
    known = (Known("开展专项巡查", "short"), Known("开展专项巡查并通报结果", "long"))

    found = Catalogue(known).likeness("开展专项巡查并通报结果", EVENT.value)  # type: ignore[arg-type]

    assert found == Likeness("long")


def test_a_goal_has_nothing_but_what_it_is_counted_by() -> None:
    goal = Goal(
        code="0.1",
        zh="杜绝较大事故",
        en="No larger accident",
        kind=DutyKind.PROHIBITION,
        metric="larger_accidents",
        source="an earlier plan",
        effective_from=date(2023, 1, 1),
    )

    found = Catalogue([goal]).likeness("坚决杜绝较大事故", DutyKind.PROHIBITION.value)

    assert found == Likeness("larger_accidents")
