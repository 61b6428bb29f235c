"""A document's place on a record, as clients see it."""

from datetime import datetime

import msgspec

from application.ports.views import AttachmentView
from entrypoints.http.document_out import BriefOut, brief_out
from entrypoints.http.links import DocumentLinks


class AttachmentOut(msgspec.Struct):
    id: str
    document_id: str
    owner_type: str
    owner_id: str
    display_order: int
    category: str | None
    created_at: datetime
    document: BriefOut
    thumb_url: str | None


class CountOut(msgspec.Struct):
    owner_id: str
    count: int


class UnlinkedOut(msgspec.Struct):
    unlinked: int


def attachment_out(view: AttachmentView, links: DocumentLinks) -> AttachmentOut:
    document = brief_out(view.document, links)
    return AttachmentOut(
        id=view.id,
        document_id=view.document.id,
        owner_type=view.owner_type,
        owner_id=view.owner_id,
        display_order=view.display_order,
        category=view.category,
        created_at=view.created_at,
        document=document,
        thumb_url=document.thumb_url,
    )
