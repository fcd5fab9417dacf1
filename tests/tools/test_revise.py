"""The tables that are declared are those that the migrations make."""

import pytest
from sqlalchemy import Column, Index, Integer, MetaData

from kernel.migrations import runner
from tests.lending import MakeDatabase
from tests.services.stage import migrated
from tools import revise


@pytest.mark.parametrize(
    "service", ["gateway", "incidents", "inspections", "notifications", "tasks"]
)
async def test_no_migration_is_missing(database_url: MakeDatabase, service: str) -> None:
    urls = await database_url(service, prepare=migrated(service))

    for target in ("kernel", service):
        assert await revise.difference(target=target, owner_url=urls.owner) is None


async def test_what_is_declared_and_not_there_is_written_down(
    database_url: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = await database_url("tasks", prepare=migrated("tasks"))
    declared = MetaData()
    table = runner.service_metadata("tasks").tables["enterprise"].to_metadata(declared)
    table.append_column(Column("told_twice", Integer))
    Index("ix_enterprise_told_twice", table.c.told_twice)
    monkeypatch.setattr(runner, "service_metadata", lambda _: declared)

    found = await revise.difference(target="tasks", owner_url=urls.owner)

    assert found is not None
    upgrade, downgrade = found
    assert "told_twice" in upgrade
    assert "ix_enterprise_told_twice" in upgrade
    assert "drop_column('enterprise', 'told_twice')" in downgrade
