"""Indexes by which a county's obligations are found without looking through the whole city's."""

import sqlalchemy as sa
from alembic import op

revision = "0253"
down_revision = "0252"
branch_labels = None
depends_on = None

_LIVE = "status IN ('open', 'submitted', 'returned')"


def upgrade() -> None:
    """Bring the tables forward."""
    keys = ["region_code", "due_at", "id"]
    op.create_index("ix_obligation_region", "obligation", keys)
    op.create_index(
        "ix_obligation_live_region", "obligation", keys, postgresql_where=sa.text(_LIVE)
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("ix_obligation_live_region", table_name="obligation")
    op.drop_index("ix_obligation_region", table_name="obligation")
