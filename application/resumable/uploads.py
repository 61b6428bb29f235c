"""Uploads that come in pieces, over several requests: begun, found, given up, forgotten in time.

What is told of an upload survives loss of power. Its last byte counts only when the document is there: until then a
client that asks is told to send at least that one again, and whatever interrupted the end, the end comes once.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from application.ports.blobs import BlobMissing, Blobs
from application.ports.resumable import GrowingBlob, GrowsBlobs, Locked, Upload, Uploads
from application.ports.system import Clock, NewId
from application.ports.unit_of_work import Once
from application.ports.upkeep import Upkeep
from application.resumable.targets import ReachTarget, Sent
from domain.access import Principal
from domain.errors import NotFound, TooLarge, Unavailable, Unreadable
from domain.ids import DocumentId

_BATCH = 100
_LEFT_TO_ITS_MACHINE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLimits:
    max_bytes: int
    unfinished: int = 50
    """Of one user."""
    lifetime: timedelta = timedelta(hours=24)
    """How long an upload waits to be gone on with; `Recover` leaves its bytes alone for a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindUpload:
    """Only whoever began an upload finds it."""

    uploads: Uploads
    upkeep: Upkeep
    clock: Clock

    async def __call__(self, actor: Principal, id: DocumentId) -> Upload:
        upload = await self.uploads.get(actor, id)
        if upload.is_finished:
            return upload
        # Its end was interrupted after the document was there, and before that was noted.
        if upload.received == upload.length - 1 and id in await self.upkeep.prefixes([id]):
            await self.uploads.finish(id, id, upload.expires_at)
            return replace(upload, received=upload.length, document_id=id)
        if upload.expires_at < self.clock():
            raise _gone()
        return upload


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginResumable:
    """Decide before the first byte whether the principal may upload this, and make a place for it."""

    target: ReachTarget
    find: FindUpload
    uploads: Uploads
    blobs: Blobs
    grows: GrowsBlobs
    limits: UploadLimits
    clock: Clock
    new_id: NewId

    async def __call__(
        self, actor: Principal, sent: Sent, *, length: int, metadata: str, once: Once | None = None
    ) -> Upload:
        if length == 0:
            raise Unreadable("The file is empty", field="Upload-Length")
        if length > self.limits.max_bytes:
            raise TooLarge(f"A file may have at most {self.limits.max_bytes // 2**20} MB", field="Upload-Length")
        patient, now = await self.target.allow(actor, sent, length), self.clock()
        upload = Upload(
            id=DocumentId(self.new_id()),
            clinic_id=actor.clinic_id,
            user_id=actor.user_id,
            patient_id=patient,
            length=length,
            metadata=metadata,
            place=self.grows.place,
            once=once,
            created_at=now,
            expires_at=now + self.limits.lifetime,
        )
        return await self._placed(actor, upload)

    async def _placed(self, actor: Principal, upload: Upload) -> Upload:
        staged = await self.blobs.stage(upload.id)
        try:
            begun = await self.uploads.add(upload, self.limits.unfinished)
        except BaseException:
            await staged.discard()
            raise
        if begun.id == upload.id:
            return begun
        await staged.discard()
        return await self.find(actor, begun.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldUpload:
    """Alone with an upload and its bytes, whichever process the others are in."""

    find: FindUpload
    uploads: Uploads
    grows: GrowsBlobs

    @asynccontextmanager
    async def __call__(self, actor: Principal, id: DocumentId) -> AsyncIterator[tuple[Upload, GrowingBlob]]:
        """Raises `NotFound`, `Locked`, and `Unavailable` where another machine has the bytes."""
        upload = await self.find(actor, id)
        if upload.place != self.grows.place:
            raise Unavailable("The bytes of this upload are with another machine of the installation; try again")
        try:
            async with self.grows.resume(id) as blob:
                # Read again: it may have moved on before it was held.
                yield await self.find(actor, id), blob
        except BlobMissing as missing:
            if (await self.find(actor, id)).is_finished:
                raise Locked("Another request has just finished this upload") from missing
            await self.uploads.remove(id)
            raise _gone() from missing


@dataclass(frozen=True, slots=True, kw_only=True)
class DropUpload:
    """The document of a finished one stays."""

    hold: HoldUpload
    find: FindUpload
    uploads: Uploads
    blobs: Blobs

    async def __call__(self, actor: Principal, id: DocumentId) -> None:
        if not (await self.find(actor, id)).is_finished:
            async with self.hold(actor, id) as (upload, _):
                if not upload.is_finished:
                    await self.blobs.unstage(id)
        await self.uploads.remove(id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireUploads:
    """Forget those that nobody went on with, and in time those that are finished."""

    uploads: Uploads
    upkeep: Upkeep
    blobs: Blobs
    grows: GrowsBlobs
    clock: Clock

    async def __call__(self) -> int:
        """How many unfinished ones were dropped."""
        now, dropped = self.clock(), 0
        for upload in await self.uploads.expired(now, _BATCH):
            if upload.is_finished:
                await self.uploads.remove(upload.id)
                continue
            if upload.place != self.grows.place and now - upload.expires_at < _LEFT_TO_ITS_MACHINE:
                continue
            try:
                async with self.grows.resume(upload.id):
                    dropped += await self._dropped(upload)
            except Locked:
                continue
            except BlobMissing:
                await self.uploads.remove(upload.id)
        return dropped

    async def _dropped(self, upload: Upload) -> bool:
        # Asked again now that nobody else has it: it may have been gone on with, or finished.
        if upload.id not in {each.id for each in await self.uploads.expired(self.clock(), _BATCH)}:
            return False
        if upload.id not in await self.upkeep.prefixes([upload.id]):
            await self.blobs.unstage(upload.id)
        await self.uploads.remove(upload.id)
        return True


def _gone() -> NotFound:
    return NotFound("There is no upload with this id here")
