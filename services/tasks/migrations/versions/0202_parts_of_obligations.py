"""Parts of obligations that several units share, and who held the work."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import protect

revision = "0202"
down_revision = "0201"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)

# No table has a holder: enterprises share no obligation. Units see what they share anywhere.
_ISOLATED = (
    *protect("part", units="units"),
    *protect("part_entry", units="units"),
    *protect("part_hold", units="units"),
)


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("units", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("handed_in_by", sa.Text(), nullable=True),
        sa.Column("overdue_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_part_obligation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part")),
        sa.UniqueConstraint("obligation_id", "unit", name=op.f("uq_part_obligation_id_unit")),
    )
    op.create_index("ix_part_origin", "part", ["origin"], unique=False)
    op.create_index("ix_part_unit", "part", ["unit", "opened_at", "id"], unique=False)
    op.create_table(
        "part_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("units", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_part_hold_obligation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_hold")),
    )
    op.create_index(
        "ix_part_hold_obligation_id", "part_hold", ["obligation_id", "since"], unique=False
    )
    op.create_index(
        "uq_part_hold_current",
        "part_hold",
        ["obligation_id", "holder"],
        unique=True,
        postgresql_where="until IS NULL",
    )
    op.create_table(
        "part_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("units", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("files", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_part_entry_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_entry")),
        info={"append_only": True},
    )
    op.create_index("ix_part_entry_part_id", "part_entry", ["part_id", "id"], unique=False)
    for statement in _ISOLATED:
        op.execute(statement)


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("ix_part_entry_part_id", table_name="part_entry")
    op.drop_table("part_entry")
    op.drop_index("uq_part_hold_current", table_name="part_hold", postgresql_where="until IS NULL")
    op.drop_index("ix_part_hold_obligation_id", table_name="part_hold")
    op.drop_table("part_hold")
    op.drop_index("ix_part_unit", table_name="part")
    op.drop_index("ix_part_origin", table_name="part")
    op.drop_table("part")
