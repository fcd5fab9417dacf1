"""What accidents are read by: search, map, readers, casualties, and indexes of the lists."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import protect

revision = "0070"
down_revision = "0060"
branch_labels = None
depends_on = None

OF_ENTERPRISES = (
    "known_enterprise",
    "search_text",
    "map_point",
    "reading",
    "casualty",
    "casualty_version",
)
OLDER = ("accident", "report", "grade_version", "relay", "assignment", "publication")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "known_enterprise",
        sa.Column("enterprise_uscc", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("enterprise_uscc", name=op.f("pk_known_enterprise")),
    )
    op.create_table(
        "map_tile",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("cell_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cell_column", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("accidents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "level",
            "cell_row",
            "cell_column",
            "month",
            "grade",
            "region_code",
            name=op.f("pk_map_tile"),
        ),
    )
    op.create_table(
        "search_gram",
        sa.Column("gram", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "gram", "region_code", "occurred_at", "accident_id", name=op.f("pk_search_gram")
        ),
    )
    op.create_table(
        "casualty",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("hospital", sa.LargeBinary(), nullable=True),
        sa.Column("identity", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_casualty_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_casualty")),
        sa.UniqueConstraint(
            "accident_id", "identity", name=op.f("uq_casualty_accident_id_identity")
        ),
    )
    op.create_table(
        "map_point",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("cell_row", sa.Integer(), nullable=True),
        sa.Column("cell_column", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_map_point_accident_id")
        ),
        sa.PrimaryKeyConstraint("accident_id", name=op.f("pk_map_point")),
    )
    op.create_index(
        "ix_map_point_cell", "map_point", ["cell_row", "cell_column", "occurred_at"], unique=False
    )
    op.create_index(
        "ix_map_point_enterprise", "map_point", ["enterprise_uscc", "occurred_at"], unique=False
    )
    op.create_index("ix_map_point_grade", "map_point", ["grade", "occurred_at"], unique=False)
    op.create_index("ix_map_point_occurred_at", "map_point", ["occurred_at"], unique=False)
    op.create_index(
        "ix_map_point_region_code",
        "map_point",
        ["region_code", "cell_row", "cell_column"],
        unique=False,
    )
    op.create_index(
        "ix_map_point_unlocated",
        "map_point",
        ["occurred_at"],
        unique=False,
        postgresql_where=sa.text("cell_row IS NULL"),
    )
    op.create_table(
        "reading",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_reading_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint(
            "accident_id",
            "read_on",
            "subject",
            "part",
            name=op.f("uq_reading_accident_id_read_on_subject_part"),
        ),
    )
    op.create_table(
        "search_text",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_search_text_accident_id")
        ),
        sa.PrimaryKeyConstraint("accident_id", name=op.f("pk_search_text")),
    )
    op.create_index(
        "ix_search_text_enterprise_uscc",
        "search_text",
        ["enterprise_uscc", "occurred_at", "accident_id"],
        unique=False,
    )
    op.create_index(
        "ix_search_text_region_code",
        "search_text",
        ["region_code", "occurred_at", "accident_id"],
        unique=False,
    )
    op.create_table(
        "casualty_version",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("casualty_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("hospital", sa.LargeBinary(), nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["casualty_id"], ["casualty.id"], name=op.f("fk_casualty_version_casualty_id")
        ),
        sa.PrimaryKeyConstraint("casualty_id", "version", name=op.f("pk_casualty_version")),
        info={"append_only": True},
    )
    op.create_index(
        "ix_accident_enterprise_uscc",
        "accident",
        ["enterprise_uscc", "occurred_at", "id"],
        unique=False,
    )
    op.create_index("ix_accident_grade", "accident", ["grade", "occurred_at", "id"], unique=False)
    op.create_index(
        "ix_accident_industry", "accident", ["industry", "occurred_at", "id"], unique=False
    )
    op.create_index(
        "ix_accident_level", "accident", ["investigating_level", "occurred_at", "id"], unique=False
    )
    op.create_index("ix_accident_received_at", "accident", ["received_at", "id"], unique=False)
    op.create_index(
        "ix_accident_type", "accident", ["accident_type", "occurred_at", "id"], unique=False
    )
    for table in OF_ENTERPRISES:
        for statement in protect(table, holder="enterprise_uscc"):
            op.execute(statement)
    # Pairs of letters and counts are of no enterprise: none sees them.
    for table in ("search_gram", "map_tile"):
        for statement in protect(table):
            op.execute(statement)
    # The same rules in the form that lets the planner know what they leave.
    for table in OLDER:
        op.execute(f"DROP POLICY isolation ON {table}")
        op.execute(protect(table, holder="enterprise_uscc")[-1])
    op.execute("DROP POLICY isolation ON finding")
    op.execute(protect("finding")[-1])


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("ix_accident_type", table_name="accident")
    op.drop_index("ix_accident_received_at", table_name="accident")
    op.drop_index("ix_accident_level", table_name="accident")
    op.drop_index("ix_accident_industry", table_name="accident")
    op.drop_index("ix_accident_grade", table_name="accident")
    op.drop_index("ix_accident_enterprise_uscc", table_name="accident")
    op.drop_table("casualty_version")
    op.drop_index("ix_search_text_region_code", table_name="search_text")
    op.drop_index("ix_search_text_enterprise_uscc", table_name="search_text")
    op.drop_table("search_text")
    op.drop_table("reading")
    op.drop_index(
        "ix_map_point_unlocated",
        table_name="map_point",
        postgresql_where=sa.text("cell_row IS NULL"),
    )
    op.drop_index("ix_map_point_region_code", table_name="map_point")
    op.drop_index("ix_map_point_occurred_at", table_name="map_point")
    op.drop_index("ix_map_point_grade", table_name="map_point")
    op.drop_index("ix_map_point_enterprise", table_name="map_point")
    op.drop_index("ix_map_point_cell", table_name="map_point")
    op.drop_table("map_point")
    op.drop_table("casualty")
    op.drop_table("search_gram")
    op.drop_table("map_tile")
    op.drop_table("known_enterprise")
