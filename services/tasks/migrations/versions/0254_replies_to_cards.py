"""A clock for the reply of every card of which notice was given."""

from alembic import op

from kernel.isolation import EVERYWHERE

revision = "0254"
down_revision = "0253"
branch_labels = None
depends_on = None

CLOCKS = """
    INSERT INTO timer (timer_id, kind, entity_id, generation, due_at, rule, reason, attempt_at,
        attempts)
    SELECT gen_random_uuid(), 'card_reply_over', id::text, 1, reply_due_at, rule, 'upgrade',
        reply_due_at, 0
    FROM card WHERE status = 'noticed' AND reply_due_at IS NOT NULL
"""


def upgrade() -> None:
    """Bring the clocks forward; the time of a reply that is over already is told of at once."""
    op.execute(EVERYWHERE)
    op.execute(CLOCKS)


def downgrade() -> None:
    """Take the step back."""
    op.execute("DELETE FROM timer WHERE kind = 'card_reply_over'")
