"""Who really calls, when proxies of our own stand before the gateway.

What a proxy says of the client is believed from the networks named for that alone; from
anybody else it is a claim like any other, and ignored.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Networks = tuple[IPv4Network | IPv6Network, ...]

_SCHEMES = {b"http": "http", b"https": "https"}


def is_within(host: str, networks: Networks) -> bool:
    """Whether an address lies in one of the networks; what is no address does not."""
    address = _address(host)
    return address is not None and any(address in network for network in networks)


def client_of(headers: Sequence[tuple[bytes, bytes]], networks: Networks) -> str | None:
    """The nearest address that is not one of our proxies', read from the last hop back.

    None when no proxy says it, or says something that is no address.
    """
    said = b",".join(value for name, value in headers if name == b"x-forwarded-for")
    for hop in reversed(said.decode("latin-1").split(",")):
        host = hop.strip()
        if not is_within(host, networks):
            return host if _address(host) else None
    return None


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def scheme_of(headers: Sequence[tuple[bytes, bytes]]) -> str | None:
    """What the client used towards our proxy."""
    said = next((value for name, value in headers if name == b"x-forwarded-proto"), b"")
    return _SCHEMES.get(said.strip().lower())
