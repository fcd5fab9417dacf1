"""Sums and entries are added up by the thousand: their wall reads the scope once a statement."""

from alembic import op

from kernel.isolation import protect

revision = "0114"
down_revision = "0113"
branch_labels = None
depends_on = None

# The policy's name, table, column of the place, and what it is for.
_POLICIES = (
    ("isolation", "entry", "region_code", ""),
    ("isolation", "statistic", "region_code", ""),
    ("seen_by_park", "statistic", "park_code", "FOR SELECT "),
)


def upgrade() -> None:
    """Write the policies anew."""
    _write(at_once=True)


def downgrade() -> None:
    """Write them as they were."""
    _write(at_once=False)


def _write(*, at_once: bool) -> None:
    for name, table, region, use in _POLICIES:
        policy = protect(table, region=region, at_once=at_once)[-1]
        policy = policy.replace("POLICY isolation", f"POLICY {name}")
        if use:
            policy = policy.replace(" USING", f" {use}USING").rpartition(" WITH CHECK ")[0]
        op.execute(f"DROP POLICY {name} ON {table}")
        op.execute(policy)
