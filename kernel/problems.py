"""Refusals as people and programs read them (RFC 9457). Standard library only.

A problem is declared beside the code that raises it. The class carries status, code and
title; the instance carries the detail in both languages and extension members.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


class Problem(Exception):
    """A refusal with a stable code and words for people in zh-CN and en."""

    status: ClassVar[int] = 500
    title_zh: ClassVar[str] = "服务器内部错误"
    title_en: ClassVar[str] = "Internal error"
    code: ClassVar[str] = "problem"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            cls.code = _kebab(cls.__name__)

    def __init__(self, detail_zh: str = "", detail_en: str = "", **members: Any) -> None:
        super().__init__(detail_en or detail_zh or self.title_en)
        self.detail_zh = detail_zh
        self.detail_en = detail_en
        self.members = members
        self.headers: dict[str, str] = {}

    def to_dict(self, *, chinese: bool) -> dict[str, Any]:
        """The body of the answer, in one language."""
        body: dict[str, Any] = {
            "type": f"/problems/{self.code}",
            "title": self.title_zh if chinese else self.title_en,
            "status": self.status,
        }
        detail = self.detail_zh if chinese else self.detail_en
        return body | ({"detail": detail} if detail else {}) | self._members(chinese=chinese)

    def _members(self, *, chinese: bool) -> dict[str, Any]:
        del chinese  # only problems with worded members need it
        return self.members


@dataclass(frozen=True, kw_only=True)
class FieldFault:
    """One wrong field: where it stands (JSON pointer), what is wrong, what is expected."""

    pointer: str
    code: str
    zh: str
    en: str


class InvalidPayload(Problem):
    """The payload is well-formed but not what the route takes."""

    status = 422
    title_zh = "提交的内容有误"
    title_en = "The payload is not valid"

    def __init__(self, *faults: FieldFault) -> None:
        where = ", ".join(fault.pointer or "/" for fault in faults)
        super().__init__(f"请检查：{where}", f"Check: {where}")
        self.faults: Sequence[FieldFault] = faults

    def _members(self, *, chinese: bool) -> dict[str, Any]:
        return {"errors": [_worded(fault, chinese=chinese) for fault in self.faults]}


def _worded(fault: FieldFault, *, chinese: bool) -> dict[str, str]:
    fields = asdict(fault)
    return {
        "pointer": fields["pointer"],
        "code": fields["code"],
        "detail": fields["zh"] if chinese else fields["en"],
    }


def all_problems(root: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Every declared problem, for the generated page and its test."""
    for kind in root.__subclasses__():
        yield kind
        yield from all_problems(kind)


def catalogue() -> dict[str, dict[str, Any]]:
    """What this process may refuse with, by code, in words for people."""
    return {
        kind.code: {
            "status": kind.status,
            "zh": kind.title_zh,
            "en": kind.title_en,
            "about": (kind.__doc__ or "").partition("\n")[0],
        }
        for kind in sorted(all_problems(), key=lambda kind: kind.code)
    }
