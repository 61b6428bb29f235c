"""A staging place that only remembers."""

from application.ports.blobs import Digest, StagedBlob
from application.ports.inspecting import Source


class Kept(StagedBlob):
    def __init__(self) -> None:
        self.content = b""

    async def write(self, chunk: bytes) -> None:
        self.content += chunk

    async def seal(self) -> Digest:
        raise NotImplementedError

    @property
    def source(self) -> Source:
        return self.content

    async def add(self, name: str, data: bytes) -> None:
        raise NotImplementedError

    async def keep(self) -> None:
        raise NotImplementedError

    async def discard(self) -> None:
        raise NotImplementedError
