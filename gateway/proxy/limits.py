"""How often one address and one account may ask."""

from math import ceil

from gateway.proxy.lanes import Lane
from gateway.proxy.settings import ProxySettings
from kernel.addresses import network
from kernel.gcra import Limiter, Rate
from kernel.problems import Problem

_SECOND = 1_000_000_000


class TooManyRequests(Problem):
    """The address or account asks more often than it may."""

    status = 429
    title_zh = "请求过于频繁"
    title_en = "Too many requests"

    def __init__(self, *, per: str, wait: int) -> None:
        seconds = ceil(wait / _SECOND)
        super().__init__(
            f"请在 {seconds} 秒后重试", f"Try again in {seconds} s", per=per, retry_after=seconds
        )
        self.headers["Retry-After"] = str(seconds)


class Limits:
    """The allowances of addresses and accounts. The reserved lane has its own.

    `at` is in seconds, on the clock that never goes back.
    """

    def __init__(self, settings: ProxySettings) -> None:
        self._addresses = _by_lane(settings.address_rate, settings.reserved_rate)
        self._accounts = _by_lane(settings.account_rate, settings.reserved_rate)

    def take_for_address(self, host: str, lane: Lane, at: float) -> None:
        """Use up one request of an address. Asked before anybody has proved who they are."""
        wait = self._addresses[lane].take(network(host), now=int(at * _SECOND))
        if wait:
            raise TooManyRequests(per="address", wait=wait)

    def take_for_account(self, key: str, lane: Lane, at: float) -> None:
        """Use up one request of an account or API client."""
        wait = self._accounts[lane].take(key, now=int(at * _SECOND))
        if wait:
            raise TooManyRequests(per="account", wait=wait)


def _by_lane(general: Rate, reserved: Rate) -> tuple[Limiter, Limiter, Limiter]:
    shared = Limiter(general)
    return shared, shared, Limiter(reserved)
