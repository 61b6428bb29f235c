"""Blobs as objects of a bucket.

    staging/{document id}/{name}     on the way in; the original is written last: where it is, everything is
    blobs/{prefix}/{name}            final
    quarantine/{prefix}/{name}       put aside

A promotion copies within the bucket, sees that the copies are right and then deletes, the original last each time:
stopped anywhere, the same call made again finishes it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from secrets import token_hex
from typing import NoReturn

from zlib_ng import zlib_ng

from adapters.files.bucket_upload import BucketGrowingBlob, BucketStagedBlob
from adapters.files.objects import BucketObjects, SigningObjects
from adapters.files.scratch import Scratch
from application.ports.blobs import (
    ORIGINAL,
    BlobEntry,
    BlobMissing,
    Blobs,
    SignsLinks,
    StagedBlob,
    StagedEntry,
    segment,
    segments,
)
from application.ports.resumable import GrowingBlob, GrowsBlobs
from domain.ids import DocumentId

_BLOBS, _STAGING = "blobs", "staging"


class BucketBlobs(Blobs, GrowsBlobs):
    """`scratch` is a folder of this machine. Other machines see a staging entry once it is kept: an upload that comes
    in pieces stays with the machine that it began on."""

    def __init__(self, objects: BucketObjects, scratch: Path) -> None:
        self._objects = objects
        self._scratch = Scratch(scratch)

    async def stage(self, id: DocumentId) -> StagedBlob:
        await self._objects.remove(entry := _entry(id))
        return BucketStagedBlob(await self._scratch.begin(id), self._objects, entry)

    async def promote(self, id: DocumentId, prefix: str) -> None:
        entry, place = _entry(id), placed(prefix)
        try:
            await self._objects.bring(entry, place, aside=f"quarantine/{prefix}")
        except FileNotFoundError:
            # or another promotion of the same entry was faster
            if await self._objects.head(f"{place}/{ORIGINAL}") is None:
                await self._missing(prefix)
        await self._objects.remove(entry)
        await self._scratch.drop(id)

    @property
    def place(self) -> str:
        return self._scratch.place

    @asynccontextmanager
    async def resume(self, id: DocumentId) -> AsyncIterator[GrowingBlob]:
        async with self._scratch.resume(id) as local:
            yield BucketGrowingBlob(local, self._objects, _entry(id))

    async def staged(self) -> AsyncIterator[StagedEntry]:
        newest: dict[str, StagedEntry] = {}
        async for key, seen in self._objects.below(_STAGING):
            id = key.split("/")[1]
            if id not in newest or newest[id].modified < seen.modified:
                newest[id] = StagedEntry(DocumentId(id), seen.modified)
        for entry in newest.values():
            yield entry

    async def unstage(self, id: DocumentId) -> None:
        await self._objects.remove(_entry(id))
        await self._scratch.drop(id)

    async def stat(self, key: str) -> BlobEntry | None:
        seen = await self._objects.head(placed(key))
        if seen is None:
            await self._objects.require()
            return None
        return BlobEntry(key, seen.size, seen.modified)

    async def read(self, key: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        if start < 0 or (stop is not None and stop < 0):
            raise ValueError("a range of bytes does not count from the end")
        try:
            return await self._objects.read(placed(key), start, stop)
        except FileNotFoundError:
            await self._missing(key)

    async def fetch(self, key: str) -> Path:
        place = placed(key)
        try:
            return await self._scratch.copy(lambda path: self._objects.download(place, path))
        except FileNotFoundError:
            await self._missing(key)

    async def put(self, key: str, data: bytes) -> None:
        await self._objects.put(placed(key), data, zlib_ng.crc32(data))

    async def delete(self, prefix: str) -> None:
        await self._objects.remove(placed(prefix))

    async def quarantine(self, prefix: str) -> None:
        await self._objects.put_aside(placed(prefix), f"quarantine/{prefix}")

    async def entries(self) -> AsyncIterator[BlobEntry]:
        async for key, seen in self._objects.below(_BLOBS):
            yield BlobEntry(key.removeprefix(f"{_BLOBS}/"), seen.size, seen.modified)

    async def check(self) -> None:
        probe = f"check~{token_hex(8)}"
        await self._objects.put(probe, b"", 0)
        await self._objects.delete(probe)

    async def close(self) -> None:
        await self._objects.close()
        await self._scratch.close()

    async def _missing(self, key: str) -> NoReturn:
        await self._objects.require()
        raise BlobMissing(key)


class SigningBlobs(BucketBlobs, SignsLinks):
    """A bucket from which clients can read by themselves."""

    def __init__(self, objects: SigningObjects, scratch: Path) -> None:
        super().__init__(objects, scratch)
        self._signing = objects

    async def link(self, key: str, *, seconds: int, mime: str, disposition: str) -> str:
        return await self._signing.link(placed(key), seconds=seconds, mime=mime, disposition=disposition)


def placed(key: str) -> str:
    """Where the blob or the blobs of this key or prefix are."""
    return "/".join((_BLOBS, *segments(key)))


def _entry(id: DocumentId) -> str:
    return f"{_STAGING}/{segment(id)}"
