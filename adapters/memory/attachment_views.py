"""Attachments as clients see them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from adapters.memory.document_views import shown
from adapters.memory.pages import Order, instant
from adapters.memory.store import MemoryStore, Tables
from application.ports.paging import Page, PageRequest
from application.ports.views import AttachmentView, AttachmentViews
from domain.access import Principal
from domain.attachments import MediaAttachment, OwnerRef
from domain.documents import Status
from domain.errors import NotFound
from domain.ids import AttachmentId

ORDER: Order[MediaAttachment] = Order(
    lambda link: (link.display_order, instant(link.created_at), link.id), (int, datetime, str), newest_first=False
)


class MemoryAttachmentViews(AttachmentViews):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def get(self, actor: Principal, id: AttachmentId) -> AttachmentView:
        tables = self._store.tables(actor.clinic_id)
        link = tables.attachments.get(id)
        if (
            link is None
            or not actor.sees(link.patient_id)
            or tables.documents[link.document_id].status is Status.TRASHED
        ):
            raise NotFound("There is no such attachment here")
        return attachment_view(tables, link)

    async def of_owner(self, actor: Principal, owner: OwnerRef, request: PageRequest) -> Page[AttachmentView]:
        tables = self._store.tables(actor.clinic_id)
        links = (link for link in active_links(tables, actor) if link.owner == owner)
        return ORDER.page(links, request, lambda link: attachment_view(tables, link))

    async def counts(self, actor: Principal, owner_type: str, owner_ids: Sequence[str]) -> Mapping[str, int]:
        tables, asked = self._store.tables(actor.clinic_id), set(owner_ids)
        return Counter(
            link.owner.id
            for link in active_links(tables, actor)
            if link.owner.type == owner_type and link.owner.id in asked
        )


def active_links(tables: Tables, actor: Principal) -> list[MediaAttachment]:
    """Links of documents that are neither trashed nor archived."""
    return [
        link
        for link in tables.attachments.values()
        if actor.sees(link.patient_id) and tables.documents[link.document_id].status is Status.ACTIVE
    ]


def attachment_view(tables: Tables, link: MediaAttachment) -> AttachmentView:
    return AttachmentView(
        id=link.id,
        owner_type=link.owner.type,
        owner_id=link.owner.id,
        display_order=link.display_order,
        category=link.category,
        created_at=link.created_at,
        document=shown(tables, tables.documents[link.document_id]),
    )
