"""What tasks had told before it heard itself sets off nothing."""

from alembic import op

revision = "0258"
down_revision = "0257"
branch_labels = None
depends_on = None

# Else the next fact about an old task or card would have all the earlier ones told again, and
# units would be held to account for what they were late with years ago.
HEARD = """
    INSERT INTO applied_version (publisher, aggregate_id, version)
    SELECT 'tasks', told.aggregate_id, told.version
    FROM aggregate_version AS told
    JOIN event_log USING (aggregate_id, version)
    WHERE event_log.subject LIKE ANY (ARRAY['tasks.obligation.%', 'tasks.evidence.%',
        'tasks.appeal.%', 'tasks.part.%', 'tasks.card.%', 'tasks.units.listed.%'])
    ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    """Pass by what was told of obligations, cards and lists so far."""
    op.execute(HEARD)


def downgrade() -> None:
    """Take the step back: what was passed by stays so."""
