"""Leads with their sealed informants, qualifications, and the burnt area of forest fires."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import protect

revision = "0050"
down_revision = "0040"
branch_labels = None
depends_on = None

# None has a holder: row-level security hides them from the enterprise they are about.
OF_OFFICES = ("informant", "reveal", "lead", "lead_entry")
OF_ENTERPRISES = ("qualification", "qualification_version")


def upgrade() -> None:
    """Bring the tables forward."""
    for table in ("accident", "report"):
        op.add_column(
            table, sa.Column("burnt_area_ha", sa.Numeric(precision=13, scale=4), nullable=True)
        )
    op.create_table(
        "informant",
        *_placed(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_informant")),
    )
    op.create_table(
        "reveal",
        *_placed(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("informant_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["informant_id"], ["informant.id"], name=op.f("fk_reveal_informant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveal")),
    )
    op.create_index("ix_reveal_informant_id", "reveal", ["informant_id"], unique=False)
    op.create_table(
        "lead",
        *_placed(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uncertain_by_hours", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("enterprise_name", sa.Text(), nullable=True),
        sa.Column("deaths_alleged", sa.Integer(), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.Column("informant_id", sa.Uuid(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("unreported_deaths", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("first_check_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_check_overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result_overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finding_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["informant_id"], ["informant.id"], name=op.f("fk_lead_informant_id")
        ),
        sa.ForeignKeyConstraint(["accident_id"], ["accident.id"], name=op.f("fk_lead_accident_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_lead_finding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead")),
    )
    op.create_index("ix_lead_received_at", "lead", ["received_at", "id"], unique=False)
    op.create_index("ix_lead_accident_id", "lead", ["accident_id"], unique=False)
    op.create_table(
        "lead_entry",
        *_placed(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_entry_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_entry")),
        info={"append_only": True},
    )
    op.create_index("ix_lead_entry_lead_id", "lead_entry", ["lead_id", "id"], unique=False)
    _qualification("qualification", ["accident_id"], append_only=False)
    _qualification("qualification_version", ["accident_id", "version"], append_only=True)
    for table in OF_OFFICES:
        for statement in protect(table):
            op.execute(statement)
    for table in OF_ENTERPRISES:
        for statement in protect(table, holder="enterprise_uscc"):
            op.execute(statement)


def _placed() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
    )


def _qualification(table: str, key: list[str], *, append_only: bool) -> None:
    op.create_table(
        table,
        *_placed(),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("deciding_unit", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f(f"fk_{table}_accident_id")
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
        info={"append_only": append_only},
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("qualification_version")
    op.drop_table("qualification")
    op.drop_index("ix_lead_entry_lead_id", table_name="lead_entry")
    op.drop_table("lead_entry")
    op.drop_index("ix_lead_accident_id", table_name="lead")
    op.drop_index("ix_lead_received_at", table_name="lead")
    op.drop_table("lead")
    op.drop_index("ix_reveal_informant_id", table_name="reveal")
    op.drop_table("reveal")
    op.drop_table("informant")
    for table in ("report", "accident"):
        op.drop_column(table, "burnt_area_ha")
