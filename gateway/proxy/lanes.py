"""How much may be under way at once, and what gives way first: reads, then writes."""

from collections import Counter
from enum import IntEnum

from kernel.problems import Problem

_READ_SHARE = 0.8


class Lane(IntEnum):
    """A class of requests. Reads give way before writes; the reserved lane to nobody."""

    READ = 0
    WRITE = 1
    RESERVED = 2


class Overloaded(Problem):
    """The request was not begun: too much is under way. It may be sent again."""

    status = 503
    title_zh = "系统繁忙，请稍后重试"
    title_en = "Too busy; try again shortly"

    def __init__(self) -> None:
        super().__init__(
            "请求尚未处理，可按 Retry-After 稍后原样重发",
            "Nothing was done; send the same request again after Retry-After seconds",
        )
        self.headers["Retry-After"] = "2"


class Lanes:
    """Counts what is under way. Nothing waits here: a request is let in or refused."""

    def __init__(self, *, general: int, reserved: int, per_service: int) -> None:
        self._ceilings = (round(general * _READ_SHARE), general, general + reserved)
        self._per_service = per_service
        self._under_way = 0
        self._by_service: Counter[str] = Counter()

    @property
    def under_way(self) -> int:
        """How many requests are inside."""
        return self._under_way

    def enter(self, lane: Lane, service: str) -> None:
        """Let a request in, or raise `Overloaded`. Whoever is let in must `leave`."""
        if self._under_way >= self._ceilings[lane]:
            raise Overloaded
        if lane is not Lane.RESERVED and self._by_service[service] >= self._per_service:
            raise Overloaded
        self._under_way += 1
        self._by_service[service] += 1

    def leave(self, service: str) -> None:
        """Make room again."""
        self._under_way -= 1
        self._by_service[service] -= 1
