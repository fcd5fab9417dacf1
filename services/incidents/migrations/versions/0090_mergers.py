"""When an accident was merged, what maps leave out for it, and what a timeline is read by."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import EVERYWHERE, protect

revision = "0090"
down_revision = "0082"
branch_labels = None
depends_on = None

_MERGED_BEFORE = """
    UPDATE accident SET merged_at = coalesce(
        (SELECT max(decided_at) FROM likeness
         WHERE status = 'merged' AND kept_id = accident.merged_into
         AND accident.id IN (accident_id, other_id)), updated_at)
    WHERE merged_into IS NOT NULL
"""
# Points that go on as another accident leave the counts of their cells.
_UNMARKED = """
    UPDATE map_point SET merged = true FROM accident
    WHERE accident.id = map_point.accident_id AND accident.merged_into IS NOT NULL
"""
_UNCOUNTED = """
    WITH gone AS (
        SELECT level, floor(lat * level)::int AS cell_row, floor(lon * level)::int AS cell_column,
            date_trunc('month', occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS month,
            grade, region_code, count(*)::int AS accidents
        FROM map_point, unnest(ARRAY[2, 8, 32]) AS level
        WHERE merged AND cell_row IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6)
    UPDATE map_tile SET accidents = map_tile.accidents - gone.accidents FROM gone
    WHERE (map_tile.level, map_tile.cell_row, map_tile.cell_column, map_tile.month,
        map_tile.grade, map_tile.region_code) = (gone.level, gone.cell_row, gone.cell_column,
        gone.month, gone.grade, gone.region_code)
"""


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("accident", sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_accident_merged_into",
        "accident",
        ["merged_into"],
        unique=False,
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.add_column(
        "map_point",
        sa.Column("merged", sa.Boolean(), server_default="false", nullable=False),
    )
    op.create_index(
        "ix_map_point_merged",
        "map_point",
        ["occurred_at"],
        unique=False,
        postgresql_where=sa.text("merged"),
    )
    op.create_index(
        "ix_public_report_accident_id",
        "public_report",
        ["accident_id"],
        unique=False,
        postgresql_where=sa.text("accident_id IS NOT NULL"),
    )
    op.create_index("ix_lead_entry_accident_id", "lead_entry", ["accident_id"], unique=False)
    op.execute(EVERYWHERE)
    for statement in (_MERGED_BEFORE, _UNMARKED, _UNCOUNTED):
        op.execute(statement)
    op.execute(_seen_by_lead("share"))


def _seen_by_lead(table: str) -> str:
    """A further policy on a table that is isolated already: policies widen each other."""
    policy = protect(table, region="lead_region")[-1]
    return (
        policy.replace("POLICY isolation", "POLICY seen_by_lead")
        .replace(f"ON {table} USING", f"ON {table} FOR SELECT USING")
        .rpartition(" WITH CHECK ")[0]
    )


def downgrade() -> None:
    """Take the step back."""
    op.execute("DROP POLICY seen_by_lead ON share")
    op.drop_index("ix_lead_entry_accident_id", table_name="lead_entry")
    op.drop_index("ix_public_report_accident_id", table_name="public_report")
    op.drop_index("ix_map_point_merged", table_name="map_point")
    op.drop_column("map_point", "merged")
    op.drop_index("ix_accident_merged_into", table_name="accident")
    op.drop_column("accident", "merged_at")
