"""By which pairs of letters a text is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.incidents.search import domain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("透水事故", {"透水", "水事", "事故"}),
        ("矿", set()),
        ("", set()),
        ("，。！", set()),
        ("一号井，运输巷", {"一号", "号井", "运输", "输巷"}),  # no pair across punctuation
        ("A320号", {"a3", "32", "20", "0号"}),
        ("４·29事故", {"29", "9事", "事故"}),
        ("ＬＰＧ槽罐车", {"lp", "pg", "g槽", "槽罐", "罐车"}),  # full width, capitals
        ("H2S 中毒", {"h2", "2s", "中毒"}),
        ("井_下", set()),
        ("𠮷野家", {"𠮷野", "野家"}),  # beyond the basic plane
    ],
)
def test_pairs_are_neighbours_inside_a_run(text: str, expected: set[str]) -> None:
    assert domain.grams(text) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("矿", ("矿",)),
        ("顶板 冒落", ("顶板", "冒落")),
        ("顶板，顶板", ("顶板",)),
        ("“4·29”", ("4", "29")),
        ("  ", ()),
        ("！？", ()),
    ],
)
def test_a_query_is_its_runs(query: str, expected: tuple[str, ...]) -> None:
    assert domain.terms(query) == expected


def test_a_normal_text_has_each_text_once_and_a_bound() -> None:
    assert domain.normal(["二号井", None, "", "二号井", "井下 透水。"]) == "二号井 井下 透水"
    assert len(domain.normal(["井" * 30_000])) == domain.LONGEST_TEXT
    many = "".join(chr(0x4E00 + n) for n in range(10_000))
    assert len(domain.grams(many)) == domain.MOST_GRAMS


@given(st.text(max_size=60), st.data())
def test_whatever_stands_in_a_text_is_found_by_its_pairs(text: str, data: st.DataObject) -> None:
    normal = domain.normal([text])
    start = data.draw(st.integers(0, len(normal)))
    end = data.draw(st.integers(start, len(normal)))
    sought = domain.terms(normal[start:end])

    assert domain.matches(normal, sought)
    for term in sought:
        assert domain.grams(term) <= domain.grams(normal)


@given(st.text(max_size=60))
def test_a_normal_text_stays_as_it_is(text: str) -> None:
    normal = domain.normal([text])

    assert domain.normal([normal]) == normal


def test_all_terms_must_stand_in_a_text() -> None:
    assert domain.matches("耒阳 顶板冒落", ("耒阳", "冒落"))
    assert not domain.matches("耒阳 顶板冒落", ("耒阳", "透水"))
