"""An upload on its way into the local storage."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TypeVar, TypeVarTuple

from zlib_ng import zlib_ng

from adapters.files.disk import OpenFile
from adapters.files.threads import DiskThreads
from adapters.files.tree import Tree
from application.ports.blobs import ORIGINAL, Digest, StagedBlob, segment
from domain.errors import Unavailable

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_BATCH = 1024 * 1024
"""Bytes that come together before a thread is troubled with them."""


class LocalStagedBlob(StagedBlob):
    """Once a step has failed or was cancelled, what is on the disk is in doubt: all later ones raise `Unavailable`."""

    def __init__(self, tree: Tree, threads: DiskThreads, entry: Path) -> None:
        self._tree = tree
        self._threads = threads
        self._entry = entry
        self._turn = Lock()  # a step goes on after its waiting was cancelled, and `discard` may come then
        self._files: dict[str, OpenFile] = {}
        self._batch: list[bytes] = []
        self._held = self._size = self._crc32 = 0
        self._sha256 = sha256()
        self._sealed = self._failed = False

    async def write(self, chunk: bytes) -> None:
        if self._sealed:
            raise ValueError("a sealed upload cannot be written to")
        self._batch.append(chunk)
        self._held += len(chunk)
        if self._held >= _BATCH:
            await self._append()

    async def _append(self) -> None:
        batch, self._batch, self._held = self._batch, [], 0
        await self._do(self._hash_and_write, batch)

    def _hash_and_write(self, batch: list[bytes]) -> None:
        for chunk in batch:
            self._sum(chunk)
        self._write(batch)

    def _sum(self, chunk: bytes) -> None:
        self._sha256.update(chunk)
        self._crc32 = zlib_ng.crc32(chunk, self._crc32)

    def _write(self, batch: list[bytes]) -> None:
        self._size += sum(map(len, batch))
        self._files[ORIGINAL].append(batch)

    async def seal(self) -> Digest:
        await self._append()
        self._sealed = True
        return self._digest()

    def _digest(self) -> Digest:
        return Digest(size=self._size, sha256=self._sha256.hexdigest(), crc32=self._crc32)

    @property
    def source(self) -> Path:
        if not self._sealed:
            raise ValueError("an upload has no source before it is sealed")
        return self._entry / ORIGINAL

    async def add(self, name: str, data: bytes) -> None:
        if segment(name) in self._files:
            raise ValueError(f"{name} is there already")
        await self._do(self._create, name, data)

    def _create(self, name: str, data: bytes) -> None:
        self._files[name] = file = OpenFile(self._tree.disk, self._tree.disk.create(self._entry / name))
        file.append((data,))

    async def keep(self) -> None:
        if not self._sealed:
            raise ValueError("an upload cannot be kept before it is sealed")
        await self._do(self._sync)

    def _sync(self) -> None:
        for file in self._files.values():
            file.sync()
            file.close()
        self._tree.disk.sync_folder(self._entry)
        self._tree.disk.sync_folder(self._entry.parent)

    async def discard(self) -> None:
        self._failed = True
        await self._threads.run(self._in_turn, self._drop)

    def _drop(self) -> None:
        for file in self._files.values():
            file.close()
        self._tree.remove(self._entry, last=ORIGINAL)

    def begin(self) -> None:
        """Make the entry anew; blocking."""
        self._tree.remove(self._entry, last=ORIGINAL)
        self._tree.disk.mkdir(self._entry)
        self._create(ORIGINAL, b"")

    def require_sound(self) -> None:
        """Raise `Unavailable` when a step has failed."""
        if self._failed:
            raise Unavailable("This upload has failed. Send it again.")

    async def _do(self, step: Callable[[*Ts], T], *args: *Ts) -> T:
        self.require_sound()
        try:
            return await self._threads.run(self._in_turn, step, *args)
        except BaseException:
            self._failed = True
            raise

    def _in_turn(self, step: Callable[[*Ts], T], *args: *Ts) -> T:
        with self._turn:
            return step(*args)
