"""What is wrong with a field, in the reader's own language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, get_args

import pytest
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import AfterValidator, BaseModel, Field, TypeAdapter, ValidationError
from pydantic_core._pydantic_core import list_all_errors

from kernel.problems import FieldFault
from kernel.validation import invalid
from tests.architecture.test_structure import ROOT
from tests.architecture.test_walks import NAMES, described

CHINESE = re.compile("[一-鿿]")
NEVER_ASKED: Mapping[str, str] = {
    "no_such_attribute": "assigning to a model",
    "frozen_field": "assigning to a model",
    "frozen_instance": "assigning to a model",
    "get_attribute_error": "reading objects of ours",
    "needs_python_object": "asking JSON for a class",
    "dataclass_exact_type": "objects of ours",
    "is_instance_of": "objects of ours",
    "is_subclass_of": "objects of ours",
    "callable_type": "objects of ours",
    "missing_sentinel_error": "objects of ours",
    "ellipsis_error": "objects of ours",
    "arguments_type": "calling a function",
    "missing_argument": "calling a function",
    "unexpected_keyword_argument": "calling a function",
    "missing_keyword_only_argument": "calling a function",
    "unexpected_positional_argument": "calling a function",
    "missing_positional_only_argument": "calling a function",
    "multiple_argument_values": "calling a function",
}
"""What neither a body nor a query can be found to be, and what it is found of instead."""

KNOWN = {one["type"]: one for one in list_all_errors()}
SPOILT: Sequence[Any] = (
    None,
    True,
    -1,
    10**30,
    0.5,
    float("nan"),
    "",
    "x",
    "1.123456789",
    "9" * 5000,
    "x" * 5000,
    "2023-05-01",
    "2023-05-01T08:00:00",
    "00000000-0000-4000-8000-000000000000",
    "ftp://example.org/",
    "http://",
    [],
    ["x"],
    ["x"] * 2000,
    [[]],
    {},
    {"x": 1},
)


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


def found(kind: Any, value: Any) -> FieldFault:
    """The one fault of a value."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    [fault] = invalid(caught.value.errors()).faults
    return fault


def test_what_a_field_may_be_is_listed_as_each_language_lists_it() -> None:
    fault = found(Colour, "pink")

    assert fault.zh == "应为下列之一：'red'、'green'、'blue'"
    assert fault.en == "one of 'red', 'green' or 'blue'"


FOUR = Annotated[tuple[str, ...], Field(max_length=4)]
TWO = Annotated[list[str], Field(min_length=2)]


@pytest.mark.parametrize(
    ("kind", "value", "zh", "en"),
    [
        (FOUR, "x", "应为数组", "expected an array"),
        (FOUR, ["x"] * 5, "至多4项", "at most 4 items"),
        (TWO, ["x"], "至少2项", "at least 2 items"),
        (set[str], 3, "应为数组", "expected an array"),
        (int, "9" * 5000, "应为整数，位数过多", "expected an integer of fewer digits"),
        (
            Annotated[int, Field(multiple_of=5)],
            7,
            "应为 5 的倍数",
            "expected a multiple of 5",
        ),
    ],
)
def test_a_limit_that_is_not_kept_is_said(kind: Any, value: Any, zh: str, en: str) -> None:
    fault = found(kind, value)

    assert (fault.zh, fault.en) == (zh, en)


def _refuse(_: object) -> object:
    raise ValueError("Expected something in English")


def test_a_reason_in_one_language_only_is_not_shown_in_the_other() -> None:
    fault = found(Annotated[str, AfterValidator(_refuse)], "x")

    assert (fault.zh, fault.en) == ("不是此处可接受的值", "expected another value")


@pytest.mark.parametrize("code", sorted({*KNOWN} - {*NEVER_ASKED}))
def test_whatever_pydantic_finds_has_words_of_ours_in_both_languages(code: str) -> None:
    context = {name: f"<{name}>" for name in KNOWN[code]["example_context"] or {}}
    [fault] = invalid([{"type": code, "loc": ("body",), "ctx": context}]).faults

    assert CHINESE.search(fault.zh)
    assert fault.en
    assert not CHINESE.search(fault.en)
    stated = {name for name in context if f"<{name}>" in fault.zh}
    assert stated == {name for name in context if f"<{name}>" in fault.en}
    assert _limits(context) <= stated
    assert (fault.zh == _UNSAID.zh) is (code in GENERAL)


GENERAL = {"value_error", "assertion_error"}
"""Codes that say nothing of their own: rules of ours word themselves instead."""


def _limits(context: Mapping[str, Any]) -> set[str]:
    """What of a context is expected: not what was sent, nor a parser's own English."""
    beside = {"error", "encoding_error", "actual_length", "field_type", "tag", "tz_actual"}
    return set(context) - beside - {"class_name"}


