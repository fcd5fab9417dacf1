"""Of accidents that harmed nobody and cost little no entry is asked: those that wait end."""

from alembic import op

from kernel.isolation import EVERYWHERE

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None

ENDED = """
    UPDATE entry e SET status = 'left_out'
    FROM accident a
    WHERE a.id = e.accident_id AND e.status IN ('open', 'entered')
        AND a.merged_into IS NULL AND a.accident_type <> 'forest_fire'
        AND (a.occurred_at AT TIME ZONE 'Asia/Shanghai')::date >= DATE '2016-07-27'
        AND a.deaths + a.missing + a.serious_injuries + a.minor_injuries = 0
        AND coalesce(a.direct_loss_wan, 0) < 100
        AND NOT EXISTS (SELECT FROM qualification q
            WHERE q.accident_id = a.id AND q.status = 'struck_off')
"""
STOPPED = """
    UPDATE timer t SET cancelled_at = now()
    FROM entry e
    WHERE e.status = 'left_out' AND t.entity_id = e.accident_id::text
        AND t.kind IN ('entry_enter_due', 'entry_complete_due')
        AND t.fired_at IS NULL AND t.cancelled_at IS NULL
"""


def upgrade() -> None:
    """End them and stop their clocks; what was found late before stays marked."""
    op.execute(EVERYWHERE)
    op.execute(ENDED)
    op.execute(STOPPED)


def downgrade() -> None:
    """Nothing to take back: what was asked for before is no duty."""
