"""Every clinic's records, for looking after the installation."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime

from adapters.memory.document_views import shown
from adapters.memory.store import MemoryStore, Tables, Tombstone
from application.ports.upkeep import Contradiction, Purge, Upkeep
from application.ports.views import DocumentView
from domain.documents import Derived, Document, Scan
from domain.ids import ClinicId, DocumentId


class MemoryUpkeep(Upkeep):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def prefixes(self, ids: Sequence[DocumentId]) -> Mapping[DocumentId, str]:
        asked = set(ids)
        return {document.id: document.file.prefix for _, document in self._documents() if document.id in asked}

    async def underived(self, recipe: int, limit: int) -> Sequence[DocumentView]:
        waiting = [(tables, document) for tables, document in self._documents() if _is_underived(document, recipe)]
        waiting.sort(key=lambda found: (found[1].created_at, found[1].id))
        return [shown(tables, document) for tables, document in waiting[:limit]]

    async def scans_due(self, limit: int) -> Sequence[DocumentView]:
        due = [found for found in self._documents() if found[1].file.scan in (Scan.PENDING, Scan.INFECTED)]
        due.sort(key=lambda found: (found[1].created_at, found[1].id))
        return [shown(tables, document) for tables, document in due[:limit]]

    async def documents(self) -> AsyncIterator[DocumentView]:
        for tables, document in sorted(self._documents(), key=lambda found: found[1].id):
            yield shown(tables, document)

    async def trashed(self, before: datetime) -> AsyncIterator[DocumentView]:
        found = [
            (document.trashed_at, document.id, shown(tables, document))
            for tables, document in self._documents()
            if document.trashed_at is not None and document.trashed_at < before
        ]
        for _, _, view in sorted(found):
            yield view

    async def unfinished_purges(self, limit: int) -> Sequence[Purge]:
        unfinished = [tombstone for _, tombstone in self._tombstones() if not tombstone.finished]
        return [Purge(tombstone.document_id, tombstone.prefix) for tombstone in unfinished[:limit]]

    async def finish_purge(self, id: DocumentId) -> None:
        async with self._store.turn():
            for clinic, tombstone in list(self._tombstones()):
                if tombstone.document_id == id:
                    tables = self._store.tables(clinic).copy()
                    tables.tombstones[id] = tombstone._replace(finished=True)
                    self._store.commit(clinic, tables)

    async def clinics(self) -> Sequence[ClinicId]:
        return self._store.clinics()

    async def contradictions(self) -> AsyncIterator[Contradiction]:
        for clinic in self._store.clinics():
            tables = self._store.tables(clinic)
            for contradiction in (*_broken_pairings(tables), *_broken_links(tables)):
                yield contradiction

    def _tombstones(self) -> Iterator[tuple[ClinicId, Tombstone]]:
        for clinic in self._store.clinics():
            for tombstone in self._store.tables(clinic).tombstones.values():
                yield clinic, tombstone

    def _documents(self) -> Iterator[tuple[Tables, Document]]:
        for clinic in self._store.clinics():
            tables = self._store.tables(clinic)
            for document in tables.documents.values():
                yield tables, document


def _is_underived(document: Document, recipe: int) -> bool:
    file = document.file
    return file.derived is Derived.PENDING or (file.derived is Derived.READY and file.recipe < recipe)


def _broken_pairings(tables: Tables) -> Iterator[Contradiction]:
    for pairing in dict.fromkeys(tables.pairings.values()):
        members = [tables.documents.get(member) for member in pairing.members]
        if any(tables.pairings.get(member) != pairing for member in pairing.members) or None in members:
            yield Contradiction("I5", pairing.id, "the pairing has other than two members")
        elif any(document and document.patient_id != pairing.patient_id for document in members):
            yield Contradiction("I5", pairing.id, "the pairing joins two patients")


def _broken_links(tables: Tables) -> Iterator[Contradiction]:
    for link in tables.attachments.values():
        document, record = tables.documents.get(link.document_id), tables.owners.get(link.owner)
        if document is None or document.patient_id != link.patient_id:
            yield Contradiction("I6", link.id, "the attachment is not of its document's patient")
        elif record is not None and record.patient_id != link.patient_id:
            yield Contradiction("I6", link.id, "the attachment is on a record of another patient")
