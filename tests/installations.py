"""Whole installations of the persistence ports, one per adapter, for the tests that every adapter must pass."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from adapters.memory.attachment_views import MemoryAttachmentViews
from adapters.memory.audit_trail import MemoryAuditTrail
from adapters.memory.directory_views import MemoryDirectoryViews
from adapters.memory.document_views import MemoryDocumentViews
from adapters.memory.file_views import MemoryFileViews
from adapters.memory.note_views import MemoryNoteViews
from adapters.memory.outbox import MemoryOutbox
from adapters.memory.owners import MemoryOwners
from adapters.memory.store import MemoryStore
from adapters.memory.timeline_views import MemoryTimelineViews
from adapters.memory.unit_of_work import OpenMemoryUnitOfWork
from adapters.memory.upkeep import MemoryUpkeep
from adapters.sql.attachment_views import SqlAttachmentViews
from adapters.sql.audit_trail import SqlAuditTrail
from adapters.sql.database import Database, open_database
from adapters.sql.directory_views import SqlDirectoryViews
from adapters.sql.document_views import SqlDocumentViews
from adapters.sql.file_views import SqlFileViews
from adapters.sql.note_views import SqlNoteViews
from adapters.sql.outbox import SqlOutbox
from adapters.sql.owners import SqlOwners
from adapters.sql.schema import upgrade
from adapters.sql.timeline_views import SqlTimelineViews
from adapters.sql.unit_of_work import OpenSqlUnitOfWork
from adapters.sql.upkeep import SqlUpkeep
from adapters.system import Uuid7
from application.ports.audit_trail import AuditEntry, AuditRow, AuditTrail
from application.ports.files import FileViews
from application.ports.outbox import Outbox
from application.ports.owners import OwnerResolver
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

Rewrite: TypeAlias = Callable[[list[AuditRow]], Sequence[AuditRow]]
Tamper: TypeAlias = Callable[[ClinicId, Rewrite], Awaitable[None]]
"""Rewrites a clinic's audit log behind the adapter's back."""

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
    audit: AuditTrail
    owners: OwnerResolver
    upkeep: Upkeep
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

    async def tamper(clinic: ClinicId, rewrite: Rewrite) -> None:
        chain = store.audit[clinic]
        chain.rows = list(rewrite(chain.rows))

    yield Installation(
        unit_of_work=OpenMemoryUnitOfWork(store, clock, new_id),
        documents=MemoryDocumentViews(store),
        attachments=MemoryAttachmentViews(store),
        notes=MemoryNoteViews(store),
        timeline=MemoryTimelineViews(store),
        directory=MemoryDirectoryViews(store),
        files=MemoryFileViews(store),
        outbox=MemoryOutbox(store, clock),
        audit=MemoryAuditTrail(store),
        owners=MemoryOwners(store),
        upkeep=MemoryUpkeep(store),
        tamper=tamper,
        clock=clock,
        new_id=new_id,
    )


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[Installation]:
    path = folder / "clinic.db"
    path.write_bytes(_migrated())
    database = open_database(f"sqlite:///{path}")
    audit = SqlAuditTrail(database)
    try:
        yield _on_sql(database, audit, partial(_tamper_with_sqlite, path))
        await audit.flush()
    finally:
        await database.close()


@cache
def _migrated() -> bytes:
    """An empty database: migrating one takes longer than most tests."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "empty.db")
        upgrade(f"sqlite:///{path}")
        return path.read_bytes()


async def _tamper_with_sqlite(path: Path, clinic: ClinicId, rewrite: Rewrite) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        found = connection.execute(f"SELECT {_AUDIT} FROM audit WHERE clinic_id = ? ORDER BY seq", [clinic])
        log = [
            AuditRow(seq, digest, AuditEntry(clinic, datetime.fromisoformat(at), *others))
            for seq, digest, at, *others in found
        ]
        connection.execute("DELETE FROM audit WHERE clinic_id = ?", [clinic])
        connection.executemany(
            f"INSERT INTO audit (clinic_id, {_AUDIT}) VALUES (?{', ?' * 12})",
            [(clinic, row.seq, row.hash, row.entry.at.isoformat(), *row.entry[2:]) for row in rewrite(log)],
        )


_AUDIT = ", ".join(("seq", "hash", *AuditEntry._fields[1:]))


def _on_sql(database: Database, audit: SqlAuditTrail, tamper: Tamper) -> Installation:
    clock, new_id = TickingClock(), Uuid7()
    return Installation(
        unit_of_work=OpenSqlUnitOfWork(database, clock, new_id),
        documents=SqlDocumentViews(database),
        attachments=SqlAttachmentViews(database),
        notes=SqlNoteViews(database),
        timeline=SqlTimelineViews(database),
        directory=SqlDirectoryViews(database),
        files=SqlFileViews(database),
        outbox=SqlOutbox(database, clock),
        audit=audit,
        owners=SqlOwners(database),
        upkeep=SqlUpkeep(database, clock),
        tamper=tamper,
        clock=clock,
        new_id=new_id,
    )


INSTALLATIONS: Mapping[str, Callable[[Path], AbstractAsyncContextManager[Installation]]] = {
    "memory": memory,
    "sqlite": sqlite,
}
