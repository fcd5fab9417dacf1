"""A new kind of business belongs to the field whose business it is nearest to."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tasks.decisions import domain, rules
from services.tasks.decisions.rules import Known, alike, nearest

DAY = date(2023, 6, 1)
CATALOGUE = tuple(domain.catalogue(on=DAY))


def known(name: str, field: str) -> Known:
    return Known(name=name, field=field, words=name)


@pytest.mark.parametrize(
    ("name", "about", "field"),
    [
        ("剧本娱乐场所", "室内密室逃脱", "tourism"),
        ("新能源汽车充电站", "电力供应", "energy"),
        ("网红农家乐", "餐饮住宿", "commerce"),
        ("无人机快递", "快递配送", "storage"),
        ("校外托管", "教育", "schools"),
    ],
)
def test_a_new_business_is_likened_to_what_it_resembles(name: str, about: str, field: str) -> None:
    found = alike(name=name, about=about, known=CATALOGUE)

    assert field in {one.known.field for one in found[:2]}
    assert all(one.shared for one in found)


def test_what_nothing_resembles_is_proposed_nowhere() -> None:
    assert alike(name="xyzzy", about="", known=CATALOGUE) == ()
    assert nearest(()) is None


def test_of_two_that_are_equally_near_none_is_proposed() -> None:
    stock = [known("水上乐园", "waters"), known("水上餐厅", "commerce")]

    found = alike(name="水上", about="", known=stock)

    assert len(found) == 2
    assert nearest(found) is None
    assert nearest(found[:1]) == found[0]


def test_a_word_that_everything_has_says_less_than_one_that_few_have() -> None:
    stock = [
        known("家具制造业", "trades"),
        known("食品制造业", "trades"),
        known("汽车制造业", "trades"),
        known("烟花爆竹", "fireworks"),
    ]

    found = alike(name="烟花观礼制造业", about="", known=stock)

    assert found[0].known.field == "fireworks"
    assert found[0].shared == ("烟花",)


def test_each_field_is_offered_once_and_no_more_than_asked_for() -> None:
    stock = [known(f"充电{number}站点", f"f{number % 4}") for number in range(12)]

    found = alike(name="充电站点", about="", known=stock, most=3)

    assert len(found) == 3
    assert len({one.known.field for one in found}) == 3


def test_latin_words_count_by_three_letters() -> None:
    assert rules._words("AI gas 站") == {"gas", "站"}
    assert rules._words("加氢站 LNG") == {"加氢", "氢站", "lng"}


TEXT = st.text("充电站氢气酒店密室快递abc ", max_size=12)


@given(name=TEXT, about=TEXT, stock=st.lists(TEXT, max_size=6))
def test_scores_are_ordered_and_lie_between_nothing_and_the_whole(
    name: str, about: str, stock: list[str]
) -> None:
    names = [known(text, f"f{index}") for index, text in enumerate(stock)]

    found = alike(name=name, about=about, known=names)

    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)
    assert len(found) <= rules.MOST_OFFERED


@given(st.sampled_from(CATALOGUE))
def test_a_known_business_is_most_like_itself(one: Known) -> None:
    found = alike(name=one.words, about="", known=CATALOGUE, most=100)

    best = [like for like in found if like.score == 100]
    assert one.field in {like.known.field for like in best}
