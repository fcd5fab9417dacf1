"""Find what a unit still has to do of others' duties without reading years of what was done."""

import sqlalchemy as sa
from alembic import op

revision = "0208"
down_revision = "0207"
branch_labels = None
depends_on = None

_NAME = "ix_part_working_unit"
_WORKING = "status IN ('open', 'returned')"


def upgrade() -> None:
    """Bring the index forward."""
    op.create_index(_NAME, "part", ["unit"], unique=False, postgresql_where=sa.text(_WORKING))


def downgrade() -> None:
    """Take it back."""
    op.drop_index(_NAME, table_name="part", postgresql_where=sa.text(_WORKING))
