"""Whole installations of the persistence ports, one per adapter, for the tests that every adapter must pass."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from adapters.memory.attachment_views import MemoryAttachmentViews
from adapters.memory.audit_trail import MemoryAuditTrail
from adapters.memory.dead_letters import MemoryDeadLetters
from adapters.memory.directory_views import MemoryDirectoryViews
from adapters.memory.document_views import MemoryDocumentViews
from adapters.memory.file_views import MemoryFileViews
from adapters.memory.import_runs import MemoryImportRuns
from adapters.memory.note_views import MemoryNoteViews
from adapters.memory.outbox import MemoryOutbox
from adapters.memory.owners import MemoryOwners
from adapters.memory.store import MemoryStore
from adapters.memory.timeline_views import MemoryTimelineViews
from adapters.memory.tombstones import MemoryTombstones
from adapters.memory.unit_of_work import OpenMemoryUnitOfWork
from adapters.memory.upkeep import MemoryUpkeep
from adapters.memory.uploads import MemoryUploads
from adapters.sql.attachment_views import SqlAttachmentViews
from adapters.sql.audit_trail import SqlAuditTrail
from adapters.sql.database import open_database
from adapters.sql.dead_letters import SqlDeadLetters
from adapters.sql.directory_views import SqlDirectoryViews
from adapters.sql.document_views import SqlDocumentViews
from adapters.sql.file_views import SqlFileViews
from adapters.sql.import_runs import SqlImportRuns
from adapters.sql.note_views import SqlNoteViews
from adapters.sql.outbox import SqlOutbox
from adapters.sql.owners import SqlOwners
from adapters.sql.schema import upgrade
from adapters.sql.timeline_views import SqlTimelineViews
from adapters.sql.tombstones import SqlTombstones
from adapters.sql.unit_of_work import OpenSqlUnitOfWork
from adapters.sql.upkeep import SqlUpkeep
from adapters.sql.uploads import SqlUploads
from adapters.system import Uuid7
from application.ports.audit_trail import AuditTrail
from application.ports.dead_letters import DeadLetters
from application.ports.files import FileViews
from application.ports.imports import ImportRuns
from application.ports.moving import Tombstones
from application.ports.outbox import Outbox
from application.ports.owners import OwnerResolver
from application.ports.resumable import Uploads
from application.ports.system import Clock, NewId
from application.ports.unit_of_work import OpenUnitOfWork, UnitOfWork
from application.ports.upkeep import Upkeep
from application.ports.views import AttachmentViews, DirectoryViews, DocumentViews, NoteViews, TimelineViews
from domain.attachments import MediaAttachment
from domain.directory import Grant, OwnerRecord, Patient
from domain.documents import Document
from domain.ids import ClinicId
from domain.notes import ClinicalNote
from domain.pairings import Pairing
from tests.samples import CLINIC, staff
from tests.services.postgres import PostgresServer
from tests.tampering import Tamper, tamper_with_memory, tamper_with_postgresql, tamper_with_sqlite

ATTEMPTS = 12
"""That a message has before it is put aside."""

Record: TypeAlias = Document | Pairing | MediaAttachment | ClinicalNote | Patient | OwnerRecord | Grant


class TickingClock(Clock):
    """A clock that is set by hand and moves on a little at each look, so that no two things happen at once."""

    def __init__(self, now: datetime = datetime(2026, 3, 1, 9, tzinfo=UTC)) -> None:
        self.now = now
        self.tick = timedelta(milliseconds=1)

    def __call__(self) -> datetime:
        self.now += self.tick
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    unit_of_work: OpenUnitOfWork
    documents: DocumentViews
    attachments: AttachmentViews
    notes: NoteViews
    timeline: TimelineViews
    directory: DirectoryViews
    files: FileViews
    outbox: Outbox
    dead_letters: DeadLetters
    audit: AuditTrail
    owners: OwnerResolver
    upkeep: Upkeep
    uploads: Uploads
    imports: ImportRuns
    tombstones: Tombstones
    tamper: Tamper
    clock: TickingClock
    new_id: NewId

    async def keep(self, *records: Record, clinic: ClinicId = CLINIC) -> None:
        """Commit records as they are, in the order given."""
        async with self.unit_of_work(staff(clinic)) as uow:
            for record in records:
                await put(uow, record)
            await uow.commit()


async def put(uow: UnitOfWork, record: Record) -> None:
    """Add a record to its repository."""
    match record:
        case Document():
            await uow.documents.add(record)
        case Pairing():
            await uow.pairings.add(record)
        case MediaAttachment():
            await uow.attachments.add(record)
        case ClinicalNote():
            await uow.notes.add(record)
        case Patient():
            await uow.directory.put_patient(record)
        case OwnerRecord():
            await uow.directory.put_owner(record)
        case Grant():
            await uow.directory.put_grant(record.patient_id, record.user_id, record.access)


@asynccontextmanager
async def memory(_: Path) -> AsyncIterator[Installation]:
    store, clock, new_id = MemoryStore(), TickingClock(), Uuid7()
    yield Installation(
        unit_of_work=OpenMemoryUnitOfWork(store, clock, new_id),
        documents=MemoryDocumentViews(store),
        attachments=MemoryAttachmentViews(store),
        notes=MemoryNoteViews(store),
        timeline=MemoryTimelineViews(store),
        directory=MemoryDirectoryViews(store),
        files=MemoryFileViews(store),
        outbox=MemoryOutbox(store, clock, attempts=ATTEMPTS),
        dead_letters=MemoryDeadLetters(store),
        audit=MemoryAuditTrail(store),
        owners=MemoryOwners(store),
        upkeep=MemoryUpkeep(store),
        uploads=MemoryUploads(),
        imports=MemoryImportRuns(store),
        tombstones=MemoryTombstones(store),
        tamper=partial(tamper_with_memory, store),
        clock=clock,
        new_id=new_id,
    )


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[Installation]:
    path = folder / "clinic.db"
    path.write_bytes(_migrated())
    async with _opened(f"sqlite:///{path}", partial(tamper_with_sqlite, path)) as installation:
        yield installation


@asynccontextmanager
async def postgresql(server: PostgresServer) -> AsyncIterator[Installation]:
    async with (
        server.database() as url,
        _opened(url, partial(tamper_with_postgresql, url)) as installation,
    ):
        yield installation


@cache
def _migrated() -> bytes:
    """An empty database: migrating one takes longer than most tests."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "empty.db")
        upgrade(f"sqlite:///{path}")
        return path.read_bytes()


@asynccontextmanager
async def _opened(url: str, tamper: Tamper) -> AsyncIterator[Installation]:
    database, clock, new_id = open_database(url), TickingClock(), Uuid7()
    audit = SqlAuditTrail(database)
    installation = Installation(
        unit_of_work=OpenSqlUnitOfWork(database, clock, new_id),
        documents=SqlDocumentViews(database),
        attachments=SqlAttachmentViews(database),
        notes=SqlNoteViews(database),
        timeline=SqlTimelineViews(database),
        directory=SqlDirectoryViews(database),
        files=SqlFileViews(database),
        outbox=SqlOutbox(database, clock, attempts=ATTEMPTS),
        dead_letters=SqlDeadLetters(database),
        audit=audit,
        owners=SqlOwners(database),
        upkeep=SqlUpkeep(database, clock),
        uploads=SqlUploads(database),
        imports=SqlImportRuns(database),
        tombstones=SqlTombstones(database),
        tamper=tamper,
        clock=clock,
        new_id=new_id,
    )
    try:
        yield installation
        await audit.flush()
    finally:
        await database.close()


INSTALLATIONS: Mapping[str, Callable[[Path], AbstractAsyncContextManager[Installation]]] = {
    "memory": memory,
    "sqlite": sqlite,
}
