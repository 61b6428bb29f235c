"""One transaction: a copy of a clinic's tables that takes their place at commit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.memory.attachments import MemoryAttachments
from adapters.memory.directory import MemoryDirectory
from adapters.memory.documents import MemoryDocuments
from adapters.memory.draft import Draft
from adapters.memory.import_runs import MemoryImportedRows
from adapters.memory.notes import MemoryNotes
from adapters.memory.pairings import MemoryPairings
from adapters.memory.repetitions import MemoryRepetitions
from adapters.memory.store import MemoryStore
from application.ports.system import Clock, NewId
from application.ports.unit_of_work import OpenUnitOfWork, UnitOfWork
from application.recording import entry_of, message_of
from domain.access import Principal
from domain.events import Event


class MemoryUnitOfWork(UnitOfWork):
    def __init__(self, store: MemoryStore, draft: Draft, clock: Clock, new_id: NewId) -> None:
        self._store = store
        self._draft = draft
        self._clock = clock
        self._new_id = new_id
        self._events: list[Event] = []
        self.documents = MemoryDocuments(draft, clock)
        self.pairings = MemoryPairings(draft)
        self.attachments = MemoryAttachments(draft)
        self.notes = MemoryNotes(draft)
        self.directory = MemoryDirectory(draft)
        self.repetitions = MemoryRepetitions(draft, clock)
        self.imports = MemoryImportedRows(draft)

    def record(self, *events: Event) -> None:
        self._events += events

    async def commit(self) -> None:
        actor, now = self._draft.actor, self._clock()
        self._store.commit(
            actor.clinic_id,
            self._draft.tables,
            [message_of(event, actor, now, self._new_id()) for event in self._events],
            [entry_of(event, actor, now) for event in self._events],
        )
        self._draft.close()


class OpenMemoryUnitOfWork(OpenUnitOfWork):
    def __init__(self, store: MemoryStore, clock: Clock, new_id: NewId) -> None:
        self._store = store
        self._clock = clock
        self._new_id = new_id

    @asynccontextmanager
    async def __call__(self, actor: Principal) -> AsyncIterator[UnitOfWork]:
        async with self._store.turn():
            draft = Draft(actor, self._store.tables(actor.clinic_id).copy())
            try:
                yield MemoryUnitOfWork(self._store, draft, self._clock, self._new_id)
            finally:
                draft.close()
