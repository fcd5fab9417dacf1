"""Why an obligation is owed no more; what is told of an accident while it is struck off."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import EVERYWHERE

revision = "0252"
down_revision = "0251"
branch_labels = None
depends_on = None

STRUCK_OFF = """
    INSERT INTO timer (timer_id, kind, entity_id, generation, due_at, rule, reason, attempt_at,
        attempts)
    SELECT gen_random_uuid(), 'release_due', accident_id::text, 1, now(), 'platform', 'upgrade',
        now(), 0
    FROM accident WHERE struck_off_at IS NOT NULL
"""


def upgrade() -> None:
    """Bring the tables forward, and order that what was struck off before asks for nothing."""
    op.execute(EVERYWHERE)
    op.add_column("obligation", sa.Column("released_for", sa.Text(), nullable=True))
    op.add_column("accident", sa.Column("told_harmed", sa.Boolean(), nullable=True))
    op.add_column("accident", sa.Column("told_published_on", sa.Date(), nullable=True))
    op.execute(STRUCK_OFF)


def downgrade() -> None:
    """Take the step back; what had ended stays ended."""
    op.execute(EVERYWHERE)
    op.execute("DELETE FROM timer WHERE kind IN ('release_due', 'resume_due')")
    op.drop_column("accident", "told_published_on")
    op.drop_column("accident", "told_harmed")
    op.execute("UPDATE obligation SET status = 'superseded' WHERE status = 'released'")
    op.execute("UPDATE opening SET status = 'ended' WHERE status = 'released'")
    op.drop_column("obligation", "released_for")
