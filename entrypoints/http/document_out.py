"""A document as clients see it."""

from datetime import datetime
from functools import lru_cache

import msgspec

from application.ports.views import DocumentView
from domain.documents import Derived, Status
from entrypoints.http.links import DocumentLinks
from entrypoints.http.sending import is_shown


class PersonOut(msgspec.Struct, frozen=True):
    id: str
    name: str
    first_name: str
    last_name: str


class DocumentOut(msgspec.Struct):
    """The urls are signed for the caller and expire; null where a type has no picture."""

    id: str
    patient_id: str
    document_type: str
    title: str
    description: str | None
    original_filename: str
    mime_type: str
    file_size: int
    sha256: str
    status: str
    media_kind: str
    media_category: str | None
    media_subtype: str | None
    captured_at: datetime | None
    captured_at_source: str
    width: int | None
    height: int | None
    paired_document_id: str | None
    pair_role: str | None
    tags: tuple[str, ...]
    duplicate_of: str | None
    uploaded_by: str
    uploader: PersonOut
    created_at: datetime
    updated_at: datetime
    version: int
    thumb_url: str | None
    medium_url: str | None
    full_url: str
    placeholder: str | None
    scan: str
    """What the malware scanner said: unscanned, pending, clean; in the trash also infected, quarantined."""


class BriefOut(msgspec.Struct):
    """A document as far as a strip of attachments shows it."""

    id: str
    patient_id: str
    document_type: str
    title: str
    original_filename: str
    mime_type: str
    file_size: int
    media_kind: str
    media_category: str | None
    media_subtype: str | None
    captured_at: datetime | None
    width: int | None
    height: int | None
    paired_document_id: str | None
    pair_role: str | None
    version: int
    thumb_url: str | None
    medium_url: str | None
    full_url: str
    placeholder: str | None


def document_out(view: DocumentView, links: DocumentLinks) -> DocumentOut:
    # Called for each document of a page: arguments by position cost half of what names do.
    return DocumentOut(
        view.id,
        view.patient_id,
        view.document_type,
        view.title,
        view.description,
        view.original_filename,
        view.mime_type,
        view.file_size,
        view.sha256,
        _status(view),
        view.media_kind,
        view.media_category,
        view.media_subtype,
        view.captured_at,
        view.captured_at_source,
        view.width,
        view.height,
        view.paired_document_id,
        view.pair_role,
        view.tags,
        view.duplicate_of,
        view.uploaded_by,
        person(view.uploaded_by, view.uploader_name),
        view.created_at,
        view.updated_at,
        view.version,
        *_urls(view, links),
        view.placeholder,
        view.scan,
    )


def brief_out(view: DocumentView, links: DocumentLinks) -> BriefOut:
    return BriefOut(
        view.id,
        view.patient_id,
        view.document_type,
        view.title,
        view.original_filename,
        view.mime_type,
        view.file_size,
        view.media_kind,
        view.media_category,
        view.media_subtype,
        view.captured_at,
        view.width,
        view.height,
        view.paired_document_id,
        view.pair_role,
        view.version,
        *_urls(view, links),
        view.placeholder,
    )


def _urls(view: DocumentView, links: DocumentLinks) -> tuple[str | None, str | None, str]:
    return links.urls(view.patient_id, view.id, _shown(view.mime_type), view.derived != Derived.NONE)


def _status(view: DocumentView) -> str:
    if view.trashed_at is not None:
        return Status.TRASHED
    return Status.ARCHIVED if view.archived_at is not None else Status.ACTIVE


_shown = lru_cache(maxsize=64)(is_shown)


@lru_cache(maxsize=1024)
def person(id: str, name: str) -> PersonOut:
    first, _, last = name.partition(" ")
    return PersonOut(id, name, first, last.strip())
