"""An index for the records of one type in a whole clinic, newest first."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_COLUMNS: list[str | sa.TextClause] = ["clinic_id", "owner_type", sa.text("shown_at DESC"), sa.text("owner_id DESC")]
_FIGURES = "500000 500000 100000 1 1"


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.create_index("owners_type", "owners", _COLUMNS)
        connection.execute(
            sa.text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('owners', 'owners_type', :stat)"),
            {"stat": _FIGURES},
        )
        return
    before = connection.exec_driver_sql("SHOW lock_timeout").scalar()
    with op.get_context().autocommit_block():
        # It waits for the transactions of others, but nobody waits for it
        op.execute("SET lock_timeout = '60s'")
        # One that did not come to its end leaves an index behind that is none
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS owners_type")
        op.create_index("owners_type", "owners", _COLUMNS, postgresql_concurrently=True)
        op.execute(f"SET lock_timeout = '{before}'")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("owners_type", "owners")
        return
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS owners_type")
