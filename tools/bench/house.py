"""The gateway as it runs in a stack, over a database of its own, with one account signed in."""

import asyncio
import json
import secrets
import tempfile
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from joserfc.jwk import OKPKey

from devstack.scratch import scratch_database
from gateway.identity import seeding
from kernel.keyring import fresh_keys
from kernel.migrations import runner
from tools.bench.processes import free_port, python, serving

_ACCOUNT = "bench"


@asynccontextmanager
async def gateway_before(
    upstreams: Mapping[str, str], folder: Path
) -> AsyncIterator[tuple[int, str]]:
    """Run the gateway before these services; its port and an access token."""
    password = secrets.token_urlsafe(18)
    keys = _keys(folder)
    async with AsyncExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="anlian-bench-pg-"))
        url = await stack.enter_async_context(scratch_database(Path(home)))
        await runner.migrate(service="gateway", owner_url=url, app_role="scratch_app")
        account = {
            "username": _ACCOUNT,
            "password": password,
            "role": "inspector",
            "region": "430400",
            "unit": "430400.emergency",
            "zh": "测速",
            "en": "Bench",
        }
        await seeding.seed(
            database_url=url, keys_file=keys["KEYS"], accounts={_ACCOUNT: account}, clients={}
        )
        port = stack.enter_context(_process(url, upstreams, keys, folder))
        yield port, await asyncio.to_thread(_token, port, password)


@contextmanager
def _process(
    database: str, upstreams: Mapping[str, str], keys: Mapping[str, Path], folder: Path
) -> Iterator[int]:
    port = free_port()
    environment = {
        "ANLIAN_MODE": "development",
        "ANLIAN_PORT": str(port),
        "ANLIAN_DATABASE_URL": database,
        "ANLIAN_NATS_URL": "nats://127.0.0.1:1",
        "ANLIAN_UPSTREAMS": json.dumps(dict(upstreams)),
        "ANLIAN_LIMITS_TIMES": "100000",  # every limit is looked at, none is reached
    } | {f"ANLIAN_{name}_FILE": str(path) for name, path in keys.items()}
    command = python("kernel.serve", "gateway")
    with serving(command, port=port, log=folder / "gateway.log", environment=environment):
        yield port


def _keys(folder: Path) -> dict[str, Path]:
    ring = folder / "ring.json"
    ring.write_text(fresh_keys().model_dump_json())
    paths = {"KEYS": ring}
    for name in ("ACTOR_KEY", "TOKEN_KEY"):
        key = OKPKey.generate_key("Ed25519", {"kid": name.lower(), "use": "sig"})
        paths[name] = folder / f"{name.lower()}.json"
        paths[name].write_text(json.dumps(key.as_dict(private=True)))
    return paths


def _token(port: int, password: str) -> str:
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/auth/token",
        data=json.dumps({"username": _ACCOUNT, "password": password}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 -- as above
        return str(json.load(answer)["access_token"])
