"""Accidents that nobody can put on a map are counted without reading each of them."""

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None

_NOWHERE = sa.text("cell_row IS NULL")


def upgrade() -> None:
    """Let the index hold what is asked."""
    op.drop_index("ix_map_point_unlocated", table_name="map_point")
    op.create_index(
        "ix_map_point_unlocated",
        "map_point",
        ["region_code", "occurred_at"],
        unique=False,
        postgresql_include=["enterprise_uscc", "merged", "grade"],
        postgresql_where=_NOWHERE,
    )


def downgrade() -> None:
    """Let it find them only."""
    op.drop_index("ix_map_point_unlocated", table_name="map_point")
    op.create_index(
        "ix_map_point_unlocated",
        "map_point",
        ["occurred_at"],
        unique=False,
        postgresql_where=_NOWHERE,
    )
