"""Objections to parts of obligations: what waits for its decision, and more time for one part."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import EVERYWHERE, protect

revision = "0255"
down_revision = "0254"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
_ONE, _WHOLE, _PART = "uq_appeal_obligation_id", "uq_appeal_whole", "uq_appeal_part_id"


def upgrade() -> None:
    """Bring the tables forward; a unit of another place sees what it objected to."""
    op.add_column("part", sa.Column("objected_at", INSTANT, nullable=True))
    op.add_column("part", sa.Column("own_due_at", INSTANT, nullable=True))
    op.add_column("part_hold", sa.Column("own_due_at", INSTANT, nullable=True))
    op.add_column("appeal", sa.Column("part_id", sa.Uuid(), nullable=True))
    op.create_foreign_key("fk_appeal_part_id", "appeal", "part", ["part_id"], ["id"])
    op.drop_constraint(_ONE, "appeal", type_="unique")
    whole = sa.text("part_id IS NULL")
    op.create_index(_WHOLE, "appeal", ["obligation_id"], unique=True, postgresql_where=whole)
    op.create_index(_PART, "appeal", ["part_id"], unique=True)
    _isolate(units="ARRAY[unit]")


def downgrade() -> None:
    """Take the step back; what was objected to of parts is lost."""
    op.execute(EVERYWHERE)
    op.execute("DELETE FROM appeal WHERE part_id IS NOT NULL")
    op.execute("DELETE FROM timer WHERE kind = 'part_due'")
    _isolate(units=None)
    op.drop_index(_PART, table_name="appeal")
    op.drop_index(_WHOLE, table_name="appeal")
    op.create_unique_constraint(_ONE, "appeal", ["obligation_id"])
    op.drop_constraint("fk_appeal_part_id", "appeal", type_="foreignkey")
    op.drop_column("appeal", "part_id")
    op.drop_column("part_hold", "own_due_at")
    op.drop_column("part", "own_due_at")
    op.drop_column("part", "objected_at")


def _isolate(*, units: str | None) -> None:
    op.execute("DROP POLICY isolation ON appeal")
    for statement in protect("appeal", holder="enterprise_uscc", units=units):
        op.execute(statement)
