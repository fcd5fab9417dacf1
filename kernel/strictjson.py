r"""JSON as the platform takes it: one meaning, shallow, and nothing a database cannot hold.

Refused beyond what the standard refuses: a key twice in one object, NaN and infinities,
numbers no float can hold, `\u0000`, half a surrogate pair, and nesting deeper than asked.
Whether a text is good is decided by the C parsers at their speed; only a refused text is
walked a second time, to say where (a JSON pointer) and what is expected.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

import orjson

from kernel.problems import FieldFault, InvalidPayload

MAX_DEPTH = 32


class MalformedJson(InvalidPayload):
    """The body is not JSON, or JSON that two readers could understand differently."""

    status = 400
    title_zh = "请求体不是可接受的 JSON"
    title_en = "The body is not acceptable JSON"


_WORDS = {
    "syntax": (
        "此处不是合法的 JSON（第 {line} 行第 {column} 列）",
        "This is not valid JSON (line {line}, column {column})",
    ),
    "empty": ("请求体为空，应为一个 JSON 值", "The body is empty; one JSON value is expected"),
    "encoding": (
        "第 {position} 个字节不是 UTF-8 编码",
        "Byte {position} is not UTF-8",
    ),
    "depth": ("嵌套过深，最多 {depth} 层", "Nested too deep; at most {depth} levels are taken"),
    "beyond": ("错误在此处之后", "The fault stands after this place"),
    "duplicate-key": ("同一对象内键名重复", "The key stands twice in one object"),
    "not-a-number": (
        "应为有限的数值，不接受 NaN 或 Infinity",
        "A finite number is expected; NaN and Infinity are not taken",
    ),
    "number-range": ("数值超出可表示的范围", "The number is outside what can be represented"),
    "nul-character": (
        "文本不得包含 \\u0000 字符",
        "Text must not contain the character \\u0000",
    ),
    "surrogate": (
        "文本含有不成对的代理码位，不是有效的 Unicode",
        "Text holds half a surrogate pair, which is not valid Unicode",
    ),
}

# A closing quote is optional so that an unterminated string is swallowed whole: without
# that, a text of quotes would cost the square of its length.
_NO_BRACKETS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[^\[\]{}"]++', re.DOTALL)
_ALL_SQUARE = bytes.maketrans(b"{}", b"[]")
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_TOKEN = re.compile(r'[{}\[\]:,]|"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[^\s{}\[\]:,"]++', re.DOTALL)
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_CONSTANTS = frozenset({"NaN", "Infinity", "-Infinity"})
_LONGEST_NUMBER = 4300  # Python's own limit on the digits of an integer
_WALKED_TOKENS = 50_000  # bounds the time one refused text can take (about 50 ms)


def loads(data: bytes, *, max_depth: int = MAX_DEPTH) -> Any:
    """The value of a JSON text, or `MalformedJson` naming what is wrong and where.

    `max_depth` stays well below the parser's own recursion limit (about a thousand).
    """
    try:
        if not _is_shallow(data, max_depth):
            raise ValueError
        value = _decode(data.decode())
        if _SUSPECT.search(data):
            _refuse_unstorable(data)
    except (ValueError, RecursionError) as refusal:
        raise MalformedJson(_fault(data, refusal, max_depth)) from None
    return value


def refuse_deeper(data: bytes, *, max_depth: int = MAX_DEPTH) -> None:
    """Refuse a text nested too deep with `MalformedJson`, whatever else it is.

    For whoever passes a text on: what it means is judged once, by the one who reads it.
    """
    if not _is_shallow(data, max_depth):
        raise MalformedJson(_fault(data, ValueError(), max_depth))


def _is_shallow(data: bytes, max_depth: int) -> bool:
    """Whether no value stands deeper than allowed; unbalanced text is never shallow."""
    if data.count(b"{") + data.count(b"[") <= max_depth:
        return True
    brackets = _NO_BRACKETS.sub(b"", data).translate(_ALL_SQUARE)
    for _ in range(max_depth):
        brackets = brackets.replace(b"[]", b"")
    return not brackets


def _refuse_unstorable(data: bytes) -> None:
    if _NUL.search(data):
        raise ValueError
    orjson.loads(data)  # refuses half a surrogate pair, which the standard library takes


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError
    return members


def _finite(number: str) -> float:
    value = float(number)
    if value - value != 0:
        raise ValueError
    return value


def _no_constant(_: str) -> NoReturn:
    raise ValueError


_decode: Callable[[str], Any] = json.JSONDecoder(
    object_pairs_hook=_no_duplicates, parse_float=_finite, parse_constant=_no_constant
).decode


@dataclass(slots=True)
class _Container:
    """An object or array whose end has not been met: where in it the walk stands."""

    is_object: bool
    step: str | int = 0
    awaits_key: bool = False
    keys: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Walk:
    """Reads tokens until the first fault that is not one of grammar."""

    max_depth: int
    open: list[_Container] = field(default_factory=list)

    @property
    def pointer(self) -> str:
        """The JSON pointer of where the walk stands."""
        steps = (str(each.step) for each in self.open if not each.awaits_key)
        return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)

    def fault_in(self, text: str) -> str | None:
        """Take one token; the code of its fault, if it has one."""
        match text[0]:
            case "{" | "[":
                return self._enter(is_object=text == "{")
            case "}" | "]":
                self.open.pop()
            case ",":
                self._next()
            case '"' if self.open and self.open[-1].awaits_key:
                return self._key(json.loads(text))
            case '"':
                return _text_fault(json.loads(text))
            case ":":
                pass
            case _:
                return _number_fault(text)
        return None

    def _enter(self, *, is_object: bool) -> str | None:
        if len(self.open) == self.max_depth:
            return "depth"
        self.open.append(_Container(is_object, awaits_key=is_object))
        return None

    def _next(self) -> None:
        inner = self.open[-1]
        inner.awaits_key = inner.is_object
        if isinstance(inner.step, int):
            inner.step += 1

    def _key(self, key: str) -> str | None:
        inner = self.open[-1]
        inner.step, inner.awaits_key = key, False
        if key in inner.keys:
            return "duplicate-key"
        inner.keys.add(key)
        return _text_fault(key)


def _text_fault(text: str) -> str | None:
    if "\x00" in text:
        return "nul-character"
    return "surrogate" if _HALF_PAIR.search(text) else None


def _number_fault(token: str) -> str | None:
    if token in _CONSTANTS:
        return "not-a-number"
    if len(token) > _LONGEST_NUMBER:
        return "number-range"
    is_real = not token.isalpha() and any(letter in "eE." for letter in token)
    return "number-range" if is_real and abs(float(token)) == float("inf") else None


def _fault(data: bytes, refusal: Exception, max_depth: int) -> FieldFault:
    """Where and what the first fault is. Grammar holds before the point it breaks at."""
    readable = refusal.start if isinstance(refusal, UnicodeDecodeError) else len(data)
    text = data[:readable].decode()
    end, code = _grammar_end(text)
    if readable < len(data):
        code = "encoding"
    walk = _Walk(max_depth)
    for number, token in enumerate(_TOKEN.finditer(text)):
        if token.end() > end:
            break
        if number == _WALKED_TOKENS:
            return _worded("beyond", walk.pointer)
        if found := walk.fault_in(token[0]):
            return _worded(found, walk.pointer, depth=max_depth)
    line, column = text.count("\n", 0, end) + 1, end - text.rfind("\n", 0, end)
    return _worded(code, walk.pointer, position=readable, line=line, column=column)


def _grammar_end(text: str) -> tuple[int, str]:
    """Up to where the text is JSON by grammar alone, and what it is called if it breaks."""
    if not text.strip():
        return 0, "empty"
    try:
        json.loads(text, parse_int=len)
    except json.JSONDecodeError as fault:
        return fault.pos, "syntax"
    except RecursionError:
        return len(text), "depth"  # the walk meets the depth before anything else can break
    return len(text), "syntax"


def _worded(code: str, pointer: str, /, **details: int) -> FieldFault:
    zh, en = (words.format(**details) for words in _WORDS[code])
    return FieldFault(pointer=pointer, code=code, zh=zh, en=en)
