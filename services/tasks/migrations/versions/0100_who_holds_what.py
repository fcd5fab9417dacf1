"""Who holds a post, whom a unit reports to, who sits on a committee, what followed a unit.

And which obligation of a unit that ended an obligation of its heir goes on with.
"""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0081"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _alone(table: str, *keys: str) -> str:
    """Of one key no two rows hold on one day: what the operations refuse, the database does.

    Texts take no part in such a constraint without an extension, so their hash does.
    """
    named = " || '\t' || ".join(keys)
    hashed = f"hashtextextended({named}, 0)"
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT ex_{table}_one_a_day EXCLUDE USING gist ("
        f"int8range({hashed}, {hashed}, '[]') WITH &&,"
        " daterange(effective_from, effective_to, '[]') WITH &&)"
    )


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("post", sa.Column("telephone", sa.Text(), nullable=True))
    op.add_column("obligation", sa.Column("inherits", sa.Uuid(), nullable=True))
    op.create_table(
        "holding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("appointed_by", sa.Text(), nullable=False),
        sa.Column("appointed_at", INSTANT, nullable=False),
        sa.Column("relief_document", sa.Text(), nullable=True),
        sa.Column("relieved_by", sa.Text(), nullable=True),
        sa.Column("relieved_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holding")),
    )
    op.create_index("ix_holding_post", "holding", ["post", "effective_from"], unique=False)
    op.create_index("ix_holding_person", "holding", ["person", "effective_from"], unique=False)
    op.create_index("ix_holding_unit", "holding", ["unit"], unique=False)
    op.create_table(
        "reporting_line",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("superior", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "effective_from", name=op.f("pk_reporting_line")),
    )
    op.create_index("ix_reporting_line_superior", "reporting_line", ["superior"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("committee", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index("ix_membership_committee", "membership", ["committee"], unique=False)
    op.create_index("ix_membership_unit", "membership", ["unit"], unique=False)
    op.create_table(
        "succession",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("predecessor", sa.Text(), nullable=False),
        sa.Column("successor", sa.Text(), nullable=False),
        sa.Column("heir", sa.Boolean(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_succession")),
    )
    op.create_index("ix_succession_successor", "succession", ["successor"], unique=False)
    op.create_index(
        "uq_succession_heir",
        "succession",
        ["predecessor", "effective_from"],
        unique=True,
        postgresql_where="heir",
    )
    for table, *keys in (
        ("unit", "code"),
        ("post", "code"),
        ("holding", "post"),
        ("reporting_line", "unit"),
        ("membership", "committee", "unit"),
    ):
        op.execute(_alone(table, *keys))


def downgrade() -> None:
    """Take the step back."""
    op.execute("ALTER TABLE post DROP CONSTRAINT ex_post_one_a_day")
    op.execute("ALTER TABLE unit DROP CONSTRAINT ex_unit_one_a_day")
    op.drop_table("succession")
    op.drop_table("membership")
    op.drop_table("reporting_line")
    op.drop_table("holding")
    op.drop_column("obligation", "inherits")
    op.drop_column("post", "telephone")
