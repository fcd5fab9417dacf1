"""Secrets and keys of a development stack: made once, mode 0600, never regenerated."""

import secrets
import subprocess
import sys
from pathlib import Path

from devstack.layout import REPOSITORY, Layout, read_json, write_json

SERVICES = ("gateway", "incidents", "tasks", "inspections", "notifications")


def passwords(layout: Layout) -> dict[str, str]:
    """The passwords of the servers and of every service's database roles."""
    known: dict[str, str] = read_json(layout.secrets) or {}
    missing = {name for name in ("postgres", "nats", *SERVICES) if name not in known}
    if missing:
        known |= {name: secrets.token_hex(24) for name in sorted(missing)}
        write_json(layout.secrets, known)
    return known


def actor_key_file(layout: Layout) -> Path:
    """The gateway's private signing key (a JWK)."""
    return layout.keys / "actor-key.json"


def actor_jwks_file(layout: Layout) -> Path:
    """The public half, which every service checks against (a JWK set)."""
    return layout.keys / "actor-jwks.json"


def token_key_file(layout: Layout) -> Path:
    """The gateway's key of access tokens (a JWK): sign-ins outlive a restart."""
    return layout.keys / "token-key.json"


def ring_file(layout: Layout, service: str) -> Path:
    """The keys that seal a service's columns, indexes and audit chain."""
    return layout.keys / f"{service}.json"


def make(layout: Layout) -> None:
    """Make what is missing: in a process of its own, so that ours needs no cryptography."""
    files = [actor_key_file(layout), actor_jwks_file(layout), token_key_file(layout)]
    files += [ring_file(layout, service) for service in SERVICES]
    if not all(file.exists() for file in files):
        command = [sys.executable, "-m", "devstack.keymaking", str(layout.var)]
        subprocess.run(command, cwd=REPOSITORY, check=True)
