"""A clinical note as clients see it."""

from datetime import datetime

import msgspec

from application.ports.views import NoteView
from entrypoints.http.attachment_out import AttachmentOut, attachment_out
from entrypoints.http.document_out import PersonOut, person
from entrypoints.http.links import DocumentLinks


class NoteOut(msgspec.Struct):
    id: str
    patient_id: str
    note_type: str
    owner_type: str
    owner_id: str
    body: str
    tooth_number: int | None
    author_id: str
    author: PersonOut
    created_at: datetime
    updated_at: datetime
    version: int
    attachments: list[AttachmentOut]


def note_out(view: NoteView, links: DocumentLinks) -> NoteOut:
    return NoteOut(
        id=view.id,
        patient_id=view.patient_id,
        note_type=view.note_type,
        owner_type=view.owner_type,
        owner_id=view.owner_id,
        body=view.body,
        tooth_number=view.tooth_number,
        author_id=view.author_id,
        author=person(view.author_id, view.author_name),
        created_at=view.created_at,
        updated_at=view.updated_at,
        version=view.version,
        attachments=[attachment_out(attachment, links) for attachment in view.attachments],
    )
