"""Documents as the records show them that they are on."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from adapters.memory.document_views import searched, shown
from adapters.memory.pages import Order, instant
from adapters.memory.store import MemoryStore, Tables
from application.ports.files import FileCriteria, FileView, FileViews, Link
from application.ports.paging import Page, PageRequest
from application.ports.views import DocumentView
from domain.access import Principal
from domain.attachments import MediaAttachment, OwnerRef
from domain.directory import PATIENT
from domain.documents import Document, Status
from domain.errors import NotFound
from domain.ids import DocumentId, PatientId
from domain.wording import folded


class _File(NamedTuple):
    link: MediaAttachment
    document: Document


def _by(key: Callable[[_File], Any], kind: type, *, newest_first: bool = False) -> Order[_File]:
    return Order(lambda file: (key(file), file.document.id), (kind, str), newest_first)


_ORDERS: Mapping[str, Order[_File]] = {
    "newest": _by(lambda file: instant(file.document.created_at), datetime, newest_first=True),
    "oldest": _by(lambda file: instant(file.document.created_at), datetime),
    "name": _by(lambda file: folded(file.document.file.original_filename), str),
    "size": _by(lambda file: file.document.file.size, int),
    "type": _by(lambda file: file.document.file.mime_type, str),
    "category": _by(lambda file: file.link.category or "", str),
}

_THROWN_AWAY: Order[Document] = Order(
    lambda document: (instant(document.trashed_at or document.updated_at), document.id), (datetime, str)
)


class MemoryFileViews(FileViews):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def of_owner(
        self, actor: Principal, owner: OwnerRef, criteria: FileCriteria, request: PageRequest
    ) -> Page[FileView]:
        tables = self._store.tables(actor.clinic_id)
        links = (link for link in tables.attachments.values() if link.owner == owner)
        files = (_File(link, tables.documents[link.document_id]) for link in links)
        matching = (
            file
            for file in files
            if actor.sees(file.document.patient_id)
            and file.document.status is Status.ACTIVE
            and _matches(file, criteria)
        )
        return _ORDERS[criteria.order].page(matching, request, lambda file: _view(tables, file.link, file.document))

    async def get(self, actor: Principal, id: DocumentId) -> FileView:
        for file in await self.many(actor, [id]):
            return file
        raise NotFound("There is no such file here")

    async def many(self, actor: Principal, ids: Sequence[DocumentId]) -> list[FileView]:
        tables = self._store.tables(actor.clinic_id)
        found = ((document, _first_link(tables, document)) for document in _visible(tables, actor, ids))
        return [_view(tables, link, document) for document, link in found if link]

    async def trash(self, actor: Principal, day: date | None, request: PageRequest) -> Page[FileView]:
        tables = self._store.tables(actor.clinic_id)
        trashed = (
            document
            for document in tables.documents.values()
            if actor.sees(document.patient_id)
            and document.trashed_at is not None
            and day in (None, document.trashed_at.astimezone(UTC).date())
        )
        return _THROWN_AWAY.page(
            trashed, request, lambda document: _view(tables, _first_link(tables, document), document)
        )

    async def of_patient(self, actor: Principal, patient: PatientId) -> Sequence[DocumentView]:
        tables = self._store.tables(actor.clinic_id)
        found = (document for document in tables.documents.values() if document.patient_id == patient)
        kept = [document for document in found if document.status is not Status.TRASHED and actor.sees(patient)]
        return [shown(tables, document) for document in sorted(kept, key=lambda each: (each.created_at, each.id))]

    async def links(self, actor: Principal, ids: Sequence[DocumentId]) -> Sequence[Link]:
        tables = self._store.tables(actor.clinic_id)
        visible = {document.id for document in _visible(tables, actor, ids)}
        found = (link for link in tables.attachments.values() if link.document_id in visible)
        return sorted(
            Link(link.document_id, link.owner.type, link.owner.id, link.category, link.display_order) for link in found
        )


def _visible(tables: Tables, actor: Principal, ids: Sequence[DocumentId]) -> list[Document]:
    found = (tables.documents[id] for id in ids if id in tables.documents)
    return [each for each in found if actor.sees(each.patient_id) and each.status is not Status.TRASHED]


def _first_link(tables: Tables, document: Document) -> MediaAttachment | None:
    links = (link for link in tables.attachments.values() if link.document_id == document.id)
    return min(links, key=lambda link: (link.created_at, link.id), default=None)


def _view(tables: Tables, link: MediaAttachment | None, document: Document) -> FileView:
    view = shown(tables, document)
    if link is None:
        return FileView(PATIENT, document.patient_id, None, view)
    return FileView(link.owner.type, link.owner.id, link.category, view)


def _matches(file: _File, criteria: FileCriteria) -> bool:
    document = file.document
    return (
        criteria.category in (None, file.link.category)
        and (not criteria.types or document.file.mime_type in criteria.types)
        and (criteria.uploaded_from is None or criteria.uploaded_from <= document.created_at)
        and (criteria.uploaded_to is None or document.created_at <= criteria.uploaded_to)
        and criteria.text in searched(document)
    )
