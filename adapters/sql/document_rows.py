"""Documents as rows: pure functions, both ways, for the rows of either database."""

from typing import Any

import msgspec

from adapters.sql.prepared import Row
from adapters.sql.values import instant, json_text
from application.ports.views import DocumentView, view_of
from domain import wording
from domain.documents import Derived, Document, Scan, Status, StoredFile
from domain.media import Capture, CaptureSource, Classification, DocumentType, MediaKind

_TAGS: msgspec.json.Decoder[tuple[str, ...]] = msgspec.json.Decoder(tuple[str, ...])

VIEWED = DocumentView._fields[:-2]
"""The columns of a document's view, in its order; the two of its pairing follow."""

_CAPTURED, _TAGGED, _CREATED, _HELD = map(VIEWED.index, ("captured_at", "tags", "created_at", "hold"))
_PAIRED = len(VIEWED)
_view = DocumentView._make


def document_view(row: Row) -> DocumentView:
    """A row that begins with the columns `VIEWED`, the partner that is not in the trash, and the role."""
    tags = row[_TAGGED]
    created, updated, archived, trashed = row[_CREATED : _CREATED + 4]
    return _view(
        (
            *row[:_CAPTURED],
            instant(row[_CAPTURED]),
            row[_CAPTURED + 1],
            () if tags == "[]" else _TAGS.decode(tags),
            *row[_TAGGED + 1 : _CREATED],
            instant(created),
            instant(updated),
            archived and instant(archived),
            trashed and instant(trashed),
            row[_HELD - 1],
            bool(row[_HELD]),
            row[_HELD + 1],
            row[_PAIRED],
            None if row[_PAIRED] is None else row[_PAIRED + 1],
        )
    )


def document(row: Row) -> Document:
    """A row of the columns `VIEWED`."""
    view = document_view((*row, None, None))
    file = StoredFile(
        original_filename=view.original_filename,
        mime_type=view.mime_type,
        size=view.file_size,
        sha256=view.sha256,
        crc32=view.crc32,
        prefix=view.prefix,
        width=view.width,
        height=view.height,
        derived=Derived(view.derived),
        recipe=view.recipe,
        placeholder=view.placeholder,
        scan=Scan(view.scan),
    )
    return Document(
        id=view.id,
        clinic_id=view.clinic_id,
        patient_id=view.patient_id,
        document_type=DocumentType(view.document_type),
        title=view.title,
        description=view.description,
        media=Classification(kind=MediaKind(view.media_kind), category=view.media_category, subtype=view.media_subtype),
        capture=Capture(view.captured_at, CaptureSource(view.captured_at_source)),
        tags=view.tags,
        file=file,
        duplicate_of=view.duplicate_of,
        uploaded_by=view.uploaded_by,
        uploader_name=view.uploader_name,
        created_at=view.created_at,
        updated_at=view.updated_at,
        archived_at=view.archived_at,
        trashed_at=view.trashed_at,
        trashed_by=view.trashed_by,
        hold=view.hold,
        version=view.version,
    )


def document_values(document: Document) -> dict[str, Any]:
    values = view_of(document)._asdict()
    del values["paired_document_id"], values["pair_role"]
    return values | {
        "tags": json_text(document.tags),
        "shown_at": document.shown_at,
        "sort_name": wording.folded(document.file.original_filename),
        "search_text": searched(document),
        "active": int(is_active := document.status is Status.ACTIVE),
        "in_gallery": int(is_active and document.is_picture),
    }


def searched(document: Document) -> str:
    return wording.folded(document.title, document.description, document.file.original_filename, *document.tags)
