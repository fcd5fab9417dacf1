"""How many requests were forwarded and how long they took, for Prometheus.

The event loop is the only writer, so the counting is two lines of plain Python; the
library's own counters, with a lock for each, would cost a request as much as its limits.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from kernel.telemetry import REGISTRY

Key = tuple[str, str, int]
"""Method, service, status."""

_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Forwarded(Collector):
    """Requests by method, service and status; their seconds by service."""

    def __init__(self) -> None:
        self._answered: dict[Key, int] = {}
        self._seconds: dict[str, list[float]] = {}

    def add(self, key: Key, seconds: float) -> None:
        """Enter one request."""
        self._answered[key] = self._answered.get(key, 0) + 1
        row = self._seconds.get(key[1])
        if row is None:
            row = self._seconds[key[1]] = [0.0] * (len(_BOUNDS) + 2)
        row[bisect_left(_BOUNDS, seconds)] += 1
        row[-1] += seconds

    def collect(self) -> Iterator[Metric]:
        """The figures as they are now."""
        answered = CounterMetricFamily(
            "anlian_forwarded_requests",
            "Requests the gateway answered for a service, by method, service and status",
            labels=["method", "service", "status"],
        )
        for (method, service, status), count in self._answered.items():
            answered.add_metric([method, service, str(status)], count)
        yield answered
        seconds = HistogramMetricFamily(
            "anlian_forwarded_seconds",
            "Time from a request's head to the end of its answer, by service",
            labels=["service"],
        )
        for service, row in self._seconds.items():
            seconds.add_metric([service], _cumulated(row), row[-1])
        yield seconds


def _cumulated(row: list[float]) -> list[tuple[str, float]]:
    """The buckets as Prometheus wants them: each holds all that is not above its bound."""
    total, buckets = 0.0, []
    for bound, count in zip((*map(str, _BOUNDS), "+Inf"), row, strict=False):
        total += count
        buckets.append((bound, total))
    return buckets


FORWARDED: Final = Forwarded()
REGISTRY.register(FORWARDED)
