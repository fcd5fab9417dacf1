"""Keep in a draft how many days after its event a duty is due."""

import sqlalchemy as sa
from alembic import op

revision = "0207"
down_revision = "0206"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the table forward."""
    op.add_column("plan_draft_duty", sa.Column("within_days", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("plan_draft_duty", "within_days")
