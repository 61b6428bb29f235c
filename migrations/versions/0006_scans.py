"""What the malware scanner said of each file."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STATES = "('unscanned', 'pending', 'clean', 'infected', 'quarantined')"
_DUE = sa.text("scan IN ('pending', 'infected')")


def upgrade() -> None:
    # By itself, as SQLite adds a constraint only together with its column
    op.execute(
        "ALTER TABLE documents ADD COLUMN scan TEXT DEFAULT 'unscanned' NOT NULL "
        f"CONSTRAINT documents_scan_check CHECK (scan IN {_STATES})"
    )
    op.create_index("documents_scan_due", "documents", ["created_at", "id"], sqlite_where=_DUE, postgresql_where=_DUE)
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        connection.execute(
            sa.text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('documents', 'documents_scan_due', '100 1 1')")
        )


def downgrade() -> None:
    op.drop_index("documents_scan_due", "documents")
    op.execute("ALTER TABLE documents DROP COLUMN scan")
