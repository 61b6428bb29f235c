"""What the installation needs to look after itself: across clinics, without a principal. No route leads here."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from application.ports.views import DocumentView
from domain.ids import ClinicId, DocumentId


class Contradiction(NamedTuple):
    """Rows that do not fit each other: a `code` of the invariant, the id of the row, and what is wrong."""

    code: str
    id: str
    problem: str


class Purge(NamedTuple):
    document_id: DocumentId
    prefix: str


class Upkeep(Protocol):
    @abstractmethod
    async def prefixes(self, ids: Sequence[DocumentId]) -> Mapping[DocumentId, str]:
        """Where the bytes of those of `ids` that have a row belong, trashed ones too."""

    @abstractmethod
    async def underived(self, recipe: int, limit: int) -> Sequence[DocumentView]:
        """Documents whose pictures are pending or of an older recipe, the longest waiting first."""

    @abstractmethod
    async def scans_due(self, limit: int) -> Sequence[DocumentView]:
        """Documents whose scan is pending, or that are infected and not in quarantine yet, the longest waiting first;
        trashed ones too."""

    @abstractmethod
    def documents(self) -> AsyncIterator[DocumentView]:
        """Every document of every clinic, trashed ones too, ordered by id, read in batches."""

    @abstractmethod
    def trashed(self, before: datetime) -> AsyncIterator[DocumentView]:
        """What was trashed before then, in every clinic, the longest there first."""

    @abstractmethod
    async def unfinished_purges(self, limit: int) -> Sequence[Purge]:
        """Tombstones of documents whose bytes may still be there."""

    @abstractmethod
    async def finish_purge(self, id: DocumentId) -> None:
        """Note on the tombstone that the bytes are gone."""

    @abstractmethod
    async def clinics(self) -> Sequence[ClinicId]: ...

    @abstractmethod
    def contradictions(self) -> AsyncIterator[Contradiction]:
        """I5: a pairing with other than two members, or across patients. I6: an attachment of another clinic or patient
        than its document, or of a registered owner of another patient."""
