"""Outbox, audit log, idempotency keys, tombstones."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OUR_ID = sa.Text().with_variant(postgresql.UUID(as_uuid=False), "postgresql")
HOST_ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
COUNT = sa.Integer().with_variant(sa.BigInteger(), "postgresql")

# What is in the audit log stays as it is; and where a clinic's log ends is kept apart from it.
_SQLITE_TRIGGERS = (
    "CREATE TRIGGER audit_not_updated BEFORE UPDATE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END",
    "CREATE TRIGGER audit_not_deleted BEFORE DELETE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END",
    "CREATE TRIGGER audit_head AFTER INSERT ON audit BEGIN"
    " INSERT INTO audit_heads (clinic_id, seq, hash) VALUES (new.clinic_id, new.seq, new.hash)"
    " ON CONFLICT (clinic_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash; END",
)
_POSTGRESQL_TRIGGERS = (
    "CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the audit log is only ever added to'; END $$",
    "CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept()",
    "CREATE FUNCTION audit_has_grown() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " INSERT INTO audit_heads (clinic_id, seq, hash)"
    " SELECT DISTINCT ON (clinic_id) clinic_id, seq, hash FROM added ORDER BY clinic_id, seq DESC"
    " ON CONFLICT (clinic_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;"
    " RETURN NULL; END $$",
    "CREATE TRIGGER audit_head AFTER INSERT ON audit REFERENCING NEW TABLE AS added"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_has_grown()",
)


def _newest(column: str) -> sa.ColumnElement[object]:
    return sa.literal_column(f"{column} DESC")


def _partial_index(name: str, table: str, columns: list[str | sa.ColumnElement[object]], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("seq", COUNT, sa.Identity(always=True), nullable=False),
        sa.Column("id", OUR_ID, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("clinic_id", HOST_ID, nullable=False),
        sa.Column("actor_id", HOST_ID, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("key", HOST_ID, nullable=False),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("published_at", INSTANT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", INSTANT),
        sa.Column("fault", sa.Text),
        sa.PrimaryKeyConstraint("seq", name="outbox_pkey"),
        sa.UniqueConstraint("id", name="outbox_id_key"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    _partial_index(
        "outbox_delayed", "outbox", ["clinic_id", "key"], "published_at IS NULL AND next_attempt_at IS NOT NULL"
    )
    _partial_index("outbox_lane", "outbox", ["clinic_id", "key", "seq"], "published_at IS NULL")
    _partial_index("outbox_unpublished", "outbox", ["seq"], "published_at IS NULL")
    op.create_table(
        "audit",
        sa.Column("clinic_id", HOST_ID, nullable=False),
        sa.Column("seq", COUNT, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("user_id", HOST_ID, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("document_id", HOST_ID),
        sa.Column("patient_id", HOST_ID),
        sa.Column("subject", sa.Text),
        sa.Column("detail", sa.Text),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "seq", name="audit_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    _partial_index("audit_document", "audit", ["clinic_id", "document_id", _newest("seq")], "document_id IS NOT NULL")
    _partial_index("audit_patient", "audit", ["clinic_id", "patient_id", _newest("seq")], "patient_id IS NOT NULL")
    _partial_index("audit_user", "audit", ["clinic_id", "user_id", _newest("seq")], "user_id IS NOT NULL")
    op.create_table(
        "audit_heads",
        sa.Column("clinic_id", HOST_ID, nullable=False),
        sa.Column("seq", COUNT, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", name="audit_heads_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "repetitions",
        sa.Column("clinic_id", HOST_ID, nullable=False),
        sa.Column("user_id", HOST_ID, nullable=False),
        sa.Column("key", HOST_ID, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "user_id", "key", name="repetitions_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tombstones",
        sa.Column("document_id", OUR_ID, nullable=False),
        sa.Column("clinic_id", HOST_ID, nullable=False),
        sa.Column("patient_id", HOST_ID, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("purged_at", INSTANT, nullable=False),
        sa.Column("purged_by", HOST_ID, nullable=False),
        sa.Column("emptied_at", INSTANT),
        sa.PrimaryKeyConstraint("document_id", name="tombstones_pkey"),
        sqlite_strict=True,
    )
    _partial_index("tombstones_unfinished", "tombstones", ["purged_at"], "emptied_at IS NULL")
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE_TRIGGERS if is_sqlite else _POSTGRESQL_TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("tombstones")
    op.drop_table("repetitions")
    op.drop_table("audit_heads")
    op.drop_table("audit")
    op.drop_table("outbox")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_kept(), audit_has_grown()")
