"""What a bucket's storage keeps on this machine for a while: uploads on their way in, copies to be looked into."""

import os
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path
from secrets import token_hex

from adapters.files.disk import Disk
from adapters.files.faults import storage_faults
from adapters.files.growing import LocalGrowingBlob, held
from adapters.files.threads import DiskThreads
from adapters.files.tree import TEMPORARY, Tree
from adapters.files.upload import LocalStagedBlob
from application.ports.blobs import ORIGINAL

_COPY_SECONDS = 3600
_UPLOAD_SECONDS = 24 * 3600


class Scratch:
    """`folder` may be shared by the processes of this machine. What stopped ones left is removed in time."""

    def __init__(self, folder: Path) -> None:
        """Raises `Unavailable` where the folder cannot be made."""
        self._tree = Tree(folder, Disk(), ("staging",))
        self._threads = DiskThreads(4)
        self._copies: list[Path] = []
        with storage_faults():
            self._tree.lay_out()
            self._sweep_uploads()
            self.place = self._place(folder / "place")

    async def begin(self, id: str) -> LocalStagedBlob:
        upload = LocalStagedBlob(self._tree, self._threads, self._tree.entry(id))
        await self._threads.run(upload.begin)
        return upload

    def resume(self, id: str) -> AbstractAsyncContextManager[LocalGrowingBlob]:
        return held(self._tree, self._threads, id)

    async def drop(self, id: str) -> None:
        await self._threads.run(self._remove, self._tree.entry(id))

    async def copy(self, download: Callable[[Path], Awaitable[None]]) -> Path:
        """A file for `download` to write, which stays for an hour."""
        await self._threads.run(self._tree.sweep, self._tree.staging, _COPY_SECONDS)
        path = self._tree.staging / f"copy{TEMPORARY}{token_hex(8)}"
        self._copies.append(path)
        await download(path)
        return path

    async def close(self) -> None:
        for path in self._copies:
            await self._threads.run(self._tree.quietly, self._tree.disk.unlink, path)
        await self._threads.close()

    @staticmethod
    def _place(path: Path) -> str:
        """A word that stays with the folder; the processes that share it make one between them."""
        if not path.exists():
            made = path.with_name(f"{path.name}{TEMPORARY}{token_hex(8)}")
            made.write_text(token_hex(8))
            with suppress(FileExistsError):
                os.link(made, path)
            made.unlink()
        return path.read_text()

    def _remove(self, entry: Path) -> None:
        self._tree.remove(entry, last=ORIGINAL)

    def _sweep_uploads(self) -> None:
        for entry in map(self._tree.staging.joinpath, self._tree.names(self._tree.staging)):
            seen = self._tree.look(entry / ORIGINAL) or self._tree.look(entry)
            if seen is not None and seen.st_mtime < time.time() - _UPLOAD_SECONDS:
                self._remove(entry)
