"""Takes one of the two walls down, to see what the other holds by itself.

The first wall is the policy table, which the service's code asks; the second is row-level
security, which the database asks. While both stand, either hides that the other is missing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kernel.access import ANYWHERE, SYSTEM, Policies
from kernel.db import Scope


@contextmanager
def open_table() -> Iterator[None]:
    """The bug that the second wall is for: a table that grants everything to everybody.

    To a route it is the same as not to ask.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Policies, "granted", lambda *_: ANYWHERE)
        yield


@contextmanager
def open_wall() -> Iterator[None]:
    """A database that hides nothing from anybody: what is refused, the service's code refuses."""
    everything = Scope.of(SYSTEM)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Scope, "of", lambda _: everything)
        yield
