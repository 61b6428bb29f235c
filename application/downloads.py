"""Handing out bytes: the original, or one of the pictures made of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from application.derivatives import MakeDerivatives
from application.ports.audit_trail import AuditEntry, AuditTrail
from application.ports.blobs import MEDIUM, ORIGINAL, THUMB, BlobMissing, Blobs
from application.ports.inspecting import RECIPE
from application.ports.system import Clock
from application.ports.views import DocumentView, DocumentViews
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDownload:
    """Find the bytes of a variant and note who asked for them. A picture that is missing is made now."""

    documents: DocumentViews
    blobs: Blobs
    make_derivatives: MakeDerivatives
    audit: AuditTrail
    clock: Clock

    async def __call__(self, actor: Principal, id: DocumentId, variant: str = FULL) -> Download:
        """Raises `NotFound`; also for a picture of a document that has none: never other bytes instead."""
        view = await self.documents.get(actor, id)
        actor.require(Permission.DOCUMENTS_READ, view.patient_id)
        download = await (self._original(view) if variant == FULL else self._picture(view, variant))
        await self.audit.append(self._entry(actor, view, variant), wait=variant == FULL)
        return download

    async def read(self, download: Download, start: int, stop: int) -> AsyncIterator[bytes]:
        """The bytes of an original from `start` up to but not including `stop`, opened before this returns."""
        return await self.blobs.read(download.key, start, stop)

    async def _original(self, view: DocumentView) -> Download:
        key = f"{view.prefix}/{ORIGINAL}"
        if await self.blobs.stat(key) is None:
            await self._promote(view)
        return Download(
            document=view, variant=FULL, mime=view.mime_type, size=view.file_size, etag=view.sha256, key=key
        )

    async def _promote(self, view: DocumentView) -> None:
        # Committed but not yet promoted: the server was stopped in between. Reading finishes it.
        try:
            await self.blobs.promote(view.id, view.prefix)
        except BlobMissing as error:
            raise Unavailable("The file's bytes are missing from the storage; the operator can run verify") from error

    async def _picture(self, view: DocumentView, variant: str) -> Download:
        if view.derived == Derived.NONE:
            raise NotFound(f"This document has no {variant} picture")
        key = f"{view.prefix}/{VARIANTS[variant]}"
        content = await self._stored(view, key) if view.recipe == RECIPE else None
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
        try:
            return b"".join([chunk async for chunk in await self.blobs.read(key)])
        except BlobMissing:
            return None

    async def _made(self, view: DocumentView, variant: str) -> bytes:
        derivatives = await self.make_derivatives(view)
        if derivatives is None:
            raise NotFound(f"The {variant} picture of this document could not be made yet")
        return derivatives.thumb if variant == "thumb" else derivatives.medium

    def _entry(self, actor: Principal, view: DocumentView, variant: str) -> AuditEntry:
        return AuditEntry(
            clinic_id=actor.clinic_id,
            at=self.clock(),
            user_id=actor.user_id,
            action="document.read",
            document_id=view.id,
            patient_id=view.patient_id,
            subject=view.id,
            detail=variant,
            address=actor.origin.address,
            request_id=actor.origin.request_id,
        )
