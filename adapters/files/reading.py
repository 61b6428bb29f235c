"""Reading a range of a file in chunks, one ahead of whoever consumes them."""

import asyncio
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass

from adapters.files.disk import OpenFile
from adapters.files.threads import DiskThreads
from adapters.files.tree import Tree
from application.ports.blobs import CHUNK, BlobMissing

_AT_A_STRETCH = 4
"""Chunks after which others get their turn on the event loop, even if nobody had to be waited for."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose `first` chunk has been read; from `at` up to `stop` is still to come."""

    file: OpenFile
    first: bytes
    at: int
    stop: int


def open_range(tree: Tree, key: str, start: int, stop: int | None) -> Opened:
    """Open a blob and read its first chunk; blocking. What fits into one chunk is closed again already."""
    file = tree.open(tree.place(key))
    seen = None if file is None else file.stat()
    if file is None or seen is None or not stat.S_ISREG(seen.st_mode):
        tree.require()
        raise BlobMissing(key)
    stop = seen.st_size if stop is None else min(stop, seen.st_size)
    first = file.read(min(CHUNK, stop - start), start) if start < stop else b""
    if start + len(first) >= stop:
        file.close()
    return Opened(file, first, start + len(first), stop)


async def chunks(threads: DiskThreads, opened: Opened) -> AsyncIterator[bytes]:
    """The file is closed with the last reference to it: a body that is never sent needs no care."""
    chunk, at, turn = opened.first, opened.at, 0
    place = memoryview(bytearray(min(CHUNK, max(0, opened.stop - at))))
    while chunk:
        size = min(CHUNK, opened.stop - at)
        following: bytes | asyncio.Future[bytes] = b""
        if size > 0:
            following = _at_hand(opened.file, place[:size], at) or threads.begin(opened.file.read, size, at)
        yield chunk
        chunk = following if isinstance(following, bytes) else await following
        at += len(chunk)
        turn += 1
        if turn % _AT_A_STRETCH == 0:
            await asyncio.sleep(0)


def _at_hand(file: OpenFile, place: memoryview, at: int) -> bytes:
    """What the system holds in memory: to copy it costs a third of what changing threads does."""
    return bytes(place[: file.read_cached(place, at)])
