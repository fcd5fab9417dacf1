"""`python -m tools.revise incidents "what changes"`: write the next migration from the tables.

Starts a scratch PostgreSQL, migrates it, compares it with the declared tables and writes the
difference. Read what it wrote: policies and data moves are added by hand.
"""

import asyncio
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, NullPool
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.ext.asyncio import create_async_engine

from kernel.migrations import runner
from kernel.positions import Xid8

ischema_names["xid8"] = Xid8  # the reflection of SQLAlchemy knows no transaction ids

_TEMPLATE = '''"""{message}."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
{imports}
revision = "{revision}"
down_revision = {previous!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
{upgrade}


def downgrade() -> None:
    """Take the step back."""
{downgrade}
'''


def _difference(
    connection: Connection, metadata: MetaData, version_table: str
) -> tuple[str, str] | None:
    options = {"version_table": version_table, "target_metadata": metadata, "compare_type": True}
    options["include_name"] = _only(metadata)
    context = MigrationContext.configure(connection, opts=options)
    script = produce_migrations(context, metadata)
    assert script.upgrade_ops is not None
    assert script.downgrade_ops is not None
    if script.upgrade_ops.is_empty():
        return None
    return (
        _indented(render_python_code(script.upgrade_ops)),
        _indented(render_python_code(script.downgrade_ops)),
    )


def _only(metadata: MetaData):  # type: ignore[no-untyped-def]  # alembic's own callback type
    def include(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or name in metadata.tables

    return include


def _indented(code: str) -> str:
    """Alembic indents all lines but the first; its own comments say nothing to a reader."""
    lines = f"    {code}".splitlines()
    kept = "\n".join(line for line in lines if not line.strip().startswith("# ###"))
    return kept.replace("astext_type=Text()", "astext_type=sa.Text()")


def _imports(code: str) -> str:
    """Column types of our own are written with the module that declares them."""
    ours = re.findall(r"\b((?:kernel|services|gateway)(?:\.[a-z_]+)+)\.[A-Z]\w+\(", code)
    return "".join(f"import {module}\n" for module in sorted(set(ours)))


async def difference(*, target: str, owner_url: str) -> tuple[str, str] | None:
    """What brings the kernel's or a service's tables to how they are declared, and back again.

    The database is brought to the newest shape first. None when nothing is missing.
    """
    kernel = target == "kernel"
    versions = runner.KERNEL_VERSIONS if kernel else runner.SERVICE_VERSIONS
    metadata = runner.kernel_metadata() if kernel else runner.service_metadata(target)
    engine = create_async_engine(owner_url, poolclass=NullPool)
    async with engine.begin() as connection:
        if kernel:
            await connection.run_sync(_upgrade_kernel)
        else:
            await connection.run_sync(lambda sync: runner.make(sync, service=target))
        found = await connection.run_sync(_difference, metadata, versions)
    await engine.dispose()
    return found


def _upgrade_kernel(connection: Connection) -> None:
    runner.upgrade(connection, scripts=runner.KERNEL_SCRIPTS, version_table=runner.KERNEL_VERSIONS)


async def revise(*, target: str, message: str, owner_url: str) -> Path | None:
    """Write the next migration of the kernel or of a service; None when nothing changed."""
    found = await difference(target=target, owner_url=owner_url)
    if found is None:
        return None
    scripts = runner.KERNEL_SCRIPTS if target == "kernel" else runner.service_scripts(target)
    return _write(scripts, message, *found)


def _write(scripts: Path, message: str, upgrade: str, downgrade: str) -> Path:
    directory = ScriptDirectory(str(scripts))
    previous = directory.get_current_head()
    revision = f"{int(previous or 0) + 1:04d}"
    slug = "_".join(message.lower().split())[:40]
    path = scripts / "versions" / f"{revision}_{slug}.py"
    path.write_text(
        _TEMPLATE.format(
            message=message,
            imports=_imports(upgrade),
            revision=revision,
            previous=previous,
            upgrade=upgrade,
            downgrade=downgrade,
        )
    )
    for tidy in (["format"], ["check", "--fix"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, "-q", path], check=True)
    return path


async def main(target: str, message: str) -> None:
    """Revise over a scratch server."""
    from devstack.scratch import scratch_database  # noqa: PLC0415 -- only this command needs one

    with tempfile.TemporaryDirectory() as folder:
        async with scratch_database(Path(folder)) as owner_url:
            path = await revise(target=target, message=message, owner_url=owner_url)
    print(path or "nothing changed")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
