"""Reading a range of a file in chunks, some of them ahead of whoever consumes them."""

import asyncio
import stat
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

from adapters.files.disk import OpenFile
from adapters.files.threads import DiskThreads
from adapters.files.tree import Tree
from application.ports.blobs import CHUNK, BlobMissing

_AT_ONCE, _LEFT = 8, 2
"""Chunks that one visit to a thread brings, since the visit costs as much as reading one of them; and how many of them
are left when the next begins. The first visit brings but these: somebody waits for it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose `first` chunks have been read; from `at` up to `stop` is still to come."""

    file: OpenFile
    first: deque[bytes]
    at: int
    stop: int


def open_range(tree: Tree, key: str, start: int, stop: int | None) -> Opened:
    """Open a blob and read its first chunks; blocking. A file of which that was all is closed again already."""
    file = tree.open(tree.place(key))
    seen = None if file is None else file.stat()
    if file is None or seen is None or not stat.S_ISREG(seen.st_mode):
        tree.require()
        raise BlobMissing(key)
    stop = seen.st_size if stop is None else min(stop, seen.st_size)
    first = _some(file, start, stop, _LEFT)
    at = start + sum(map(len, first))
    if at >= stop:
        file.close()
    return Opened(file, first, at, stop)


async def chunks(threads: DiskThreads, opened: Opened) -> AsyncIterator[bytes]:
    """The file is closed with the last reference to it: a body that is never sent needs no care."""
    some, at, stop = opened.first, opened.at, opened.stop
    while some:
        following: asyncio.Future[deque[bytes]] | None = None
        while some:
            if following is None and at < stop and len(some) <= _LEFT:
                following = threads.begin(_some, opened.file, at, stop, _AT_ONCE)
                at = min(at + _AT_ONCE * CHUNK, stop)
            yield some.popleft()  # held here no longer than by its consumer, so that its memory serves again
        if following is not None:  # the event loop tells of it, so others get their turn before this goes on
            some = await following


def _some(file: OpenFile, start: int, stop: int, count: int) -> deque[bytes]:
    """The chunks that come next."""
    stop = min(stop, start + count * CHUNK)
    return deque(file.read(min(CHUNK, stop - at), at) for at in range(start, stop, CHUNK))
