"""Let further accidents propose a card of a year after one was lifted."""

import sqlalchemy as sa
from alembic import op

revision = "0206"
down_revision = "0204"
branch_labels = None
depends_on = None

_NAME = "uq_card_standing"
_BEFORE = "status NOT IN ('withdrawn', 'declined')"
_SINCE = "status NOT IN ('withdrawn', 'declined', 'lifted')"


def upgrade() -> None:
    """Bring the index forward."""
    _renewed(_SINCE)


def downgrade() -> None:
    """Take it back."""
    _renewed(_BEFORE)


def _renewed(standing: str) -> None:
    op.drop_index(_NAME, table_name="card")
    op.create_index(
        _NAME, "card", ["unit", "kind", "year"], unique=True, postgresql_where=sa.text(standing)
    )
