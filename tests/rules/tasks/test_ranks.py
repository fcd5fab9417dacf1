"""Ranks of peers: equal scores share one, and who has none is listed last."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.tasks.rankings import rules

scores = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.none() | st.integers(0, 20).map(Decimal),
    max_size=12,
)


def ranks(**given: int | None) -> list[tuple[str, int | None, bool]]:
    placed = rules.ranked({k: None if v is None else Decimal(v) for k, v in given.items()})
    return [(one.subject, one.rank, one.tied) for one in placed]


def test_equal_scores_share_a_rank_and_the_next_is_left_out() -> None:
    assert ranks(d=70, b=90, c=90, a=95, e=None) == [
        ("a", 1, False),
        ("b", 2, True),
        ("c", 2, True),
        ("d", 4, False),
        ("e", None, False),
    ]


def test_a_score_of_zero_is_not_no_score() -> None:
    assert ranks(a=None, b=0) == [("b", 1, False), ("a", None, False)]


@given(scores=scores)
def test_a_rank_is_one_more_than_how_many_are_better(scores: dict[str, Decimal | None]) -> None:
    placed = rules.ranked(scores)

    assert [one.place for one in placed] == list(range(1, len(scores) + 1))
    assert {one.subject for one in placed} == set(scores)
    for one in placed:
        score = scores[one.subject]
        if score is None:
            assert one.rank is None
            assert all(other.rank is None for other in placed[one.place :])
        else:
            better = [s for s in scores.values() if s is not None and s > score]
            assert one.rank == len(better) + 1
            assert one.tied is (list(scores.values()).count(score) > 1)
