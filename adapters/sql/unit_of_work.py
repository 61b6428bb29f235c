"""One transaction of the database, with the repositories that work in it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from adapters.sql import rows
from adapters.sql.attachments import SqlAttachments
from adapters.sql.chaining import chain
from adapters.sql.connections import Database, Transaction
from adapters.sql.directory import SqlDirectory
from adapters.sql.documents import SqlDocuments
from adapters.sql.import_runs import SqlImportedRows
from adapters.sql.logs import outbox
from adapters.sql.notes import SqlNotes
from adapters.sql.pairings import SqlPairings
from adapters.sql.repetitions import SqlRepetitions
from adapters.sql.scope import Scope
from adapters.sql.writing import inserted
from application.ports.system import Clock, NewId
from application.ports.unit_of_work import OpenUnitOfWork, UnitOfWork
from application.reach import narrowed_to
from application.recording import entry_of, message_of
from domain.access import Principal
from domain.events import Event

_SEND = inserted(outbox)
_UNSENT = {"published_at": None, "attempts": 0, "next_attempt_at": None, "fault": None}


class SqlUnitOfWork(UnitOfWork):
    def __init__(
        self, database: Database, transaction: Transaction, actor: Principal, clock: Clock, new_id: NewId
    ) -> None:
        self._database = database
        self._transaction = transaction
        self._actor = actor
        self._clock = clock
        self._new_id = new_id
        self._events: list[Event] = []
        scope = Scope(actor, transaction)
        self.documents = SqlDocuments(scope, clock)
        self.pairings = SqlPairings(scope)
        self.attachments = SqlAttachments(scope)
        self.notes = SqlNotes(scope)
        self.directory = SqlDirectory(scope)
        self.repetitions = SqlRepetitions(scope, clock)
        self.imports = SqlImportedRows(scope)

    def record(self, *events: Event) -> None:
        self._events += events

    async def commit(self) -> None:
        now = self._clock()
        entries = [entry_of(event, self._actor, now) for event in self._events]
        # The audit log first: that puts the messages of a clinic into the order in which they are committed.
        heads = await chain(self._transaction, self._database.heads, entries)
        messages = [message_of(event, self._actor, now, self._new_id()) for event in self._events]
        if messages:
            await self._transaction.execute_many(_SEND, [rows.message_values(each) | _UNSENT for each in messages])
        await self._transaction.commit()
        self._database.heads |= heads


class OpenSqlUnitOfWork(OpenUnitOfWork):
    def __init__(self, database: Database, clock: Clock, new_id: NewId) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    @asynccontextmanager
    async def __call__(self, actor: Principal) -> AsyncIterator[UnitOfWork]:
        async with AsyncExitStack() as opened:
            with narrowed_to(actor.clinic_id):
                transaction = await opened.enter_async_context(self._database.transaction())
            yield SqlUnitOfWork(self._database, transaction, actor, self._clock, self._new_id)
