"""The records: documents, pairings, attachments, notes, directory.

Foreign keys carry the clinic, and the patient where both sides must be the same one's.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKeyConstraint,
    FromClause,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from adapters.sql.types import COUNT, DAY, FLAG, HOST_ID, INSTANT, JSON, OUR_ID

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)

_ACTIVE = "active = CASE WHEN trashed_at IS NULL AND archived_at IS NULL THEN 1 ELSE 0 END"
_IN_GALLERY = "in_gallery = CASE WHEN media_kind IN ('photo', 'xray') THEN active ELSE 0 END"
_SCANS = "scan IN ('unscanned', 'pending', 'clean', 'infected', 'quarantined')"

documents = Table(
    "documents",
    metadata,
    Column("id", OUR_ID, nullable=False),
    Column("clinic_id", HOST_ID, nullable=False),
    Column("patient_id", HOST_ID, nullable=False),
    Column("document_type", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text),
    Column("media_kind", Text, nullable=False),
    Column("media_category", Text),
    Column("media_subtype", Text),
    Column("captured_at", INSTANT),
    Column("captured_at_source", Text, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("original_filename", Text, nullable=False),
    Column("mime_type", Text, nullable=False),
    Column("file_size", COUNT, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("crc32", COUNT, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("derived", Text, nullable=False),
    Column("recipe", Integer, nullable=False),
    Column("placeholder", Text),
    Column("duplicate_of", OUR_ID),
    Column("uploaded_by", HOST_ID, nullable=False),
    Column("uploader_name", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("updated_at", INSTANT, nullable=False),
    Column("archived_at", INSTANT),
    Column("trashed_at", INSTANT),
    Column("trashed_by", HOST_ID),
    Column("hold", FLAG, nullable=False),
    Column("version", Integer, nullable=False),
    # What the lists are sorted and searched by, so that an index can serve them.
    Column("shown_at", INSTANT, nullable=False),
    Column("sort_name", HOST_ID, nullable=False),
    Column("search_text", Text, nullable=False),
    # Flags for indexes to begin with. Partial indexes would be smaller; but then SQLite, which counts with whatever
    # index has the shortest rows, often takes one that leads it through the table.
    # Written by us and checked, not generated: SQLite counts in no index that has a generated column.
    Column("active", Integer, nullable=False),
    Column("in_gallery", Integer, nullable=False),
    # Its constraint with it, as SQLite has it for a column that came later.
    Column("scan", Text, CheckConstraint(_SCANS, name="scan"), nullable=False, server_default="unscanned"),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("clinic_id", "patient_id", "id", name="documents_patient_key"),
    CheckConstraint("media_kind IN ('document', 'photo', 'xray', 'scan', 'video')", name="media_kind"),
    CheckConstraint("derived IN ('none', 'ready', 'pending')", name="derived"),
    CheckConstraint("file_size >= 0", name="file_size"),
    CheckConstraint("length(sha256) = 64", name="sha256"),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint(_ACTIVE, name="active"),
    CheckConstraint(_IN_GALLERY, name="in_gallery"),
    sqlite_strict=True,
)


def is_active(table: FromClause = documents) -> ColumnElement[bool]:
    return table.c.active == literal_column("1")


def is_pending() -> ColumnElement[bool]:
    """It still has to get its pictures."""
    return documents.c.derived == literal_column("'pending'")


def is_derived() -> ColumnElement[bool]:
    return documents.c.derived == literal_column("'ready'")


def is_scan_due() -> ColumnElement[bool]:
    """The scanner, or the quarantine, has still to have it."""
    return documents.c.scan.in_([literal_column("'pending'"), literal_column("'infected'")])


def in_gallery() -> ColumnElement[bool]:
    return documents.c.in_gallery == literal_column("1")


_newest = (documents.c.shown_at.desc(), documents.c.id.desc())
_latest = (documents.c.created_at.desc(), documents.c.id.desc())
_of_patient = (documents.c.clinic_id, documents.c.patient_id)
_words = (documents.c.media_kind, documents.c.media_subtype)
# The columns behind the sort keys let a filter be decided, and a total be counted, in the index alone.
Index("documents_gallery", *_of_patient, documents.c.in_gallery, *_newest, *_words, documents.c.media_category)
Index("documents_gallery_category", *_of_patient, documents.c.in_gallery, documents.c.media_category, *_newest, *_words)
Index(
    "documents_list",
    *(*_of_patient, documents.c.active, *_latest, documents.c.media_kind, documents.c.document_type),
)


def _documents_index(name: str, *columns: str, where: ColumnElement[bool]) -> None:
    Index(name, *(documents.c[column] for column in columns), sqlite_where=where, postgresql_where=where)


_is_kept = documents.c.trashed_at.is_(None)
_documents_index("documents_same_bytes", "clinic_id", "sha256", "patient_id", where=_is_kept)
_is_trashed = documents.c.trashed_at.is_not(None)
_documents_index("documents_trash", "clinic_id", "trashed_at", "id", where=_is_trashed)
_documents_index("documents_trash_age", "trashed_at", "id", where=_is_trashed)
_documents_index("documents_pending", "created_at", "id", where=is_pending())
_documents_index("documents_scan_due", "created_at", "id", where=is_scan_due())
_documents_index("documents_recipe", "recipe", "created_at", "id", where=is_derived())

_OF_DOCUMENT = ["documents.clinic_id", "documents.patient_id", "documents.id"]

pairing_members = Table(
    "pairing_members",
    metadata,
    Column("document_id", OUR_ID, nullable=False),
    Column("partner_id", OUR_ID, nullable=False),
    Column("role", Text, nullable=False),
    Column("pairing_id", OUR_ID, nullable=False),
    Column("clinic_id", HOST_ID, nullable=False),
    Column("patient_id", HOST_ID, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    PrimaryKeyConstraint("document_id"),
    UniqueConstraint("pairing_id", "role"),
    UniqueConstraint(
        "document_id", "partner_id", "pairing_id", "clinic_id", "patient_id", name="pairing_members_pair_key"
    ),
    # A half pair cannot be stored: each member names another that names it, in one pairing, clinic and patient.
    ForeignKeyConstraint(
        ["partner_id", "document_id", "pairing_id", "clinic_id", "patient_id"],
        [
            f"pairing_members.{column}"
            for column in ("document_id", "partner_id", "pairing_id", "clinic_id", "patient_id")
        ],
        name="pairing_members_partner_fkey",
        deferrable=True,
        initially="DEFERRED",
    ),
    ForeignKeyConstraint(
        ["clinic_id", "patient_id", "document_id"], _OF_DOCUMENT, name="pairing_members_document_fkey"
    ),
    CheckConstraint("role IN ('before', 'after')", name="role"),
    CheckConstraint("document_id <> partner_id", name="partner"),
    sqlite_strict=True,
)


def is_before() -> ColumnElement[bool]:
    """One row of each pairing."""
    return pairing_members.c.role == literal_column("'before'")


Index(
    "pairing_members_patient",
    *(pairing_members.c.clinic_id, pairing_members.c.patient_id),
    *(pairing_members.c.created_at.desc(), pairing_members.c.pairing_id.desc()),
    sqlite_where=is_before(),
    postgresql_where=is_before(),
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", OUR_ID, nullable=False),
    Column("clinic_id", HOST_ID, nullable=False),
    Column("patient_id", HOST_ID, nullable=False),
    Column("document_id", OUR_ID, nullable=False),
    Column("owner_type", HOST_ID, nullable=False),
    Column("owner_id", HOST_ID, nullable=False),
    Column("display_order", Integer, nullable=False),
    Column("category", Text),
    Column("created_at", INSTANT, nullable=False),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("clinic_id", "document_id", "owner_type", "owner_id", name="attachments_link_key"),
    # A link that a moved document keeps is to a record of its new patient.
    ForeignKeyConstraint(
        ["clinic_id", "patient_id", "document_id"],
        _OF_DOCUMENT,
        name="attachments_document_fkey",
        onupdate="CASCADE",
    ),
    CheckConstraint("display_order >= 0", name="display_order"),
    Index("attachments_owner", "clinic_id", "owner_type", "owner_id", "display_order", "created_at", "id"),
    sqlite_strict=True,
)

notes = Table(
    "notes",
    metadata,
    Column("id", OUR_ID, nullable=False),
    Column("clinic_id", HOST_ID, nullable=False),
    Column("patient_id", HOST_ID, nullable=False),
    Column("note_type", Text, nullable=False),
    Column("owner_type", HOST_ID, nullable=False),
    Column("owner_id", HOST_ID, nullable=False),
    Column("body", Text, nullable=False),
    Column("tooth_number", Integer),
    Column("author_id", HOST_ID, nullable=False),
    Column("author_name", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("updated_at", INSTANT, nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("id"),
    CheckConstraint("version >= 1", name="version"),
    sqlite_strict=True,
)
_written = (notes.c.created_at.desc(), notes.c.id.desc())
Index("notes_owner", notes.c.clinic_id, notes.c.owner_type, notes.c.owner_id, *_written)
Index("notes_patient", notes.c.clinic_id, notes.c.patient_id, *_written)

patients = Table(
    "patients",
    metadata,
    Column("clinic_id", HOST_ID, nullable=False),
    Column("id", HOST_ID, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("birth_date", DAY),
    Column("status", Text, nullable=False),
    Column("hold", FLAG, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("updated_at", INSTANT, nullable=False),
    Column("sort_name", HOST_ID, nullable=False),
    Column("search_text", Text, nullable=False),
    PrimaryKeyConstraint("clinic_id", "id"),
    CheckConstraint("status IN ('active', 'archived')", name="status"),
    Index("patients_name", "clinic_id", "sort_name", "id"),
    sqlite_strict=True,
)

owners = Table(
    "owners",
    metadata,
    Column("clinic_id", HOST_ID, nullable=False),
    Column("owner_type", HOST_ID, nullable=False),
    Column("owner_id", HOST_ID, nullable=False),
    Column("patient_id", HOST_ID, nullable=False),
    Column("title", Text, nullable=False),
    Column("occurred_at", INSTANT),
    Column("created_at", INSTANT, nullable=False),
    Column("updated_at", INSTANT, nullable=False),
    Column("shown_at", INSTANT, nullable=False),
    PrimaryKeyConstraint("clinic_id", "owner_type", "owner_id"),
    sqlite_strict=True,
)
Index(
    "owners_patient",
    *(owners.c.clinic_id, owners.c.patient_id),
    *(owners.c.shown_at.desc(), owners.c.owner_type.desc(), owners.c.owner_id.desc()),
)
Index("owners_type", owners.c.clinic_id, owners.c.owner_type, owners.c.shown_at.desc(), owners.c.owner_id.desc())

grants = Table(
    "grants",
    metadata,
    Column("clinic_id", HOST_ID, nullable=False),
    Column("user_id", HOST_ID, nullable=False),
    Column("patient_id", HOST_ID, nullable=False),
    Column("access", Integer, nullable=False),
    PrimaryKeyConstraint("clinic_id", "user_id", "patient_id"),
    CheckConstraint("access BETWEEN 1 AND 3", name="access"),
    sqlite_strict=True,
)
