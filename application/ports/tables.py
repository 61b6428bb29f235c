"""A database as tables of rows that say the same whatever kind of database it is."""

from abc import abstractmethod
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeAlias

from domain.errors import DomainError

Row: TypeAlias = tuple[Any, ...]
"""Texts, numbers, flags, days, instants in UTC, and what JSON holds; ids are texts."""


class MoveRefused(DomainError):
    """A database cannot be moved like this; `detail` says why and what to do. Nothing was changed."""

    code = "move_refused"


class HeldTables(Protocol):
    """The tables while nobody else writes them."""

    @property
    @abstractmethod
    def names(self) -> Sequence[str]:
        """Those that a foreign key of another leads to come before it."""

    @abstractmethod
    async def count(self, table: str) -> int: ...

    @abstractmethod
    def rows(self, table: str) -> AsyncIterator[Sequence[Row]]:
        """All rows in batches, ordered by the primary key."""

    @abstractmethod
    async def fill(self, table: str, rows: AsyncIterable[Sequence[Row]]) -> None:
        """Put these rows in place of what a trigger may have put there; what counts goes on counting after them.

        Raises `MoveRefused` for a value that this database cannot hold."""

    @abstractmethod
    async def require_alone(self) -> None:
        """Raises `MoveRefused` where the service has begun to use the database."""

    @abstractmethod
    async def keep(self) -> None:
        """Make durable what was filled."""


class Tables(Protocol):
    @abstractmethod
    def held(self) -> AbstractAsyncContextManager[HeldTables]:
        """All tables, in one transaction: leaving it without `keep` discards everything, and so does the end of the
        process. Raises `MoveRefused` where the service uses the database, `Unavailable` where that is away."""
