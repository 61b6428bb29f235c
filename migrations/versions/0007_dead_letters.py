"""Messages that were put aside because nobody took them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OUR_ID = sa.Text().with_variant(postgresql.UUID(as_uuid=False), "postgresql")
HOST_ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSONB, "postgresql")


def upgrade() -> None:
    op.create_table(
        "dead_letters",
        sa.Column("id", OUR_ID, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("clinic_id", HOST_ID, nullable=False),
        sa.Column("actor_id", HOST_ID, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("key", HOST_ID, nullable=False),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("fault", sa.Text),
        sa.Column("dead_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="dead_letters_pkey"),
        sqlite_strict=True,
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        connection.execute(
            sa.text("INSERT INTO sqlite_stat1 VALUES ('dead_letters', 'sqlite_autoindex_dead_letters_1', '100 1')")
        )


def downgrade() -> None:
    """What was put aside goes back on its way: nothing may be lost."""
    op.execute(
        "INSERT INTO outbox (id, type, clinic_id, actor_id, subject, key, occurred_at, data, attempts) "
        "SELECT id, type, clinic_id, actor_id, subject, key, occurred_at, data, 0 FROM dead_letters ORDER BY id"
    )
    op.drop_table("dead_letters")
