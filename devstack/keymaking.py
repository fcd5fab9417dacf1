"""Makes the keys that a stack misses: `python -m devstack.keymaking VAR`."""

import secrets
import sys
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

from devstack.keys import SERVICES, actor_jwks_file, actor_key_file, ring_file
from devstack.layout import Layout, read_json, write_json, write_private
from kernel.keyring import fresh_keys


def make(layout: Layout) -> None:
    """One signing key, published beside it; one ring for each service."""
    private: dict[str, Any] | None = read_json(actor_key_file(layout))
    if private is None:
        private = _signing_key()
        write_json(actor_key_file(layout), private)
    public = {name: value for name, value in private.items() if name != "d"}
    write_json(actor_jwks_file(layout), {"keys": [public]})
    for service in SERVICES:
        if not ring_file(layout, service).exists():
            write_private(ring_file(layout, service), fresh_keys().model_dump_json())


def _signing_key() -> dict[str, Any]:
    kid = f"development-{secrets.token_hex(4)}"
    return dict(OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig"}).as_dict(private=True))


if __name__ == "__main__":
    make(Layout(Path(sys.argv[1])))
