"""An installation of another program, as it is: read only, never written to."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Protocol

from application.ports.inspecting import Source
from domain.access import Access, Role
from domain.attachments import OwnerRef
from domain.ids import ClinicId, DocumentId, PatientId, UserId
from domain.media import Classification, DocumentType
from domain.notes import ClinicalNote


class Row(NamedTuple):
    """Where something comes from: a table of the source and the row's id there."""

    table: str
    id: str


class Anomaly(NamedTuple):
    """Something that is not as it should be: a `code`, where, what it is called there, and what is wrong.

    `lost` says that it could not be brought over; all others came in as far as their reason says.
    """

    code: str
    row: Row
    name: str
    reason: str
    lost: bool = False


class LegacyUser(NamedTuple):
    """`label` is what people know it by; `role` is what it is in the clinic: by an account's grants, by any other of
    the clinic's staff."""

    id: UserId
    name: str
    label: str
    role: Role = Role.ACCOUNT


class LegacyPatient(NamedTuple):
    """`account` is whose patient this is, None where nobody's."""

    row: Row
    id: PatientId
    name: str
    birth_date: date | None
    account: UserId | None
    archived: bool = False


class LegacyGrant(NamedTuple):
    row: Row
    patient: PatientId
    user: UserId
    access: Access


class LegacyRecord(NamedTuple):
    row: Row
    ref: OwnerRef
    patient: PatientId
    title: str
    occurred_at: datetime | None


class LegacyNote(NamedTuple):
    row: Row
    note: ClinicalNote


class LegacyLink(NamedTuple):
    """A file on a record. `rows` are all rows that stand for it."""

    rows: tuple[Row, ...]
    owner: OwnerRef
    display_order: int = 0
    category: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyFile:
    """A file that can be brought over. `rows` are all rows that stand for it; `path` is below the folder of files.

    `id` is what it stays called by, None where it gets an id of ours.
    """

    rows: tuple[Row, ...]
    id: DocumentId | None = None
    patient: PatientId
    path: str
    filename: str
    declared: str = ""
    size: int | None = None
    title: str | None = None
    description: str | None = None
    document_type: DocumentType = DocumentType.OTHER
    media: Classification = Classification()
    tags: tuple[str, ...] = ()
    captured_at: datetime | None = None
    links: tuple[LegacyLink, ...] = ()
    uploaded_by: UserId
    uploader_name: str = ""
    created_at: datetime
    updated_at: datetime | None = None
    archived_at: datetime | None = None
    trashed_at: datetime | None = None


class LegacyPairing(NamedTuple):
    """Two files, each by its first row; `before` is the earlier one where that is known."""

    row: Row
    one: Row
    two: Row
    before: Row | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Legacy:
    """Everything of one clinic in an installation that can be brought over, and what is wrong with the rest.

    What is wrong with the installation as a whole is told with its first clinic.
    """

    clinic: ClinicId
    clinic_name: str = ""
    users: tuple[LegacyUser, ...]
    patients: tuple[LegacyPatient, ...]
    grants: tuple[LegacyGrant, ...] = ()
    records: tuple[LegacyRecord, ...]
    notes: tuple[LegacyNote, ...] = ()
    files: tuple[LegacyFile, ...]
    pairings: tuple[LegacyPairing, ...] = ()
    anomalies: tuple[Anomaly, ...] = field(default=())
    file_rows: int
    """How many rows of its tables stand for files."""


class FileLost(Exception):
    """The bytes of one file of the source cannot be read; the message is for operators."""


class LegacySource(Protocol):
    name: str
    """Which program it is of."""
    scope: ClinicId
    """Where it is brought to: a clinic, or `EVERY_CLINIC` where it keeps clinics of its own."""

    @abstractmethod
    async def read(self) -> Sequence[Legacy]:
        """One for each clinic, at least one. Raises `Unavailable`, with a reason for operators, when database or folder
        cannot be read or are of another program."""

    @abstractmethod
    def bytes_of(self, path: str) -> Source:
        """A file of its folder, to be looked into. Raises `FileLost`."""

    @abstractmethod
    def chunks(self, path: str) -> AsyncIterator[bytes]:
        """Its bytes. Raises `FileLost`."""
