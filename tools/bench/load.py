"""Asks a server, over kept connections, as fast as it answers or at a steady rate.

It runs in a process of its own (`run_apart`), speaks to 127.0.0.1 only, and is bounded in
connections and time. Requests are prepared bytes, so that little but the sockets is left to
do while measuring: one core of it outruns what it measures.

In a steady run a request is due at its instant whether or not the server keeps up. One that
had to wait for a free connection is timed from when it was due; one that did not is timed
from when it was sent, so that a late wake-up of the generator is not blamed on the server.
"""

import multiprocessing
import select
from collections import Counter, deque
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from time import perf_counter

from tools.bench.caller import Caller

_MOST_CONNECTIONS = 512
_LONGEST = 120.0


@dataclass(frozen=True, kw_only=True)
class Load:
    """What to ask of a server on 127.0.0.1."""

    port: int
    requests: Sequence[bytes]
    """Whole HTTP/1.1 requests, asked in turn."""
    connections: int = 32
    seconds: float = 3.0
    warm_up: float = 0.3
    rate: float | None = None
    """Requests a second; None: as fast as they are answered."""
    once: bool = False
    """Ask each request once at most, and stop when they are used up."""

    def __post_init__(self) -> None:
        if not 0 < self.connections <= _MOST_CONNECTIONS:
            raise ValueError(f"1 to {_MOST_CONNECTIONS} connections")
        if not 0 < self.seconds <= _LONGEST:
            raise ValueError(f"at most {_LONGEST} s")


@dataclass(kw_only=True)
class Result:
    """What came back after the warm-up. Latencies in seconds, ascending."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    broken: int = 0
    """Connections that failed while a request was under way."""

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    @property
    def refused(self) -> int:
        """Answers other than 2xx, and broken connections."""
        return self.broken + sum(
            count for status, count in self.statuses.items() if not 200 <= status < 300
        )

    def percentile(self, share: float) -> float:
        """The latency that `share` percent of the answers kept."""
        if not self.latencies:
            return float("inf")
        return self.latencies[min(len(self.latencies) - 1, int(len(self.latencies) * share / 100))]


def request(
    method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b""
) -> bytes:
    """The bytes of a request."""
    said = {"Host": "127.0.0.1"} | (headers or {})
    if body or method not in {"GET", "HEAD"}:
        said["Content-Length"] = str(len(body))
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def run_apart(load: Load) -> Result:
    """Run a load in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(run, load).result(timeout=load.seconds + load.warm_up + 60)


def run(load: Load) -> Result:
    """Run a load in this process, blocking it."""
    return _Run(load).result()


class _Run:
    def __init__(self, load: Load) -> None:
        self._load = load
        self._requests = iter(load.requests) if load.once else cycle(load.requests)
        self._callers = [Caller(load.port) for _ in range(load.connections)]
        self._result = Result(seconds=load.seconds)
        self._begun = perf_counter()
        self._counted_from = self._begun + load.warm_up
        self._until = self._counted_from + load.seconds

    def result(self) -> Result:
        try:
            if self._load.rate is None:
                self._as_fast_as_answered()
            else:
                self._steadily(1 / self._load.rate)
        finally:
            for caller in self._callers:
                caller.close()
        counted = min(perf_counter(), self._until) - self._counted_from
        self._result.seconds = max(counted, 1e-9)
        self._result.latencies.sort()
        return self._result

    def _as_fast_as_answered(self) -> None:
        under_way = sum(self._ask(caller, perf_counter()) for caller in self._callers)
        waiter = select.epoll()
        by_number = {caller.fileno(): caller for caller in self._callers}
        for number in by_number:
            waiter.register(number, select.EPOLLIN)
        while under_way and perf_counter() < self._until:
            for number, _ in waiter.poll(0.1):
                caller = by_number[number]
                if not self._take(caller):
                    continue
                if caller.fileno() != number:  # it had to connect anew
                    by_number[caller.fileno()] = caller
                    waiter.register(caller.fileno(), select.EPOLLIN)
                under_way -= not self._ask(caller, perf_counter())
        waiter.close()

    def _steadily(self, interval: float) -> None:
        free, busy = deque(self._callers), set[Caller]()
        due, now = self._begun, perf_counter()
        used_up = False
        while now < self._until and (busy or not used_up):
            while free and due <= now and not used_up:
                caller = free.popleft()
                waited = now - due > interval and len(free) == 0
                used_up = not self._ask(caller, due if waited else perf_counter())
                if not used_up:
                    busy.add(caller)
                due += interval
            ready, _, _ = select.select(busy, (), (), _until_next(due, now, free=bool(free)))
            for caller in ready:
                if self._take(caller):
                    busy.discard(caller)
                    free.append(caller)
            now = perf_counter()

    def _ask(self, caller: Caller, since: float) -> bool:
        """Send the next request; False when they are used up."""
        asked = next(self._requests, None)
        if asked is None:
            return False
        caller.ask(asked, since)
        return True

    def _take(self, caller: Caller) -> bool:
        """Take what a caller was answered; whether it may ask again."""
        try:
            status = caller.answered()
        except OSError:
            self._result.broken += 1
            caller.connect()
            return True
        if not status:
            return False
        now = perf_counter()
        if now >= self._counted_from:
            self._result.statuses[status] += 1
            self._result.latencies.append(now - caller.since)
        return True


def _until_next(due: float, now: float, *, free: bool) -> float:
    """How long to wait for answers: until the next request is due, if a caller is free."""
    return max(0.0, due - now) if free else 0.1
