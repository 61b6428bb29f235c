"""Bringing a document's bytes into a storage, whole or not at all, and several documents at a time."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias, TypeVar

from application.ports.backups import Stored
from application.ports.blobs import ORIGINAL, BlobMissing, Blobs

T = TypeVar("T")
R = TypeVar("R")
Tell: TypeAlias = Callable[[int, int], None]
"""Is told how many documents are done, and of how many."""

_AT_ONCE = 4


class Unlike(Exception):
    """The bytes are missing or not those that the document's row tells of."""


async def brought(chunks: AsyncIterator[bytes], stored: Stored, target: Blobs) -> None:
    """Store the bytes at their place. Raises `Unlike`, and stores nothing, unless they are what `stored` says."""
    staged = await target.stage(stored.id)
    try:
        async for chunk in chunks:
            await staged.write(chunk)
        digest = await staged.seal()
        if (digest.size, digest.sha256) != (stored.size, stored.sha256):
            raise Unlike
        await staged.keep()
        await target.promote(stored.id, stored.prefix)
    except BaseException:
        await staged.discard()
        raise


async def is_right(blobs: Blobs, stored: Stored) -> bool:
    """Whether the original is there with the right size and checksum; reads all of it."""
    digest, size = hashlib.sha256(), 0
    try:
        async for chunk in await blobs.read(f"{stored.prefix}/{ORIGINAL}"):
            digest.update(chunk)
            size += len(chunk)
    except BlobMissing:
        return False
    return (size, digest.hexdigest()) == (stored.size, stored.sha256)


async def original(blobs: Blobs, stored: Stored) -> AsyncIterator[bytes]:
    """The document's bytes; raises `Unlike` where there are none."""
    key = f"{stored.prefix}/{ORIGINAL}"
    try:
        return await blobs.read(key)
    except BlobMissing:
        pass
    try:
        # Its row is committed, so whoever stored it was stopped, or is about to promote it.
        await blobs.promote(stored.id, stored.prefix)
        return await blobs.read(key)
    except BlobMissing as error:
        raise Unlike from error


async def several(
    things: AsyncIterator[T], work: Callable[[T], Awaitable[R]], *, at_once: int = _AT_ONCE
) -> AsyncIterator[R]:
    """The results of `work`, a few at a time, in the order of `things`."""
    batch: list[T] = []
    async for thing in things:
        batch.append(thing)
        if len(batch) == at_once:
            for result in await _all(batch, work):
                yield result
            batch = []
    for result in await _all(batch, work):
        yield result


async def _all(batch: list[T], work: Callable[[T], Awaitable[R]]) -> list[R]:
    results = await asyncio.gather(*map(work, batch), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]
