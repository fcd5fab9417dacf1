"""Plans in frozen versions, and the drafts that they are read into."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kernel.isolation import protect

revision = "0120"
down_revision = "0101"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
FROZEN = ("plan", "plan_article", "plan_duty")
# None has a holder: row-level security hides drafts from enterprises.
DRAFTS = (
    "plan_draft",
    "plan_draft_article",
    "plan_draft_duty",
    "plan_draft_flag",
    "plan_draft_change",
)


def upgrade() -> None:
    """Bring the tables forward."""
    _versions()
    _numbers()
    _drafts()
    _corrections()
    for table in DRAFTS:
        for statement in protect(table):
            op.execute(statement)
    op.execute(
        "CREATE FUNCTION refuse_change_of_plan() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'an issued plan is frozen' USING ERRCODE = 'restrict_violation';"
        " END $$"
    )
    for table in FROZEN:
        op.execute(
            f"CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change_of_plan()"
        )


def _versions() -> None:
    op.drop_constraint("fk_plan_article_year", "plan_article", type_="foreignkey")
    op.drop_constraint("fk_plan_duty_year", "plan_duty", type_="foreignkey")
    for table, key in (
        ("plan", ["year", "version"]),
        ("plan_article", ["year", "version", "number"]),
        ("plan_duty", ["year", "version", "code"]),
    ):
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        op.alter_column(table, "version", server_default=None)
        op.drop_constraint(f"pk_{table}", table, type_="primary")
        op.create_primary_key(f"pk_{table}", table, key)
    for table in ("plan_article", "plan_duty"):
        op.create_foreign_key(
            op.f(f"fk_{table}_year_version"),
            table,
            "plan",
            ["year", "version"],
            ["year", "version"],
        )
    op.add_column("plan", sa.Column("title_zh", sa.Text(), nullable=True))
    op.add_column("plan", sa.Column("draft_id", sa.Uuid(), nullable=True))
    op.alter_column("plan_article", "title_en", nullable=True)


def _numbers() -> None:
    op.alter_column("plan_duty", "text_en", nullable=True)
    for name in ("lead", "supporting"):
        op.add_column(
            "plan_duty", sa.Column(name, sa.ARRAY(sa.Text()), nullable=False, server_default="{}")
        )
        op.alter_column("plan_duty", name, server_default=None)
    for name in ("cadence", "comparator", "target", "unit", "condition"):
        op.add_column("plan_duty", sa.Column(name, sa.Text(), nullable=True))
    for name in ("least", "source_start", "source_end"):
        op.add_column("plan_duty", sa.Column(name, sa.Integer(), nullable=True))


def _drafts() -> None:
    op.create_table(
        "plan_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_sha256", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sections", _json(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_draft")),
    )
    op.create_index(
        "ix_plan_draft_region_code", "plan_draft", ["region_code", "made_at", "id"], unique=False
    )
    op.create_index("ix_plan_draft_source", "plan_draft", ["year", "source_sha256"], unique=False)
    op.create_table(
        "plan_draft_article",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("section", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("title_start", sa.Integer(), nullable=False),
        sa.Column("title_end", sa.Integer(), nullable=False),
        sa.Column("allocations", _json(), nullable=False),
        _of_draft("plan_draft_article"),
        sa.PrimaryKeyConstraint("draft_id", "number", name=op.f("pk_plan_draft_article")),
    )


def _corrections() -> None:
    op.create_table(
        "plan_draft_duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("split_from", sa.Uuid(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reworded", sa.Boolean(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=True),
        sa.Column("subjects", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("allocation", sa.Integer(), nullable=True),
        sa.Column("lead", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("supporting", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("reassigned", sa.Boolean(), nullable=False),
        sa.Column("cadence", sa.Text(), nullable=True),
        sa.Column("least", sa.Integer(), nullable=True),
        sa.Column("comparator", sa.Text(), nullable=True),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("trigger", sa.Text(), nullable=True),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        _of_draft("plan_draft_duty"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_draft_duty")),
        sa.UniqueConstraint(
            "draft_id",
            "article",
            "position",
            name=op.f("uq_plan_draft_duty_draft_id_article_position"),
        ),
    )
    op.create_table(
        "plan_draft_flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("reason_zh", sa.Text(), nullable=False),
        sa.Column("reason_en", sa.Text(), nullable=False),
        sa.Column("candidates", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("correction", sa.Text(), nullable=True),
        sa.Column("units", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        _of_draft("plan_draft_flag"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_draft_flag")),
        sa.UniqueConstraint("draft_id", "number", name=op.f("uq_plan_draft_flag_draft_id_number")),
    )
    op.create_table(
        "plan_draft_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=True),
        sa.Column("flag_id", sa.Uuid(), nullable=True),
        sa.Column("before", _json(), nullable=False),
        sa.Column("after", _json(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        _of_draft("plan_draft_change"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_draft_change")),
        info={"append_only": True},
    )
    op.create_index(
        "ix_plan_draft_change_draft_id", "plan_draft_change", ["draft_id", "id"], unique=False
    )


def downgrade() -> None:
    """Take the step back, where no year has more than one version."""
    for table in FROZEN:
        op.execute(f"DROP TRIGGER frozen ON {table}")
    op.execute("DROP FUNCTION refuse_change_of_plan()")
    op.drop_index("ix_plan_draft_change_draft_id", table_name="plan_draft_change")
    op.drop_table("plan_draft_change")
    op.drop_table("plan_draft_flag")
    op.drop_table("plan_draft_duty")
    op.drop_table("plan_draft_article")
    op.drop_index("ix_plan_draft_source", table_name="plan_draft")
    op.drop_index("ix_plan_draft_region_code", table_name="plan_draft")
    op.drop_table("plan_draft")
    for name in ("source_end", "source_start", "least"):
        op.drop_column("plan_duty", name)
    for name in ("condition", "unit", "target", "comparator", "cadence", "supporting", "lead"):
        op.drop_column("plan_duty", name)
    op.alter_column("plan_duty", "text_en", nullable=False)
    op.alter_column("plan_article", "title_en", nullable=False)
    op.drop_column("plan", "draft_id")
    op.drop_column("plan", "title_zh")
    for table in ("plan_article", "plan_duty"):
        op.drop_constraint(f"fk_{table}_year_version", table, type_="foreignkey")
    for table, key in (
        ("plan_duty", ["year", "code"]),
        ("plan_article", ["year", "number"]),
        ("plan", ["year"]),
    ):
        op.drop_constraint(f"pk_{table}", table, type_="primary")
        op.drop_column(table, "version")
        op.create_primary_key(f"pk_{table}", table, key)
    for table in ("plan_article", "plan_duty"):
        op.create_foreign_key(op.f(f"fk_{table}_year"), table, "plan", ["year"], ["year"])


def _of_draft(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["draft_id"], ["plan_draft.id"], name=op.f(f"fk_{table}_draft_id")
    )


def _json() -> postgresql.JSONB:
    return postgresql.JSONB(astext_type=sa.Text())
