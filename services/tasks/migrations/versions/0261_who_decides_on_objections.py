"""Which office decides on an objection to a duty, and by when."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import EVERYWHERE

revision = "0261"
down_revision = "0260"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
INDEX = "ix_appeal_office"

# A migration knows neither holidays nor whom an office serves: what waits already has a week for
# five working days, and the office of the city decides, which may decide on all but its own
# government's. That of a county may still do it before.
WAITING = """
    UPDATE appeal
    SET office = left(region_code, 4) || '00.committee_office',
        due_at = (date_trunc('day', now() AT TIME ZONE 'Asia/Shanghai') + interval '8 days')
            AT TIME ZONE 'Asia/Shanghai'
    WHERE status = 'made'
"""
CLOCKS = """
    INSERT INTO timer (timer_id, kind, entity_id, generation, due_at, rule, reason, attempt_at,
        attempts)
    SELECT gen_random_uuid(), 'appeal_decision_due', id::text, 1, due_at,
        'platform whole@2000-01-01', 'upgrade', due_at, 0
    FROM appeal WHERE status = 'made'
"""


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("appeal", sa.Column("office", sa.Text(), nullable=True))
    op.add_column("appeal", sa.Column("due_at", INSTANT, nullable=True))
    op.add_column("appeal", sa.Column("overdue_at", INSTANT, nullable=True))
    op.execute(EVERYWHERE)
    op.execute(WAITING)
    op.execute(CLOCKS)
    op.create_index(INDEX, "appeal", ["office", "due_at"], postgresql_where="status = 'made'")


def downgrade() -> None:
    """Take the step back."""
    op.execute("DELETE FROM timer WHERE kind = 'appeal_decision_due'")
    op.drop_index(INDEX, table_name="appeal", postgresql_where="status = 'made'")
    op.drop_column("appeal", "overdue_at")
    op.drop_column("appeal", "due_at")
    op.drop_column("appeal", "office")
