"""Credit codes and regions, right and wrong by one character."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from contracts import identifiers
from contracts.identifiers import RegionCode, Uscc
from reference import demonstration, regions
from reference.terms import Level

CODE = TypeAdapter(Uscc)
REGION = TypeAdapter(RegionCode)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
GIVEN = [
    "9144030071526726XG",
    "91110000802100433B",
    "91441900MA4UPC334L",
    "914403001922038216",
    "91350100M000100Y43",
    "91430405MA4T00019K",
    "91430481MA4T00019M",
    "92430424MA4T000191",
    "93430426MA4T00019T",
    "12430400MA4T00019G",
    "11430400MA4T00019K",
]


def fault(adapter: TypeAdapter[str], value: object) -> tuple[str, dict[str, str]]:
    with pytest.raises(ValidationError) as refused:
        adapter.validate_python(value)
    (error,) = refused.value.errors()
    return error["type"], error.get("ctx", {})


@pytest.mark.parametrize("code", GIVEN)
def test_a_true_code_passes(code: str) -> None:
    assert CODE.validate_python(code) == code


@pytest.mark.parametrize("code", [GIVEN[0][:17], GIVEN[0] + "0", "", f" {GIVEN[0]}"])
def test_a_code_of_another_length_is_refused_with_its_length(code: str) -> None:
    kind, said = fault(CODE, code)
    assert kind == "uscc_length"
    assert str(len(code)) in said["zh"]
    assert str(len(code)) in said["en"]


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("9144030071526726Xg", 18),
        ("9144030071526726IG", 17),
        ("914403O071526726XG", 7),
        ("91A4030071526726XG", 3),
        ("9144030A71526726XG", 8),
        ("91440300715267２6XG", 15),
        ("\x00144030071526726XG", 1),
    ],
)
def test_a_character_out_of_place_is_named(code: str, place: int) -> None:
    kind, said = fault(CODE, code)
    assert kind == "uscc_character"
    assert f"第{place}位" in said["zh"]
    assert f"Character {place} " in said["en"]


def test_the_characters_beside_the_region_may_be_letters() -> None:
    assert CODE.validate_python("91350100M000100Y43")


@given(code=st.sampled_from(GIVEN), wrong=st.sampled_from(ALPHABET))
def test_a_wrong_check_character_is_told_with_the_right_one(code: str, wrong: str) -> None:
    assume(wrong != code[-1])
    kind, said = fault(CODE, code[:-1] + wrong)
    assert kind == "uscc_check_character"
    assert f"“{code[-1]}”" in said["zh"]
    assert repr(code[-1]) in said["en"]


@given(code=st.sampled_from(GIVEN), place=st.integers(0, 16), other=st.sampled_from(ALPHABET))
def test_any_one_mistyped_character_is_caught(code: str, place: int, other: str) -> None:
    assume(other != code[place])
    kind, _ = fault(CODE, code[:place] + other + code[place + 1 :])
    assert kind in {"uscc_check_character", "uscc_character"}


@given(value=st.text(max_size=17) | st.text(min_size=19, max_size=24))
def test_no_text_of_another_length_breaks_the_check(value: str) -> None:
    assert fault(CODE, value)[0] == "uscc_length"


# Half a surrogate pair is no text: strict JSON refuses it before a code is looked at.
STRANGE = st.characters(exclude_characters=ALPHABET, exclude_categories=["Cs"])


@given(value=st.text(STRANGE, min_size=18, max_size=18))
def test_no_strange_text_breaks_the_check(value: str) -> None:
    assert fault(CODE, value)[0] == "uscc_character"


@pytest.mark.parametrize("value", [914403007152672600, None, ["91"], {"a": 1}])
def test_what_is_no_text_is_refused(value: object) -> None:
    assert fault(CODE, value)[0] == "string_type"


def test_every_demonstration_enterprise_has_a_true_code_of_its_own() -> None:
    codes = [CODE.validate_python(row.uscc) for row in demonstration.enterprises()]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("code", ["000000", "430000", "430400", "430481", "430472", "430112"])
def test_a_known_place_passes(code: str) -> None:
    assert REGION.validate_python(code) == code


@pytest.mark.parametrize(
    "code", ["430499", "430122", "43048", "4304811", "", "４３０４８１", "43 481", "x" * 5000]
)
def test_an_unknown_or_abolished_place_is_refused_in_both_languages(code: str) -> None:
    kind, said = fault(REGION, code)
    assert kind == "region_unknown"
    assert "六位" in said["zh"]
    assert "six digits" in said["en"]
    assert len(said["en"]) < 250


def test_prefixes_and_parents_follow_the_tree() -> None:
    assert identifiers.prefix("430481") == "430481"
    assert identifiers.prefix("430400") == "4304"
    assert identifiers.prefix("430000") == "43"
    assert identifiers.prefix("000000") == ""
    assert identifiers.parent("430481") == "430400"
    assert identifiers.parent("430400") == "430000"
    assert identifiers.parent("430000") == "000000"
    assert identifiers.parent("000000") is None
    assert identifiers.parent("430473") == "430407"


def test_levels_are_those_of_government() -> None:
    assert identifiers.level("430481") is Level.COUNTY
    assert identifiers.level("430473") is Level.COUNTY
    assert identifiers.level("430400") is Level.CITY
    assert identifiers.level("430000") is Level.PROVINCE
    assert identifiers.level("000000") is Level.NATIONAL


def test_an_unknown_place_has_no_parent_and_no_level() -> None:
    with pytest.raises(regions.UnknownRegion):
        identifiers.parent("999999")
    with pytest.raises(regions.UnknownRegion):
        identifiers.level("999999")


def test_a_prefix_contains_its_subtree_only() -> None:
    assert identifiers.contains("4304", "430481")
    assert identifiers.contains("430481", "430481")
    assert identifiers.contains("", "110000")
    assert not identifiers.contains("430481", "430482")
    assert not identifiers.contains("430481", "430400")


@given(
    inner=st.sampled_from(sorted(regions.known())), outer=st.sampled_from(sorted(regions.known()))
)
def test_bounds_and_prefix_name_the_same_subtree(inner: str, outer: str) -> None:
    lowest, highest = identifiers.bounds(identifiers.prefix(outer))
    within = identifiers.contains(identifiers.prefix(outer), inner)
    assert within is (lowest <= inner <= highest)
