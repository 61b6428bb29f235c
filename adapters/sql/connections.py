"""One shape for both databases: reads that commit by themselves, and transactions."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple, Protocol, runtime_checkable

from adapters.sql.prepared import Row, Statement, Values
from domain.ids import ClinicId


class Head(NamedTuple):
    """The end of a clinic's audit chain."""

    seq: int
    hash: str


class Reads(Protocol):
    @abstractmethod
    async def fetch(self, statement: Statement, values: Values) -> Sequence[Row]:
        """Raises `Unavailable` when the database is away or busy, `Conflict` where a key says so."""


class Transaction(Reads, Protocol):
    @abstractmethod
    async def execute(self, statement: Statement, values: Values) -> int:
        """How many rows were written."""

    @abstractmethod
    async def execute_many(self, statement: Statement, values: Sequence[Values]) -> None:
        """The same statement for each of `values`, in one go."""

    @abstractmethod
    async def lock(self, name: str) -> None:
        """Keep apart, until their end, the transactions that lock the same name."""

    @abstractmethod
    async def commit(self) -> None:
        """Durable on return. After an `Unavailable` from here, whether it was committed is unknown."""


class Database(Reads, Protocol):
    heads: dict[ClinicId, Head]
    """Where this process last saw each audit chain end. A hint: whoever chains on finds out if it is out of date."""

    @abstractmethod
    async def fetch_aside(self, statement: Statement, values: Values) -> Sequence[Row]:
        """As `fetch`, for what may take long: nobody else has to wait for it."""

    @abstractmethod
    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Leaving it without `commit()` discards everything. Raises `Unavailable` when others write for too long."""

    @abstractmethod
    async def check(self) -> None:
        """Raise `Unavailable`, with a reason for operators, unless the database answers."""

    @abstractmethod
    async def close(self) -> None: ...


@runtime_checkable
class RelaysAlone(Protocol):
    """A database that cannot lock rows: of several processes, one at a time relays messages."""

    lanes: set[str]
    """What batches of this process have claimed."""

    @abstractmethod
    def relaying(self) -> AbstractAsyncContextManager[bool]:
        """Whether this process may relay until the block is left; freed at once if it dies."""
