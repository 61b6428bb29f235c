"""What imports have brought in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OUR_ID = sa.Text().with_variant(postgresql.UUID(as_uuid=False), "postgresql")
HOST_ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "import_runs",
        sa.Column("id", OUR_ID, nullable=False),
        sa.Column("source", HOST_ID, nullable=False),
        sa.Column("clinic_id", HOST_ID, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.Column("undone_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="import_runs_pkey"),
        sqlite_strict=True,
    )
    op.create_table(
        "import_rows",
        sa.Column("clinic_id", HOST_ID, nullable=False),
        sa.Column("source", HOST_ID, nullable=False),
        sa.Column("source_table", HOST_ID, nullable=False),
        sa.Column("source_id", HOST_ID, nullable=False),
        sa.Column("kind", HOST_ID, nullable=False),
        sa.Column("run_id", OUR_ID, nullable=False),
        sa.Column("our_id", HOST_ID, nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "source", "source_table", "source_id", "kind", name="import_rows_pkey"),
        sa.ForeignKeyConstraint(["run_id"], ["import_runs.id"], name="import_rows_run_fkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("import_rows_run", "import_rows", ["run_id"])


def downgrade() -> None:
    op.drop_table("import_rows")
    op.drop_table("import_runs")
