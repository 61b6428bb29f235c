"""SQLite through the standard library's driver, called on the event loop: a short read costs less than a thread hop.

There is one writer at a time, in this process by taking turns, among processes by SQLite's own lock. What waits for
the disk (COMMIT) runs in a thread.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.dialects import sqlite

from adapters.sql.conflicts import BUSY, UNSTORABLE, sqlite_error
from adapters.sql.connections import Database, Head, RelaysAlone, Transaction
from adapters.sql.finishing import finished
from adapters.sql.prepared import PreparedCache, Row, Statement, Values
from adapters.sql.values import sqlite_values
from adapters.sql.waiting import WAITING
from adapters.threads import Threads
from domain.errors import Malformed, Unavailable
from domain.ids import ClinicId

_READING = ("query_only = ON", "cache_size = -32768", "temp_store = MEMORY")
_WRITING = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "cache_size = -16384",
    "journal_size_limit = 67108864",
)

_ALIVE = text("SELECT 1")

_PREPARED = PreparedCache(sqlite.dialect(paramstyle="qmark"))
"""For every database of this process: compiling a statement takes longer than most of them run."""

STATEMENTS_AT_A_STRETCH = 64
"""After so many, a transaction lets others run on the event loop."""


def connect(path: Path, pragmas: Sequence[str], *, wait: float = 0.0, mode: str = "rw") -> sqlite3.Connection:
    """A connection, which waits so many seconds at most for a lock; `mode` rwc makes a database that is not there."""
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=wait,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error as error:
        raise sqlite_error(error) from error
    return connection


class SqliteDatabase(Database, RelaysAlone):
    """`patience` is how many seconds a transaction waits for its turn. Nothing is opened before it is needed."""

    def __init__(self, path: Path, *, patience: float = 5.0) -> None:
        self.heads: dict[ClinicId, Head] = {}
        self.lanes: set[str] = set()
        self._path = path
        self._patience = patience
        self._connections: dict[str, sqlite3.Connection] = {}
        self._turn = asyncio.Lock()
        self._disk = Threads(1, "sqlite-disk")
        self._aside = Threads(1, "sqlite-aside")
        self._relays = 0

    async def fetch(self, statement: Statement, values: Values) -> Sequence[Row]:
        return self._fetch(self._connection("reader", _READING, wait=1.0), statement, values)

    async def fetch_aside(self, statement: Statement, values: Values) -> Sequence[Row]:
        connection = self._connection("aside", _READING, wait=1.0)
        return await self._aside.run(self._fetch, connection, statement, values)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        deadline = asyncio.get_running_loop().time() + self._patience
        async with self._turn_until(deadline):
            connection = self._connection("writer", _WRITING)
            await _begin(connection, deadline)
            try:
                yield SqliteTransaction(connection, _PREPARED, self._disk)
            finally:
                if connection.in_transaction:
                    connection.rollback()

    @asynccontextmanager
    async def relaying(self) -> AsyncIterator[bool]:
        if not self._relays and not self._lock_relay():
            yield False
            return
        self._relays += 1
        try:
            yield True
        finally:
            self._relays -= 1
            if not self._relays:
                self._connections.pop("relay").close()

    async def check(self) -> None:
        await self.fetch(_ALIVE, {})

    async def close(self) -> None:
        for threads in (self._disk, self._aside):
            await threads.close()
        while self._connections:
            self._connections.popitem()[1].close()

    def _connection(self, name: str, pragmas: Sequence[str], *, wait: float = 0.0) -> sqlite3.Connection:
        connection = self._connections.get(name)
        if connection is None:
            connection = self._connections[name] = connect(self._path, pragmas, wait=wait)
        return connection

    def _fetch(self, connection: sqlite3.Connection, statement: Statement, values: Values) -> Sequence[Row]:
        return _run(connection, _PREPARED, statement, values).fetchall()

    @asynccontextmanager
    async def _turn_until(self, deadline: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout_at(deadline):
                with WAITING.track_inprogress():
                    await self._turn.acquire()
        except TimeoutError:
            raise Unavailable(BUSY) from None
        try:
            yield
        finally:
            self._turn.release()

    def _lock_relay(self) -> bool:
        """Take a lock that the system frees when the process ends, however it ends: SQLite's, on a file of its own."""
        connection = connect(self._path.with_name(f"{self._path.name}-relay"), (), mode="rwc")
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            connection.close()
            if _is_busy(error):
                return False
            raise sqlite_error(error) from error
        self._connections["relay"] = connection
        return True


class SqliteTransaction(Transaction):
    def __init__(self, connection: sqlite3.Connection, prepared: PreparedCache, disk: Threads) -> None:
        self._connection = connection
        self._prepared = prepared
        self._disk = disk
        self._statements = 0

    async def fetch(self, statement: Statement, values: Values) -> Sequence[Row]:
        await self._breathe()
        return _run(self._connection, self._prepared, statement, values).fetchall()

    async def execute(self, statement: Statement, values: Values) -> int:
        await self._breathe()
        return _run(self._connection, self._prepared, statement, values).rowcount

    async def execute_many(self, statement: Statement, values: Sequence[Values]) -> None:
        prepared = self._prepared[statement]
        for start in range(0, len(values), STATEMENTS_AT_A_STRETCH):
            bound = [sqlite_values(prepared.bind(each)) for each in values[start : start + STATEMENTS_AT_A_STRETCH]]
            try:
                self._connection.executemany(prepared.sql, bound)
            except sqlite3.Error as error:
                raise sqlite_error(error) from error
            await asyncio.sleep(0)

    async def lock(self, name: str) -> None:
        """Transactions take turns, so there is nothing more to lock."""

    async def commit(self) -> None:
        try:
            await finished(self._disk.begin(self._connection.commit))
        except sqlite3.Error as error:
            raise sqlite_error(error) from error

    async def _breathe(self) -> None:
        self._statements += 1
        if self._statements % STATEMENTS_AT_A_STRETCH == 0:
            await asyncio.sleep(0)


def _run(
    connection: sqlite3.Connection, prepared: PreparedCache, statement: Statement, values: Values
) -> sqlite3.Cursor:
    this = prepared[statement]
    bound = sqlite_values(this.bind(values))
    try:
        return connection.execute(this.sql, bound)
    except sqlite3.Error as error:
        raise sqlite_error(error) from error
    except (OverflowError, UnicodeEncodeError) as error:
        raise Malformed(UNSTORABLE) from error


def _is_busy(error: sqlite3.Error) -> bool:
    return (error.sqlite_errorcode & 0xFF) == sqlite3.SQLITE_BUSY


async def _begin(connection: sqlite3.Connection, deadline: float) -> None:
    """Take SQLite's write lock, for which other processes compete; without blocking the event loop meanwhile."""
    loop, pause = asyncio.get_running_loop(), 0.001
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.Error as error:
            if not _is_busy(error) or loop.time() >= deadline:
                raise sqlite_error(error) from error
        await asyncio.sleep(pause)
        pause = min(pause * 2, 0.05)
