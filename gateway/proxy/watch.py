"""Deadlines of many requests, looked at together ten times a second.

Nearly every deadline is met, so what counts is what setting and clearing one costs: here an
entry in a dictionary, where a timer of the event loop costs ten times as much and each
request has several. In return a deadline may be noticed a tenth of a second late.
"""

import asyncio
from collections.abc import Callable, Hashable
from types import TracebackType
from weakref import WeakKeyDictionary

TICK = 0.1


class Watch:
    """At most one deadline for each owner."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._due: dict[Hashable, tuple[float, Callable[[], None]]] = {}
        self._is_looking = False

    def set(self, owner: Hashable, within: float, then: Callable[[], None]) -> None:
        """Call `then` unless cleared in time; the owner's earlier deadline is forgotten."""
        self._due[owner] = (self.loop.time() + within, then)
        if not self._is_looking:
            self._is_looking = True
            self.loop.call_later(TICK, self._look)

    def clear(self, owner: Hashable) -> None:
        """In time."""
        self._due.pop(owner, None)

    def _look(self) -> None:
        now = self.loop.time()
        missed = [owner for owner, (due, _) in self._due.items() if due <= now]
        for owner in missed:
            _, then = self._due.pop(owner, (0.0, None))
            if then is not None:
                then()
        self._is_looking = bool(self._due)
        if self._is_looking:
            self.loop.call_later(TICK, self._look)


_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, Watch] = WeakKeyDictionary()


def watch_of(loop: asyncio.AbstractEventLoop) -> Watch:
    """The one watch of a loop. Keep it: asking which loop runs costs a system call."""
    watch = _watches.get(loop)
    if watch is None:
        watch = _watches[loop] = Watch(loop)
    return watch


class Patience:
    """`with Patience(seconds, watch)`: a `TimeoutError` when what is awaited takes longer.

    What `asyncio.timeout` is, at the price of the watch.
    """

    __slots__ = ("_cancelling", "_is_over", "_seconds", "_task", "_watch")

    def __init__(self, seconds: float, watch: Watch) -> None:
        self._seconds = seconds
        self._watch = watch
        self._is_over = False

    def __enter__(self) -> None:
        task = asyncio.current_task(self._watch.loop)
        assert task is not None
        self._task = task
        self._cancelling = task.cancelling()
        self._watch.set(self, self._seconds, self._give_up)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        reason: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._watch.clear(self)
        if not self._is_over:
            return
        is_ours = self._task.uncancel() <= self._cancelling
        if is_ours and kind is asyncio.CancelledError:
            raise TimeoutError from reason

    def _give_up(self) -> None:
        self._is_over = True
        self._task.cancel()
