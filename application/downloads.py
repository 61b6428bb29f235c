"""Handing out bytes: the original, or one of the pictures made of it."""

import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from application.derivatives import MakeDerivatives, is_whole
from application.ports.audit_trail import AuditEntry, AuditTrail
from application.ports.blobs import MEDIUM, ORIGINAL, THUMB, BlobMissing, Blobs
from application.ports.inspecting import RECIPE
from application.ports.system import Clock
from application.ports.views import DocumentView, DocumentViews
from application.recent import Seen, Shelf
from domain.access import Permission, Principal
from domain.documents import Derived
from domain.errors import NotFound, Unavailable
from domain.filetypes import JPEG
from domain.ids import DocumentId

FULL = "full"
VARIANTS = {FULL: ORIGINAL, "medium": MEDIUM, "thumb": THUMB}


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """What may be handed out. `etag` changes exactly when the bytes do."""

    document: DocumentView
    variant: str
    mime: str
    size: int
    etag: str
    key: str
    content: bytes | None = None
    """The whole of a picture; an original is read from `key`."""

    @property
    def is_stored(self) -> bool:
        """Whether what the storage has under `key` is what is handed out, and nothing is at hand."""
        return self.content is None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDownload:
    """Find what may be handed out and note who asked for it. A picture that is missing is made now; an original is
    opened by `read`, or by somebody else after `settle`."""

    documents: DocumentViews
    blobs: Blobs
    make_derivatives: MakeDerivatives
    audit: AuditTrail
    clock: Clock
    shelf: Shelf = field(default_factory=Shelf)
    seen: Seen = field(default_factory=Seen)
    crc32: Callable[[bytes, int], int] = zlib.crc32
    """Of the bytes that come after those of which the second is."""

    async def __call__(self, actor: Principal, id: DocumentId, variant: str = FULL) -> Download:
        """Raises `NotFound`; also for a picture of a document that has none: never other bytes instead."""
        view = await self.documents.get(actor, id)
        actor.require(Permission.DOCUMENTS_READ, view.patient_id)
        download = _original(view) if variant == FULL else await self._picture(view, variant)
        await self.audit.append(self._entry(actor, view, variant), wait=variant == FULL)
        return download

    async def read(self, download: Download, start: int, stop: int) -> AsyncIterator[bytes]:
        """The bytes of an original from `start` up to but not including `stop`, opened before this returns.

        The whole of it is compared with its checksum on the way, and raises `Unavailable` instead of the last bytes
        where they are not those that were uploaded: better cut off than wrong.
        """
        try:
            chunks = await self.blobs.read(download.key, start, stop)
        except BlobMissing:
            await self._promoted(download.document)
            chunks = await self.blobs.read(download.key, start, stop)
        return self._checked(chunks, download.document.crc32) if (start, stop) == (0, download.size) else chunks

    async def settle(self, download: Download) -> None:
        """See that an original is at its place before anybody is told that they find it there."""
        now = self.clock()
        if download.is_stored and not self.seen.lately(download.key, now):
            await self._promoted(download.document)
            self.seen.note(download.key, now)

    async def _checked(self, chunks: AsyncIterator[bytes], crc32: int) -> AsyncIterator[bytes]:
        held, found = b"", 0
        async for chunk in chunks:
            if held:
                yield held
            held, found = chunk, self.crc32(chunk, found)
        if found != crc32:
            raise Unavailable("The file's bytes are not those that were uploaded; the operator can run verify")
        if held:
            yield held

    async def _promoted(self, view: DocumentView) -> bool:
        """Whether it had to be: committed, but the server was stopped before the promotion. Reading finishes it."""
        if await self.blobs.stat(f"{view.prefix}/{ORIGINAL}") is not None:
            return False
        try:
            await self.blobs.promote(view.id, view.prefix)
        except BlobMissing as error:
            raise Unavailable("The file's bytes are missing from the storage; the operator can run verify") from error
        return True

    async def _picture(self, view: DocumentView, variant: str) -> Download:
        if view.derived == Derived.NONE:
            raise NotFound(f"This document has no {variant} picture")
        key = f"{view.prefix}/{VARIANTS[variant]}"
        content = await self._stored(view, key)
        if content is None and await self._promoted(view):
            content = await self._stored(view, key)
        if content is None:
            content = await self._made(view, variant)
        return Download(
            document=view,
            variant=variant,
            mime=JPEG.mime,
            size=len(content),
            etag=f"{view.sha256[:32]}-{variant}-{RECIPE}",
            key=key,
            content=content,
        )

    async def _stored(self, view: DocumentView, key: str) -> bytes | None:
        if view.recipe != RECIPE:
            return None
        name = f"{key} {view.sha256} {RECIPE}"
        picture = self.shelf.take(name)
        if picture is None:
            try:
                picture = b"".join([chunk async for chunk in await self.blobs.read(key)])
            except BlobMissing:
                return None
            if not is_whole(picture):
                return None
            self.shelf.put(name, picture)
        return picture

    async def _made(self, view: DocumentView, variant: str) -> bytes:
        derivatives = await self.make_derivatives(view)
        if derivatives is None:
            raise NotFound(f"The {variant} picture of this document could not be made yet")
        return derivatives.thumb if variant == "thumb" else derivatives.medium

    def _entry(self, actor: Principal, view: DocumentView, variant: str) -> AuditEntry:
        return AuditEntry.by(
            actor,
            self.clock(),
            "document.read",
            document_id=view.id,
            patient_id=view.patient_id,
            subject=view.id,
            detail=variant,
        )


def _original(view: DocumentView) -> Download:
    key = f"{view.prefix}/{ORIGINAL}"
    return Download(document=view, variant=FULL, mime=view.mime_type, size=view.file_size, etag=view.sha256, key=key)
