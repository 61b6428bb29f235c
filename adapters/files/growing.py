"""An upload into the local storage that is gone on with in later requests, perhaps by another process."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

from adapters.files.disk import OpenFile
from adapters.files.threads import DiskThreads
from adapters.files.tree import Tree
from adapters.files.upload import LocalStagedBlob
from application.ports.blobs import CHUNK, ORIGINAL, BlobMissing, Digest
from application.ports.resumable import GrowingBlob, Locked

_VISIT = 8 * 1024 * 1024
"""Bytes that are hashed in one visit to a thread: in chunks, for each thread keeps the memory of its largest."""


class LocalGrowingBlob(LocalStagedBlob, GrowingBlob):
    """Held by a lock on the original, which the system frees when its holder dies."""

    _hold: OpenFile | None = None
    _is_hashed = False
    """All of the bytes went through here, so the sums are right."""

    def take(self) -> None:
        """Open and lock the original; blocking."""
        path = self._entry / ORIGINAL
        try:
            file = OpenFile(self._tree.disk, self._tree.disk.lock(path))
        except BlockingIOError:
            raise Locked("Another request is sending bytes of this upload; wait for its end") from None
        except FileNotFoundError:
            self._tree.require()
            raise BlobMissing(self._entry.name) from None
        seen = self._tree.look(path)
        if seen is None or not os.path.samestat(seen, file.stat()):
            raise BlobMissing(self._entry.name)  # somebody else finished or dropped it a moment ago
        # The lock lasts as long as one of both is open, and `keep` closes the file.
        self._hold = file.again()
        self._files[ORIGINAL] = file

    def release(self) -> None:
        """Close everything; blocking."""
        with self._turn:
            self._failed = True
            for file in (*self._files.values(), self._hold):
                if file is not None:
                    file.close()

    async def rewind(self, size: int) -> None:
        self._batch, self._held, self._sealed = [], 0, False
        await self._do(self._rewind, size)

    def _rewind(self, size: int) -> None:
        if self._files[ORIGINAL].stat().st_size < size:
            raise BlobMissing(self._entry.name)
        for name in self._tree.names(self._entry):
            if name != ORIGINAL:
                self._tree.quietly(self._tree.disk.unlink, self._entry / name)
        self._files[ORIGINAL].cut(size)
        self._size, self._is_hashed = size, size == 0
        self._sha256, self._crc32 = sha256(), 0

    async def sync(self) -> None:
        await self._append()
        await self._do(self._sync_bytes)

    def _sync_bytes(self) -> None:
        self._files[ORIGINAL].sync()
        self._tree.disk.sync_folder(self._entry)
        self._tree.disk.sync_folder(self._entry.parent)

    def _hash_and_write(self, batch: list[bytes]) -> None:
        if self._is_hashed:
            super()._hash_and_write(batch)
        else:
            self._write(batch)

    async def seal(self) -> Digest:
        digest = await super().seal()
        if not self._is_hashed:
            self._sha256, self._crc32 = sha256(), 0
            source = await self._do(self._opened)
            for start in range(0, digest.size, _VISIT):
                await self._do(self._hash, source, start, min(start + _VISIT, digest.size))
            self._is_hashed = True
        return self._digest()

    def _opened(self) -> OpenFile:
        return OpenFile(self._tree.disk, self._tree.disk.open(self._entry / ORIGINAL))

    def _hash(self, source: OpenFile, start: int, stop: int) -> None:
        for at in range(start, stop, CHUNK):
            self._sum(source.read(min(CHUNK, stop - at), at))


@asynccontextmanager
async def held(tree: Tree, threads: DiskThreads, id: str) -> AsyncIterator[LocalGrowingBlob]:
    growing = LocalGrowingBlob(tree, threads, tree.entry(id))
    await threads.run(growing.take)
    try:
        yield growing
    finally:
        await threads.run(growing.release)
