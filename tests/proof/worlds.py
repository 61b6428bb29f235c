"""Installations that outlive a crash: what is durable stays, everything else is opened anew."""

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import TemporaryDirectory
from typing import Protocol, TypeAlias, cast

from adapters.files.local import LocalBlobs
from adapters.memory.attachment_views import MemoryAttachmentViews
from adapters.memory.audit_trail import MemoryAuditTrail
from adapters.memory.blobs import MemoryBlobs
from adapters.memory.directory_views import MemoryDirectoryViews
from adapters.memory.document_views import MemoryDocumentViews
from adapters.memory.file_views import MemoryFileViews
from adapters.memory.note_views import MemoryNoteViews
from adapters.memory.outbox import MemoryOutbox
from adapters.memory.owners import MemoryOwners
from adapters.memory.store import MemoryStore
from adapters.memory.unit_of_work import OpenMemoryUnitOfWork
from adapters.memory.upkeep import MemoryUpkeep
from adapters.sql.attachment_views import SqlAttachmentViews
from adapters.sql.audit_trail import SqlAuditTrail
from adapters.sql.connections import Database
from adapters.sql.database import open_database
from adapters.sql.directory_views import SqlDirectoryViews
from adapters.sql.document_views import SqlDocumentViews
from adapters.sql.file_views import SqlFileViews
from adapters.sql.note_views import SqlNoteViews
from adapters.sql.outbox import SqlOutbox
from adapters.sql.owners import SqlOwners
from adapters.sql.schema import upgrade
from adapters.sql.unit_of_work import OpenSqlUnitOfWork
from adapters.sql.upkeep import SqlUpkeep
from adapters.system import Uuid7
from application.ports.event_bus import EventBus, Message
from application.ports.inspecting import FileInspector
from application.ports.system import NewId
from domain.ids import DocumentId
from tests.installations import TickingClock
from tests.proof.disk_taps import TappedDisk
from tests.proof.ports import Ports
from tests.proof.taps import Tap, Tapped


class CountingIds(NewId):
    """The same ids each time, and the next one can be known beforehand."""

    def __init__(self) -> None:
        self._made = 0

    @property
    def next(self) -> str:
        return f"01960000-0000-7000-8000-{self._made + 1:012x}"

    def __call__(self) -> str:
        id = self.next
        self._made += 1
        return id


class HearingBus(EventBus):
    """Remembers what it was told."""

    def __init__(self, heard: Iterable[Message] = ()) -> None:
        self.heard = [*heard]

    async def publish(self, message: Message) -> None:
        self.heard.append(message)

    async def close(self) -> None:
        """Nobody else listens."""


class Durable(Protocol):
    """`open` again after a crash finds what is durable; what was open before is let go of first."""

    places: tuple[str, ...] = ()
    """Fault points of its own on the way of an upload."""

    async def open(self, inspector: FileInspector, bus: EventBus, new_id: NewId, tap: Tap) -> Ports: ...

    async def close(self) -> None: ...

    async def drop(self) -> None:
        """Take it off the disk; it must be closed."""

    async def kept(self, ids: Collection[DocumentId]) -> list[DocumentId]:
        """The documents of which any bytes are anywhere, quarantine included."""


class World(Durable, Protocol):
    def copied(self, folder: Path) -> "World":
        """Another one with the same in it; this one must be closed."""


class MemoryWorld(World):
    """Rows and blobs stand for what is on a disk."""

    def __init__(self, _: Path) -> None:
        self._blobs = MemoryBlobs()
        self._store = MemoryStore()
        self._clock = TickingClock(datetime.now(UTC))

    async def open(self, inspector: FileInspector, bus: EventBus, new_id: NewId, tap: Tap) -> Ports:
        store = self._store
        return Ports(
            unit_of_work=OpenMemoryUnitOfWork(store, self._clock, Uuid7()),
            documents=MemoryDocumentViews(store),
            attachments=MemoryAttachmentViews(store),
            files=MemoryFileViews(store),
            notes=MemoryNoteViews(store),
            directory=MemoryDirectoryViews(store),
            outbox=MemoryOutbox(store, self._clock),
            audit=MemoryAuditTrail(store),
            owners=MemoryOwners(store),
            upkeep=MemoryUpkeep(store),
            blobs=self._blobs,
            inspector=inspector,
            bus=bus,
            clock=self._clock,
            new_id=new_id,
        )

    async def close(self) -> None:
        """Nothing is open."""

    async def drop(self) -> None:
        """Nothing is on a disk."""

    async def kept(self, ids: Collection[DocumentId]) -> list[DocumentId]:
        return named_in(names_in(self._blobs), ids)

    def copied(self, folder: Path) -> "MemoryWorld":
        return deepcopy(self)


class DiskWorld(World):
    """A database, SQLite here, and a local folder. The tap hears of statements and of steps on the disk too."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self._database: Database | None = None
        self._blobs: LocalBlobs | None = None
        self._audit: SqlAuditTrail | None = None

    async def open(self, inspector: FileInspector, bus: EventBus, new_id: NewId, tap: Tap) -> Ports:
        await self.close()
        clock = TickingClock(datetime.now(UTC))
        self._database = await self.database()
        database = cast(Database, Tapped(self._database, "Database", tap))
        self._audit = SqlAuditTrail(database)
        disk = TappedDisk()
        disk.tap = tap
        self._blobs = LocalBlobs(self.folder / "storage", disk=disk, threads=2)
        return Ports(
            unit_of_work=OpenSqlUnitOfWork(database, clock, Uuid7()),
            documents=SqlDocumentViews(database),
            attachments=SqlAttachmentViews(database),
            files=SqlFileViews(database),
            notes=SqlNoteViews(database),
            directory=SqlDirectoryViews(database),
            outbox=SqlOutbox(database, clock),
            audit=self._audit,
            owners=SqlOwners(database),
            upkeep=SqlUpkeep(database, clock),
            blobs=self._blobs,
            inspector=inspector,
            bus=bus,
            clock=clock,
            new_id=new_id,
        )

    async def database(self) -> Database:
        path = self.folder / "clinic.db"
        if not path.exists():
            path.write_bytes(_migrated())
        return open_database(f"sqlite:///{path}")

    async def close(self) -> None:
        if self._audit and self._blobs and self._database:
            await self._audit.flush()
            await self._blobs.close()
            await self._database.close()
            self._audit = self._blobs = self._database = None

    async def drop(self) -> None:
        rmtree(self.folder)

    async def kept(self, ids: Collection[DocumentId]) -> list[DocumentId]:
        return named_in(map(str, (self.folder / "storage").rglob("*")), ids)

    def copied(self, folder: Path) -> "DiskWorld":
        copytree(self.folder, folder)
        return DiskWorld(folder)


@cache
def _migrated() -> bytes:
    """An empty database: migrating one takes longer than most tests."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "empty.db")
        upgrade(f"sqlite:///{path}")
        return path.read_bytes()


def names_in(blobs: MemoryBlobs) -> list[str]:
    """Of everything in it, staged or in quarantine too."""
    return [*blobs._blobs, *blobs._staging, *dict(blobs._aside)]


def named_in(names: Iterable[str], ids: Collection[DocumentId]) -> list[DocumentId]:
    """Those that a name of a storage has in it."""
    names = [*names]
    return [id for id in ids if any(id in name for name in names)]


NewWorld: TypeAlias = Callable[[Path], Durable]
WORLDS: Mapping[str, type[MemoryWorld] | type[DiskWorld]] = {"memory": MemoryWorld, "sqlite": DiskWorld}
