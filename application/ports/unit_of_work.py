"""The write side: one transaction with everything that changes in it, its events and its audit rows."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from application.ports.imports import ImportedRows
from domain.access import Access, Principal
from domain.attachments import MediaAttachment, OwnerRef
from domain.directory import OwnerRecord, Patient
from domain.documents import Document
from domain.events import Event
from domain.ids import AttachmentId, DocumentId, NoteId, PatientId, UserId
from domain.notes import ClinicalNote
from domain.pairings import Pairing


class Documents(Protocol):
    """What is read here is locked until the end of the transaction, where the database locks rows."""

    @abstractmethod
    async def get(self, id: DocumentId, *, trashed: bool = False) -> Document:
        """Raises `NotFound`, also for a trashed document unless `trashed`."""

    @abstractmethod
    async def pair(self, one: DocumentId, two: DocumentId) -> tuple[Document, Document]:
        """Both, locked in the order of their ids so that two callers cannot block each other."""

    @abstractmethod
    async def of_patient(self, patient: PatientId) -> Sequence[Document]:
        """All of them, trashed and archived ones too."""

    @abstractmethod
    async def duplicate_of(self, patient: PatientId, sha256: str) -> DocumentId | None:
        """The oldest document of the patient with the same bytes that is not in the trash."""

    @abstractmethod
    async def add(self, document: Document) -> None: ...

    @abstractmethod
    async def save(self, document: Document) -> None:
        """Store a transition; raises `StaleVersion` if another one was stored since it was read."""

    @abstractmethod
    async def mark_derived(self, document: Document) -> None:
        """Store `file.derived`, `file.recipe` and `file.placeholder` alone: no version, no event, nobody's change."""

    @abstractmethod
    async def mark_scanned(self, document: Document) -> None:
        """Store `file.scan` alone: no version, no event, nobody's change."""

    @abstractmethod
    async def remove(self, document: Document) -> None:
        """Purge: the row goes, with its links, and a tombstone (id, clinic, patient, sha256, prefix, when, who) stays,
        which says that the bytes are still to go (see `Upkeep.unfinished_purges`)."""


class Pairings(Protocol):
    @abstractmethod
    async def of(self, document: DocumentId) -> Pairing | None: ...

    @abstractmethod
    async def add(self, pairing: Pairing) -> None:
        """Raises `Conflict` if either document is paired already."""

    @abstractmethod
    async def remove(self, pairing: Pairing) -> bool:
        """Whether it was still there."""


class Attachments(Protocol):
    @abstractmethod
    async def get(self, id: AttachmentId) -> MediaAttachment:
        """Raises `NotFound`, also when its document is in the trash."""

    @abstractmethod
    async def of_owner(self, owner: OwnerRef) -> Sequence[MediaAttachment]:
        """Of documents that are not in the trash, in display order."""

    @abstractmethod
    async def all_of_owner(self, owner: OwnerRef) -> Sequence[MediaAttachment]:
        """With those of trashed documents."""

    @abstractmethod
    async def of_document(self, document: DocumentId) -> Sequence[MediaAttachment]: ...

    @abstractmethod
    async def add(self, attachment: MediaAttachment) -> MediaAttachment:
        """Insert, or leave what is there: returns the stored link of this document and owner, old or new."""

    @abstractmethod
    async def save(self, attachments: Sequence[MediaAttachment]) -> None:
        """Store display order and category."""

    @abstractmethod
    async def remove(self, attachments: Sequence[MediaAttachment]) -> Sequence[MediaAttachment]:
        """Those of them that were still there."""


class Notes(Protocol):
    @abstractmethod
    async def get(self, id: NoteId) -> ClinicalNote: ...

    @abstractmethod
    async def of_owner(self, owner: OwnerRef) -> Sequence[ClinicalNote]:
        """The oldest first."""

    @abstractmethod
    async def add(self, note: ClinicalNote) -> None: ...

    @abstractmethod
    async def save(self, note: ClinicalNote) -> None:
        """Raises `StaleVersion`."""

    @abstractmethod
    async def remove(self, note: ClinicalNote) -> None: ...


class Directory(Protocol):
    @abstractmethod
    async def patient(self, id: PatientId) -> Patient | None: ...

    @abstractmethod
    async def put_patient(self, patient: Patient) -> None:
        """Insert or replace."""

    @abstractmethod
    async def remove_patient(self, id: PatientId) -> None:
        """The entry alone: for one that has nothing left."""

    @abstractmethod
    async def owner(self, ref: OwnerRef) -> OwnerRecord | None: ...

    @abstractmethod
    async def put_owner(self, owner: OwnerRecord) -> None: ...

    @abstractmethod
    async def remove_owner(self, ref: OwnerRef) -> None: ...

    @abstractmethod
    async def grant(self, patient: PatientId, user: UserId) -> Access | None: ...

    @abstractmethod
    async def put_grant(self, patient: PatientId, user: UserId, access: Access) -> None: ...

    @abstractmethod
    async def remove_grant(self, patient: PatientId, user: UserId) -> None: ...

    @abstractmethod
    async def lock_owner(self, ref: OwnerRef) -> OwnerRecord | None:
        """Keep two changes of one owner's files apart until the end of the transaction; None if the directory knows
        no such record (it is locked all the same: it may be the host's)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """A client's promise that a request is the same one again: its Idempotency-Key, and what it asked for."""

    key: str
    fingerprint: str


class Repetitions(Protocol):
    """Keys are remembered per user for at least a day."""

    @abstractmethod
    async def result_of(self, once: Once) -> str | None:
        """The id that the first request made; raises `RuleViolated` when it asked for something else."""

    @abstractmethod
    async def remember(self, once: Once, result: str) -> None:
        """Raises `Conflict` when the same key is being used at this moment."""


class UnitOfWork(Protocol):
    """One transaction in the clinic of the principal that opened it.

    Leaving the block without `commit()` discards everything; after an error, leave the block. Everything raises
    `Unavailable` when the database is away or busy for too long.

    What is read is locked until the end, so all read in one order, lest two wait for each other: patients, notes,
    documents, records (`lock_owner`); of each kind in the order of their ids.
    """

    documents: Documents
    pairings: Pairings
    attachments: Attachments
    notes: Notes
    directory: Directory
    repetitions: Repetitions
    imports: ImportedRows

    @abstractmethod
    def record(self, *events: Event) -> None:
        """To be committed with the change: each in the outbox, and in the audit log."""

    @abstractmethod
    async def commit(self) -> None:
        """Durable on return. After an `Unavailable` from here, whether it was committed is unknown."""


class OpenUnitOfWork(Protocol):
    @abstractmethod
    def __call__(self, actor: Principal) -> AbstractAsyncContextManager[UnitOfWork]: ...
