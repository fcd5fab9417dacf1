"""Evidence: what was taken in stays what it was, and everybody who had it is known."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from devstack.databases import Server
from kernel.audit import AuditRecord
from services.incidents.evidence.tables import Evidence
from tests.services.incidents.conftest import ENTERPRISE
from tests.services.incidents.story import (
    LEAD,
    OFFICE,
    PNG,
    SECOND,
    STRANGER,
    done,
    handed_in,
    keep_files,
    refused,
    teamed,
)
from tests.services.stage import Stage


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_file_is_kept_by_its_hash_and_comes_back_whole(
    incidents: Stage, tmp_path: Path
) -> None:
    keep_files(incidents, tmp_path)
    accident, *_ = await teamed(incidents)
    item = (await handed_in(incidents, accident)).json()
    read = await incidents.as_(SECOND).get(f"/incidents/evidence/{item['id']}/content")

    assert item["sha256"] == hashlib.sha256(PNG).hexdigest()
    assert (read.content, read.headers["content-type"]) == (PNG, "image/png")
    acts = [row.act for row in await incidents.rows(AuditRecord, entity="evidence")]
    assert sorted(acts) == ["read_evidence", "work_on_team"]


async def test_the_same_file_again_is_the_same_item(incidents: Stage, tmp_path: Path) -> None:
    keep_files(incidents, tmp_path)
    accident, *_ = await teamed(incidents)
    first = await handed_in(incidents, accident)
    again = await handed_in(incidents, accident, title="换个名称")

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(await incidents.rows(Evidence)) == 1


async def test_each_hand_over_is_a_link_from_who_had_it(incidents: Stage, tmp_path: Path) -> None:
    keep_files(incidents, tmp_path)
    accident, *_ = await teamed(incidents)
    path = f"/evidence/{(await handed_in(incidents, accident)).json()['id']}"
    await done(incidents, LEAD, f"{path}/hand-overs", taker="赵六", unit="u", why="送检")
    await done(incidents, SECOND, f"{path}/hand-overs", taker="孙七", why="归档")
    seen = (await incidents.as_(LEAD).get(f"/incidents{path}")).json()

    assert [(one["n"], one["giver"], one["taker"]) for one in seen["custody"]] == [
        (1, "李*", "王*"),
        (2, "王*", "赵*"),
        (3, "赵*", "孙*"),
    ]
    assert seen["unbroken"]


async def by_force(stage: Stage, server: Server, statement: str) -> None:
    """What somebody with every right on the database could do."""
    async with server.connection(stage.database.engine.url.database) as admin:
        await admin.execute(statement)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE custody SET why = 'x' WHERE n = 2",
        "DELETE FROM custody WHERE n = 2",
        "DELETE FROM custody WHERE n = 1",
        "UPDATE custody SET at = at - interval '1 hour' WHERE n = 1",
    ],
)
async def test_an_altered_or_missing_hand_over_is_seen_on_reading(
    incidents: Stage, tmp_path: Path, harm: str, postgres_server: Server
) -> None:
    keep_files(incidents, tmp_path)
    accident, *_ = await teamed(incidents)
    path = f"/evidence/{(await handed_in(incidents, accident)).json()['id']}"
    for taker in ("赵六", "孙七"):
        await done(incidents, LEAD, f"{path}/hand-overs", taker=taker, why="移交")
    await by_force(incidents, postgres_server, harm)
    seen = (await incidents.as_(LEAD).get(f"/incidents{path}")).json()

    assert seen["unbroken"] is False


@pytest.mark.parametrize("table", ["evidence", "custody", "evidence_withdrawal", "transfer_step"])
async def test_the_service_itself_cannot_change_or_delete(incidents: Stage, table: str) -> None:
    for statement in (f"UPDATE {table} SET region_code = ''", f"DELETE FROM {table}"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with incidents.work() as session:
                await session.execute(text(statement))


async def test_a_rotten_file_is_told_before_its_first_byte(
    incidents: Stage, tmp_path: Path
) -> None:
    keep_files(incidents, tmp_path)
    accident, *_ = await teamed(incidents)
    item = (await handed_in(incidents, accident)).json()
    path = f"/incidents/evidence/{item['id']}"
    assert (await incidents.as_(LEAD).get(f"{path}/check")).json()["intact"]

    [stored] = files(tmp_path)
    stored.write_bytes(PNG[:-1] + b"x")
    read = await incidents.as_(LEAD).get(f"{path}/content")

    assert (read.status_code, read.json()["type"]) == (409, "/problems/file-altered")
    assert (await incidents.as_(LEAD).get(f"{path}/check")).json()["intact"] is False


async def test_a_withdrawn_item_stays_readable_and_goes_no_further(
    incidents: Stage, tmp_path: Path
) -> None:
    keep_files(incidents, tmp_path)
    accident, *_ = await teamed(incidents)
    path = f"/evidence/{(await handed_in(incidents, accident)).json()['id']}"
    await done(incidents, LEAD, f"{path}/withdrawal", reason="来源不明")

    further = await refused(incidents, LEAD, f"{path}/hand-overs", taker="t", why="w")
    again = await refused(incidents, LEAD, f"{path}/withdrawal", reason="r")
    assert further == again == (409, "evidence-withdrawn")
    seen = (await incidents.as_(LEAD).get(f"/incidents{path}")).json()
    assert seen["withdrawal"]["reason"] == "来源不明"
    assert (await incidents.as_(LEAD).get(f"/incidents{path}/content")).content == PNG


async def test_who_is_not_on_the_team_hands_nothing_in_and_reads_nothing(
    incidents: Stage, tmp_path: Path
) -> None:
    keep_files(incidents, tmp_path)
    accident, *_ = await teamed(incidents)
    item = (await handed_in(incidents, accident)).json()["id"]
    before = files(tmp_path)

    for by in (STRANGER, OFFICE, ENTERPRISE):
        answer = await handed_in(incidents, accident, by=by, content=PNG + b"1")
        read = await incidents.as_(by).get(f"/incidents/evidence/{item}/content")
        assert (answer.status_code, read.status_code) == (403, 403)
    assert files(tmp_path) == before


async def test_what_is_not_what_it_claims_is_refused_and_leaves_no_item(
    incidents: Stage, tmp_path: Path
) -> None:
    keep_files(incidents, tmp_path)
    accident, *_ = await teamed(incidents)
    script = await handed_in(incidents, accident, content=b"#!/bin/sh")
    odd = await handed_in(incidents, accident, title="a\0b")

    assert (script.status_code, odd.status_code) == (415, 422)
    assert await incidents.rows(Evidence) == []


async def test_without_a_store_nothing_is_taken_in(incidents: Stage) -> None:
    accident, *_ = await teamed(incidents)
    assert (await handed_in(incidents, accident)).status_code == 503
