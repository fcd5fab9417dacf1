"""Keep evidence of the part that it proves, and find what a part was proved with."""

import sqlalchemy as sa
from alembic import op

revision = "0209"
down_revision = "0208"
branch_labels = None
depends_on = None

_NAME = "ix_evidence_part_id"


def upgrade() -> None:
    """Bring the table forward."""
    op.add_column("evidence", sa.Column("part_id", sa.Uuid(), nullable=True))
    known = sa.text("part_id IS NOT NULL")
    op.create_index(_NAME, "evidence", ["part_id"], unique=False, postgresql_where=known)


def downgrade() -> None:
    """Take it back."""
    op.drop_index(_NAME, table_name="evidence")
    op.drop_column("evidence", "part_id")
