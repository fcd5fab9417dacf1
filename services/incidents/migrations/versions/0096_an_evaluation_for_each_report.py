"""The report of a reopened investigation is evaluated and looked back at as the first one was."""

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None

_TABLES = ("evaluation", "lookback")
# The wall around the rows stands before their owner too, so the whole nation is stated.
_WHOLE_NATION = (
    "SELECT set_config('app.region_lo', '0', true), set_config('app.region_hi', ':', true),"
    " set_config('app.holder', '*', true)"
)


def upgrade() -> None:
    """Bring the tables forward; what there is belongs to first investigations."""
    for table in _TABLES:
        op.add_column(
            table, sa.Column("generation", sa.Integer(), server_default="1", nullable=False)
        )
        op.add_column(table, sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True))
        op.drop_constraint(f"uq_{table}_accident_id", table, type_="unique")
        op.create_unique_constraint(
            f"uq_{table}_accident_id_generation", table, ["accident_id", "generation"]
        )


def downgrade() -> None:
    """Take it back, with the first of each accident."""
    op.execute(_WHOLE_NATION)
    op.execute("DELETE FROM evaluation WHERE generation > 1")
    op.execute("DELETE FROM lookback WHERE generation > 1")
    for table in _TABLES:
        op.drop_constraint(f"uq_{table}_accident_id_generation", table, type_="unique")
        op.create_unique_constraint(f"uq_{table}_accident_id", table, ["accident_id"])
        op.drop_column(table, "superseded_at")
        op.drop_column(table, "generation")
