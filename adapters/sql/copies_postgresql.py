"""Copies of a PostgreSQL database: every table by COPY, in one transaction that sees a single moment.

Written here, not by pg_dump: that must be of the server's version or newer, and is on few machines that run the
service. The copy is frames, each with its length in four bytes before it:

    {"format": 1, "revision": "0006"}                     once
    {"table": "documents", "columns": ["id", …]}          then the table's rows as COPY writes them, in any number of
                                                          frames, and an empty one
    {"end": true}                                         last
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from adapters.sql.copies_schema import Schema
from adapters.sql.postgresql_session import session
from application.ports.backups import BackupRefused, DatabaseCopies, Sink, Snapshot, Stored
from domain.ids import DocumentId

_FORMAT = 1
_DAMAGED = "The backup's database is damaged: restore another snapshot"
_PURPOSE = "backup"
_LONGEST = 64 * 2**20

_REVISION = "SELECT version_num FROM alembic_version"
_DOCUMENTS = (
    "SELECT id::text, prefix, file_size, sha256 FROM documents"
    " WHERE scan NOT IN ('infected', 'quarantined') ORDER BY id"
)
# Those that a foreign key leads to come first; the schema has no circles.
_TABLES = """
WITH RECURSIVE
    tables AS (SELECT oid, relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
               AND relname <> 'alembic_version'),
    ranked (oid, rank) AS (
        SELECT oid, 0 FROM tables
        UNION
        SELECT key.conrelid, rank + 1 FROM ranked JOIN pg_constraint key ON key.contype = 'f'
            AND key.confrelid = ranked.oid AND key.conrelid <> key.confrelid WHERE rank < 100)
SELECT relname,
    ARRAY (SELECT attname::text FROM pg_attribute WHERE attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
           AND attgenerated = '' ORDER BY attnum) AS columns,
    ARRAY (SELECT attname::text FROM pg_attribute WHERE attrelid = tables.oid AND attidentity <> '') AS counted
FROM tables JOIN ranked USING (oid) GROUP BY tables.oid, relname ORDER BY max(rank), relname
"""
_WALLED = """
SELECT relname FROM pg_class WHERE relforcerowsecurity AND relnamespace = current_schema()::regnamespace ORDER BY 1
"""


class PostgresqlCopies(DatabaseCopies):
    kind = "postgresql"

    def __init__(self, url: str, schema: Schema) -> None:
        self._url = url
        self._schema = schema

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        async with (
            session(self._url, _PURPOSE) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield PostgresqlSnapshot(connection, await connection.fetchval(_REVISION))

    async def is_empty(self) -> bool:
        async with session(self._url, _PURPOSE) as connection:
            for name, _, _ in await connection.fetch(_TABLES):
                if await _has_rows(connection, name):
                    return False
            return True

    async def load(self, revision: str, chunks: AsyncIterator[bytes]) -> None:
        await self._schema.bring_to(revision)
        async with session(self._url, _PURPOSE) as connection:
            async with connection.transaction(), _open_to_copies(connection):
                await _filled(connection, _Frames(chunks), revision)
                await connection.execute("UPDATE documents SET derived = 'pending' WHERE derived = 'ready'")
            await connection.execute("ANALYZE")
        await self._schema.bring_to_this_version()


class PostgresqlSnapshot(Snapshot):
    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]", revision: str) -> None:
        self._connection = connection
        self._revision = revision

    @property
    def revision(self) -> str:
        return self._revision

    async def documents(self) -> AsyncIterator[Stored]:
        async for id, prefix, size, sha256 in self._connection.cursor(_DOCUMENTS, prefetch=500):
            yield Stored(DocumentId(id), prefix, size, sha256)

    async def write(self, sink: Sink) -> None:
        async def framed(data: bytes) -> None:
            await sink(len(data).to_bytes(4, "big") + data)

        await framed(_told({"format": _FORMAT, "revision": self._revision}))
        for name, columns, _ in await self._connection.fetch(_TABLES):
            await framed(_told({"table": name, "columns": columns}))
            await self._connection.copy_from_table(name, columns=columns, output=framed)
            await framed(b"")
        await framed(_told({"end": True}))


async def _filled(connection: "asyncpg.Connection[asyncpg.Record]", frames: "_Frames", revision: str) -> None:
    if await frames.told() != {"format": _FORMAT, "revision": revision}:
        raise BackupRefused(_DAMAGED)
    tables = {name: (columns, counted) for name, columns, counted in await connection.fetch(_TABLES)}
    while not (said := await frames.told()).get("end"):
        name = said.get("table", "")
        if name not in tables or said["columns"] != tables[name][0]:
            raise BackupRefused(_DAMAGED)
        if await _has_rows(connection, name):
            # what a trigger on another table has put here while that was filled
            await connection.execute(f'DELETE FROM "{name}"')  # noqa: S608 - the catalogue's own name
        try:
            await connection.copy_to_table(name, columns=said["columns"], source=frames.until_empty())
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
            raise BackupRefused(_DAMAGED) from error
        await _count_on(connection, name, tables[name][1])
    await frames.require_end()


@asynccontextmanager
async def _open_to_copies(connection: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[None]:
    """COPY puts no rows into a table whose policies also bind its owner, so for this transaction they do not."""
    walled = [name for (name,) in await connection.fetch(_WALLED)]
    for name in walled:
        await connection.execute(f'ALTER TABLE "{name}" NO FORCE ROW LEVEL SECURITY')
    yield
    # Another ALTER has to wait for the checks that are put off to the end.
    await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name in walled:
        await connection.execute(f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY')


async def _count_on(connection: "asyncpg.Connection[asyncpg.Record]", table: str, columns: Sequence[str]) -> None:
    for column in columns:
        await connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), "  # noqa: S608 - the catalogue's own names
            f'(SELECT coalesce(max("{column}"), 0) + 1 FROM "{table}"), false)'
        )


async def _has_rows(connection: "asyncpg.Connection[asyncpg.Record]", table: str) -> bool:
    return bool(await connection.fetchval(f'SELECT EXISTS (SELECT 1 FROM "{table}")'))  # noqa: S608 - its own name


def _told(what: dict[str, Any]) -> bytes:
    return json.dumps(what).encode()


class _Frames:
    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self._held = bytearray()

    async def told(self) -> dict[str, Any]:
        try:
            told = json.loads(await self._next())
        except ValueError as error:
            raise BackupRefused(_DAMAGED) from error
        if not isinstance(told, dict):
            raise BackupRefused(_DAMAGED)
        return told

    async def until_empty(self) -> AsyncIterator[bytes]:
        while data := await self._next():
            yield data

    async def require_end(self) -> None:
        """Whoever hands the bytes out may have something to say of their checksum only then."""
        if self._held or await anext(self._chunks, None) is not None:
            raise BackupRefused(_DAMAGED)

    async def _next(self) -> bytes:
        size = int.from_bytes(await self._taken(4), "big")
        if size > _LONGEST:
            raise BackupRefused(_DAMAGED)
        return await self._taken(size)

    async def _taken(self, size: int) -> bytes:
        while len(self._held) < size:
            chunk = await anext(self._chunks, None)
            if chunk is None:
                raise BackupRefused(_DAMAGED)
            self._held += chunk
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken
