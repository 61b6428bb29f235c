"""Who may destroy bytes while a backup may be running, where the database is PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
from sqlalchemy import bindparam, func, select
from sqlalchemy.types import Text

from adapters.sql.connections import Database
from application.ports.backups import Deletions
from domain.errors import Unavailable

_PROBE_SECONDS = 20.0
_LOST = "The database went away while deletions were to wait for the backup: make the backup again"
_MAY = select(func.pg_try_advisory_xact_lock_shared(func.hashtextextended(bindparam("name", type_=Text()), 0)))
_BACKUP, _DELETIONS = "clinic-media backup", "clinic-media deletions"


class PostgresqlDeletions(Deletions):
    """Advisory locks: of the transaction that a deletion runs in, and of the session that a backup keeps open."""

    def __init__(self, url: str, database: Database) -> None:
        self._url = url
        self._database = database

    @asynccontextmanager
    async def allowed(self) -> AsyncIterator[bool]:
        async with self._database.transaction() as transaction:
            [row] = await transaction.fetch(_MAY, {"name": _DELETIONS})
            yield bool(row[0])

    @asynccontextmanager
    async def suspended(self) -> AsyncIterator[bool]:
        try:
            connection = await asyncpg.connect(self._url, server_settings={"application_name": "clinic-media backup"})
        except (asyncpg.PostgresError, OSError) as error:
            raise Unavailable("The database is away") from error
        try:
            if not await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", _BACKUP):
                yield False
                return
            await connection.execute(f"SELECT pg_advisory_lock(hashtextextended('{_DELETIONS}', 0))")
            # A connection on which nothing moves is cut by many a firewall, and the lock would be gone with it.
            probing = asyncio.create_task(_probe(connection))
            try:
                yield True
            finally:
                probing.cancel()
                with suppress(asyncio.CancelledError):
                    await probing
                await _release(connection)
        finally:
            connection.terminate()


async def _probe(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    with suppress(Exception):  # at the end it is asked once more, and told
        while True:
            await asyncio.sleep(_PROBE_SECONDS)
            await connection.execute("SELECT 1")


async def _release(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """At once: the server notices only a while later that a connection was closed. Raises where it broke meanwhile."""
    try:
        await connection.execute("SELECT pg_advisory_unlock_all()")
    except Exception as error:
        raise Unavailable(_LOST) from error
