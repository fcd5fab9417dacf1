"""In production the gateway starts with keys that outlive it, or not at all."""

from pathlib import Path
from typing import Any

import pytest

from gateway.app import assemble
from gateway.settings import Settings
from kernel.settings import Mode, UnsafeSettings


def settings(key_files: dict[str, Path], tmp_path: Path, **changes: Any) -> Settings:
    """What production asks of the gateway, but for the changes."""
    safe = {
        "mode": Mode.PRODUCTION,
        "database_url": "postgresql+asyncpg://nobody@127.0.0.1:1/nothing",
        "nats_url": "nats://127.0.0.1:1",
        "nats_monitor_url": "http://127.0.0.1:1",
        "objects_url": str(tmp_path / "objects"),
    }
    return Settings(**safe | key_files | changes)


def test_what_production_asks_is_enough(key_files: dict[str, Path], tmp_path: Path) -> None:
    settings(key_files, tmp_path).refuse_unsafe()


def test_without_a_lasting_key_of_tokens_everybody_would_be_signed_out_by_a_restart(
    key_files: dict[str, Path], tmp_path: Path
) -> None:
    with pytest.raises(UnsafeSettings, match="ANLIAN_TOKEN_KEY_FILE"):
        assemble(settings(key_files, tmp_path, token_key_file=None))

    settings(key_files, tmp_path, token_key_file=None, mode=Mode.DEVELOPMENT).refuse_unsafe()


@pytest.mark.parametrize(
    "changes",
    [
        {"clock_file": Path("clock")},
        {"nats_monitor_url": None},
        {"keys_file": None},
        {"objects_url": ""},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_the_gateway_refuses_what_every_process_refuses(
    key_files: dict[str, Path], tmp_path: Path, changes: dict[str, Any]
) -> None:
    with pytest.raises(UnsafeSettings):
        assemble(settings(key_files, tmp_path, **changes))


def test_load_tests_raise_the_rate_of_sign_ins_too(
    key_files: dict[str, Path], tmp_path: Path
) -> None:
    usual = settings(key_files, tmp_path).sign_in_rate
    raised = settings(key_files, tmp_path, limits_times=1000).sign_in_rate
    assert (usual.per_second, usual.burst) == (20, 100)
    assert (raised.per_second, raised.burst) == (20_000, 100_000)
