"""Uploads that come in pieces."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OUR_ID = sa.Text().with_variant(postgresql.UUID(as_uuid=False), "postgresql")
HOST_ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
COUNT = sa.Integer().with_variant(sa.BigInteger(), "postgresql")

_FIGURES = {
    "sqlite_autoindex_uploads_1": "1000 1",
    "sqlite_autoindex_uploads_2": "1000 1000 20 1",
    "uploads_expired": "1000 1 1",
}


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", OUR_ID, nullable=False),
        sa.Column("clinic_id", HOST_ID, nullable=False),
        sa.Column("user_id", HOST_ID, nullable=False),
        sa.Column("patient_id", HOST_ID, nullable=False),
        sa.Column("length", COUNT, nullable=False),
        sa.Column("received", COUNT, nullable=False),
        sa.Column("metadata", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("key", HOST_ID),
        sa.Column("fingerprint", sa.Text),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("document_id", OUR_ID),
        sa.PrimaryKeyConstraint("id", name="uploads_pkey"),
        sa.UniqueConstraint("clinic_id", "user_id", "key", name="uploads_repeated_key"),
        sa.CheckConstraint("received BETWEEN 0 AND length", name=op.f("uploads_received_check")),
        sqlite_strict=True,
    )
    op.create_index("uploads_expired", "uploads", ["expires_at", "id"])
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        connection.execute(
            sa.text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('uploads', :idx, :stat)"),
            [{"idx": index, "stat": stat} for index, stat in _FIGURES.items()],
        )


def downgrade() -> None:
    op.drop_table("uploads")
