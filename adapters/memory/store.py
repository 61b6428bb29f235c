"""Everything in this process, gone with it: for tests, and for trying the program out with nothing to clean up.

Lists are found by looking at every record of the clinic, which is fine for some ten thousand documents.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import NamedTuple

from application.audit_chain import GENESIS, chained
from application.ports.audit_trail import AuditEntry, AuditRow
from application.ports.dead_letters import DeadLetter
from application.ports.event_bus import Message
from application.ports.imports import ImportedRow, ImportRun
from domain.access import Access
from domain.attachments import MediaAttachment, OwnerRef
from domain.directory import OwnerRecord, Patient
from domain.documents import Document
from domain.errors import Unavailable
from domain.ids import AttachmentId, ClinicId, DocumentId, NoteId, PatientId, UserId
from domain.notes import ClinicalNote
from domain.pairings import Pairing


class Tombstone(NamedTuple):
    """What stays of a purged document."""

    document_id: DocumentId
    patient_id: PatientId
    prefix: str
    sha256: str
    purged_at: datetime
    purged_by: UserId
    finished: bool = False
    """The bytes are gone too."""


class Repetition(NamedTuple):
    fingerprint: str
    result: str
    at: datetime


@dataclass(slots=True)
class Tables:
    """The records of one clinic. What is committed is never changed: a transaction works on a copy."""

    documents: dict[DocumentId, Document] = field(default_factory=dict)
    pairings: dict[DocumentId, Pairing] = field(default_factory=dict)
    """Each pairing under both of its members."""
    attachments: dict[AttachmentId, MediaAttachment] = field(default_factory=dict)
    notes: dict[NoteId, ClinicalNote] = field(default_factory=dict)
    patients: dict[PatientId, Patient] = field(default_factory=dict)
    owners: dict[OwnerRef, OwnerRecord] = field(default_factory=dict)
    grants: dict[tuple[PatientId, UserId], Access] = field(default_factory=dict)
    repetitions: dict[tuple[UserId, str], Repetition] = field(default_factory=dict)
    tombstones: dict[DocumentId, Tombstone] = field(default_factory=dict)
    imported: dict[tuple[str, ...], ImportedRow] = field(default_factory=dict)

    def copy(self) -> "Tables":
        return Tables(*(dict(getattr(self, table.name)) for table in fields(self)))


@dataclass(slots=True)
class Chain:
    """A clinic's audit log; `length` and `head` tell what was written last."""

    rows: list[AuditRow] = field(default_factory=list)
    length: int = 0
    head: str = GENESIS

    def add(self, entry: AuditEntry) -> None:
        self.length += 1
        self.head = chained(self.head, entry, self.length)
        self.rows.append(AuditRow(self.length, self.head, entry))


@dataclass(slots=True)
class Waiting:
    """A message on its way out, with what went wrong so far."""

    message: Message
    attempts: int = 0
    not_before: datetime | None = None
    reason: str = ""

    @property
    def lane(self) -> tuple[ClinicId, str]:
        """Messages of one lane keep their order; two clinics may have patients with the same id."""
        return self.message.clinic_id, self.message.key


class MemoryStore:
    """What the adapters of this package share. Transactions take turns; reading waits for nobody."""

    def __init__(self, *, patience: float = 10.0) -> None:
        """`patience` is how many seconds a transaction waits for its turn."""
        self.waiting: dict[str, Waiting] = {}
        """Unpublished messages by id, oldest first."""
        self.claimed: set[tuple[ClinicId, str]] = set()
        self.dead_letters: dict[str, DeadLetter] = {}
        self.audit: dict[ClinicId, Chain] = {}
        self.import_runs: dict[str, ImportRun] = {}
        self._clinics: dict[ClinicId, Tables] = {}
        self._turn = asyncio.Lock()
        self._patience = patience

    def tables(self, clinic: ClinicId) -> Tables:
        """What is committed; not to be changed."""
        return self._clinics.get(clinic) or Tables()

    def clinics(self) -> list[ClinicId]:
        """Those that have records or a log."""
        return sorted({*self._clinics, *self.audit})

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Raises `Unavailable` when the others take too long."""
        try:
            async with asyncio.timeout(self._patience):
                await self._turn.acquire()
        except TimeoutError:
            raise Unavailable("Others are writing; try again") from None
        try:
            yield
        finally:
            self._turn.release()

    def commit(
        self,
        clinic: ClinicId,
        tables: Tables,
        messages: Sequence[Message] = (),
        entries: Sequence[AuditEntry] = (),
    ) -> None:
        """All at once, for nothing else runs between."""
        self._clinics[clinic] = tables
        self.waiting.update((message.id, Waiting(message)) for message in messages)
        for entry in entries:
            self.add_audit(entry)

    def add_audit(self, entry: AuditEntry) -> None:
        self.audit.setdefault(entry.clinic_id, Chain()).add(entry)
