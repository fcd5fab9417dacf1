"""Obligations that a plan asks for in a period, and how much of them was done."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0160"
down_revision = "0140"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    for column in _columns():
        op.add_column("obligation", column)


def downgrade() -> None:
    """Take the step back."""
    for column in reversed(_columns()):
        op.drop_column("obligation", column.name)


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("duty_kind", sa.Text(), server_default="event_triggered", nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=True),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("least", sa.Integer(), nullable=True),
        sa.Column("credited", sa.Integer(), server_default="0", nullable=False),
        sa.Column("waiting", sa.Integer(), server_default="0", nullable=False),
    ]
