"""What JSON the platform takes, and how a refusal names the place."""

import json
import time
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kernel import strictjson
from kernel.problems import FieldFault
from kernel.strictjson import MalformedJson

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=30,
)


def fault_of(data: bytes) -> dict[str, Any]:
    with pytest.raises(MalformedJson) as refused:
        strictjson.loads(data)
    [fault] = refused.value.to_dict(chinese=False)["errors"]
    return dict(fault)


def faults_of(data: bytes) -> Sequence[FieldFault]:
    """The faults of a text, none if it is taken."""
    try:
        strictjson.loads(data)
    except MalformedJson as refused:
        return refused.faults
    return ()


def has_nul(value: Any) -> bool:
    match value:
        case str():
            return "\x00" in value
        case list():
            return any(map(has_nul, value))
        case dict():
            return any(map(has_nul, [*value, *value.values()]))
    return False


@given(values, st.booleans())
def test_ordinary_json_means_what_the_standard_library_reads(value: Any, ascii_only: bool) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only).encode()
    if has_nul(value):
        assert fault_of(data)["code"] == "nul-character"
    else:
        assert strictjson.loads(data) == value


@given(st.binary())
@example(b"}}}\xff")
@example(b"[1,2\xff")
@example(b'{"a":"\\ud800')
@example(b"[" * 5_000 + b"}" * 5_000)
@example(b"]" * 40 + b"[" * 40)
def test_any_bytes_are_read_or_refused_and_never_break_the_reader(data: bytes) -> None:
    assert len(faults_of(data)) in {0, 1}


@given(values, st.data())
def test_broken_json_is_refused_with_one_named_place(value: Any, draw: st.DataObject) -> None:
    text = json.dumps(value).encode()
    at = draw.draw(st.integers(0, len(text)))
    broken = text[:at] + draw.draw(st.sampled_from([b"}", b"]", b",", b'"', b"NaN", b"[", b"\\"]))
    assert all(fault.zh and fault.en for fault in faults_of(broken))


@pytest.mark.parametrize(
    ("data", "code", "pointer"),
    [
        (b"", "empty", ""),
        (b"  \n", "empty", ""),
        (b'{"place": "x",}', "syntax", ""),
        (b'{"a": {"b": [1, tru]}}', "syntax", "/a/b/1"),
        (b'{"deaths": 1, "deaths": 0}', "duplicate-key", "/deaths"),
        (b'{"a": [{}, {"k": 1, "\\u006b": 2}]}', "duplicate-key", "/a/1/k"),
        (b'{"loss": NaN}', "not-a-number", "/loss"),
        (b'{"a": [0, {"b/c~d": -Infinity}]}', "not-a-number", "/a/1/b~1c~0d"),
        (b'{"loss": 1e999}', "number-range", "/loss"),
        (b'{"n": ' + b"9" * 5_000 + b"}", "number-range", "/n"),
        (b'{"place": "a\\u0000b"}', "nul-character", "/place"),
        (b'{"a\\u0000": 1}', "nul-character", "/a\x00"),
        (b'["\\\\\\u0000"]', "nul-character", "/0"),
        (b'{"s": "\\ud83d"}', "surrogate", "/s"),
        (b'["\\\\ud83d\\ude00"]', "surrogate", "/0"),
        (b'{"s": "\xff"}', "encoding", "/s"),
        (b"\xef\xbb\xbf{}", "syntax", ""),
    ],
)
def test_a_refusal_names_what_is_wrong_and_where(data: bytes, code: str, pointer: str) -> None:
    fault = fault_of(data)
    assert (fault["code"], fault["pointer"]) == (code, pointer)


@pytest.mark.parametrize(
    "data",
    [
        b'"\\\\u0000"',
        b'"\\ud83d\\ude00"',
        b'["[[[[", "{{{{"]',
        b"1e300",
        b"[[]]",
        b'"\\\\\\\\u0000"',
    ],
)
def test_what_only_looks_wrong_is_taken(data: bytes) -> None:
    assert strictjson.loads(data) == json.loads(data)


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_depth_is_taken_up_to_the_limit_and_refused_beyond(opening: bytes, closing: bytes) -> None:
    def nested(depth: int) -> bytes:
        return opening * depth + (b"1" if opening != b"[" else b"") + closing * depth

    assert strictjson.loads(nested(32))
    assert fault_of(nested(33))["code"] == "depth"
    assert fault_of(nested(10_000))["code"] == "depth"
    assert fault_of(opening * 10_000)["code"] == "depth"


def test_many_shallow_containers_are_not_deep() -> None:
    wide = b"[" + b",".join([b'{"a":[1,"]]}}"]}'] * 1_000) + b"]"
    assert len(strictjson.loads(wide)) == 1_000


@pytest.mark.parametrize(
    "data",
    [
        b'"' + b'\\"' * 500_000,
        b"[" + b'"\\"' * 300_000,
        b"[" + b"[]," * 333_000 + b"NaN]",
        b'["' + b"\\\\" * 500_000 + b'\\u0000"]',
        b"[" + b"9" * 1_000_000 + b".0]",
        b"[" * 1_000_000,
    ],
    ids=["quotes", "strings", "arrays", "backslashes", "digits", "brackets"],
)
def test_a_hostile_megabyte_is_refused_in_bounded_time(data: bytes) -> None:
    started = time.process_time()
    fault_of(data)
    assert time.process_time() - started < 30  # work that grows with the square takes hours


def test_the_chinese_wording_is_the_default_for_people() -> None:
    with pytest.raises(MalformedJson) as refused:
        strictjson.loads(b'{"a":NaN}')
    body = refused.value.to_dict(chinese=True)
    assert body["status"] == 400
    assert "NaN" in body["errors"][0]["detail"]
    assert body["type"] == "/problems/malformed-json"
