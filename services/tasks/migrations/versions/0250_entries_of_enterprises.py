"""What enterprises were registered as, from a day to a day."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import protect

revision = "0250"
down_revision = "0231"
branch_labels = None
depends_on = None

# An enterprise that was told of once has been what it is since then. What others were before
# they were told of last nobody kept: theirs hold from before any day that is asked about. The
# kernel's tables are not there where this service's alone are made to be looked at.
TAKEN_OVER = """
    DO $$ BEGIN
        IF to_regclass('applied_version') IS NOT NULL THEN
            INSERT INTO enterprise_entry (uscc, effective_from, name, region_code, industry,
                                          sector, high_risk, risk_class, groups)
            SELECT uscc,
                   CASE WHEN told.version = 1 THEN (told_at AT TIME ZONE 'Asia/Shanghai')::date
                        ELSE date '1900-01-01' END,
                   name, region_code, industry, sector, high_risk, risk_class, groups
            FROM enterprise LEFT JOIN applied_version AS told
                ON told.publisher = 'inspections' AND told.aggregate_id = uscc;
        END IF;
    END $$
"""


def upgrade() -> None:
    """Bring the table forward, with the enterprises as they are."""
    op.create_table(
        "enterprise_entry",
        sa.Column("uscc", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("high_risk", sa.Boolean(), nullable=False),
        sa.Column("risk_class", sa.Text(), nullable=True),
        sa.Column("groups", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("uscc", "effective_from", name=op.f("pk_enterprise_entry")),
    )
    # Whoever migrates owns the table and is held to its policy all the same.
    op.execute("ALTER TABLE enterprise NO FORCE ROW LEVEL SECURITY")
    op.execute(TAKEN_OVER)
    op.execute("ALTER TABLE enterprise FORCE ROW LEVEL SECURITY")
    op.create_index(
        "ix_enterprise_entry_region_code", "enterprise_entry", ["region_code"], unique=False
    )
    op.create_index(
        "uq_enterprise_entry_current",
        "enterprise_entry",
        ["uscc"],
        unique=True,
        postgresql_where="effective_to IS NULL",
    )
    for statement in protect("enterprise_entry", holder="uscc"):
        op.execute(statement)


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("enterprise_entry")
