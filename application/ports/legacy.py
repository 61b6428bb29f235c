"""An installation of another program, as it is: read only, never written to."""

from abc import abstractmethod
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from application.ports.inspecting import Source
from domain.access import Access
from domain.attachments import OwnerRef
from domain.ids import ClinicId, PatientId, UserId


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
    """`label` is what people know the account by."""

    id: UserId
    name: str
    label: str


class LegacyPatient(NamedTuple):
    """`account` is whose patient this is, None where nobody's."""

    row: Row
    id: PatientId
    name: str
    birth_date: date | None
    account: UserId | None


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


class LegacyFile(NamedTuple):
    """A file that can be brought over. `rows` are all rows that stand for it; `path` is relative to the uploads folder.

    `record` is None where the service knows no such kind of record: the file is kept with its patient.
    """

    rows: tuple[Row, ...]
    patient: PatientId
    path: str
    filename: str
    declared: str
    size: int | None
    description: str | None
    record: OwnerRef | None
    category: str | None
    uploaded_by: UserId
    uploader_name: str
    created_at: datetime
    trashed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Legacy:
    """Everything in an installation that can be brought over, and what is wrong with the rest."""

    users: tuple[LegacyUser, ...]
    patients: tuple[LegacyPatient, ...]
    grants: tuple[LegacyGrant, ...]
    records: tuple[LegacyRecord, ...]
    files: tuple[LegacyFile, ...]
    anomalies: tuple[Anomaly, ...]
    file_rows: int
    """How many rows of its tables stand for files."""


class LegacySource(Protocol):
    name: str
    """Which program it is of."""
    clinic: ClinicId
    """Where it is brought to."""

    @abstractmethod
    async def read(self) -> Legacy:
        """Raises `Unavailable`, with a reason for operators, when database or folder cannot be read or are of another
        program."""

    @abstractmethod
    def bytes_of(self, path: str) -> Source:
        """A file of the uploads folder, to be looked into."""

    @abstractmethod
    def chunks(self, path: str) -> AsyncIterator[bytes]:
        """Its bytes. Raises `Unavailable` when it cannot be read."""
