"""The report of a reopened investigation is evaluated and looked back at as the first one was."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import EVERYWHERE

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None

_TABLES = ("evaluation", "lookback")


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
    op.execute(EVERYWHERE)
    op.execute("DELETE FROM evaluation WHERE generation > 1")
    op.execute("DELETE FROM lookback WHERE generation > 1")
    for table in _TABLES:
        op.drop_constraint(f"uq_{table}_accident_id_generation", table, type_="unique")
        op.create_unique_constraint(f"uq_{table}_accident_id", table, ["accident_id"])
        op.drop_column(table, "superseded_at")
        op.drop_column(table, "generation")
