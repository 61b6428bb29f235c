"""Handing out a copy of a picture that does not tell where, by whom and with which camera it was taken."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from application.downloads import FULL, Download, OpenDownload
from application.ports.blobs import BlobMissing, Blobs
from application.ports.stripping import PLAIN, STRIPPED, MetadataStripper, Piece
from domain.access import Principal
from domain.errors import RuleViolated, Unavailable
from domain.ids import DocumentId

_RECIPE = 1
"""Version of how copies are made; raise it and clients ask anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StrippedDownload(Download):
    original: Download
    pieces: tuple[Piece, ...]

    @property
    def is_stored(self) -> bool:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStripped:
    """Like `OpenDownload`, for the original alone: the other variants carry no metadata anyway."""

    open_download: OpenDownload
    blobs: Blobs
    stripper: MetadataStripper

    async def __call__(self, actor: Principal, id: DocumentId, variant: str = FULL) -> Download:
        """Raises `RuleViolated` for a type that this cannot be done with, and `Unreadable` for such a file."""
        original = await self.open_download(actor, id, variant)
        if variant != FULL or original.mime in PLAIN:
            return original
        if original.mime not in STRIPPED:
            raise RuleViolated(
                "A file of this type cannot be handed out without its metadata; where it has pictures "
                "(variant=medium), those carry none",
                field="metadata",
            )
        await self.open_download.settle(original)
        try:
            source = await self.blobs.fetch(original.key)
        except BlobMissing as error:
            raise Unavailable("The file's bytes are missing from the storage; the operator can run verify") from error
        pieces = tuple(await self.stripper.strip(source, original.mime))
        return StrippedDownload(
            document=original.document,
            variant=original.variant,
            mime=original.mime,
            key=original.key,
            size=sum(piece.size for piece in pieces),
            etag=f"{original.etag}-stripped-{_RECIPE}",
            original=original,
            pieces=pieces,
        )

    async def settle(self, download: Download) -> None:
        """As `OpenDownload.settle`; of a copy there is nothing to see to."""
        await self.open_download.settle(download)

    async def read(self, download: Download, start: int, stop: int) -> AsyncIterator[bytes]:
        """As `OpenDownload.read`. The original is read from its begin, so that its checksum can be compared."""
        if not isinstance(download, StrippedDownload):
            return await self.open_download.read(download, start, stop)
        chunks = await self.open_download.read(download.original, 0, download.original.size)
        return _between(_put_together(chunks, download.pieces), start, stop)


async def _put_together(chunks: AsyncIterator[bytes], pieces: Sequence[Piece]) -> AsyncIterator[bytes]:
    waiting = list(reversed(pieces))
    at = 0
    async for chunk in chunks:
        end = at + len(chunk)
        while waiting and (waiting[-1].data or waiting[-1].start < end):
            piece = waiting[-1]
            yield piece.data or chunk[max(0, piece.start - at) : piece.stop - at]
            if not piece.data and piece.stop > end:
                break
            waiting.pop()
        at = end
    for piece in reversed(waiting):
        yield piece.data


async def _between(parts: AsyncIterator[bytes], start: int, stop: int) -> AsyncIterator[bytes]:
    """The last of it only after all was read: that is when the original's checksum is known to be right."""
    held, at = b"", 0
    async for part in parts:
        wanted = part[max(0, start - at) : max(0, stop - at)]
        at += len(part)
        if wanted:
            if held:
                yield held
            held = wanted
    if held:
        yield held
