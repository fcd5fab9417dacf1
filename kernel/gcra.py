"""Rate limits by the generic cell rate algorithm: one number per key, no timers, no windows.

The number is the theoretical arrival time (TAT): when the key's allowance is full again.
Deciding is pure. Everything is counted in whole nanoseconds, so nothing drifts.
"""

import heapq
from dataclasses import dataclass
from math import ceil

_SECOND = 1_000_000_000


@dataclass(frozen=True)
class Rate:
    """`per_second` requests on the long run, and up to `burst` of them at once."""

    per_second: float
    burst: int

    def __post_init__(self) -> None:
        if self.per_second <= 0 or self.burst < 1:
            raise ValueError("a rate and a burst of at least one request are needed")

    @property
    def interval(self) -> int:
        """Nanoseconds one request uses up; rounded up, so never more than the rate."""
        return ceil(_SECOND / self.per_second)


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a request may pass, the number to keep, and how long to wait if not."""

    allowed: bool
    arrival: int
    retry_after: int = 0
    """Nanoseconds after which a request passes, if nothing passes before it."""


def decide(arrival: int | None, *, now: int, rate: Rate) -> Decision:
    """Let one request of a key pass, or not. `arrival` is what was kept, None at first."""
    kept, wait = _decide(arrival, now, rate.interval, rate.interval * rate.burst)
    return Decision(wait == 0, kept, wait)


def _decide(arrival: int | None, now: int, interval: int, allowance: int) -> tuple[int, int]:
    """The number to keep, and how long to wait: 0 lets the request pass."""
    since = now if arrival is None or arrival < now else arrival
    wait = since + interval - now - allowance
    return (since, wait) if wait > 0 else (since + interval, 0)


class Limiter:
    """The keys of one rate, kept in this process and bounded in number.

    A key whose allowance is full again is forgotten at no loss. When every kept key is
    still in debt, those nearest to full are forgotten: a flood of fresh keys then gains at
    most what they had left to wait.
    """

    def __init__(self, rate: Rate, *, max_keys: int = 100_000) -> None:
        self.rate = rate
        self._interval = rate.interval
        self._allowance = rate.interval * rate.burst
        self._max_keys = max_keys
        self._arrivals: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._arrivals)

    def take(self, key: str, *, now: int) -> int:
        """Use up one request of the key: 0, or the nanoseconds to wait when refused."""
        arrivals = self._arrivals
        kept, wait = _decide(arrivals.get(key), now, self._interval, self._allowance)
        if wait == 0:
            arrivals[key] = kept
            if len(arrivals) > self._max_keys:
                self._forget(now)
        return wait

    def _forget(self, now: int) -> None:
        kept = {key: arrival for key, arrival in self._arrivals.items() if arrival > now}
        surplus = len(kept) - self._max_keys * 7 // 8
        if surplus > 0:
            for key in heapq.nsmallest(surplus, kept, key=kept.__getitem__):
                del kept[key]
        self._arrivals = kept
