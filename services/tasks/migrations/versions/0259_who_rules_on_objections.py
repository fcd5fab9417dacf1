"""Which office rules on an objection to a score, so that its calendar and digest say so."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import EVERYWHERE

revision = "0259"
down_revision = "0258"
branch_labels = None
depends_on = None

INDEX = "ix_score_objection_office"
OFFICE = "UPDATE score_objection SET office = left(region_code, 4) || '00.committee_office'"


def upgrade() -> None:
    """Bring the tables forward; so far the city's office ruled on all of them."""
    op.add_column("score_objection", sa.Column("office", sa.Text(), nullable=True))
    op.execute(EVERYWHERE)
    op.execute(OFFICE)
    op.alter_column("score_objection", "office", nullable=False)
    op.create_index(
        INDEX, "score_objection", ["office", "due_at"], postgresql_where="status = 'made'"
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_index(INDEX, table_name="score_objection", postgresql_where="status = 'made'")
    op.drop_column("score_objection", "office")
