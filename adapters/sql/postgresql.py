"""PostgreSQL through asyncpg; a read is one round trip, without a transaction around it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, TypeAlias, cast

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from sqlalchemy import URL, bindparam, func, select
from sqlalchemy.dialects import registry
from sqlalchemy.types import Text

from adapters.sql.conflicts import BUSY, UNSTORABLE, conflict
from adapters.sql.connections import Database, Head, Transaction
from adapters.sql.finishing import finished
from adapters.sql.postgresql_wall import GOES_ROUND, WalledConnection
from adapters.sql.prepared import PreparedCache, Row, Statement, Values
from adapters.sql.waiting import IN_USE, POOL, WAITING
from application.reach import EVERY_CLINIC, reach
from domain.errors import Malformed, NotFound, Unavailable
from domain.ids import ClinicId

if TYPE_CHECKING:
    Connection: TypeAlias = PoolConnectionProxy[asyncpg.Record]
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]

_log = logging.getLogger("clinic_media.database")

_LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name", type_=Text()), 0)))

_SECONDS_PER_STATEMENT = 60
_STATEMENTS_KEPT = 512

_BUSY = (
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.QueryCanceledError,
)
_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.PostgresIOError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # how it takes a connection that breaks between two messages
    OSError,
    TimeoutError,
)


def postgresql_error(error: Exception) -> Exception:
    """What to raise for an error of the driver."""
    if isinstance(error, asyncpg.UniqueViolationError):
        return conflict(error.constraint_name) or error
    if isinstance(error, asyncpg.InvalidTextRepresentationError):
        # Of all that is sent as text only ids can be wrong, and what is no id is the id of nothing.
        return NotFound("There is nothing with this id here")
    # What the driver itself cannot encode is an InterfaceError too, so this comes before what is away.
    # A certificate that is not believed is a ValueError as well, and tells of the server.
    if isinstance(error, asyncpg.DataError | ValueError) and not isinstance(error, OSError):
        return Malformed(UNSTORABLE)
    if isinstance(error, _BUSY):
        return Unavailable(BUSY)
    if isinstance(error, _AWAY):
        return Unavailable("The database is away")
    return error


_PREPARED = PreparedCache(registry.load("postgresql.asyncpg")())
"""For every database of this process."""


class PostgresqlDatabase(Database):
    """`patience` is how many seconds are waited for a connection or a lock. Nothing is opened before it is needed."""

    def __init__(self, url: URL, *, patience: float = 5.0, connections: int = 10) -> None:
        self.heads: dict[ClinicId, Head] = {}
        self._url = url
        self._patience = patience
        self._connections = connections
        self._opening = asyncio.Lock()
        self._pool: Pool | None = None
        self._told = False

    async def fetch(self, statement: Statement, values: Values) -> Sequence[Row]:
        if (clinic := reach()) == EVERY_CLINIC:
            async with self.transaction() as transaction:
                return await transaction.fetch(statement, values)
        prepared = _PREPARED[statement]
        with _translated():
            pool = self._pool or await self._opened()
            with WAITING.track_inprogress():
                connection = await pool.acquire(timeout=self._patience)
            try:
                with IN_USE.track_inprogress():
                    await _walled(connection).stand_in(clinic)
                    return cast(Sequence[Row], await connection.fetch(prepared.sql, *prepared.bind(values)))
            finally:
                await pool.release(connection)

    async def fetch_aside(self, statement: Statement, values: Values) -> Sequence[Row]:
        return await self.fetch(statement, values)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        clinic = reach()
        with _translated():
            pool = self._pool or await self._opened()
            with WAITING.track_inprogress():
                connection = await pool.acquire(timeout=self._patience)
        try:
            with IN_USE.track_inprogress():
                with _translated():
                    await connection.execute(_walled(connection).begin(clinic))
                yield PostgresqlTransaction(connection, _PREPARED)
        finally:
            # On a connection that broke there is nothing to undo, and what broke it was raised already.
            with suppress(asyncpg.PostgresError, *_AWAY):
                if connection.is_in_transaction():
                    await connection.execute("ROLLBACK")
            # One that cannot be put in order any more is dropped.
            with suppress(asyncpg.PostgresError, *_AWAY):
                await pool.release(connection)

    async def check(self) -> None:
        with _translated():
            pool = self._pool or await self._opened()
            goes_round = await pool.fetchval(GOES_ROUND)
        if goes_round and not self._told:
            self._told = True
            _log.warning("the database's role goes round its row security: connect as one that is no superuser")

    async def close(self) -> None:
        if self._pool is not None:
            pool, self._pool = self._pool, None
            POOL.dec(self._connections)
            try:
                async with asyncio.timeout(self._patience):
                    await pool.close()
            except TimeoutError:
                pool.terminate()

    async def _opened(self) -> "Pool":
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._url.set(drivername="postgresql").render_as_string(hide_password=False),
                    min_size=0,
                    max_size=self._connections,
                    timeout=self._patience,
                    command_timeout=_SECONDS_PER_STATEMENT,
                    statement_cache_size=_STATEMENTS_KEPT,
                    server_settings={
                        "application_name": "clinic-media",
                        "lock_timeout": str(int(self._patience * 1000)),
                    },
                    connection_class=WalledConnection,
                    init=_prepare,
                    reset=_leave,
                )
                POOL.inc(self._connections)
            return self._pool


class PostgresqlTransaction(Transaction):
    def __init__(self, connection: "Connection", prepared: PreparedCache) -> None:
        self._connection = connection
        self._prepared = prepared

    async def fetch(self, statement: Statement, values: Values) -> Sequence[Row]:
        prepared = self._prepared[statement]
        with _translated():
            return cast(Sequence[Row], await self._connection.fetch(prepared.sql, *prepared.bind(values)))

    async def execute(self, statement: Statement, values: Values) -> int:
        prepared = self._prepared[statement]
        with _translated():
            status = await self._connection.execute(prepared.sql, *prepared.bind(values))
        return int(status.rpartition(" ")[2])

    async def execute_many(self, statement: Statement, values: Sequence[Values]) -> None:
        prepared = self._prepared[statement]
        with _translated():
            await self._connection.executemany(prepared.sql, [prepared.bind(each) for each in values])

    async def lock(self, name: str) -> None:
        await self.fetch(_LOCK, {"name": name})

    async def commit(self) -> None:
        with _translated():
            status = await finished(asyncio.ensure_future(self._connection.execute("COMMIT")))
        if status != "COMMIT":  # it answers with ROLLBACK, and no error, where a statement had failed before
            raise Unavailable("This was not kept, as a part of it had failed; try again")


@contextmanager
def _translated() -> Iterator[None]:
    """The driver's errors come out as ours."""
    try:
        yield
    except (asyncpg.PostgresError, *_AWAY) as error:
        meant = postgresql_error(error)
        if meant is error:
            raise
        raise meant from error


def _walled(connection: "Connection") -> WalledConnection:
    # What the pool hands out passes everything on to it.
    return cast(WalledConnection, connection)


async def _prepare(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    # Our ids are text everywhere else.
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=str, format="text")


async def _leave(_: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Of ours only the clinic stays behind on a connection, which knows it: handing it back costs no round trip."""
