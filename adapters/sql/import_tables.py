"""What is remembered of imports."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, Text

from adapters.sql.tables import metadata
from adapters.sql.types import HOST_ID, INSTANT, OUR_ID

import_runs = Table(
    "import_runs",
    metadata,
    Column("id", OUR_ID, nullable=False),
    Column("source", HOST_ID, nullable=False),
    Column("clinic_id", HOST_ID, nullable=False),
    Column("started_at", INSTANT, nullable=False),
    Column("finished_at", INSTANT),
    Column("undone_at", INSTANT),
    PrimaryKeyConstraint("id"),
    sqlite_strict=True,
)
import_rows = Table(
    "import_rows",
    metadata,
    Column("clinic_id", HOST_ID, nullable=False),
    Column("source", HOST_ID, nullable=False),
    Column("source_table", HOST_ID, nullable=False),
    Column("source_id", HOST_ID, nullable=False),
    Column("kind", HOST_ID, nullable=False),
    Column("run_id", OUR_ID, nullable=False),
    Column("our_id", HOST_ID, nullable=False),
    Column("mark", Text, nullable=False),
    PrimaryKeyConstraint("clinic_id", "source", "source_table", "source_id", "kind"),
    ForeignKeyConstraint(["run_id"], ["import_runs.id"], name="import_rows_run_fkey"),
    Index("import_rows_run", "run_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
