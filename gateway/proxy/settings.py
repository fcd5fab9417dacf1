"""What the forward path allows: sizes, deadlines, lanes and rates."""

from dataclasses import dataclass

from kernel.gcra import Rate

_MIB = 1_048_576
_ADDRESS = Rate(per_second=200, burst=400)
_ACCOUNT = Rate(per_second=50, burst=200)
_RESERVED = Rate(per_second=50, burst=200)
_REPORTS = frozenset({("POST", "/api/v1/incidents/reports")})


@dataclass(frozen=True, kw_only=True)
class ProxySettings:
    """Sizes in bytes, times in seconds. The defaults suit one process of a city's gateway."""

    hosts: frozenset[str] = frozenset()
    """The names the gateway answers to, in lower case; empty: any well-formed one."""

    max_target: int = 8_192
    max_head: int = 32_768
    json_limit: int = _MIB
    """For every body that is kept in memory: JSON, and what a signature covers."""
    upload_limit: int = 20 * _MIB
    max_depth: int = 32

    body_within: float = 10.0
    upload_within: float = 300.0
    connect_within: float = 2.0
    answer_within: float = 15.0
    """From the end of the request to the head of the answer."""
    finish_within: float = 120.0
    """From the head of a streamed answer to its end; event streams have none."""

    idle_for: float = 30.0
    """Must stay below the services' own keep-alive time."""
    idle_connections: int = 128

    general: int = 192
    """Requests under way at once, except those in the reserved lane."""
    reserved: int = 64
    per_service: int = 128
    """Of the general ones, for one service: a slow service cannot take them all."""
    receiving: int = 512
    """Bodies being received at once."""
    streams: int = 4_096
    """Event streams open at once; they leave their lane when they begin."""

    address_rate: Rate = _ADDRESS
    account_rate: Rate = _ACCOUNT
    reserved_rate: Rate = _RESERVED
    """For the reserved lane, by address and by account, apart from everything else."""
    reserved_routes: frozenset[tuple[str, str]] = _REPORTS
