"""The tables of procrastinate, for jobs that many machines share; in a schema of their own.

They are made whether procrastinate is installed or not: the database is the same for all machines, and which of them
work with it is a setting that may change any day. So its schema is here, as its version 3.10.0 has it (MIT licence).
"""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TABLES = Path(__file__).parents[1] / "procrastinate" / "schema-3.10.0.sql"


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    before = connection.exec_driver_sql("SHOW search_path").scalar()
    connection.exec_driver_sql("CREATE SCHEMA clinic_media_jobs")
    connection.exec_driver_sql("SET LOCAL search_path = clinic_media_jobs")
    # Many statements in one, which is more than the driver would send.
    connection.exec_driver_sql(f"DO $all$ BEGIN EXECUTE $tables$ {_TABLES.read_text()} $tables$; END $all$")
    connection.exec_driver_sql(f"SET LOCAL search_path = {before}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SCHEMA clinic_media_jobs CASCADE")
