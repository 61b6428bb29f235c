"""The pieces of an upload: received, checked, and at the end stored by the use case of the upload that comes whole."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeAlias

from application.ports.resumable import GrowingBlob, Upload, Uploads
from application.ports.system import Clock
from application.ports.upkeep import Upkeep
from application.resumable.blob import LentBlob
from application.resumable.targets import ReachTarget, Sent
from application.resumable.uploads import FindUpload, HoldUpload, UploadLimits
from domain.access import Principal
from domain.errors import Conflict, DomainError, TooLarge, Unavailable
from domain.ids import DocumentId

NOTED_EVERY = 16 * 1024 * 1024
"""Bytes of one request after which what has arrived is made durable, and told to whoever asks."""

_HASHED_ASIDE = 256 * 1024

Chunks: TypeAlias = AsyncIterator[bytes]


class WrongOffset(Conflict):
    """The bytes do not go on where those that are there end."""

    code = "wrong_offset"


class ChecksumMismatch(DomainError):
    """The bytes of the request are not those that its checksum is of."""

    code = "checksum_mismatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checksum:
    """`algorithm` as hashlib calls it."""

    algorithm: str
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The bytes that one request brings."""

    offset: int
    chunks: Chunks
    checksum: Checksum | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivePiece:
    """The next bytes of an upload; with the last ones it becomes what it is to be."""

    hold: HoldUpload
    find: FindUpload
    target: ReachTarget
    uploads: Uploads
    upkeep: Upkeep
    limits: UploadLimits
    clock: Clock
    noted_every: int = NOTED_EVERY

    async def __call__(self, actor: Principal, id: DocumentId, sent: Sent, piece: Piece) -> Upload:
        """An interrupted piece stays as far as it came; one with a checksum is taken whole or not at all.

        Raises `WrongOffset`, `ChecksumMismatch`, `TooLarge`, what `HoldUpload` raises; at the end whatever the use
        case refuses the upload with, which is gone then.
        """
        upload = await self.find(actor, id)
        _check_offset(upload, piece)
        if upload.is_finished:
            return upload
        async with self.hold(actor, id) as (held, blob):
            _check_offset(held, piece)
            if held.is_finished:
                return held
            await blob.rewind(held.received)
            upload = await self._received(held, blob, piece)
            noted = await self._noted(upload, blob)
            if upload.received < upload.length:
                return noted
            return await self._finished(actor, noted, sent, blob)

    async def _received(self, upload: Upload, blob: GrowingBlob, piece: Piece) -> Upload:
        noted = upload
        try:
            async for chunk in _checked(piece):
                if upload.received + len(chunk) > upload.length:
                    raise TooLarge("These are more bytes than Upload-Length announced")
                await blob.write(chunk)
                upload = replace(upload, received=upload.received + len(chunk))
                if piece.checksum is None and upload.received - noted.received >= self.noted_every:
                    noted = await self._noted(upload, blob)
        except BaseException:
            if piece.checksum is None and upload.received > noted.received:
                with suppress(DomainError):  # what went wrong first is what is told
                    await self._noted(upload, blob)
            raise
        return upload

    async def _noted(self, upload: Upload, blob: GrowingBlob) -> Upload:
        """Durable first, told then."""
        await blob.sync()
        received, now = min(upload.received, upload.length - 1), self.clock()
        noted = replace(upload, received=received, expires_at=now + self.limits.lifetime)
        await self.uploads.advance(noted.id, noted.received, noted.expires_at)
        return noted

    async def _finished(self, actor: Principal, upload: Upload, sent: Sent, blob: GrowingBlob) -> Upload:
        try:
            document = await self.target.store(actor, sent, upload.id, LentBlob(blob))
        except Unavailable:
            raise  # nothing is lost: the last byte can be sent again
        except DomainError:
            if upload.id not in await self.upkeep.prefixes([upload.id]):
                await blob.discard()
                await self.uploads.remove(upload.id)
                raise
            document = upload.id
        await self.uploads.finish(upload.id, document, upload.expires_at)
        return replace(upload, received=upload.length, document_id=document)


def _check_offset(upload: Upload, piece: Piece) -> None:
    if piece.offset != upload.received:
        raise WrongOffset(f"The upload goes on at byte {upload.received}", field="Upload-Offset")


async def _checked(piece: Piece) -> Chunks:
    """The chunks as they come; raises `ChecksumMismatch` at their end if they are not what they should be."""
    if piece.checksum is None:
        async for chunk in piece.chunks:
            yield chunk
        return
    seen = hashlib.new(piece.checksum.algorithm, usedforsecurity=False)
    async for chunk in piece.chunks:
        if len(chunk) < _HASHED_ASIDE:
            seen.update(chunk)
        else:
            await asyncio.to_thread(seen.update, chunk)
        yield chunk
    if seen.digest() != piece.checksum.digest:
        raise ChecksumMismatch("The bytes are not those that the checksum is of; send them again")
