"""Blobs as files in a folder of this machine, or of a volume that every machine of the installation has mounted."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from secrets import token_hex
from typing import TypeVar

from adapters.files import moves
from adapters.files.disk import Disk, OpenFile
from adapters.files.faults import storage_faults
from adapters.files.growing import held
from adapters.files.reading import chunks, open_range
from adapters.files.threads import DiskThreads
from adapters.files.tree import TEMPORARY, Tree
from adapters.files.upload import LocalStagedBlob
from application.ports.blobs import (
    ORIGINAL,
    BlobEntry,
    BlobMissing,
    Blobs,
    ServesPaths,
    StagedBlob,
    StagedEntry,
    segments,
)
from application.ports.resumable import GrowingBlob, GrowsBlobs
from domain.ids import DocumentId

T = TypeVar("T")

_LISTED = 500
"""Entries that one visit to a thread brings."""

_PROBE = bytes(4096)


class LocalBlobs(Blobs, GrowsBlobs, ServesPaths):
    def __init__(self, root: Path, *, disk: Disk | None = None, threads: int = 8) -> None:
        """Make `root` and what is missing above it; raises `Unavailable` where that cannot be."""
        self._tree = Tree(root, disk or Disk())
        self._threads = DiskThreads(threads)
        with storage_faults():
            self._tree.lay_out()

    async def stage(self, id: DocumentId) -> StagedBlob:
        staged = LocalStagedBlob(self._tree, self._threads, self._tree.entry(id))
        await self._threads.run(staged.begin)
        return staged

    @property
    def place(self) -> str:
        """One: whoever has the folder can go on with whatever is in it."""
        return ""

    def resume(self, id: DocumentId) -> AbstractAsyncContextManager[GrowingBlob]:
        return held(self._tree, self._threads, id)

    async def promote(self, id: DocumentId, prefix: str) -> None:
        await self._threads.run(moves.promote, self._tree, id, prefix)

    def staged(self) -> AsyncIterator[StagedEntry]:
        return self._listed(self._entries_staged())

    async def unstage(self, id: DocumentId) -> None:
        await self._threads.run(self._remove, self._tree.entry(id))

    async def stat(self, key: str) -> BlobEntry | None:
        return await self._threads.run(self._stat, key)

    async def read(self, key: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        if start < 0 or (stop is not None and stop < 0):
            raise ValueError("a range of bytes does not count from the end")
        return chunks(self._threads, await self._threads.run(open_range, self._tree, key, start, stop))

    async def fetch(self, key: str) -> Path:
        if await self.stat(key) is None:
            raise BlobMissing(key)
        return self._tree.place(key)

    async def put(self, key: str, data: bytes) -> None:
        await self._threads.run(moves.put, self._tree, key, data)

    async def delete(self, prefix: str) -> None:
        await self._threads.run(moves.delete, self._tree, prefix)

    async def quarantine(self, prefix: str) -> None:
        await self._threads.run(moves.quarantine, self._tree, prefix)

    def entries(self) -> AsyncIterator[BlobEntry]:
        return self._listed(self._blob_entries())

    async def check(self) -> None:
        await self._threads.run(self._probe)

    async def close(self) -> None:
        await self._threads.close()

    def path(self, key: str) -> str:
        return "/".join((self._tree.blobs.name, *segments(key)))

    def _remove(self, entry: Path) -> None:
        self._tree.remove(entry, last=ORIGINAL)

    def _stat(self, key: str) -> BlobEntry | None:
        path = self._tree.place(key)
        seen = self._tree.look_file(path)
        if seen is None:
            self._tree.require()
            return None
        return BlobEntry(key, seen.st_size, _utc(seen.st_mtime))

    def _blob_entries(self) -> Iterator[BlobEntry]:
        for path, seen in self._tree.walk(self._tree.blobs):
            yield BlobEntry(path.relative_to(self._tree.blobs).as_posix(), seen.st_size, _utc(seen.st_mtime))

    def _entries_staged(self) -> Iterator[StagedEntry]:
        for entry in map(self._tree.staging.joinpath, self._tree.names(self._tree.staging)):
            # A long upload changes its original and not the folder
            changed = [seen.st_mtime for path in (entry, entry / ORIGINAL) if (seen := self._tree.look(path))]
            if changed and self._tree.is_folder(entry):
                yield StagedEntry(DocumentId(entry.name), _utc(max(changed)))

    async def _listed(self, found: Iterator[T]) -> AsyncIterator[T]:
        while some := await self._threads.run(list, islice(found, _LISTED)):
            for one in some:
                yield one

    def _probe(self) -> None:
        self._tree.require_one_volume()
        path = self._tree.staging / f"check{TEMPORARY}{token_hex(8)}"
        try:
            with OpenFile(self._tree.disk, self._tree.disk.create(path)) as file:
                file.append((_PROBE,))
        finally:
            self._tree.quietly(self._tree.disk.unlink, path)


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
