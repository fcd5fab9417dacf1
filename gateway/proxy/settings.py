"""What the forward path allows: sizes, deadlines, lanes and rates."""

from dataclasses import dataclass, replace
from typing import Self

from kernel.gcra import Rate

_MIB = 1_048_576
_ADDRESS = Rate(per_second=1_000, burst=2_000)  # a whole office may stand behind one address
_ACCOUNT = Rate(per_second=100, burst=400)
_RESERVED = Rate(per_second=1_000, burst=2_000)  # a flood is slowed; a disaster is not
_REPORTS = frozenset({("POST", "/api/v1/incidents/reports")})
_PUBLIC = frozenset(
    {
        ("POST", "/api/v1/incidents/public-reports"),
        ("POST", "/api/v1/incidents/public-reports/status"),
        ("GET", "/api/v1/tasks/feeds/calendar.ics"),
    }
)


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
    public_routes: frozenset[tuple[str, str]] = _PUBLIC
    """What anybody may ask of a service without an account; the service limits it itself."""

    def with_rates_times(self, factor: float) -> Self:
        """The same with every rate limit multiplied: measuring asks far more than people do."""

        def raised(rate: Rate) -> Rate:
            return Rate(rate.per_second * factor, max(1, round(rate.burst * factor)))

        return replace(
            self,
            address_rate=raised(self.address_rate),
            account_rate=raised(self.account_rate),
            reserved_rate=raised(self.reserved_rate),
        )
