"""What SQLite is to take the tables for: one large clinic's.

Without figures it believes that a clinic has ten rows in each table, and happily goes through all of them. Measuring
(ANALYZE) would do it too, but an empty database has nothing to measure, and a young one would mislead the old.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Rows, and then how many of them agree in the first column, in the first two columns …
_FIGURES = {
    "documents": {
        "sqlite_autoindex_documents_1": "1000000 1",
        "sqlite_autoindex_documents_2": "1000000 1000000 20 1",
        "documents_gallery": "1000000 1000000 20 18 1 1 1 1 1",
        "documents_gallery_category": "1000000 1000000 20 18 8 1 1 1 1",
        "documents_list": "1000000 1000000 20 19 1 1 1 1",
        "documents_same_bytes": "990000 990000 1 1",
        "documents_trash": "10000 10000 1 1",
        "documents_trash_age": "10000 1 1",
        "documents_pending": "100 1 1",
        "documents_recipe": "900000 900000 1 1",
    },
    "pairing_members": {
        "sqlite_autoindex_pairing_members_1": "100000 1",
        "sqlite_autoindex_pairing_members_2": "100000 2 1",
        "sqlite_autoindex_pairing_members_3": "100000 1 1 1 1 1",
        "pairing_members_patient": "50000 50000 2 1 1",
    },
    "attachments": {
        "sqlite_autoindex_attachments_1": "2000000 1",
        "sqlite_autoindex_attachments_2": "2000000 2000000 2 1 1",
        "attachments_owner": "2000000 2000000 300000 3 3 1 1",
    },
    "notes": {
        "sqlite_autoindex_notes_1": "300000 1",
        "notes_owner": "300000 300000 100000 3 1 1",
        "notes_patient": "300000 300000 6 1 1",
    },
    "patients": {
        "sqlite_autoindex_patients_1": "50000 25000 1",
        "patients_name": "50000 25000 1 1",
    },
    "owners": {
        "sqlite_autoindex_owners_1": "500000 500000 100000 1",
        "owners_patient": "500000 500000 10 2 1 1",
    },
    "grants": {"sqlite_autoindex_grants_1": "10000 10000 2 1"},
    "outbox": {
        "sqlite_autoindex_outbox_1": "2000000 1",
        "outbox_unpublished": "100 1",
        "outbox_lane": "100 100 5 1",
        "outbox_delayed": "10 10 2",
    },
    "audit": {
        "audit": "10000000 10000000 1",
        "audit_document": "9000000 9000000 9 1",
        "audit_patient": "10000000 10000000 200 1",
        "audit_user": "10000000 10000000 500000 1",
    },
    "audit_heads": {"audit_heads": "10 1"},
    "repetitions": {"repetitions": "10000 10000 500 1"},
    "tombstones": {"sqlite_autoindex_tombstones_1": "1000 1", "tombstones_unfinished": "10 1"},
}


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    # It makes the table that the figures are in.
    op.execute("ANALYZE")
    for table, figures in _FIGURES.items():
        connection.execute(sa.text("DELETE FROM sqlite_stat1 WHERE tbl = :tbl"), {"tbl": table})
        connection.execute(
            sa.text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:tbl, :idx, :stat)"),
            [{"tbl": table, "idx": index, "stat": stat} for index, stat in figures.items()],
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DELETE FROM sqlite_stat1")
