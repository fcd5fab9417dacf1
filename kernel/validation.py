"""Pydantic's findings as field faults that name the place and what is expected."""

from collections.abc import Mapping, Sequence
from typing import Any

from kernel.problems import FieldFault, InvalidPayload

# code of pydantic → (zh, en); the context of the finding fills the braces.
_WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("必填", "required"),
    "extra_forbidden": ("不认识的字段", "unknown field"),
    "string_type": ("应为字符串", "expected a string"),
    "string_too_short": ("至少{min_length}个字符", "at least {min_length} characters"),
    "string_too_long": ("至多{max_length}个字符", "at most {max_length} characters"),
    "string_pattern_mismatch": ("应符合格式 {pattern}", "expected the pattern {pattern}"),
    "int_type": ("应为整数", "expected an integer"),
    "int_parsing": ("应为整数", "expected an integer"),
    "int_from_float": ("应为整数，不能有小数", "expected an integer without fraction"),
    "float_type": ("应为数字", "expected a number"),
    "float_parsing": ("应为数字", "expected a number"),
    "decimal_type": ("应为数字", "expected a number"),
    "decimal_parsing": ("应为数字", "expected a number"),
    "decimal_max_places": ("至多{decimal_places}位小数", "at most {decimal_places} decimals"),
    "decimal_max_digits": ("至多{max_digits}位数字", "at most {max_digits} digits"),
    "decimal_whole_digits": (
        "整数部分至多{whole_digits}位",
        "at most {whole_digits} digits before the point",
    ),
    "finite_number": ("应为有限的数字", "expected a finite number"),
    "bool_type": ("应为 true 或 false", "expected true or false"),
    "bool_parsing": ("应为 true 或 false", "expected true or false"),
    "greater_than_equal": ("不得小于 {ge}", "at least {ge}"),
    "greater_than": ("应大于 {gt}", "more than {gt}"),
    "less_than_equal": ("不得大于 {le}", "at most {le}"),
    "less_than": ("应小于 {lt}", "less than {lt}"),
    "enum": ("应为下列之一：{expected}", "one of {expected}"),
    "literal_error": ("应为下列之一：{expected}", "one of {expected}"),
    "uuid_type": ("应为 UUID", "expected a UUID"),
    "uuid_parsing": ("应为 UUID", "expected a UUID"),
    "uuid_version": ("应为第 {expected_version} 版 UUID", "expected a UUIDv{expected_version}"),
    "datetime_type": ("应为带时区的 RFC 3339 时间", "expected an RFC 3339 time with an offset"),
    "datetime_parsing": ("应为带时区的 RFC 3339 时间", "expected an RFC 3339 time with an offset"),
    "datetime_from_date_parsing": (
        "应为带时区的 RFC 3339 时间",
        "expected an RFC 3339 time with an offset",
    ),
    "date_type": ("应为日期，例如 2023-05-01", "expected a day, such as 2023-05-01"),
    "date_parsing": ("应为日期，例如 2023-05-01", "expected a day, such as 2023-05-01"),
    "date_from_datetime_parsing": (
        "应为日期，例如 2023-05-01",
        "expected a day, such as 2023-05-01",
    ),
    "date_from_datetime_inexact": ("应为日期，不带时间", "expected a day without a time"),
    "timezone_aware": (
        "时间须带时区偏移，例如 +08:00",
        "the time needs an offset, such as +08:00",
    ),
    "model_attributes_type": ("应为对象", "expected an object"),
    "model_type": ("应为对象", "expected an object"),
    "dict_type": ("应为对象", "expected an object"),
    "list_type": ("应为数组", "expected an array"),
}


def invalid(findings: Sequence[Mapping[str, Any]]) -> InvalidPayload:
    """The refusal for what pydantic or FastAPI found."""
    return InvalidPayload(*(_fault(finding) for finding in findings))


def _fault(finding: Mapping[str, Any]) -> FieldFault:
    code = str(finding["type"])
    context = dict(finding.get("ctx") or {})
    chinese, english = _WORDS.get(code, ("", ""))
    if "zh" in context and "en" in context:  # a rule of ours words itself
        chinese, english = str(context["zh"]), str(context["en"])
    message = str(finding.get("msg", code))
    return FieldFault(
        pointer=_pointer(finding.get("loc", ())),
        code=code,
        zh=_fill(chinese, _listed(context)) or message,
        en=_fill(english, context) or message,
    )


def _fill(words: str, context: Mapping[str, Any]) -> str:
    try:
        return words.format_map(context)
    except (KeyError, IndexError, ValueError):
        return ""


def _listed(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is expected, as a Chinese sentence lists it."""
    expected = context.get("expected")
    if not isinstance(expected, str):
        return context
    return {**context, "expected": expected.replace(" or ", "、").replace(", ", "、")}


def _pointer(location: Sequence[str | int]) -> str:
    """Body fields as JSON pointers; others say where they stand: `query:limit`."""
    if not location:
        return ""
    place, *path = location
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in path]
    if place == "body":
        return "".join(f"/{step}" for step in steps)
    return f"{place}:{'/'.join(steps)}"
