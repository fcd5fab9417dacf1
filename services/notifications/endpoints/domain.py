"""Where calls may go: which hosts and which addresses, so that a webhook reaches nothing inside.

An address is judged by what it leads to: one that wraps another (v4-mapped, 6to4, Teredo,
NAT64) is unwrapped first.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class EndpointStatus(StrEnum):
    """Whether an endpoint is called."""

    ENABLED = "enabled"
    DISABLED = "disabled"


class Refusal(StrEnum):
    """Why an endpoint may not be called."""

    SCHEME = "scheme"  # only https; http in development
    USER = "user_in_url"
    HOST = "host_not_listed"
    NO_ADDRESS = "host_has_no_address"
    ADDRESS = "address_inside"


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """What an outside system wants to hear, and where."""

    name: str
    url: str
    subjects: Sequence[str]
    region_code: str
    networks: Sequence[str] = ()
    secret: str | None = None
    """Made when it is not given."""


@dataclass(frozen=True, kw_only=True)
class Guard:
    """What the operator of the platform allows.

    `hosts` lists names; one that begins with a dot stands for everything below it. Loopback
    is for development only.
    """

    hosts: tuple[str, ...] = ()
    development: bool = False

    def refuse_url(self, url: str) -> Refusal | None:
        """Why calls to a URL are refused, before its host is looked up."""
        parts = urlsplit(url)
        if parts.scheme != "https" and not (self.development and parts.scheme == "http"):
            return Refusal.SCHEME
        if parts.username is not None or parts.password is not None:
            return Refusal.USER
        host = (parts.hostname or "").rstrip(".")
        if not any(_listed(host, name.lower()) for name in self.hosts):
            return Refusal.HOST
        return None

    def refuse_addresses(
        self, addresses: Sequence[str], *, networks: Iterable[str] = ()
    ) -> Refusal | None:
        """Why a host is refused for where it leads: every one of its addresses must pass."""
        if not addresses:
            return Refusal.NO_ADDRESS
        allowed = tuple(ipaddress.ip_network(network) for network in networks)
        if all(self._passes(ipaddress.ip_address(address), allowed) for address in addresses):
            return None
        return Refusal.ADDRESS

    def _passes(self, address: Address, allowed: Sequence[Network]) -> bool:
        inner = unwrapped(address)
        if inner.is_loopback:
            return self.development
        if inner.is_link_local or inner.is_multicast or inner.is_unspecified or inner.is_reserved:
            return False
        listed = any(inner.version == net.version and inner in net for net in allowed)
        return listed or inner.is_global


def _listed(host: str, name: str) -> bool:
    return host.endswith(name) if name.startswith(".") else host == name


def unwrapped(address: Address) -> Address:
    """The address that traffic to this one ends at."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)
