"""The commands of whoever runs the platform, with the environment of a service's process."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from kernel import inbox, keyring, letters, trail
from kernel.access import SYSTEM, Policies
from kernel.db import Database, unit_of_work
from kernel.keyring import fresh_keys
from kernel.web import Again, Service
from tests.kernel import probe
from tests.lending import MakeDatabase


@pytest.fixture
async def database(
    database_url: MakeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Database]:
    """A service's database, which the environment names."""
    urls = await database_url("probe", prepare=probe.prepare)
    ring = tmp_path / "ring.json"
    ring.write_text(fresh_keys().model_dump_json())
    monkeypatch.setenv("ANLIAN_MODE", "development")
    monkeypatch.setenv("ANLIAN_DATABASE_URL", urls.app)
    monkeypatch.setenv("ANLIAN_NATS_URL", "nats://127.0.0.1:1")
    monkeypatch.setenv("ANLIAN_KEYS_FILE", str(ring))
    monkeypatch.setattr(keyring, "_ring", keyring._ring)  # put back afterwards
    opened = probe.opened(urls)
    yield opened
    await opened.close()


def said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def service(again: Again | None = None) -> Service:
    return Service(
        name="probe",
        title="",
        routers=(),
        policies=Policies({}),
        letters={"SPOOL": again} if again else {},
    )


async def set_aside(database: Database) -> str:
    async with unit_of_work(database, SYSTEM) as session:
        letter = await inbox.note_unreadable(
            session, publisher="SPOOL", key="SPOOL:1", subject="s", raw=b"secret", error="NotFound"
        )
    return str(letter.id)


async def test_what_waits_is_listed_without_what_it_says(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = await set_aside(database)

    assert await letters._run(service(), None) == 0

    (line,) = said(capsys)
    assert (line["id"], line["publisher"], line["error"]) == (letter, "SPOOL", "NotFound")
    assert "secret" not in str(line)


async def test_what_is_refused_still_waits_on_and_what_succeeds_is_resolved_once(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = await set_aside(database)
    done: list[bytes] = []

    async def refuse(_: Database, raw: bytes) -> None:
        raise ValueError("not yet")

    async def do(_: Database, raw: bytes) -> None:
        done.append(raw)

    assert await letters._run(service(refuse), [UUID(letter)]) == 1
    assert [str(each.id) for each in await letters.waiting(database)] == [letter]
    for _ in range(2):
        assert await letters._run(service(do), [UUID(letter)]) == 0

    assert done == [b"secret"]
    assert await letters.waiting(database) == []
    refused, resolved, _ = said(capsys)
    assert (refused["reason"], resolved["resolved"]) == ("not yet", True)


async def test_a_trail_is_told_to_be_whole(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await trail._verified("probe") == 0

    assert said(capsys) == [
        {"service": "probe", "whole": True, "sealed": 0, "anchored": 0, "faults": []}
    ]
