"""Uploads that come in pieces, over several requests: what is remembered of them, and their bytes meanwhile."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from application.ports.blobs import StagedBlob
from application.ports.unit_of_work import Once
from domain.access import Principal
from domain.errors import Conflict
from domain.ids import ClinicId, DocumentId, PatientId, UserId


class Locked(Conflict):
    """Another request is sending bytes of this upload."""

    code = "locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Its id is that of the document it is to become.

    `received` counts bytes that survive loss of power; all of `length` only once the document is there, which is
    `document_id`. `metadata` is what the client said of it, in its own words. `place` is where its bytes are (see
    `GrowsBlobs`).
    """

    id: DocumentId
    clinic_id: ClinicId
    user_id: UserId
    patient_id: PatientId
    length: int
    received: int = 0
    metadata: str
    place: str
    once: Once | None = None
    created_at: datetime
    expires_at: datetime
    document_id: DocumentId | None = None

    @property
    def is_finished(self) -> bool:
        return self.document_id is not None


class Uploads(Protocol):
    """Each call is a transaction of its own. All raise `Unavailable` when the database is away."""

    @abstractmethod
    async def add(self, upload: Upload, at_most: int) -> Upload:
        """Insert; or what the same user's request with the same key inserted before.

        Raises `TooManyRequests` for a user who has `at_most` unfinished ones, `RuleViolated` for a key that was used
        for another request.
        """

    @abstractmethod
    async def get(self, actor: Principal, id: DocumentId) -> Upload:
        """Raises `NotFound`, also for whoever did not begin it."""

    @abstractmethod
    async def advance(self, id: DocumentId, received: int, expires_at: datetime) -> None:
        """Nothing where it is gone."""

    @abstractmethod
    async def finish(self, id: DocumentId, document: DocumentId, expires_at: datetime) -> None:
        """All has been received, and this is the document."""

    @abstractmethod
    async def remove(self, id: DocumentId) -> None: ...

    @abstractmethod
    async def expired(self, now: datetime, limit: int) -> Sequence[Upload]:
        """Of every clinic, the longest expired first."""


class GrowingBlob(StagedBlob, Protocol):
    """A staging entry that is gone on with. It is held: nobody else can go on with it meanwhile."""

    @abstractmethod
    async def rewind(self, size: int) -> None:
        """Forget all but the first `size` bytes of the original. Raises `BlobMissing` where there are fewer."""

    @abstractmethod
    async def sync(self) -> None:
        """Make what was written durable where it is."""


class GrowsBlobs(Protocol):
    """A storage whose staging entries can be left, and gone on with in another request or process."""

    @property
    @abstractmethod
    def place(self) -> str:
        """Tells apart machines that cannot go on with each other's entries."""

    @abstractmethod
    def resume(self, id: DocumentId) -> AbstractAsyncContextManager[GrowingBlob]:
        """Hold a staging entry that `Blobs.stage` made, until the block is left or the process has died.

        Begin with `GrowingBlob.rewind`. Raises `Locked` while somebody else holds it, `BlobMissing` where there is
        none. What was not synced when the block is left may be lost.
        """
