"""A connection to PostgreSQL of one's own, outside the pool, for work over every clinic."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from adapters.sql.postgresql_wall import EVERYWHERE
from domain.errors import Unavailable

_AWAY = (asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError, asyncpg.InterfaceError, OSError)


@asynccontextmanager
async def session(url: str, purpose: str, **settings: str) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    """As long as the block lasts; `purpose` is how the server's list of connections names it.

    Raises `Unavailable` while the database is away, at the beginning and whenever it goes.
    """
    said = {"application_name": f"clinic-media {purpose}", **settings, **EVERYWHERE}
    try:
        connection = await asyncpg.connect(url, server_settings=said)
        try:
            yield connection
        finally:
            await connection.close(timeout=5)
    except _AWAY as error:
        raise Unavailable("The database is away") from error
