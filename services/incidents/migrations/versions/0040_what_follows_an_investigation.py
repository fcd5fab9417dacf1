"""What follows an investigation."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import protect

revision = "0040"
down_revision = "0030"
branch_labels = None
depends_on = None

# Without a holder: nothing of who investigates, with what, and whom it suspects, is shown to
# the enterprise.
HIDDEN = (
    "team_member",
    "recusal",
    "investigation_step",
    "evidence",
    "custody",
    "evidence_withdrawal",
    "transfer",
    "transfer_step",
    "lookback",
)
# The addressee sees it wherever the accident happened.
ADDRESSED = ("recommendation", "recommendation_proof", "proof_file")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "evaluation",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("counted_from", sa.Date(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concluded_by", sa.Text(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_evaluation_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint("accident_id", name=op.f("uq_evaluation_accident_id")),
    )
    op.create_index(
        "ix_evaluation_region_code", "evaluation", ["region_code", "due_at", "id"], unique=False
    )
    op.create_table(
        "evidence",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_in_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_evidence_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("accident_id", "sha256", name=op.f("uq_evidence_accident_id_sha256")),
        info={"append_only": True},
    )
    op.create_index(
        "ix_evidence_region_code", "evidence", ["region_code", "taken_in_at", "id"], unique=False
    )
    op.create_table(
        "lookback",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_lookback_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lookback")),
        sa.UniqueConstraint("accident_id", name=op.f("uq_lookback_accident_id")),
    )
    op.create_index(
        "ix_lookback_region_code", "lookback", ["region_code", "due_at", "id"], unique=False
    )
    op.create_table(
        "recommendation",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("units", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(unit, enterprise_uscc) = 1", name=op.f("ck_recommendation_one_addressee")
        ),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_recommendation_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
    )
    op.create_index(
        "ix_recommendation_accident_id", "recommendation", ["accident_id"], unique=False
    )
    op.create_index(
        "ix_recommendation_region_code",
        "recommendation",
        ["region_code", "due_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_recommendation_unit", "recommendation", ["unit", "due_at", "id"], unique=False
    )
    op.create_table(
        "team_member",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_team_member_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
    )
    op.create_index("ix_team_member_accident_id", "team_member", ["accident_id"], unique=False)
    op.create_index(
        "ix_team_member_region_code", "team_member", ["region_code", "id"], unique=False
    )
    op.create_index(
        "uq_team_member_account",
        "team_member",
        ["accident_id", "account"],
        unique=True,
        postgresql_where=sa.text("status IN ('invited', 'active')"),
    )
    op.create_index(
        "uq_team_member_lead",
        "team_member",
        ["accident_id"],
        unique=True,
        postgresql_where=sa.text("part = 'lead' AND status IN ('invited', 'active')"),
    )
    op.create_table(
        "transfer",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("officers", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_transfer_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index("ix_transfer_accident_id", "transfer", ["accident_id"], unique=False)
    op.create_index(
        "ix_transfer_region_code", "transfer", ["region_code", "proposed_at", "id"], unique=False
    )
    op.create_table(
        "custody",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("giver", sa.LargeBinary(), nullable=False),
        sa.Column("taker", sa.LargeBinary(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_custody_evidence_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody")),
        sa.UniqueConstraint("evidence_id", "n", name=op.f("uq_custody_evidence_id_n")),
        info={"append_only": True},
    )
    op.create_table(
        "evidence_withdrawal",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_withdrawal_evidence_id")
        ),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_evidence_withdrawal")),
        info={"append_only": True},
    )
    op.create_table(
        "investigation_step",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assigned_by", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_investigation_step_accident_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["team_member.id"], name=op.f("fk_investigation_step_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investigation_step")),
    )
    op.create_index(
        "ix_investigation_step_accident_id", "investigation_step", ["accident_id"], unique=False
    )
    op.create_index(
        "ix_investigation_step_region_code",
        "investigation_step",
        ["region_code", "due_at", "id"],
        unique=False,
    )
    op.create_table(
        "recommendation_proof",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("units", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_by", sa.Text(), nullable=False),
        sa.Column("from_unit", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_proof_recommendation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_proof")),
        sa.UniqueConstraint(
            "recommendation_id", "n", name=op.f("uq_recommendation_proof_recommendation_id_n")
        ),
    )
    op.create_table(
        "recusal",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("ground", sa.LargeBinary(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_recusal_accident_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["team_member.id"], name=op.f("fk_recusal_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
    )
    op.create_index("ix_recusal_accident_id", "recusal", ["accident_id"], unique=False)
    op.create_table(
        "transfer_step",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_by_seconds", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_step_transfer_id")
        ),
        sa.PrimaryKeyConstraint("transfer_id", "n", name=op.f("pk_transfer_step")),
        info={"append_only": True},
    )
    op.create_table(
        "proof_file",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("proof_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("units", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proof_id"], ["recommendation_proof.id"], name=op.f("fk_proof_file_proof_id")
        ),
        sa.PrimaryKeyConstraint("proof_id", "sha256", name=op.f("pk_proof_file")),
        info={"append_only": True},
    )
    for table in HIDDEN:
        for statement in protect(table):
            op.execute(statement)
    for table in ADDRESSED:
        for statement in protect(table, holder="enterprise_uscc", units="units"):
            op.execute(statement)
    for statement in protect("evaluation", holder="enterprise_uscc"):
        op.execute(statement)


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("proof_file")
    op.drop_table("transfer_step")
    op.drop_index("ix_recusal_accident_id", table_name="recusal")
    op.drop_table("recusal")
    op.drop_table("recommendation_proof")
    op.drop_index("ix_investigation_step_region_code", table_name="investigation_step")
    op.drop_index("ix_investigation_step_accident_id", table_name="investigation_step")
    op.drop_table("investigation_step")
    op.drop_table("evidence_withdrawal")
    op.drop_table("custody")
    op.drop_index("ix_transfer_region_code", table_name="transfer")
    op.drop_index("ix_transfer_accident_id", table_name="transfer")
    op.drop_table("transfer")
    op.drop_index(
        "uq_team_member_lead",
        table_name="team_member",
        postgresql_where=sa.text("part = 'lead' AND status IN ('invited', 'active')"),
    )
    op.drop_index(
        "uq_team_member_account",
        table_name="team_member",
        postgresql_where=sa.text("status IN ('invited', 'active')"),
    )
    op.drop_index("ix_team_member_region_code", table_name="team_member")
    op.drop_index("ix_team_member_accident_id", table_name="team_member")
    op.drop_table("team_member")
    op.drop_index("ix_recommendation_unit", table_name="recommendation")
    op.drop_index("ix_recommendation_region_code", table_name="recommendation")
    op.drop_index("ix_recommendation_accident_id", table_name="recommendation")
    op.drop_table("recommendation")
    op.drop_index("ix_lookback_region_code", table_name="lookback")
    op.drop_table("lookback")
    op.drop_index("ix_evidence_region_code", table_name="evidence")
    op.drop_table("evidence")
    op.drop_index("ix_evaluation_region_code", table_name="evaluation")
    op.drop_table("evaluation")
