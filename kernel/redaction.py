"""What may not stand in a log line: secrets and personal data, found by name, type and shape.

The first wall is that nobody logs them. This is the second: keys that name a secret, values
typed as one, and text that looks like a token, an identity number, a mobile number or a row
that the database quotes in its errors.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from pathlib import PurePath
from typing import Any
from uuid import UUID

MASK = "[redacted]"

_MOST_CHARACTERS = 20_000
_MOST_ITEMS = 200
_DEEPEST = 6

# A key is read word by word: "access_token" is secret, "party_secretary" is not.
_WORDS = frozenset(
    {
        *("password", "passwd", "passphrase", "pin", "otp", "totp", "hotp", "signature"),
        *("secret", "secrets", "token", "tokens", "jwt", "bearer", "authorization"),
        *("cookie", "cookies", "credential", "credentials"),
        *("phone", "phones", "mobile", "mobiles", "telephone", "tel", "email", "emails"),
    }
)
_PAIRS = frozenset(
    {
        ("id", "number"),
        ("id", "no"),
        ("id", "card"),
        ("identity", "number"),
        ("national", "id"),
        ("private", "key"),
        ("api", "key"),
        ("access", "key"),
    }
)
_PARTS = ("password", "passwd", "authorization", "idcard", "身份证", "电话", "手机", "密码", "口令")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")

# One look tells that a text cannot hold any of the shapes below: most lines stop here.
_SUSPECT = re.compile(r"[:=]|\d{7}|\d{3}[- ]\d{4}|eyJ|(?:[Bb]earer|[Bb]asic|BEARER|BASIC)\s")

_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    # The server and the driver quote whole rows and arguments in their errors.
    (
        re.compile(r"(DETAIL:\s*).*?(?=\n(?:HINT|CONTEXT|QUERY):|\n\[SQL|\n\n|\Z)", re.DOTALL),
        rf"\1{MASK}",
    ),
    (re.compile(r"(\[parameters: ).*?(?=\n\(Background|\n\n|\Z)", re.DOTALL), rf"\1{MASK}]"),
    (re.compile(r"(query argument \$\d+: ).*?(?=\n\[SQL|\n\n|\Z)", re.DOTALL), rf"\1{MASK}"),
    (re.compile(r"(input_value=).{0,2000}?(?=, input_type=)", re.DOTALL), rf"\1{MASK}"),
    (re.compile(r"(://[^\s:/@]*:)[^\s@/]+(?=@)"), rf"\1{MASK}"),
    (re.compile(r"eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*){1,3}"), MASK),
    (re.compile(r"\b((?:[Bb]earer|[Bb]asic|BEARER|BASIC)\s+)[\w.~+/=-]{8,}"), rf"\1{MASK}"),
    (
        re.compile(
            r"(?i)\b(password|passwd|secret|token|access_token|refresh_token|otp|signature)"
            r"([\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;}]+"
        ),
        rf"\1\2{MASK}",
    ),
    # A resident identity number: division, date of birth, sequence, check character.
    (
        re.compile(
            r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])"
            r"(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
        ),
        MASK,
    ),
    (
        re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])"),
        MASK,
    ),
)


def redacted(value: Any, *, depth: int = 0) -> Any:
    """A copy of a value fit for a log line: plain JSON types, nothing secret, bounded in size.

    Objects of unknown types are named, never shown: a row's `repr` may hold a person.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return _inside(value, depth + 1) if depth < _DEEPEST else "…"
    return _shown(value)


def _inside(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        pairs = list(value.items())[:_MOST_ITEMS]
        return {str(key): by_name(str(key), held, depth=depth) for key, held in pairs}
    return [redacted(held, depth=depth) for held in list(value)[:_MOST_ITEMS]]


def by_name(key: str, value: Any, *, depth: int = 0) -> Any:
    """The redacted value of a named field."""
    if value is not None and is_secret(key):
        return MASK
    return redacted(value, depth=depth)


def _shown(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal | PurePath | timedelta):
        return str(value)
    if isinstance(value, BaseException):
        return scrub(f"{type(value).__name__}: {value}")
    if hasattr(value, "get_secret_value"):
        return MASK
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value)} bytes>"
    return f"<{type(value).__name__}>"


@lru_cache(maxsize=2048)
def is_secret(key: str) -> bool:
    """Whether a field's name says that its value is secret or a person's."""
    words = [word.lower() for word in _WORD.findall(key)]
    if not _WORDS.isdisjoint(words) or not _PAIRS.isdisjoint(pairwise(words)):
        return True
    return any(part in key.lower() for part in _PARTS)


def scrub(text: str) -> str:
    """Text without what looks secret, and not longer than a log line should be."""
    if len(text) > _MOST_CHARACTERS:  # the end of a trace tells most
        text = f"{text[: _MOST_CHARACTERS // 4]} … {text[-_MOST_CHARACTERS // 4 * 3 :]}"
    if not _SUSPECT.search(text):
        return text
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text
