"""The folder of an old installation's files, read only."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from application.ports.blobs import CHUNK
from application.ports.legacy import FileLost
from domain.errors import Unavailable


class Folder:
    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def check(self) -> None:
        """Raise `Unavailable` unless there is such a folder."""
        if not self._root.is_dir():
            raise Unavailable("There is no folder of files at the path given")

    def file(self, path: str) -> Path | None:
        """The file at a path below the folder; None where there is none, or it lies elsewhere."""
        if not path or "\x00" in path:
            return None
        try:
            found = (self._root / path).resolve()
            return found if found.is_relative_to(self._root) and found.is_file() else None
        except OSError:
            return None  # a name longer than the system has

    def existing(self, path: str) -> Path:
        """As `file`; raises `FileLost` where there is none."""
        found = self.file(path)
        if found is None:
            raise FileLost("it was there before, and is gone")
        return found

    def paths(self) -> Iterator[str]:
        """Every file there is, by its path below the folder."""
        for folder, folders, names in os.walk(self._root):
            folders.sort()
            for name in sorted(names):
                yield Path(folder, name).relative_to(self._root).as_posix()

    async def chunks(self, path: str) -> AsyncIterator[bytes]:
        found = self.existing(path)
        try:
            with await asyncio.to_thread(found.open, "rb") as file:
                while chunk := await asyncio.to_thread(file.read, CHUNK):
                    yield chunk
        except OSError as error:
            raise FileLost(f"it cannot be read: {error.strerror or error}") from error


def printable(path: str) -> str:
    """A path as it can be written down: a file's name may be bytes of no encoding."""
    return path.encode("utf-8", "replace").decode()


def below_uploads(stored: str) -> Iterator[str]:
    """What a stored path may mean below the uploads folder, the likeliest first.

    It may be relative, absolute on another machine, or of Windows; only what comes after a folder `uploads` counts.
    """
    parts = [part for part in stored.replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts or ".." in parts:
        return
    at = [index for index, part in enumerate(parts) if part.lower() == "uploads"]
    for index in reversed(at):
        yield "/".join(parts[index + 1 :])
    if not at and not stored.startswith(("/", "\\")) and ":" not in parts[0]:
        yield "/".join(parts)
