"""Uploads that come in pieces."""

from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Table, Text, UniqueConstraint

from adapters.sql.tables import metadata
from adapters.sql.types import COUNT, HOST_ID, INSTANT, OUR_ID

uploads = Table(
    "uploads",
    metadata,
    Column("id", OUR_ID, nullable=False),
    Column("clinic_id", HOST_ID, nullable=False),
    Column("user_id", HOST_ID, nullable=False),
    Column("patient_id", HOST_ID, nullable=False),
    Column("length", COUNT, nullable=False),
    Column("received", COUNT, nullable=False),
    Column("metadata", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("key", HOST_ID),
    Column("fingerprint", Text),
    Column("created_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Column("document_id", OUR_ID),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("clinic_id", "user_id", "key", name="uploads_repeated_key"),
    CheckConstraint("received BETWEEN 0 AND length", name="received"),
    Index("uploads_expired", "expires_at", "id"),
    sqlite_strict=True,
)
