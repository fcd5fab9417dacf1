"""Scores with their ledger, rankings, objections to them, and cards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kernel.isolation import protect

revision = "0180"
down_revision = "0170"
branch_labels = None
depends_on = None

FROZEN = ("score_line", "ranking_row", "card_entry")
# Lines, rankings and listed units are of units only and are published: they have no wall.
_ISOLATED = (*protect("score_objection"), *protect("card"), *protect("card_entry"))


def upgrade() -> None:
    """Bring the tables forward."""
    _accidents()
    _ledger()
    _rankings()
    _cards()
    for statement in _ISOLATED:
        op.execute(statement)
    op.execute(
        "CREATE FUNCTION refuse_change_of_scores() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'it is only added to' USING ERRCODE = 'restrict_violation';"
        " END $$"
    )
    for table in FROZEN:
        op.execute(
            f"CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change_of_scores()"
        )


def downgrade() -> None:
    """Take the step back."""
    for table in FROZEN:
        op.execute(f"DROP TRIGGER frozen ON {table}")
    op.execute("DROP FUNCTION refuse_change_of_scores()")
    op.drop_index("ix_accident_happened_at", table_name="accident")
    op.drop_index(
        "ix_accident_graver", table_name="accident", postgresql_where="grade <> 'general'"
    )
    op.drop_column("accident", "struck_off_at")
    op.drop_column("accident", "merged_into")
    op.drop_index(
        "uq_score_objection_made", table_name="score_objection", postgresql_where="status = 'made'"
    )
    op.drop_index("ix_score_objection_ranking_id", table_name="score_objection")
    op.drop_table("score_objection")
    op.drop_table("ranking_row")
    op.drop_table("listed_unit")
    op.drop_index("ix_card_entry_card_id", table_name="card_entry")
    op.drop_table("card_entry")
    op.drop_index("ix_accident_finding_stated_at", table_name="accident_finding")
    op.drop_index("ix_accident_finding_accident_id", table_name="accident_finding")
    op.drop_table("accident_finding")
    op.drop_table("score_sum")
    op.drop_index("ix_score_run_period", table_name="score_run")
    op.drop_table("score_run")
    op.drop_index("ix_score_line_subject", table_name="score_line")
    op.drop_table("score_line")
    op.drop_index(
        "uq_ranking_published", table_name="ranking", postgresql_where="status = 'published'"
    )
    op.drop_table("ranking")
    op.drop_index(
        "uq_card_standing",
        table_name="card",
        postgresql_where="status NOT IN ('withdrawn', 'declined')",
    )
    op.drop_index("ix_card_year", table_name="card")
    op.drop_table("card")


def _ledger() -> None:
    op.create_table(
        "score_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_code", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reverses", sa.Uuid(), nullable=True),
        sa.Column("sign", sa.SmallInteger(), nullable=False),
        sa.Column("numerator", sa.Integer(), nullable=False),
        sa.Column("denominator", sa.Integer(), nullable=False),
        sa.Column("value", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("points", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("weight", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("arithmetic", sa.Text(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("cadence", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reverses"], ["score_line.id"], name=op.f("fk_score_line_reverses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_line")),
        sa.UniqueConstraint(
            "cadence",
            "first",
            "subject",
            "group_code",
            "indicator",
            "sequence",
            name=op.f("uq_score_line_cadence_first_subject_group_code_indicator_sequence"),
        ),
        info={"append_only": True},
    )
    op.create_index("ix_score_line_subject", "score_line", ["subject", "last", "id"], unique=False)
    op.create_table(
        "score_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_through", sa.Text(), nullable=True),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("ordered_by", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cadence", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_run")),
    )
    op.create_index("ix_score_run_period", "score_run", ["cadence", "first", "id"], unique=False)
    op.create_table(
        "score_sum",
        sa.Column("cadence", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("group_code", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("earned", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("weight", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("taken_off", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("measured", sa.Integer(), nullable=False),
        sa.Column("unmeasured", sa.Integer(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint(
            "cadence", "first", "group_code", "subject", name=op.f("pk_score_sum")
        ),
    )


def _rankings() -> None:
    op.create_table(
        "ranking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("group_code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("unmeasured", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.Column("objections_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cadence", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking")),
        sa.UniqueConstraint(
            "cadence",
            "group_code",
            "first",
            "version",
            name=op.f("uq_ranking_cadence_group_code_first_version"),
        ),
        sa.UniqueConstraint(
            "year",
            "cadence",
            "group_code",
            "number",
            "version",
            name=op.f("uq_ranking_year_cadence_group_code_number_version"),
        ),
    )
    op.create_index(
        "uq_ranking_published",
        "ranking",
        ["cadence", "group_code", "first"],
        unique=True,
        postgresql_where="status = 'published'",
    )
    op.create_table(
        "ranking_row",
        sa.Column("ranking_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("tied", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("earned", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("weight", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("taken_off", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("unmeasured", sa.Integer(), nullable=False),
        sa.Column("rank_before", sa.Integer(), nullable=True),
        sa.Column("score_before", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.ForeignKeyConstraint(
            ["ranking_id"], ["ranking.id"], name=op.f("fk_ranking_row_ranking_id")
        ),
        sa.PrimaryKeyConstraint("ranking_id", "place", name=op.f("pk_ranking_row")),
        info={"append_only": True},
    )
    op.create_table(
        "score_objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ranking_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("numerator", sa.Integer(), nullable=True),
        sa.Column("denominator", sa.Integer(), nullable=True),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_line_id", sa.Uuid(), nullable=True),
        sa.Column("new_ranking_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["line_id"], ["score_line.id"], name=op.f("fk_score_objection_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["new_line_id"], ["score_line.id"], name=op.f("fk_score_objection_new_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["new_ranking_id"], ["ranking.id"], name=op.f("fk_score_objection_new_ranking_id")
        ),
        sa.ForeignKeyConstraint(
            ["ranking_id"], ["ranking.id"], name=op.f("fk_score_objection_ranking_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_objection")),
    )
    op.create_index(
        "ix_score_objection_ranking_id", "score_objection", ["ranking_id"], unique=False
    )
    op.create_index(
        "uq_score_objection_made",
        "score_objection",
        ["ranking_id", "unit", "line_id"],
        unique=True,
        postgresql_where="status = 'made'",
    )


def _cards() -> None:
    op.create_table(
        "card",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("group_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("threshold", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("cause_zh", sa.Text(), nullable=False),
        sa.Column("cause_en", sa.Text(), nullable=False),
        sa.Column("accidents", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noticed_by", sa.Text(), nullable=True),
        sa.Column("reply_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("grounds", sa.Text(), nullable=True),
        sa.Column("effect_from", sa.Date(), nullable=True),
        sa.Column("effect_to", sa.Date(), nullable=True),
        sa.Column("bars_zh", sa.Text(), nullable=True),
        sa.Column("bars_en", sa.Text(), nullable=True),
        sa.Column("review_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
    )
    op.create_index("ix_card_year", "card", ["year", "unit"], unique=False)
    op.create_index(
        "ix_card_accidents", "card", ["accidents"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "uq_card_standing",
        "card",
        ["unit", "kind", "year"],
        unique=True,
        postgresql_where="status NOT IN ('withdrawn', 'declined')",
    )
    op.create_table(
        "card_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_card_entry_card_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_entry")),
        info={"append_only": True},
    )
    op.create_index("ix_card_entry_card_id", "card_entry", ["card_id", "id"], unique=False)
    op.create_table(
        "listed_unit",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("cause_zh", sa.Text(), nullable=False),
        sa.Column("cause_en", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_listed_unit_card_id")),
        sa.PrimaryKeyConstraint("year", "card_id", name=op.f("pk_listed_unit")),
    )


def _accidents() -> None:
    op.create_table(
        "accident_finding",
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.accident_id"], name=op.f("fk_accident_finding_accident_id")
        ),
        sa.PrimaryKeyConstraint("finding_id", name=op.f("pk_accident_finding")),
    )
    op.create_index(
        "ix_accident_finding_accident_id", "accident_finding", ["accident_id"], unique=False
    )
    op.create_index(
        "ix_accident_finding_stated_at", "accident_finding", ["stated_at"], unique=False
    )
    op.add_column("accident", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.add_column("accident", sa.Column("struck_off_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_accident_graver",
        "accident",
        ["happened_at"],
        unique=False,
        postgresql_where="grade <> 'general'",
    )
    op.create_index("ix_accident_happened_at", "accident", ["happened_at"], unique=False)
