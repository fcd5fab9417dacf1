"""Makes the keys that a stack misses: `python -m devstack.keymaking VAR`."""

import secrets
import sys
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

from devstack.keys import (
    SERVICES,
    actor_jwks_file,
    actor_key_file,
    ring_file,
    token_key_file,
)
from devstack.layout import Layout, read_json, write_json, write_private
from kernel.keyring import fresh_keys


def make(layout: Layout) -> None:
    """Two signing keys, one of them published beside it; one ring for each service."""
    private = _signing_key(actor_key_file(layout))
    public = {name: value for name, value in private.items() if name != "d"}
    write_json(actor_jwks_file(layout), {"keys": [public]})
    _signing_key(token_key_file(layout))
    for service in SERVICES:
        if not ring_file(layout, service).exists():
            write_private(ring_file(layout, service), fresh_keys().model_dump_json())


def _signing_key(path: Path) -> dict[str, Any]:
    """The private key kept at a path; made when there is none."""
    kept: dict[str, Any] | None = read_json(path)
    if kept is not None:
        return kept
    kid = f"development-{secrets.token_hex(4)}"
    made = dict(OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig"}).as_dict(private=True))
    write_json(path, made)
    return made


if __name__ == "__main__":
    make(Layout(Path(sys.argv[1])))
