"""What the gateway takes from its environment. Only `app` reads it."""

import os
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from kernel.gcra import Rate
from kernel.settings import ServiceSettings, UnsafeSettings


class Settings(ServiceSettings):
    """The gateway's own variables beside those that every process shares."""

    upstreams: dict[str, str] = {}
    """Where each service answers: {"incidents": "http://…", …}."""
    actor_key_file: Path
    """The private key (a JWK) of the statements that services trust."""
    token_key_file: Path | None = None
    """The keys of access tokens, apart from the one above: a JWK, or a set whose first signs."""
    hosts: frozenset[str] = frozenset()
    """The names the gateway answers to; empty: any."""
    hashing_threads: int = max(1, (os.cpu_count() or 2) // 2)
    """Passwords hashed at once. The rest of the processors keeps taking reports."""
    sign_ins_per_second: float = 20
    """Sign-ins tried from one address."""

    ingresses: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks of our own proxies before the gateway: their X-Forwarded-For is believed."""
    limits_times: float = 1
    """Multiplies how often an address and an account may ask or sign in. Load tests raise it."""

    @property
    def sign_in_rate(self) -> Rate:
        """How often one address may try to sign in."""
        return Rate(
            self.sign_ins_per_second * self.limits_times, max(1, round(100 * self.limits_times))
        )

    def refuse_unsafe(self) -> None:
        """Beside what every process refuses: production tokens need a key that lasts."""
        super().refuse_unsafe()
        if not self.development and self.token_key_file is None:
            raise UnsafeSettings("Set ANLIAN_TOKEN_KEY_FILE: tokens must outlive a restart.")
