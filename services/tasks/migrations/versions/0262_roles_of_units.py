"""By which groups plans may mean a unit, as an office says."""

import sqlalchemy as sa
from alembic import op

revision = "0262"
down_revision = "0261"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward; of every unit the packs go on to speak."""
    op.add_column("unit", sa.Column("roles", sa.ARRAY(sa.Text()), nullable=True))


def downgrade() -> None:
    """Take the step back."""
    op.drop_column("unit", "roles")
