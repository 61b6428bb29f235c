"""Uploads that come in pieces."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from application.ports.resumable import Upload, Uploads
from domain.access import Principal
from domain.errors import NotFound, RuleViolated, TooManyRequests
from domain.ids import DocumentId


class MemoryUploads(Uploads):
    def __init__(self) -> None:
        self._uploads: dict[DocumentId, Upload] = {}

    async def add(self, upload: Upload, at_most: int) -> Upload:
        theirs = [one for one in self._uploads.values() if _owner(one) == _owner(upload)]
        for earlier in theirs:
            if upload.once is not None and earlier.once is not None and earlier.once.key == upload.once.key:
                if earlier.once != upload.once:
                    raise RuleViolated("This Idempotency-Key was used for another request", field="Idempotency-Key")
                return earlier
        if sum(not one.is_finished for one in theirs) >= at_most:
            raise TooManyRequests(f"At most {at_most} unfinished uploads; finish or delete one first")
        self._uploads[upload.id] = upload
        return upload

    async def get(self, actor: Principal, id: DocumentId) -> Upload:
        upload = self._uploads.get(id)
        if upload is None or _owner(upload) != (actor.clinic_id, actor.user_id):
            raise NotFound("There is no upload with this id here")
        return upload

    async def advance(self, id: DocumentId, received: int, expires_at: datetime) -> None:
        if id in self._uploads:
            self._uploads[id] = replace(self._uploads[id], received=received, expires_at=expires_at)

    async def finish(self, id: DocumentId, document: DocumentId, expires_at: datetime) -> None:
        if (upload := self._uploads.get(id)) is not None:
            self._uploads[id] = replace(upload, received=upload.length, document_id=document, expires_at=expires_at)

    async def remove(self, id: DocumentId) -> None:
        self._uploads.pop(id, None)

    async def expired(self, now: datetime, limit: int) -> Sequence[Upload]:
        past = [upload for upload in self._uploads.values() if upload.expires_at < now]
        return sorted(past, key=lambda upload: (upload.expires_at, upload.id))[:limit]


def _owner(upload: Upload) -> tuple[str, str]:
    return upload.clinic_id, upload.user_id
