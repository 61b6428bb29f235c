"""What is kept of the past: messages on their way out or put aside, the audit log, idempotency keys, tombstones.

Triggers (see the migrations) refuse any change of an audit row, and keep `audit_heads` at the last row of each clinic.
"""

from sqlalchemy import Column, Identity, Index, Integer, PrimaryKeyConstraint, Table, Text, UniqueConstraint

from adapters.sql.tables import metadata
from adapters.sql.types import COUNT, HOST_ID, INSTANT, JSON, OUR_ID

outbox = Table(
    "outbox",
    metadata,
    Column("seq", COUNT, Identity(always=True), primary_key=True),
    Column("id", OUR_ID, nullable=False),
    Column("type", Text, nullable=False),
    Column("clinic_id", HOST_ID, nullable=False),
    Column("actor_id", HOST_ID, nullable=False),
    Column("subject", Text, nullable=False),
    Column("key", HOST_ID, nullable=False),
    Column("occurred_at", INSTANT, nullable=False),
    Column("data", JSON, nullable=False),
    Column("published_at", INSTANT),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", INSTANT),
    Column("fault", Text),
    UniqueConstraint("id"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)
_unpublished = outbox.c.published_at.is_(None)
_delayed = _unpublished & outbox.c.next_attempt_at.is_not(None)
Index("outbox_unpublished", outbox.c.seq, sqlite_where=_unpublished, postgresql_where=_unpublished)
Index(
    "outbox_lane",
    *(outbox.c.clinic_id, outbox.c.key, outbox.c.seq),
    sqlite_where=_unpublished,
    postgresql_where=_unpublished,
)
Index("outbox_delayed", outbox.c.clinic_id, outbox.c.key, sqlite_where=_delayed, postgresql_where=_delayed)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", OUR_ID, nullable=False),
    Column("type", Text, nullable=False),
    Column("clinic_id", HOST_ID, nullable=False),
    Column("actor_id", HOST_ID, nullable=False),
    Column("subject", Text, nullable=False),
    Column("key", HOST_ID, nullable=False),
    Column("occurred_at", INSTANT, nullable=False),
    Column("data", JSON, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("fault", Text),
    Column("dead_at", INSTANT, nullable=False),
    PrimaryKeyConstraint("id"),
    sqlite_strict=True,
)

audit = Table(
    "audit",
    metadata,
    Column("clinic_id", HOST_ID, nullable=False),
    Column("seq", COUNT, nullable=False),
    Column("hash", Text, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("user_id", HOST_ID, nullable=False),
    Column("action", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    # Of a refusal these are whatever the request said, so they are text in both databases.
    Column("document_id", HOST_ID),
    Column("patient_id", HOST_ID),
    Column("subject", Text),
    Column("detail", Text),
    Column("address", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    PrimaryKeyConstraint("clinic_id", "seq"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
for _column in (audit.c.document_id, audit.c.patient_id, audit.c.user_id):
    _named = _column.is_not(None)
    Index(
        f"audit_{_column.name.removesuffix('_id')}",
        *(audit.c.clinic_id, _column, audit.c.seq.desc()),
        sqlite_where=_named,
        postgresql_where=_named,
    )

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("clinic_id", HOST_ID, nullable=False),
    Column("seq", COUNT, nullable=False),
    Column("hash", Text, nullable=False),
    PrimaryKeyConstraint("clinic_id"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

repetitions = Table(
    "repetitions",
    metadata,
    Column("clinic_id", HOST_ID, nullable=False),
    Column("user_id", HOST_ID, nullable=False),
    Column("key", HOST_ID, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    PrimaryKeyConstraint("clinic_id", "user_id", "key"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("document_id", OUR_ID, nullable=False),
    Column("clinic_id", HOST_ID, nullable=False),
    Column("patient_id", HOST_ID, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("purged_at", INSTANT, nullable=False),
    Column("purged_by", HOST_ID, nullable=False),
    Column("emptied_at", INSTANT),
    PrimaryKeyConstraint("document_id"),
    sqlite_strict=True,
)
# Those whose bytes may still be there.
Index(
    "tombstones_unfinished",
    tombstones.c.purged_at,
    sqlite_where=tombstones.c.emptied_at.is_(None),
    postgresql_where=tombstones.c.emptied_at.is_(None),
)