[_UNSAID] = invalid([{"type": "a_code_to_come", "loc": ("body",)}]).faults


def test_a_code_that_is_new_to_us_is_worded_too() -> None:
    assert (_UNSAID.zh, _UNSAID.en) == ("不是此处可接受的值", "expected another value")


@pytest.mark.parametrize("code", sorted(NEVER_ASKED))
def test_what_no_request_can_be_found_to_be_is_known_to_pydantic_and_has_no_words(
    code: str,
) -> None:
    [fault] = invalid([{"type": code, "loc": ("body",), "ctx": {}}]).faults

    assert code in KNOWN
    assert fault.zh == _UNSAID.zh


def routes(name: str) -> Iterator[APIRoute]:
    for router in described(name).routers:
        yield from (route for route in router.routes if isinstance(route, APIRoute))


def parts(root: Dependant) -> Iterator[Dependant]:
    yield root
    for part in root.dependencies:
        yield from parts(part)


def fields(name: str) -> Iterator[ModelField]:
    """Every parameter and body of a service's routes."""
    for route in routes(name):
        for part in parts(route.dependant):
            yield from (*part.path_params, *part.query_params, *part.header_params)
            yield from part.body_params


def models(kind: Any) -> Iterator[type[BaseModel]]:
    """The models that a type is made of."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        for one in kind.model_fields.values():
            yield from models(one.annotation)
    for part in get_args(kind):
        yield from models(part)


def spoilt(name: str) -> Iterator[Mapping[str, Any]]:
    """What is found of each field of a service's requests, spoilt in every way."""
    asked = list(fields(name))
    for field in asked:
        for value in SPOILT:
            yield from field.validate(value, loc=(field.alias,))[1]
    for model in {one for field in asked for one in models(field.field_info.annotation)}:
        yield from _of_model(model)


def _of_model(model: type[BaseModel]) -> Iterator[Mapping[str, Any]]:
    for name, field in model.model_fields.items():
        for value in SPOILT:
            try:
                TypeAdapter(model).validate_python({field.alias or name: value})
            except ValidationError as reason:
                yield from reason.errors()


def names(name: str) -> set[str]:
    """What the fields of a service's requests are called."""
    asked = list(fields(name))
    inner = {one for field in asked for one in models(field.field_info.annotation)}
    return {one.alias for one in asked} | {
        field.alias or called for model in inner for called, field in model.model_fields.items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_pointer_goes_through_fields_and_positions_only(name: str) -> None:
    """Pydantic puts the alternatives it tried between them."""
    known = names(name) | {"x"}
    for finding in spoilt(name):
        [fault] = invalid([{**finding, "loc": ("body", *finding["loc"])}]).faults
        steps = fault.pointer.split("/")[1:]
        assert all(step in known or step.isdigit() for step in steps), fault.pointer


@pytest.mark.parametrize(
    ("location", "code", "pointer"),
    [
        (("body", "after", 0, "UnitBody", "code"), "missing", "/after/0/code"),
        (("body", "after", 0, "function-after[check(), str]"), "string_type", "/after/0"),
        (("body", "five", "x", "[key]"), "enum", "/five/x"),
        (("body", "after", "UnitBody", "Other"), "extra_forbidden", "/after/Other"),
        (("body", "Other"), "extra_forbidden", "/Other"),
        (("header", "Last-Event-ID"), "int_parsing", "header:Last-Event-ID"),
        (("body", "a/b", "c~d"), "missing", "/a~1b/c~0d"),
        (("body",), "missing", ""),
        ((), "missing", ""),
    ],
)
def test_a_place_is_told_as_the_sender_wrote_it(
    location: tuple[str | int, ...], code: str, pointer: str
) -> None:
    [fault] = invalid([{"type": code, "loc": location}]).faults

    assert fault.pointer == pointer


@pytest.mark.parametrize("name", NAMES)
def test_no_field_of_any_request_is_refused_in_words_of_another_language(name: str) -> None:
    met = set()
    for finding in spoilt(name):
        [fault] = invalid([finding]).faults
        met.add(fault.code)
        assert CHINESE.search(fault.zh), finding
        assert not CHINESE.search(fault.en), finding
        assert fault.zh != _UNSAID.zh, finding
    assert {"missing", "string_type", "string_too_long", "extra_forbidden"} <= met


def test_the_rules_of_a_schema_word_themselves_in_both_languages() -> None:
    """A ValueError has one language, and whoever reads the other learns nothing."""
    schemas = [*ROOT.glob("services/*/*/schemas*.py"), *ROOT.glob("contracts/*.py")]
    assert len(schemas) > 50

    assert [path for path in schemas if "raise ValueError" in path.read_text()] == []
