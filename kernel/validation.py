"""Pydantic's findings as field faults that name the place and what is expected."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from kernel.problems import FieldFault, InvalidPayload

_TIME = ("应为带时区的 RFC 3339 时间", "expected an RFC 3339 time with an offset")
_DAY = ("应为日期，例如 2023-05-01", "expected a day, such as 2023-05-01")
_CLOCK = ("应为时刻，例如 10:30:00", "expected a time of day, such as 10:30:00")
_SPAN = ("应为 ISO 8601 时长，例如 PT30M", "expected an ISO 8601 duration, such as PT30M")
_TEXT = ("应为字符串", "expected a string")
_INTEGER = ("应为整数", "expected an integer")
_NUMBER = ("应为数字", "expected a number")
_FRACTION = ("应为分数，例如 1/3", "expected a fraction, such as 1/3")
_COMPLEX = ("应为复数，例如 1+2j", "expected a complex number, such as 1+2j")
_FLAG = ("应为 true 或 false", "expected true or false")
_UUID = ("应为 UUID", "expected a UUID")
_URL = ("应为完整的网址，例如 https://example.org/", "expected a whole URL: https://example.org/")
_NETWORK = ("应为网段，例如 10.0.0.0/8", "expected a network, such as 10.0.0.0/8")
_OBJECT = ("应为对象", "expected an object")
_ARRAY = ("应为数组", "expected an array")
_ONE_OF = ("应为下列之一：{expected}", "one of {expected}")
_NESTED = ("嵌套过深", "nested too deep")
_OTHER = ("不是此处可接受的值", "expected another value")

# code of pydantic → (zh, en); the context of the finding fills the braces.
_WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("必填", "required"),
    "extra_forbidden": ("不认识的字段", "unknown field"),
    "none_required": ("应为 null", "expected null"),
    "invalid_key": ("字段名应为字符串", "expected a string as the field's name"),
    "default_factory_not_called": (
        "须先更正其所依据的字段",
        "put the fields right that it depends on",
    ),
    "json_invalid": ("应为合法的 JSON", "expected valid JSON"),
    "json_type": ("应为内容是 JSON 的字符串", "expected a string that holds JSON"),
    "recursion_loop": _NESTED,
    "recursion_depth_exceeded": _NESTED,
    "value_error": _OTHER,
    "assertion_error": _OTHER,
    "string_type": _TEXT,
    "string_unicode": ("应为有效的 Unicode 文本", "expected valid Unicode text"),
    "string_not_ascii": ("只能使用 ASCII 字符", "expected ASCII characters only"),
    "string_too_short": ("至少{min_length}个字符", "at least {min_length} characters"),
    "string_too_long": ("至多{max_length}个字符", "at most {max_length} characters"),
    "string_pattern_mismatch": ("应符合格式 {pattern}", "expected the pattern {pattern}"),
    "bytes_type": _TEXT,
    "bytes_too_short": ("至少{min_length}个字节", "at least {min_length} bytes"),
    "bytes_too_long": ("至多{max_length}个字节", "at most {max_length} bytes"),
    "bytes_invalid_encoding": ("应为 {encoding} 编码", "expected the encoding {encoding}"),
    "int_type": _INTEGER,
    "int_parsing": _INTEGER,
    "int_parsing_size": ("应为整数，位数过多", "expected an integer of fewer digits"),
    "int_from_float": ("应为整数，不能有小数", "expected an integer without fraction"),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "decimal_max_places": ("至多{decimal_places}位小数", "at most {decimal_places} decimals"),
    "decimal_max_digits": ("至多{max_digits}位数字", "at most {max_digits} digits"),
    "decimal_whole_digits": (
        "整数部分至多{whole_digits}位",
        "at most {whole_digits} digits before the point",
    ),
    "fraction_type": _FRACTION,
    "fraction_parsing": _FRACTION,
    "complex_type": _COMPLEX,
    "complex_str_parsing": _COMPLEX,
    "finite_number": ("应为有限的数字", "expected a finite number"),
    "bool_type": _FLAG,
    "bool_parsing": _FLAG,
    "greater_than_equal": ("不得小于 {ge}", "at least {ge}"),
    "greater_than": ("应大于 {gt}", "more than {gt}"),
    "less_than_equal": ("不得大于 {le}", "at most {le}"),
    "less_than": ("应小于 {lt}", "less than {lt}"),
    "multiple_of": ("应为 {multiple_of} 的倍数", "expected a multiple of {multiple_of}"),
    "enum": _ONE_OF,
    "literal_error": _ONE_OF,
    "union_tag_invalid": (
        "{discriminator} 应为下列之一：{expected_tags}",
        "{discriminator} is one of {expected_tags}",
    ),
    "union_tag_not_found": ("须写明 {discriminator}", "{discriminator} is required"),
    "uuid_type": _UUID,
    "uuid_parsing": _UUID,
    "uuid_version": ("应为第 {expected_version} 版 UUID", "expected a UUIDv{expected_version}"),
    "url_type": _URL,
    "url_parsing": _URL,
    "url_syntax_violation": _URL,
    "url_too_long": ("网址至多{max_length}个字符", "a URL of at most {max_length} characters"),
    "url_scheme": (
        "网址应以下列之一开头：{expected_schemes}",
        "expected a URL that begins with {expected_schemes}",
    ),
    "ip_any_network": _NETWORK,
    "ip_v4_network": _NETWORK,
    "ip_v6_network": _NETWORK,
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "datetime_object_invalid": _TIME,
    "datetime_past": ("应为过去的时间", "expected a time in the past"),
    "datetime_future": ("应为将来的时间", "expected a time in the future"),
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": ("应为日期，不带时间", "expected a day without a time"),
    "date_past": ("应为过去的日期", "expected a day in the past"),
    "date_future": ("应为将来的日期", "expected a day in the future"),
    "time_type": _CLOCK,
    "time_parsing": _CLOCK,
    "time_delta_type": _SPAN,
    "time_delta_parsing": _SPAN,
    "timezone_aware": (
        "时间须带时区偏移，例如 +08:00",
        "the time needs an offset, such as +08:00",
    ),
    "timezone_naive": ("时间不得带时区偏移", "the time must not have an offset"),
    "timezone_offset": (
        "时区偏移应为{tz_expected}秒",
        "expected an offset of {tz_expected} seconds",
    ),
    "model_attributes_type": _OBJECT,
    "model_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "dict_type": _OBJECT,
    "frozen_dict_type": _OBJECT,
    "ordered_dict_type": _OBJECT,
    "counter_type": _OBJECT,
    "mapping_type": _OBJECT,
    "named_tuple_type": ("应为数组或对象", "expected an array or an object"),
    "list_type": _ARRAY,
    "tuple_type": _ARRAY,
    "set_type": _ARRAY,
    "frozen_set_type": _ARRAY,
    "deque_type": _ARRAY,
    "iterable_type": _ARRAY,
    "iteration_error": _ARRAY,
    "set_item_not_hashable": (
        "应为文本、数字或布尔值，不能是数组或对象",
        "expected text, a number or a flag, not an array or an object",
    ),
    "too_short": ("至少{min_length}项", "at least {min_length} items"),
    "too_long": ("至多{max_length}项", "at most {max_length} items"),
}

_BRANCH = re.compile(r"\[key\]|[a-z-]+\[.*\]|[A-Z][A-Za-z]+")
"""What pydantic adds to a place: which alternative it tried, and that a key is meant."""

_LISTS = ("expected", "expected_tags", "expected_schemes")


def invalid(findings: Sequence[Mapping[str, Any]]) -> InvalidPayload:
    """The refusal for what pydantic or FastAPI found."""
    return InvalidPayload(*(_fault(finding) for finding in findings))


def _fault(finding: Mapping[str, Any]) -> FieldFault:
    code = str(finding["type"])
    context = dict(finding.get("ctx") or {})
    chinese, english = _WORDS.get(code, _OTHER)
    if "zh" in context and "en" in context:  # a rule of ours words itself
        chinese, english = str(context["zh"]), str(context["en"])
    return FieldFault(
        pointer=_pointer(finding.get("loc", ()), as_sent=code == "extra_forbidden"),
        code=code,
        zh=_fill(chinese, _listed(context)) or _OTHER[0],
        en=_fill(english, context) or _OTHER[1],
    )


def _fill(words: str, context: Mapping[str, Any]) -> str:
    try:
        return words.format_map(context)
    except (KeyError, IndexError, ValueError):
        return ""


def _listed(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is expected, as a Chinese sentence lists it."""
    lists = {name: said for name in _LISTS if isinstance(said := context.get(name), str)}
    chinese = {name: said.replace(" or ", "、").replace(", ", "、") for name, said in lists.items()}
    return {**context, **chinese}


def _pointer(location: Sequence[str | int], *, as_sent: bool) -> str:
    """Body fields as JSON pointers; others say where they stand: `query:limit`.

    `as_sent`: the last step is the sender's own word, whatever it looks like.
    """
    if not location:
        return ""
    place, *path = map(str, location)
    kept = [step for step in path[1:] if not _BRANCH.fullmatch(step)]
    if as_sent and path[1:] and kept[-1:] != path[-1:]:
        kept.append(path[-1])
    steps = [step.replace("~", "~0").replace("/", "~1") for step in (*path[:1], *kept)]
    if place == "body":
        return "".join(f"/{step}" for step in steps)
    return f"{place}:{'/'.join(steps)}"
