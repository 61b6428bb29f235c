"""The tables of a PostgreSQL database, locked against writers while they are moved."""

from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg

from adapters.sql.moves_values import (
    IN_USE,
    NAMES,
    ROWS_AT_ONCE,
    check_known,
    from_postgresql,
    key_of,
    table_of,
    to_postgresql,
    turned,
)
from adapters.sql.postgresql_session import session
from adapters.sql.types import OUR_ID
from application.ports.tables import HeldTables, MoveRefused, Row, Tables

if TYPE_CHECKING:
    from collections.abc import Coroutine

    Connection = asyncpg.Connection[asyncpg.Record]

_TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    " AND relname <> 'alembic_version'"
)
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = 'clinic-media' AND pid <> pg_backend_pid()"
)


class PostgresqlTables(Tables):
    def __init__(self, url: str) -> None:
        self._url = url

    @asynccontextmanager
    async def held(self) -> AsyncIterator[HeldTables]:
        async with session(self._url, "move", lock_timeout="3000") as connection:
            held = HeldPostgresqlTables(connection)
            await held.require_alone()
            check_known([name for (name,) in await connection.fetch(_TABLES)])
            await _lock(connection)
            yield held


class HeldPostgresqlTables(HeldTables):
    names = NAMES

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    async def count(self, table: str) -> int:
        found: int = await self._connection.fetchval(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - our own name
        return found

    async def rows(self, table: str) -> AsyncIterator[Sequence[Row]]:
        turns, columns = from_postgresql(table), table_of(table).columns
        named = ", ".join(f'"{column.name}"{"::text" if column.type is OUR_ID else ""}' for column in columns)
        asked = f'SELECT {named} FROM "{table}" ORDER BY {key_of(table)}'  # noqa: S608 - our own names
        cursor = await self._connection.cursor(asked)
        while batch := await cursor.fetch(ROWS_AT_ONCE):
            yield turned(table, [tuple(row) for row in batch], turns)

    async def fill(self, table: str, rows: AsyncIterable[Sequence[Row]]) -> None:
        if await self.count(table):
            await self._connection.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our own name
        turns, columns = to_postgresql(table), [column.name for column in table_of(table).columns]
        named = ", ".join(f'"{column}"' for column in columns)
        # Where the database keeps clinics apart, COPY is allowed only into a table beside.
        await self._connection.execute(f'CREATE TEMPORARY TABLE moved (LIKE "{table}") ON COMMIT DROP')
        async for batch in rows:
            records = turned(table, batch, turns)
            await _accepted(table, self._connection.copy_records_to_table("moved", records=records, columns=columns))
        put = f'INSERT INTO "{table}" ({named}) OVERRIDING SYSTEM VALUE SELECT {named} FROM moved'  # noqa: S608 - our own names
        await _accepted(table, self._connection.execute(put))
        await self._connection.execute("DROP TABLE moved")
        for column in table_of(table).columns:
            if column.identity is not None:
                await self._count_on(table, column.name)

    async def require_alone(self) -> None:
        if await self._connection.fetchval(_OTHERS):
            raise MoveRefused(IN_USE)

    async def keep(self) -> None:
        try:
            await self._connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except asyncpg.IntegrityConstraintViolationError as error:
            raise MoveRefused("Half a pair is in the old database: see clinic-media verify") from error
        await self._connection.execute("COMMIT")
        await self._connection.execute("ANALYZE")

    async def _count_on(self, table: str, column: str) -> None:
        await self._connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), "  # noqa: S608 - our own names
            f'(SELECT coalesce(max("{column}"), 0) + 1 FROM "{table}"), false)'
        )


async def _lock(connection: "Connection") -> None:
    """Others may read, none may write; only then is the moment chosen that is seen."""
    await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    try:
        await connection.execute(f"LOCK TABLE {', '.join(NAMES)} IN EXCLUSIVE MODE")
    except asyncpg.LockNotAvailableError as error:
        raise MoveRefused(IN_USE) from error


async def _accepted(table: str, filling: "Coroutine[Any, Any, str]") -> None:
    try:
        await filling
    except asyncpg.DataError as error:
        raise MoveRefused(f"A row of {table} holds what PostgreSQL cannot, such as a NUL in a text") from error
    except asyncpg.IntegrityConstraintViolationError as error:
        raise MoveRefused(f"A row of {table} contradicts another: see clinic-media verify") from error
