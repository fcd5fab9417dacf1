"""Sums by industry, kind and grade of the whole city; what nobody reads goes."""

from alembic import op

from kernel.isolation import EVERYWHERE

revision = "0113"
down_revision = "0112"
branch_labels = None
depends_on = None

UNREAD = """
    DELETE FROM statistic
    WHERE shape = 'cell' OR (shape <> 'total' AND standing <> 'counted')
"""
GATHERED = """
    INSERT INTO statistic (shape, region_code, month, park_code, industry, accident_type, grade,
        standing, accidents, graver, deaths, serious_injuries, direct_loss_wan)
    SELECT shape, left(region_code, 4) || '00', month, '', industry, accident_type, grade,
        standing, sum(accidents), sum(graver), sum(deaths), sum(serious_injuries),
        sum(direct_loss_wan)
    FROM statistic
    WHERE shape <> 'total' AND NOT (right(region_code, 2) = '00' AND park_code = '')
    GROUP BY shape, left(region_code, 4), month, industry, accident_type, grade, standing
    ON CONFLICT ON CONSTRAINT pk_statistic DO UPDATE SET
        accidents = statistic.accidents + excluded.accidents,
        graver = statistic.graver + excluded.graver,
        deaths = statistic.deaths + excluded.deaths,
        serious_injuries = statistic.serious_injuries + excluded.serious_injuries,
        direct_loss_wan = statistic.direct_loss_wan + excluded.direct_loss_wan
"""


def upgrade() -> None:
    """Bring the sums forward as they stand: a count anew would make the same of them."""
    for statement in (EVERYWHERE, UNREAD, GATHERED):
        op.execute(statement)


def downgrade() -> None:
    """The sums from before are made by counting anew, which an office orders."""
    op.execute(EVERYWHERE)
    op.execute("DELETE FROM statistic WHERE shape <> 'total' AND right(region_code, 2) = '00'")
