"""A file as clients of the files surface see it."""

from datetime import datetime
from typing import Any

import msgspec

from application.ports.files import FileView
from domain.documents import Derived
from entrypoints.http.links import DocumentLinks
from entrypoints.http.sending import is_shown


class FileOut(msgspec.Struct, kw_only=True):
    """The urls are signed for the caller and expire. `view_url` shows what a browser can: the file, or its picture."""

    id: str
    entity_type: str
    entity_id: str
    file_name: str
    file_type: str
    file_size: int
    description: str | None
    category: str | None
    uploaded_at: datetime
    created_at: datetime
    updated_at: datetime
    storage_backend: str = "local"
    sync_status: str = "synced"
    thumb_url: str | None
    view_url: str
    download_url: str


class TrashedFileOut(FileOut, kw_only=True):
    title: str
    patient_id: str
    deleted_at: datetime
    deleted_by: str | None
    scan: str
    """What the malware scanner said; what is infected or quarantined cannot be restored."""


def file_out(file: FileView, links: DocumentLinks) -> FileOut:
    return FileOut(**_told(file, links))


def trashed_file_out(file: FileView, links: DocumentLinks) -> TrashedFileOut:
    """Links to what is trashed would lead nowhere, so there are none."""
    document = file.document
    told = _told(file, links) | {"thumb_url": None, "view_url": "", "download_url": ""}
    return TrashedFileOut(
        **told,
        title=document.title,
        patient_id=document.patient_id,
        deleted_at=document.trashed_at or document.updated_at,
        deleted_by=document.trashed_by,
        scan=document.scan,
    )


def shows_picture(file: FileView) -> bool:
    """Whether a browser can show the file only through its picture."""
    return not is_shown(file.document.mime_type) and file.document.derived != Derived.NONE


def _told(file: FileView, links: DocumentLinks) -> dict[str, Any]:
    document = file.document
    patient, id = document.patient_id, document.id
    thumb, medium, inline = links.urls(patient, id, True, document.derived != Derived.NONE)
    return {
        "id": id,
        "entity_type": file.owner_type,
        "entity_id": file.owner_id,
        "file_name": document.original_filename,
        "file_type": document.mime_type,
        "file_size": document.file_size,
        "description": document.description,
        "category": file.category,
        "uploaded_at": document.created_at,
        "created_at": document.created_at,
        "updated_at": document.updated_at,
        "thumb_url": thumb,
        "view_url": medium if medium and shows_picture(file) else inline,
        "download_url": links.urls(patient, id, False, False)[2],
    }
