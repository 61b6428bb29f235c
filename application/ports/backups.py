"""What a backup needs: a copy of the database as it is at one moment, and that no bytes are destroyed meanwhile."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple, Protocol, TypeAlias

from domain.errors import DomainError
from domain.ids import DocumentId

Sink: TypeAlias = Callable[[bytes], Awaitable[None]]


class BackupRefused(DomainError):
    """It cannot be made, read or restored like this; `detail` says why and what to do."""

    code = "backup_refused"


class Stored(NamedTuple):
    """What a document's row says of its bytes; `size` in bytes."""

    id: DocumentId
    prefix: str
    size: int
    sha256: str


class Deletions(Protocol):
    """Whether bytes may be destroyed now, across all processes of the installation: not while a backup is made, whose
    copy of the database names them. Whatever a process holds is freed when it dies, however it dies."""

    @abstractmethod
    def allowed(self) -> AbstractAsyncContextManager[bool]:
        """Whether bytes may be destroyed until the block is left. Several may at once; never waits."""

    @abstractmethod
    def suspended(self) -> AbstractAsyncContextManager[bool]:
        """Nobody destroys bytes until the block is left: waits for whoever is about it. False, and nothing is held,
        where somebody else has suspended them. Raises `Unavailable` at the end if that could not be kept up."""


class Snapshot(Protocol):
    """The database as it was at one moment."""

    @property
    @abstractmethod
    def revision(self) -> str:
        """Of its schema."""

    @abstractmethod
    def documents(self) -> AsyncIterator[Stored]:
        """Every document whose bytes are at their place: all but those in quarantine; ordered by id."""

    @abstractmethod
    async def write(self, sink: Sink) -> None:
        """Hand everything to `sink`, in pieces of any size, for `DatabaseCopies.load`."""


class DatabaseCopies(Protocol):
    """All raise `Unavailable` when the database is away."""

    @property
    @abstractmethod
    def kind(self) -> str:
        """What else a copy can be loaded into: a database of the same kind."""

    @abstractmethod
    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """Others go on writing meanwhile."""

    @abstractmethod
    async def is_empty(self) -> bool:
        """No row in any table, or no tables."""

    @abstractmethod
    async def load(self, revision: str, chunks: AsyncIterator[bytes]) -> None:
        """Fill an empty database with what `Snapshot.write` wrote, all or nothing, and bring it to this version.

        Pictures are not part of a backup: those of every document are marked to be made. Raises `BackupRefused` for a
        revision that this version does not know and for a copy that is damaged.
        """
