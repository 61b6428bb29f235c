"""Documents, pairings, attachments, notes, and the directory."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

OUR_ID = sa.Text().with_variant(postgresql.UUID(as_uuid=False), "postgresql")
HOST_ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
DAY = sa.Text().with_variant(sa.Date(), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
COUNT = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
FLAG = sa.Integer().with_variant(sa.Boolean(), "postgresql")


def _newest(column: str) -> sa.ColumnElement[object]:
    return sa.literal_column(f"{column} DESC")


def _partial_index(name: str, table: str, columns: list[str | sa.ColumnElement[object]], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", OUR_ID, nullable=False),
        sa.Column("clinic_id", HOST_ID, nullable=False),
        sa.Column("patient_id", HOST_ID, nullable=False),
        sa.Column("document_type", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text),
        sa.Column("media_kind", sa.Text, nullable=False),
        sa.Column("media_category", sa.Text),
        sa.Column("media_subtype", sa.Text),
        sa.Column("captured_at", INSTANT),
        sa.Column("captured_at_source", sa.Text, nullable=False),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("original_filename", sa.Text, nullable=False),
        sa.Column("mime_type", sa.Text, nullable=False),
        sa.Column("file_size", COUNT, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("crc32", COUNT, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("derived", sa.Text, nullable=False),
        sa.Column("recipe", sa.Integer(), nullable=False),
        sa.Column("placeholder", sa.Text),
        sa.Column("duplicate_of", OUR_ID),
        sa.Column("uploaded_by", HOST_ID, nullable=False),
        sa.Column("uploader_name", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("archived_at", INSTANT),
        sa.Column("trashed_at", INSTANT),
        sa.Column("trashed_by", HOST_ID),
        sa.Column("hold", FLAG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shown_at", INSTANT, nullable=False),
        sa.Column("sort_name", HOST_ID, nullable=False),
        sa.Column("search_text", sa.Text, nullable=False),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.Column("in_gallery", sa.Integer(), nullable=False),
        sa.CheckConstraint("derived IN ('none', 'ready', 'pending')", name=op.f("documents_derived_check")),
        sa.CheckConstraint(
            "media_kind IN ('document', 'photo', 'xray', 'scan', 'video')", name=op.f("documents_media_kind_check")
        ),
        sa.CheckConstraint("file_size >= 0", name=op.f("documents_file_size_check")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("documents_sha256_check")),
        sa.CheckConstraint("version >= 1", name=op.f("documents_version_check")),
        sa.CheckConstraint(
            "active = CASE WHEN trashed_at IS NULL AND archived_at IS NULL THEN 1 ELSE 0 END",
            name=op.f("documents_active_check"),
        ),
        sa.CheckConstraint(
            "in_gallery = CASE WHEN media_kind IN ('photo', 'xray') THEN active ELSE 0 END",
            name=op.f("documents_in_gallery_check"),
        ),
        sa.PrimaryKeyConstraint("id", name="documents_pkey"),
        sa.UniqueConstraint("clinic_id", "patient_id", "id", name="documents_patient_key"),
        sqlite_strict=True,
    )
    op.create_index(
        "documents_gallery",
        "documents",
        [
            "clinic_id",
            "patient_id",
            "in_gallery",
            _newest("shown_at"),
            _newest("id"),
            "media_kind",
            "media_subtype",
            "media_category",
        ],
    )
    op.create_index(
        "documents_gallery_category",
        "documents",
        [
            "clinic_id",
            "patient_id",
            "in_gallery",
            "media_category",
            _newest("shown_at"),
            _newest("id"),
            "media_kind",
            "media_subtype",
        ],
    )
    op.create_index(
        "documents_list",
        "documents",
        ["clinic_id", "patient_id", "active", _newest("created_at"), _newest("id"), "media_kind", "document_type"],
    )
    _partial_index("documents_pending", "documents", ["created_at", "id"], "derived = 'pending'")
    _partial_index("documents_recipe", "documents", ["recipe", "created_at", "id"], "derived = 'ready'")
    _partial_index("documents_same_bytes", "documents", ["clinic_id", "sha256", "patient_id"], "trashed_at IS NULL")
    _partial_index("documents_trash", "documents", ["clinic_id", "trashed_at", "id"], "trashed_at IS NOT NULL")
    _partial_index("documents_trash_age", "documents", ["trashed_at", "id"], "trashed_at IS NOT NULL")
    op.create_table(
        "pairing_members",
        sa.Column("document_id", OUR_ID, nullable=False),
        sa.Column("partner_id", OUR_ID, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("pairing_id", OUR_ID, nullable=False),
        sa.Column("clinic_id", HOST_ID, nullable=False),
        sa.Column("patient_id", HOST_ID, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint("role IN ('before', 'after')", name=op.f("pairing_members_role_check")),
        sa.CheckConstraint("document_id <> partner_id", name=op.f("pairing_members_partner_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id", "document_id"],
            ["documents.clinic_id", "documents.patient_id", "documents.id"],
            name="pairing_members_document_fkey",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id", "document_id", "pairing_id", "clinic_id", "patient_id"],
            [
                "pairing_members.document_id",
                "pairing_members.partner_id",
                "pairing_members.pairing_id",
                "pairing_members.clinic_id",
                "pairing_members.patient_id",
            ],
            name="pairing_members_partner_fkey",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("document_id", name="pairing_members_pkey"),
        sa.UniqueConstraint(
            "document_id", "partner_id", "pairing_id", "clinic_id", "patient_id", name="pairing_members_pair_key"
        ),
        sa.UniqueConstraint("pairing_id", "role", name="pairing_members_pairing_id_key"),
        sqlite_strict=True,
    )
    _partial_index(
        "pairing_members_patient",
        "pairing_members",
        ["clinic_id", "patient_id", _newest("created_at"), _newest("pairing_id")],
        "role = 'before'",
    )
    op.create_table(
        "attachments",
        sa.Column("id", OUR_ID, nullable=False),
        sa.Column("clinic_id", HOST_ID, nullable=False),
        sa.Column("patient_id", HOST_ID, nullable=False),
        sa.Column("document_id", OUR_ID, nullable=False),
        sa.Column("owner_type", HOST_ID, nullable=False),
        sa.Column("owner_id", HOST_ID, nullable=False),
        sa.Column("display_order", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint("display_order >= 0", name=op.f("attachments_display_order_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id", "document_id"],
            ["documents.clinic_id", "documents.patient_id", "documents.id"],
            name="attachments_document_fkey",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="attachments_pkey"),
        sa.UniqueConstraint("clinic_id", "document_id", "owner_type", "owner_id", name="attachments_link_key"),
        sqlite_strict=True,
    )
    op.create_index(
        "attachments_owner", "attachments", ["clinic_id", "owner_type", "owner_id", "display_order", "created_at", "id"]
    )
    op.create_table(
        "notes",
        sa.Column("id", OUR_ID, nullable=False),
        sa.Column("clinic_id", HOST_ID, nullable=False),
        sa.Column("patient_id", HOST_ID, nullable=False),
        sa.Column("note_type", sa.Text, nullable=False),
        sa.Column("owner_type", HOST_ID, nullable=False),
        sa.Column("owner_id", HOST_ID, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("tooth_number", sa.Integer()),
        sa.Column("author_id", HOST_ID, nullable=False),
        sa.Column("author_name", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("notes_version_check")),
        sa.PrimaryKeyConstraint("id", name="notes_pkey"),
        sqlite_strict=True,
    )
    op.create_index(
        "notes_owner", "notes", ["clinic_id", "owner_type", "owner_id", _newest("created_at"), _newest("id")]
    )
    op.create_index("notes_patient", "notes", ["clinic_id", "patient_id", _newest("created_at"), _newest("id")])
    op.create_table(
        "patients",
        sa.Column("clinic_id", HOST_ID, nullable=False),
        sa.Column("id", HOST_ID, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("birth_date", DAY),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("hold", FLAG, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("sort_name", HOST_ID, nullable=False),
        sa.Column("search_text", sa.Text, nullable=False),
        sa.CheckConstraint("status IN ('active', 'archived')", name=op.f("patients_status_check")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name="patients_pkey"),
        sqlite_strict=True,
    )
    op.create_index("patients_name", "patients", ["clinic_id", "sort_name", "id"])
    op.create_table(
        "owners",
        sa.Column("clinic_id", HOST_ID, nullable=False),
        sa.Column("owner_type", HOST_ID, nullable=False),
        sa.Column("owner_id", HOST_ID, nullable=False),
        sa.Column("patient_id", HOST_ID, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("occurred_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("shown_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "owner_type", "owner_id", name="owners_pkey"),
        sqlite_strict=True,
    )
    op.create_index(
        "owners_patient",
        "owners",
        ["clinic_id", "patient_id", _newest("shown_at"), _newest("owner_type"), _newest("owner_id")],
    )
    op.create_table(
        "grants",
        sa.Column("clinic_id", HOST_ID, nullable=False),
        sa.Column("user_id", HOST_ID, nullable=False),
        sa.Column("patient_id", HOST_ID, nullable=False),
        sa.Column("access", sa.Integer(), nullable=False),
        sa.CheckConstraint("access BETWEEN 1 AND 3", name=op.f("grants_access_check")),
        sa.PrimaryKeyConstraint("clinic_id", "user_id", "patient_id", name="grants_pkey"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("grants")
    op.drop_table("owners")
    op.drop_table("patients")
    op.drop_table("notes")
    op.drop_table("attachments")
    op.drop_table("pairing_members")
    op.drop_table("documents")
