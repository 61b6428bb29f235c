"""Where the local storage keeps what, and its durable folders.

    staging/{document id}/{name}     on the way in
    blobs/{prefix}/{name}            final
    quarantine/{prefix}/{name}       put aside

All blocking. Folders between the top and a document's own are never removed, so one that is durable stays durable.
"""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from adapters.files.disk import Disk, OpenFile
from application.ports.blobs import segment, segments

TEMPORARY = "~"
"""Marks files that are no blobs; it cannot be in a key."""

MISSING = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)
"""No such file or folder; a symbolic link is none."""

TAKEN = (errno.ENOTEMPTY, errno.EEXIST)

TOPS = ("staging", "blobs", "quarantine")

_REMEMBERED = 20_000


class Tree:
    def __init__(self, root: Path, disk: Disk, tops: tuple[str, ...] = TOPS) -> None:
        self.disk = disk
        self.root = root.absolute()
        self.staging, self.blobs, self.aside = (self.root / top for top in TOPS)
        self._tops = tuple(self.root / top for top in tops)
        self._durable: set[Path] = set()

    def lay_out(self) -> None:
        """Make the root and the folders below it. Later ones that are missing mean that the storage is away."""
        for folder in (*reversed(self.root.parents), self.root):
            if not folder.is_dir() and self._mkdir(folder):
                self.disk.sync_folder(folder.parent)
        for top in self._tops:
            self._mkdir(top)
        self.disk.sync_folder(self.root)

    def entry(self, id: str) -> Path:
        """The folder of a staging entry."""
        return self.staging / segment(id)

    def place(self, key: str) -> Path:
        return self.blobs.joinpath(*segments(key))

    def look(self, path: Path) -> os.stat_result | None:
        try:
            return self.disk.stat(path)
        except OSError as error:
            if error.errno not in MISSING:
                raise
            return None

    def is_file(self, path: Path) -> bool:
        return self.look_file(path) is not None

    def look_file(self, path: Path) -> os.stat_result | None:
        seen = self.look(path)
        return seen if seen is not None and stat.S_ISREG(seen.st_mode) else None

    def is_folder(self, path: Path) -> bool:
        seen = self.look(path)
        return seen is not None and stat.S_ISDIR(seen.st_mode)

    def open(self, path: Path) -> OpenFile | None:
        """The file to be read; None where there is none."""
        try:
            return OpenFile(self.disk, self.disk.open(path))
        except OSError as error:
            if error.errno not in MISSING:
                raise
            return None

    def require(self) -> None:
        """Raise `FileNotFoundError` when the storage is away, so that nothing is taken for deleted then."""
        for top in self._tops:
            self.disk.stat(top)

    def require_one_volume(self) -> None:
        """Raise `OSError` unless the storage is there and its folders can be renamed into one another."""
        if len({self.disk.stat(top).st_dev for top in self._tops}) > 1:
            raise OSError(errno.EXDEV, "folders on different volumes")

    def make(self, folder: Path) -> None:
        """Make `folder` and what is missing above it, so that all of it survives loss of power."""
        if folder in self._tops:
            return
        if self._mkdir(folder):
            self._durable.discard(folder)
        if folder in self._durable:
            return
        if not self.is_folder(folder):
            raise NotADirectoryError(errno.ENOTDIR, "something else has the name of a folder")
        self.make(folder.parent)
        # It may have been made a moment ago by somebody who has not come to this line yet
        self.disk.sync_folder(folder.parent)
        if len(self._durable) >= _REMEMBERED:
            self._durable.clear()
        self._durable.add(folder)

    def names(self, folder: Path) -> list[str]:
        """What is in `folder`; nothing where there is none."""
        try:
            return self.disk.names(folder)
        except OSError as error:
            if error.errno not in MISSING:
                raise
            self.require()
            return []

    def remove(self, folder: Path, *, last: str) -> None:
        """Remove a folder of files, the one named `last` at the end; silent about what is gone already."""
        for name in sorted(self.names(folder), key=last.__eq__):
            self.quietly(self.disk.unlink, folder / name)
        self.quietly(self.disk.rmdir, folder)

    def sweep(self, folder: Path, seconds: float) -> None:
        """Remove the temporary files in `folder` that are older than that."""
        for name in self.names(folder):
            seen = self.look(folder / name) if TEMPORARY in name else None
            if seen is not None and seen.st_mtime < time.time() - seconds:
                self.quietly(self.disk.unlink, folder / name)

    def walk(self, folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
        """Every regular file below `folder` that is not temporary."""
        for path in map(folder.joinpath, self.names(folder)):
            seen = self.look(path)
            if seen is not None and stat.S_ISDIR(seen.st_mode):
                yield from self.walk(path)
            elif seen is not None and stat.S_ISREG(seen.st_mode) and TEMPORARY not in path.name:
                yield path, seen

    @staticmethod
    def quietly(step: Callable[[Path], None], path: Path) -> None:
        try:
            step(path)
        except OSError as error:
            if error.errno not in (*MISSING, *TAKEN, errno.EISDIR):
                raise

    def _mkdir(self, folder: Path) -> bool:
        try:
            self.disk.mkdir(folder)
        except FileExistsError:
            return False
        except FileNotFoundError:
            if folder.parent in self._tops:
                raise
            self.make(folder.parent)
            return self._mkdir(folder)
        return True
