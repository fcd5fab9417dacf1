"""Who calls, as the gateway's identity tells the forward path."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.types import Scope

from gateway.proxy.lanes import Lane
from kernel.access import Principal


class Caller(NamedTuple):
    """A caller who proved who they are."""

    principal: Principal
    limit_key: str
    """Whose allowance a request uses up: the account, or the API client."""
    lane: Lane | None = None
    """A lane other than the one the request would have."""


Authenticate = Callable[[Scope, Headers, bytes | None], Awaitable[Caller]]
"""Tells who calls, or raises a Problem. The body is given where a signature covers it."""

Sign = Callable[[Caller, str], str]
"""States the caller to one service."""
