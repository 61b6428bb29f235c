"""An upload on its way into a bucket: first a file of this machine, which is looked into, then objects."""

from pathlib import Path

from zlib_ng import zlib_ng

from adapters.files.folders import together
from adapters.files.growing import LocalGrowingBlob
from adapters.files.objects import BucketObjects
from adapters.files.upload import LocalStagedBlob
from application.ports.blobs import ORIGINAL, Digest, StagedBlob
from application.ports.resumable import GrowingBlob


class BucketStagedBlob(StagedBlob):
    """`source` is gone once the upload is kept."""

    def __init__(self, local: LocalStagedBlob, objects: BucketObjects, entry: str) -> None:
        self._local = local
        self._objects = objects
        self._entry = entry
        self._checksums: dict[str, int] = {}
        self._begun = self._kept = False

    async def write(self, chunk: bytes) -> None:
        await self._local.write(chunk)

    async def seal(self) -> Digest:
        digest = await self._local.seal()
        self._checksums[ORIGINAL] = digest.crc32
        return digest

    @property
    def source(self) -> Path:
        return self._local.source

    async def add(self, name: str, data: bytes) -> None:
        await self._local.add(name, data)
        self._checksums[name] = zlib_ng.crc32(data)

    async def keep(self) -> None:
        original = self._local.source
        if self._kept:
            return
        self._local.require_sound()
        self._begun = True
        await together(*(self._send(name, original) for name in self._checksums if name != ORIGINAL))
        # last: where it is, everything is
        await self._send(ORIGINAL, original)
        self._kept = True
        await self._sent()

    async def _sent(self) -> None:
        await self._local.discard()

    async def _send(self, name: str, original: Path) -> None:
        await self._objects.upload(f"{self._entry}/{name}", original.with_name(name), self._checksums[name])

    async def discard(self) -> None:
        await self._local.discard()
        if self._begun:
            await self._objects.remove(self._entry)


class BucketGrowingBlob(BucketStagedBlob, GrowingBlob):
    """Grows as a file of this machine, which stays until the promotion: keeping it may have to be done again."""

    def __init__(self, local: LocalGrowingBlob, objects: BucketObjects, entry: str) -> None:
        super().__init__(local, objects, entry)
        self._growing = local

    async def rewind(self, size: int) -> None:
        self._checksums.clear()
        await self._growing.rewind(size)

    async def sync(self) -> None:
        await self._growing.sync()

    async def _sent(self) -> None:
        """The file is dropped with the promotion."""
