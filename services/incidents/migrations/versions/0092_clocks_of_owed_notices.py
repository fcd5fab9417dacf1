"""Notices that were owed before they had clocks get one: they are late, and somebody is told."""

from alembic import op

from kernel.isolation import EVERYWHERE

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None

CLOCKS = """
    INSERT INTO timer (timer_id, kind, entity_id, generation, due_at, rule, reason, attempt_at,
        attempts)
    SELECT gen_random_uuid(), 'notice_due', n.id::text, 1, n.due_at, n.rule, 'upgrade', n.due_at, 0
    FROM notice n
    WHERE n.status = 'owed' AND NOT EXISTS (
        SELECT FROM timer t WHERE t.kind = 'notice_due' AND t.entity_id = n.id::text)
"""


def upgrade() -> None:
    """Set the clocks."""
    op.execute(EVERYWHERE)
    op.execute(CLOCKS)


def downgrade() -> None:
    """They may stay: one that fires for a notice that was given finds it given."""
