"""What imports have brought in: so that twice adds nothing, an interrupted one goes on, and one can be undone."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from domain.ids import ClinicId

EVERY_CLINIC = ClinicId("*")
"""The clinic of a run that brings several over at once; no clinic is called so."""


class ImportRun(NamedTuple):
    """`source` is the program it brings over, `clinic_id` where to."""

    id: str
    source: str
    clinic_id: ClinicId
    started_at: datetime
    finished_at: datetime | None = None
    undone_at: datetime | None = None


class ImportedRow(NamedTuple):
    """A row of the source and what became of it here: `kind` is patient, owner, grant, note, document, link or pairing,
    `our_id` what it is called here, and `mark` tells whether it was changed since.

    What was found out about a file's bytes is remembered with it: the kind is then "found" and the finding's code,
    `our_id` the document's, `mark` the reason.
    """

    run_id: str
    clinic_id: ClinicId
    source: str
    source_table: str
    source_id: str
    kind: str
    our_id: str
    mark: str


class ImportedRows(Protocol):
    """Part of a unit of work: a row is remembered in the transaction that brings it in."""

    @abstractmethod
    async def remember(self, rows: Sequence[ImportedRow]) -> None:
        """Raises `Conflict` where one was brought in already: somebody else imports at the same time; `NotFound` for a
        row of another clinic than the unit of work's."""

    @abstractmethod
    async def forget(self, rows: Sequence[ImportedRow]) -> None: ...


class ImportRuns(Protocol):
    @abstractmethod
    async def put(self, run: ImportRun) -> None:
        """Insert or replace."""

    @abstractmethod
    async def get(self, id: str) -> ImportRun:
        """Raises `NotFound`."""

    @abstractmethod
    async def unfinished(self, source: str, clinic: ClinicId) -> ImportRun | None:
        """The latest that was neither finished nor undone."""

    @abstractmethod
    async def rows_of_source(self, source: str, clinic: ClinicId) -> Sequence[ImportedRow]: ...

    @abstractmethod
    async def rows_of_run(self, run_id: str) -> Sequence[ImportedRow]:
        """Of every clinic it brought something to."""
