"""Accidents that harmed nobody and cost little leave the sums: every year is counted anew."""

from alembic import op

from kernel.isolation import EVERYWHERE

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None

ORDERED = """
    INSERT INTO timer (timer_id, kind, entity_id, generation, due_at, rule, reason, attempt_at,
        attempts)
    SELECT gen_random_uuid(), 'statistics_recount_due', y.year, 1 + coalesce((
        SELECT max(t.generation) FROM timer t
        WHERE t.kind = 'statistics_recount_due' AND t.entity_id = y.year), 0),
        now(), 'platform', 'upgrade', now(), 0
    FROM (SELECT DISTINCT date_part('year', month)::text AS year FROM counted_accident) y
"""


def upgrade() -> None:
    """Order it, as an office would; until it is done the sums stand as they did."""
    op.execute(EVERYWHERE)
    op.execute(ORDERED)


def downgrade() -> None:
    """Nothing to take back: the sums are what a count makes of the accidents."""
