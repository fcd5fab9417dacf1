"""Identifiers that cross borders: credit codes and regions, checked where they come in.

A refusal is a pydantic error with a stable type (`uscc_check_character`, `region_unknown`, …)
whose context holds `zh` and `en`: what is wrong and what is expected, for people.
"""

from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError
from stdnum.cn import uscc

from reference import regions
from reference.terms import Level

_LENGTH = 18
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_DIGITS = "0123456789"
_REGION = slice(2, 8)
_SHOWN = 20


def _refused(kind: str, *, zh: str, en: str) -> PydanticCustomError:
    return PydanticCustomError(kind, "{zh} {en}", {"zh": zh, "en": en})


def check_uscc(value: str) -> str:
    """Refuse what is not a unified social credit code (GB 32100-2015), naming the character."""
    if len(value) != _LENGTH:
        raise _refused(
            "uscc_length",
            zh=f"统一社会信用代码应为18位，实为{len(value)}位。",
            en=f"A unified social credit code has 18 characters, found {len(value)}.",
        )
    _check_characters(value)
    expected = uscc.calc_check_digit(value[:-1])
    if value[-1] != expected:
        raise _refused(
            "uscc_check_character",
            zh=f"统一社会信用代码第18位校验码应为“{expected}”，实为“{value[-1]}”，请核对全部18位。",
            en=f"Character 18 of the credit code is its check character: expected {expected!r} "
            f"after the first 17, found {value[-1]!r}.",
        )
    return value


def _check_characters(value: str) -> None:
    for place, character in enumerate(value, start=1):
        digits_only = _REGION.start < place <= _REGION.stop
        if character not in (_DIGITS if digits_only else _ALPHABET):
            raise _refused(
                "uscc_character",
                zh=f"统一社会信用代码第{place}位“{character}”无效，"
                + ("应为数字。" if digits_only else "应为数字或大写字母（不含I、O、Z、S、V）。"),
                en=f"Character {place} of the credit code is {character!r}: expected "
                + ("a digit." if digits_only else "a digit or a capital other than I O Z S V."),
            )


def check_region(value: str) -> str:
    """Refuse a code that is neither a division in being (GB/T 2260) nor a park of the city."""
    if value not in regions.known():
        shown = value[:_SHOWN]
        raise _refused(
            "region_unknown",
            zh=f"行政区划代码“{shown}”不存在，应为现行六位行政区划代码或本市园区代码。",
            en=f"No division or park has the code {shown!r}: expected the six digits of a "
            "division in being (GB/T 2260) or of a park of the city.",
        )
    return value


Uscc = Annotated[
    str,
    AfterValidator(check_uscc),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[0-9A-HJ-NP-RTUW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}$",
            "description": "Unified social credit code (GB 32100-2015), check character included.",
        }
    ),
]

RegionCode = Annotated[
    str,
    AfterValidator(check_region),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[0-9]{6}$",
            "description": "A division in being (GB/T 2260) or a park of the city.",
        }
    ),
]


def prefix(region: str) -> str:
    """A code without its trailing pairs of zeros: "4304" of "430400", "" of the nation."""
    return regions.prefix(region)


def parent(region: str) -> str | None:
    """The code of the place above; for a park the county it lies in. None for the nation."""
    return regions.region(region).parent


def level(region: str) -> Level:
    """The level of government of a place; a park counts as a county."""
    return regions.region(region).level


def contains(region_prefix: str, region: str) -> bool:
    """Whether a place lies in the subtree of a prefix; "" holds the whole nation."""
    return region.startswith(region_prefix)


def bounds(region_prefix: str) -> tuple[str, str]:
    """The lowest and the highest code in the subtree of a prefix."""
    return region_prefix.ljust(6, "0"), region_prefix.ljust(6, "9")
