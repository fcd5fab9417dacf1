"""Whose allowance a network address uses up."""

from functools import lru_cache
from ipaddress import IPv6Address


@lru_cache(maxsize=16_384)
def network(host: str) -> str:
    """The holder of an address: itself, or the /64 a single IPv6 subscriber is given."""
    if ":" not in host:
        return host
    address = IPv6Address(host.partition("%")[0])
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return f"{int(address) >> 64:016x}/64"
