"""Documents of a clinic."""

from collections.abc import Sequence
from dataclasses import replace

from adapters.memory.draft import Draft
from adapters.memory.store import Tombstone
from application.ports.system import Clock
from application.ports.unit_of_work import Documents
from domain.documents import Document, Status
from domain.errors import Conflict, NotFound, StaleVersion
from domain.ids import DocumentId, PatientId


class MemoryDocuments(Documents):
    def __init__(self, draft: Draft, clock: Clock) -> None:
        self._draft = draft
        self._clock = clock

    async def get(self, id: DocumentId, *, trashed: bool = False) -> Document:
        document = self._stored(id)
        if document.status is Status.TRASHED and not trashed:
            raise NotFound("There is no such document here")
        return document

    async def pair(self, one: DocumentId, two: DocumentId) -> tuple[Document, Document]:
        return await self.get(one), await self.get(two)

    async def of_patient(self, patient: PatientId) -> Sequence[Document]:
        if not self._draft.sees(patient):
            return []
        return [document for document in self._draft.tables.documents.values() if document.patient_id == patient]

    async def duplicate_of(self, patient: PatientId, sha256: str) -> DocumentId | None:
        same = (
            (document.created_at, document.id)
            for document in await self.of_patient(patient)
            if document.file.sha256 == sha256 and document.status is not Status.TRASHED
        )
        return min(same, default=(None, None))[1]

    async def add(self, document: Document) -> None:
        self._draft.require(document.clinic_id, document.patient_id)
        if document.id in self._draft.tables.documents:
            raise Conflict("This document is stored already")
        self._draft.tables.documents[document.id] = document

    async def save(self, document: Document) -> None:
        stored = self._stored(document.id)
        self._draft.require(document.clinic_id, document.patient_id)
        if stored.version != document.version - 1:
            raise StaleVersion("The document was changed meanwhile; read it again")
        self._draft.tables.documents[document.id] = document
        if stored.patient_id != document.patient_id:
            self._take_links_along(document)

    async def mark_derived(self, document: Document) -> None:
        stored, made = self._stored(document.id), document.file
        file = replace(stored.file, derived=made.derived, recipe=made.recipe, placeholder=made.placeholder)
        self._draft.tables.documents[stored.id] = replace(stored, file=file)

    async def mark_scanned(self, document: Document) -> None:
        stored = self._stored(document.id)
        file = replace(stored.file, scan=document.file.scan)
        self._draft.tables.documents[stored.id] = replace(stored, file=file)

    async def remove(self, document: Document) -> None:
        stored, tables = self._stored(document.id), self._draft.tables
        for link in [link for link in tables.attachments.values() if link.document_id == stored.id]:
            del tables.attachments[link.id]
        pairing = tables.pairings.get(stored.id)
        for member in pairing.members if pairing else ():
            del tables.pairings[member]
        del tables.documents[stored.id]
        tables.tombstones[stored.id] = Tombstone(
            stored.id,
            stored.patient_id,
            stored.file.prefix,
            stored.file.sha256,
            self._clock(),
            self._draft.actor.user_id,
        )

    def _take_links_along(self, moved: Document) -> None:
        """What a moved document is still linked to is the new patient's."""
        links = self._draft.tables.attachments
        links |= {
            link.id: replace(link, patient_id=moved.patient_id)
            for link in links.values()
            if link.document_id == moved.id
        }

    def _stored(self, id: DocumentId) -> Document:
        document = self._draft.tables.documents.get(id)
        if document is None or not self._draft.sees(document.patient_id):
            raise NotFound("There is no such document here")
        return document
