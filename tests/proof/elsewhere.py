"""Installations whose bytes lie elsewhere than in a folder beside their rows: in a bucket, or in memory."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol
from uuid import uuid4

from adapters.files.bucket import BucketBlobs
from adapters.files.folders import Seen
from adapters.files.s3 import S3Objects
from adapters.memory.blobs import MemoryBlobs
from application.ports.blobs import Blobs
from application.ports.event_bus import EventBus
from application.ports.inspecting import FileInspector
from application.ports.system import NewId
from domain.ids import DocumentId
from tests.proof.ports import Ports
from tests.proof.postgres_world import postgres_worlds
from tests.proof.taps import Tap, no_fault
from tests.proof.worlds import DiskWorld, Durable, NewWorld, named_in, names_in
from tests.services.s3 import BUCKET, S3Server, s3_server


class Elsewhere(Protocol):
    places: tuple[str, ...] = ()

    @abstractmethod
    def open(self, tap: Tap) -> Blobs: ...

    @abstractmethod
    async def names(self) -> list[str]:
        """Of everything that is there, staged or in quarantine too."""


class InMemory(Elsewhere):
    """Stands for what is on a disk, and survives a crash."""

    def __init__(self, _: Path) -> None:
        self._blobs = MemoryBlobs()

    def open(self, tap: Tap) -> Blobs:
        return self._blobs

    async def names(self) -> list[str]:
        return names_in(self._blobs)


class InBucket(Elsewhere):
    places = tuple(f"Bucket.{name}:{when}" for name in ("put", "copy", "delete") for when in ("before", "after"))

    def __init__(self, server: S3Server, folder: Path) -> None:
        self._scratch = folder / "scratch"
        self._server = server
        self._place = f"{BUCKET}/{uuid4()}"

    def open(self, tap: Tap) -> Blobs:
        return BucketBlobs(self._objects(tap), self._scratch)

    async def names(self) -> list[str]:
        objects = self._objects(no_fault)
        try:
            return [key for part in ("staging", "blobs", "quarantine") async for key, _ in objects.below(part)]
        finally:
            await objects.close()

    def _objects(self, tap: Tap) -> "TappedBucket":
        objects = TappedBucket(self._place, self._server.options)
        objects.tap = tap
        return objects


class TappedBucket(S3Objects):
    """Every request has a place before and after it. A process that is dead asks nothing."""

    tap: Tap

    async def head(self, key: str) -> Seen | None:
        self.tap("Bucket.head:before")
        seen = await super().head(key)
        self.tap("Bucket.head:after")
        return seen

    async def read(self, key: str, start: int, stop: int | None) -> AsyncIterator[bytes]:
        self.tap("Bucket.read:before")
        content = await super().read(key, start, stop)
        self.tap("Bucket.read:after")
        return content

    async def put(self, key: str, data: bytes, crc32: int) -> None:
        self.tap("Bucket.put:before")
        await super().put(key, data, crc32)
        self.tap("Bucket.put:after")

    async def duplicate(self, old: str, new: str) -> None:
        self.tap("Bucket.copy:before")
        await super().duplicate(old, new)
        self.tap("Bucket.copy:after")

    async def drop(self, key: str) -> None:
        self.tap("Bucket.delete:before")
        await super().drop(key)
        self.tap("Bucket.delete:after")

    async def below(self, folder: str) -> AsyncIterator[tuple[str, Seen]]:
        self.tap("Bucket.list:before")
        async for each in super().below(folder):
            yield each
        self.tap("Bucket.list:after")


class StoredElsewhere(Durable):
    """The rows of one world, the bytes of another place."""

    def __init__(self, rows: DiskWorld, storage: Elsewhere) -> None:
        self._rows = rows
        self._storage = storage
        self.places = storage.places
        self._blobs: Blobs | None = None

    async def open(self, inspector: FileInspector, bus: EventBus, new_id: NewId, tap: Tap) -> Ports:
        await self.close()
        ports = await self._rows.open(inspector, bus, new_id, tap)
        await ports.blobs.close()
        self._blobs = self._storage.open(tap)
        return replace(ports, blobs=self._blobs)

    async def close(self) -> None:
        if self._blobs is not None:
            await self._blobs.close()
            self._blobs = None
        await self._rows.close()

    async def drop(self) -> None:
        await self._rows.drop()

    async def kept(self, ids: Collection[DocumentId]) -> list[DocumentId]:
        return named_in(await self._storage.names(), ids)


@contextmanager
def worlds_over(database: str, storage: str) -> Iterator[NewWorld]:
    """New installations over these, whose servers run for as long as the block lasts."""
    with ExitStack() as opened:
        rows = opened.enter_context(postgres_worlds()) if database == "postgresql" else DiskWorld
        bucket = None
        if storage == "s3":
            folder = Path(opened.enter_context(TemporaryDirectory(prefix="clinic-media-s3-")))
            bucket = opened.enter_context(s3_server(folder))
        yield combined(rows, storage, bucket)


def combined(rows: Callable[[Path], DiskWorld], storage: str, server: S3Server | None) -> NewWorld:
    """`server` is needed for S3 only."""
    if storage == "local":
        return rows
    place = InMemory if server is None else partial(InBucket, server)
    return lambda folder: StoredElsewhere(rows(folder), place(folder))
