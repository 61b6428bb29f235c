"""The steps on files that the local storage is made of."""

import errno
import fcntl
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self, TypeAlias

Buffers: TypeAlias = Sequence[bytes | memoryview]

# The web server in front may be let in by group; nobody else.
_FILE, _FOLDER = 0o640, 0o750
_FLAGS = os.O_CLOEXEC | os.O_NOFOLLOW
_NOW: int = getattr(os, "RWF_NOWAIT", 0)
_AT_ONCE = 1024
"""How many buffers one writev takes (IOV_MAX)."""


class Disk:
    """One step on files per method; each blocks, and raises `OSError`.

    Everything `LocalBlobs` does to a disk goes through here, so a subclass that stops, fails or forgets at any step
    shows what the order of the steps is worth. A symbolic link at the end of a path is not followed.
    """

    def mkdir(self, folder: Path) -> None:
        folder.mkdir(_FOLDER)

    def create(self, path: Path) -> int:
        """Open a new file for writing; raises `FileExistsError` where there is one."""
        return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _FLAGS, _FILE)

    def lock(self, path: Path) -> int:
        """Open a file to go on writing, alone until it is closed; raises `BlockingIOError` while another has it."""
        fd = os.open(path, os.O_WRONLY | _FLAGS)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BaseException:
            os.close(fd)
            raise
        return fd

    def cut(self, fd: int, size: int) -> None:
        """Keep the first `size` bytes, and write on from there."""
        os.ftruncate(fd, size)
        os.lseek(fd, size, os.SEEK_SET)

    def write(self, fd: int, buffers: Buffers) -> int:
        """Append, at most 1,024 buffers; returns how many bytes were taken, which may be fewer."""
        return os.writev(fd, buffers)

    def sync(self, fd: int) -> None:
        os.fsync(fd)

    def sync_folder(self, folder: Path) -> None:
        """Make durable which names are in `folder`."""
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | _FLAGS)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def close(self, fd: int) -> None:
        os.close(fd)

    def rename(self, old: Path, new: Path) -> None:
        old.rename(new)

    def unlink(self, path: Path) -> None:
        path.unlink()

    def rmdir(self, folder: Path) -> None:
        folder.rmdir()

    def open(self, path: Path) -> int:
        # not waiting: something put a pipe there by mistake
        return os.open(path, os.O_RDONLY | os.O_NONBLOCK | _FLAGS)

    def read(self, fd: int, size: int, start: int) -> bytes:
        return os.pread(fd, size, start)

    def stat(self, path: Path) -> os.stat_result:
        return path.lstat()

    def stat_open(self, fd: int) -> os.stat_result:
        return os.fstat(fd)

    def names(self, folder: Path) -> list[str]:
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | _FLAGS)
        try:
            return os.listdir(fd)
        finally:
            os.close(fd)


class OpenFile:
    """A descriptor that is closed with the last reference to it, whoever drops that and in whichever thread."""

    __slots__ = ("_disk", "_fd")

    def __init__(self, disk: Disk, fd: int) -> None:
        self._disk = disk
        self._fd = fd

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, buffers: Buffers) -> None:
        """Write all of it; after an error some of it may be there."""
        for first in range(0, len(buffers), _AT_ONCE):
            self._append(buffers[first : first + _AT_ONCE])

    def _append(self, buffers: Buffers) -> None:
        wanted = sum(map(len, buffers))
        taken = self._disk.write(self._fd, buffers) if wanted else 0
        rest = memoryview(b"".join(buffers) if taken < wanted else b"")
        while taken < wanted:
            more = self._disk.write(self._fd, (rest[taken:],))
            if not more:
                raise OSError(errno.ENOSPC, "nothing more was written")
            taken += more

    def again(self) -> "OpenFile":
        """Another descriptor of the same; a lock is freed with the last of them."""
        return OpenFile(self._disk, os.dup(self._fd))

    def cut(self, size: int) -> None:
        self._disk.cut(self._fd, size)

    def sync(self) -> None:
        self._disk.sync(self._fd)

    def read_cached(self, place: memoryview, start: int) -> int:
        """How many bytes came without waiting; 0 where they are not in memory, or the system cannot tell. No step on
        the disk: what is wrong with that, whoever waits for it finds out."""
        try:
            return os.preadv(self._fd, [place], start, _NOW) if _NOW else 0
        except OSError:
            return 0

    def stat(self) -> os.stat_result:
        return self._disk.stat_open(self._fd)

    def read(self, size: int, start: int) -> bytes:
        """Exactly `size` bytes; raises `OSError` where the file has become shorter."""
        data = self._disk.read(self._fd, size, start)
        while len(data) < size:
            more = self._disk.read(self._fd, size - len(data), start + len(data))
            if not more:
                raise OSError(errno.EIO, "the file is shorter than it was")
            data += more
        return data

    def close(self) -> None:
        fd, self._fd = self._fd, -1
        if fd >= 0:
            self._disk.close(fd)

    def __del__(self) -> None:
        with suppress(OSError):
            self.close()
