"""Find what is still to be done without reading years of what was done."""

import sqlalchemy as sa
from alembic import op

revision = "0204"
down_revision = "0203"
branch_labels = None
depends_on = None

_LIVE = "status IN ('open', 'submitted', 'returned')"


def upgrade() -> None:
    """Bring the index forward."""
    op.create_index(
        "ix_obligation_live_due",
        "obligation",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text(_LIVE),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index(
        "ix_obligation_live_due", table_name="obligation", postgresql_where=sa.text(_LIVE)
    )
