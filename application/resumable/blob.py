"""A staging entry in the hands of a use case that would drop it when something goes wrong."""

from application.ports.blobs import Digest, StagedBlob
from application.ports.inspecting import Source


class LentBlob(StagedBlob):
    """Whoever lends it decides what becomes of it: `discard` does nothing."""

    def __init__(self, blob: StagedBlob) -> None:
        self._blob = blob

    async def write(self, chunk: bytes) -> None:
        await self._blob.write(chunk)

    async def seal(self) -> Digest:
        return await self._blob.seal()

    @property
    def source(self) -> Source:
        return self._blob.source

    async def add(self, name: str, data: bytes) -> None:
        await self._blob.add(name, data)

    async def keep(self) -> None:
        await self._blob.keep()

    async def discard(self) -> None:
        """The bytes may still be wanted."""
