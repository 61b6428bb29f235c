"""Documents as clients see them."""

from collections.abc import Sequence
from datetime import datetime

from adapters.memory.pages import Order, instant
from adapters.memory.store import MemoryStore, Tables
from application.ports.paging import Page, PageRequest
from application.ports.views import DocumentCriteria, DocumentView, DocumentViews, PhotoCriteria, view_of
from domain import wording
from domain.access import Principal
from domain.documents import Document, Status
from domain.errors import NotFound
from domain.ids import DocumentId, PatientId
from domain.pairings import Pairing

_GALLERY: Order[Document] = Order(lambda document: (instant(document.shown_at), document.id), (datetime, str))
_UPLOADS: Order[Document] = Order(lambda document: (instant(document.created_at), document.id), (datetime, str))


class MemoryDocumentViews(DocumentViews):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def get(self, actor: Principal, id: DocumentId) -> DocumentView:
        for view in await self.many(actor, [id]):
            return view
        raise NotFound("There is no such document here")

    async def many(self, actor: Principal, ids: Sequence[DocumentId]) -> list[DocumentView]:
        tables = self._store.tables(actor.clinic_id)
        found = (tables.documents[id] for id in ids if id in tables.documents)
        return [
            shown(tables, document)
            for document in found
            if actor.sees(document.patient_id) and document.status is not Status.TRASHED
        ]

    async def photos(
        self, actor: Principal, patient: PatientId, criteria: PhotoCriteria, request: PageRequest
    ) -> Page[DocumentView]:
        tables = self._store.tables(actor.clinic_id)
        matching = (
            document
            for document in active(tables, actor, patient)
            if _is_classified(document, criteria)
            and _is_within(document.shown_at, criteria.captured_from, criteria.captured_to)
            and criteria.paired in (None, shown_pairing(tables, document) is not None)
            and set(criteria.tags) <= set(document.tags)
            and criteria.text in searched(document)
        )
        return _GALLERY.page(matching, request, lambda document: shown(tables, document))

    async def documents(
        self, actor: Principal, patient: PatientId, criteria: DocumentCriteria, request: PageRequest
    ) -> Page[DocumentView]:
        tables = self._store.tables(actor.clinic_id)
        matching = (
            document
            for document in active(tables, actor, patient)
            if criteria.document_type in (None, document.document_type)
            and criteria.kind in (None, document.media.kind)
            and criteria.text in searched(document)
        )
        return _UPLOADS.page(matching, request, lambda document: shown(tables, document))


def active(tables: Tables, actor: Principal, patient: PatientId) -> list[Document]:
    """What lists show of a patient: neither trashed nor archived."""
    if not actor.sees(patient):
        return []
    documents = tables.documents.values()
    return [found for found in documents if found.patient_id == patient and found.status is Status.ACTIVE]


def shown_pairing(tables: Tables, document: Document) -> Pairing | None:
    """The pairing, unless the partner is in the trash."""
    pairing = tables.pairings.get(document.id)
    if pairing is None or tables.documents[pairing.partner_of(document.id)].status is Status.TRASHED:
        return None
    return pairing


def shown(tables: Tables, document: Document) -> DocumentView:
    return view_of(document, shown_pairing(tables, document))


def searched(document: Document) -> str:
    return wording.folded(document.title, document.description, document.file.original_filename, *document.tags)


def _is_classified(document: Document, criteria: PhotoCriteria) -> bool:
    media = document.media
    return (
        document.is_picture
        and (not criteria.kinds or media.kind in criteria.kinds)
        and criteria.category in (None, media.category)
        and criteria.subtype in (None, media.subtype)
    )


def _is_within(at: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or since <= at) and (until is None or at <= until)
