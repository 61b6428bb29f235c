"""The tables of an SQLite database, moved by whoever has the file alone."""

import asyncio
import sqlite3
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

from adapters.sql.conflicts import sqlite_error
from adapters.sql.moves_values import (
    IN_USE,
    NAMES,
    ROWS_AT_ONCE,
    check_known,
    from_sqlite,
    key_of,
    table_of,
    to_sqlite,
    turned,
)
from adapters.sql.sqlite import connect
from application.ports.tables import HeldTables, MoveRefused, Row, Tables

_TABLES = (
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
    " AND name <> 'alembic_version'"
)
# Locked so, neither a reader nor a writer gets in, and whoever is in already keeps us out.
_ALONE = ("locking_mode = EXCLUSIVE", "synchronous = FULL", "foreign_keys = ON")
_WAIT_SECONDS = 3.0


class SqliteTables(Tables):
    def __init__(self, path: Path) -> None:
        self._path = path

    @asynccontextmanager
    async def held(self) -> AsyncIterator[HeldTables]:
        with (
            closing(connect(self._path, (), wait=_WAIT_SECONDS)) as connection,
            # The lock lasts as long as a cursor is open, so this is closed here, however reading ended.
            closing(connection.cursor()) as cursor,
        ):
            await asyncio.to_thread(_lock, connection)
            check_known([name for (name,) in connection.execute(_TABLES)])
            yield HeldSqliteTables(connection, cursor)


class HeldSqliteTables(HeldTables):
    names = NAMES

    def __init__(self, connection: sqlite3.Connection, cursor: sqlite3.Cursor) -> None:
        self._connection = connection
        self._cursor = cursor

    async def count(self, table: str) -> int:
        found: int = self._connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 - our own name
        return found

    async def rows(self, table: str) -> AsyncIterator[Sequence[Row]]:
        turns = from_sqlite(table)
        named = ", ".join(f'"{column.name}"' for column in table_of(table).columns)
        asked = f'SELECT {named} FROM "{table}" ORDER BY {key_of(table)}'  # noqa: S608 - our own names
        self._cursor.execute(asked)
        while batch := await asyncio.to_thread(self._cursor.fetchmany, ROWS_AT_ONCE):
            yield turned(table, batch, turns)

    async def fill(self, table: str, rows: AsyncIterable[Sequence[Row]]) -> None:
        turns = to_sqlite(table)
        named = ", ".join(f'"{column.name}"' for column in table_of(table).columns)
        statement = f'INSERT INTO "{table}" ({named}) VALUES ({", ".join("?" * len(turns))})'  # noqa: S608 - our own names
        if await self.count(table):
            self._connection.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our own name
        async for batch in rows:
            try:
                await asyncio.to_thread(self._cursor.executemany, statement, turned(table, batch, turns))
            except sqlite3.IntegrityError as error:
                raise MoveRefused(f"A row of {table} contradicts another: see clinic-media verify") from error
            except sqlite3.Error as error:
                raise sqlite_error(error) from error

    async def require_alone(self) -> None:
        """The lock is held until the end."""

    async def keep(self) -> None:
        try:
            await asyncio.to_thread(self._connection.commit)
        except sqlite3.IntegrityError as error:
            raise MoveRefused("Half a pair is in the old database: see clinic-media verify") from error
        except sqlite3.Error as error:
            raise sqlite_error(error) from error


def _lock(connection: sqlite3.Connection) -> None:
    try:
        for pragma in _ALONE:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        if (error.sqlite_errorcode & 0xFF) == sqlite3.SQLITE_BUSY:
            raise MoveRefused(IN_USE) from error
        raise sqlite_error(error) from error
