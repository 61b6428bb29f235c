"""Blobs in a dict of this process: for tests, and for trying the program out with nothing to clean up."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from zlib_ng import zlib_ng

from application.ports.blobs import (
    CHUNK,
    ORIGINAL,
    BlobEntry,
    BlobMissing,
    Blobs,
    Digest,
    StagedBlob,
    StagedEntry,
    segment,
    segments,
)
from application.ports.inspecting import Source
from application.ports.resumable import GrowingBlob, GrowsBlobs, Locked
from domain.ids import DocumentId


@dataclass(frozen=True, slots=True)
class _Stored:
    data: bytes
    modified: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(slots=True)
class _Entry:
    original: bytearray = field(default_factory=bytearray)
    """As far as it is written."""
    files: dict[str, _Stored] = field(default_factory=dict)
    modified: datetime = field(default_factory=lambda: datetime.now(UTC))
    held: bool = False


class MemoryStagedBlob(GrowingBlob):
    def __init__(self, staging: dict[DocumentId, _Entry], id: DocumentId) -> None:
        self._staging = staging
        self._id = id
        self._entry = staging[id]
        self._sealed: bytes | None = None

    async def write(self, chunk: bytes) -> None:
        if self._sealed is not None:
            raise ValueError("a sealed upload cannot be written to")
        self._entry.original += chunk

    async def seal(self) -> Digest:
        self._sealed = bytes(self._entry.original)
        self._entry.files[ORIGINAL] = _Stored(self._sealed)
        return Digest(
            size=len(self._sealed), sha256=sha256(self._sealed).hexdigest(), crc32=zlib_ng.crc32(self._sealed)
        )

    @property
    def source(self) -> Source:
        if self._sealed is None:
            raise ValueError("an upload has no source before it is sealed")
        return self._sealed

    async def add(self, name: str, data: bytes) -> None:
        if segment(name) == ORIGINAL or name in self._entry.files:
            raise ValueError(f"{name} is there already")
        self._entry.files[name] = _Stored(bytes(data))

    async def keep(self) -> None:
        if self._sealed is None:
            raise ValueError("an upload cannot be kept before it is sealed")

    async def rewind(self, size: int) -> None:
        if len(self._entry.original) < size:
            raise BlobMissing(self._id)
        del self._entry.original[size:]
        self._entry.files.clear()
        self._sealed = None

    async def sync(self) -> None:
        self._entry.modified = datetime.now(UTC)

    async def discard(self) -> None:
        if self._staging.get(self._id) is self._entry:
            del self._staging[self._id]


class MemoryBlobs(Blobs, GrowsBlobs):
    def __init__(self) -> None:
        self._blobs: dict[str, _Stored] = {}
        self._staging: dict[DocumentId, _Entry] = {}
        self._aside: list[tuple[str, _Stored]] = []

    async def stage(self, id: DocumentId) -> StagedBlob:
        segment(id)
        self._staging[id] = _Entry()
        return MemoryStagedBlob(self._staging, id)

    @property
    def place(self) -> str:
        """Nobody else can see into this process."""
        return ""

    @asynccontextmanager
    async def resume(self, id: DocumentId) -> AsyncIterator[GrowingBlob]:
        segment(id)
        entry = self._staging.get(id)
        if entry is None:
            raise BlobMissing(id)
        if entry.held:
            raise Locked("Another request is sending bytes of this upload; wait for its end")
        entry.held = True
        try:
            yield MemoryStagedBlob(self._staging, id)
        finally:
            entry.held = False

    async def promote(self, id: DocumentId, prefix: str) -> None:
        segments(prefix)
        segment(id)
        entry = self._staging.get(id)
        if entry is not None and ORIGINAL in entry.files:
            self._place(entry, prefix)
            del self._staging[id]
        elif f"{prefix}/{ORIGINAL}" not in self._blobs:
            raise BlobMissing(prefix)

    def _place(self, entry: _Entry, prefix: str) -> None:
        there = self._blobs.get(f"{prefix}/{ORIGINAL}")
        if there is not None and there.data != entry.files[ORIGINAL].data:
            self._aside.extend((f"{prefix}/{name}", stored) for name, stored in entry.files.items())
            return
        for name, stored in entry.files.items():
            self._blobs.setdefault(f"{prefix}/{name}", stored)

    async def staged(self) -> AsyncIterator[StagedEntry]:
        for id, entry in tuple(self._staging.items()):
            yield StagedEntry(id, entry.modified)

    async def unstage(self, id: DocumentId) -> None:
        segment(id)
        self._staging.pop(id, None)

    async def stat(self, key: str) -> BlobEntry | None:
        segments(key)
        stored = self._blobs.get(key)
        return None if stored is None else BlobEntry(key, len(stored.data), stored.modified)

    async def read(self, key: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        if start < 0 or (stop is not None and stop < 0):
            raise ValueError("a range of bytes does not count from the end")
        return _chunks(self._stored(key).data[start:stop])

    async def fetch(self, key: str) -> Source:
        return self._stored(key).data

    async def put(self, key: str, data: bytes) -> None:
        segments(key)
        self._blobs[key] = _Stored(bytes(data))

    async def delete(self, prefix: str) -> None:
        for key in self._under(prefix):
            del self._blobs[key]

    async def quarantine(self, prefix: str) -> None:
        self._aside.extend((key, self._blobs.pop(key)) for key in self._under(prefix))

    async def entries(self) -> AsyncIterator[BlobEntry]:
        for key, stored in tuple(self._blobs.items()):
            yield BlobEntry(key, len(stored.data), stored.modified)

    async def check(self) -> None:
        """Memory can always be written."""

    async def close(self) -> None:
        """There is nothing to close."""

    def _stored(self, key: str) -> _Stored:
        segments(key)
        try:
            return self._blobs[key]
        except KeyError:
            raise BlobMissing(key) from None

    def _under(self, prefix: str) -> list[str]:
        segments(prefix)
        return [key for key in self._blobs if key.rpartition("/")[0] == prefix]


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), CHUNK):
        yield data[start : start + CHUNK]
