"""By which day a case counts as closed in time, for the cases there are as well."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import EVERYWHERE

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

_SAME = "e.accident_id = i.accident_id AND e.generation = i.generation"
# Both limits, what was granted on top, and every day of an appraisal once.
_KEEP = f"""
    UPDATE investigation i
    SET case_due_on = i.starts_on
        + CASE WHEN a.grade = 'extraordinary' THEN 90 ELSE 75 END
        + coalesce((SELECT sum(e.days) FROM extension e WHERE {_SAME}), 0)::int
        + (SELECT count(DISTINCT day) FROM appraisal e,
           generate_series(e.began_on + 1, e.ended_on, interval '1 day') AS day
           WHERE {_SAME})::int
    FROM accident a
    WHERE a.id = i.accident_id
      AND NOT EXISTS (SELECT FROM appraisal e WHERE {_SAME} AND e.ended_on IS NULL)
"""  # noqa: S608  # its only variable part is a constant of this module


def upgrade() -> None:
    """Bring the table forward."""
    op.add_column("investigation", sa.Column("case_due_on", sa.Date(), nullable=True))
    op.execute(EVERYWHERE)
    op.execute(_KEEP)
    op.create_index("ix_investigation_case_due", "investigation", ["case_due_on"])


def downgrade() -> None:
    """Take it back: it can be computed again."""
    op.drop_index("ix_investigation_case_due", table_name="investigation")
    op.drop_column("investigation", "case_due_on")
