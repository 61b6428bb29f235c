"""Which migrations a database has had, and giving it the rest.

These block, and open connections of their own: call them before the service runs, or in a thread. Each start asks
whether there is anything to do, and mostly there is not: what only migrating needs is imported when it is done.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import URL, Connection, Select, column, create_engine, event, inspect, select, table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from adapters.sql.conflicts import sqlite_error
from adapters.sql.urls import is_sqlite, parsed, path_of
from application.reach import EVERY_CLINIC
from domain.errors import Unavailable

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")

_KEPT_IN = "alembic_version"
REVISION: Select[Any] = select(column("version_num")).select_from(table(_KEPT_IN))

SECONDS_TO_WAIT = 60
"""For another process that is migrating the same database, and for tables that are in use."""

MILLISECONDS_IN_THE_WAY = 2000
"""How long requests may have to wait for a migration that waits for a table."""

_ALONE = text("SELECT pg_try_advisory_lock(hashtext('clinic-media migrations'))")
_PAUSE_SECONDS = 0.1
_LOCKED = "55P03"

_AWAY = "The database is away, or others are using it for too long"


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to `revision`, creating it where it is a file that is not there.

    All or nothing; on PostgreSQL each migration by itself.
    """
    if is_sqlite(parsed(url)):
        path_of(parsed(url)).absolute().parent.mkdir(parents=True, exist_ok=True)
    from alembic import command  # noqa: PLC0415 - takes longer than all else of a start

    connected(url, lambda connection: command.upgrade(_config(connection), revision))


def downgrade(url: str, revision: str) -> None:
    """Take migrations back; what only they could hold is lost."""
    from alembic import command  # noqa: PLC0415 - as above

    connected(url, lambda connection: command.downgrade(_config(connection), revision))


def current(url: str) -> str | None:
    """The revision that the database is at, None where it has had none."""
    if is_sqlite(parsed(url)) and not path_of(parsed(url)).exists():
        return None
    return connected(url, _revision)


def _revision(connection: Connection) -> str | None:
    return connection.scalar(REVISION) if inspect(connection).has_table(_KEPT_IN) else None


def expected() -> str:
    """The revision that this version of the program works with: the last one's, with which its file's name begins."""
    names = (file.name for file in files("migrations").joinpath("versions").iterdir())
    return max(name.partition("_")[0] for name in names if name.endswith(".py"))


def connected(url: str, work: Callable[[Connection], T]) -> T:
    """The result of `work`, in one transaction unless it is about migrations, while no other process migrates."""
    try:
        if is_sqlite(parsed(url)):
            return _with_sqlite(parsed(url), work)
        return asyncio.run(_with_postgresql(parsed(url), work))
    except DBAPIError as error:
        if _is_away(error.orig):
            raise Unavailable(_AWAY) from error
        raise
    except OSError as error:
        raise Unavailable(_AWAY) from error


def _is_away(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.Error):
        return isinstance(sqlite_error(error), Unavailable)
    # Classes of SQLSTATE: connection, authorization, catalog, resources, intervention; and a lock waited for too long.
    return str(getattr(error, "sqlstate", "")).startswith(("08", "28", "3D", "53", "57", _LOCKED))


def _with_sqlite(url: URL, work: Callable[[Connection], T]) -> T:
    engine = create_engine(f"sqlite:///{path_of(url)}", poolclass=NullPool, connect_args={"timeout": SECONDS_TO_WAIT})

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: object) -> None:
        # The driver's own transactions leave out the tables' definitions: half a migration could stay.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.begin() as connection:
        return work(connection)


async def _with_postgresql(url: URL, work: Callable[[Connection], T]) -> T:
    """Who waits for a table keeps everybody off it who comes later, so it gives way soon, and comes again."""
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while True:
        try:
            return await _once(url, work)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") != _LOCKED or time.monotonic() > deadline:
                raise
        await asyncio.sleep(MILLISECONDS_IN_THE_WAY / 1000)


async def _once(url: URL, work: Callable[[Connection], T]) -> T:
    """In transactions that `work` begins, or in one: some migrations need to be outside of any."""
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - the service itself has no use for it

    engine = create_async_engine(url.set(drivername="postgresql+asyncpg"), poolclass=NullPool)
    async with engine.connect() as connection:
        await _wait_to_be_alone(connection)
        await connection.execute(text(f"SET lock_timeout = '{MILLISECONDS_IN_THE_WAY}ms'"))
        await connection.execute(text(f"SET clinic_media.clinic = '{EVERY_CLINIC}'"))
        await connection.commit()
        done = await connection.run_sync(work)
        await connection.commit()
        return done


async def _wait_to_be_alone(connection: "AsyncConnection") -> None:
    """Until the connection ends. Who waited in a statement for the lock would be waited for by whoever has it and
    makes an index beside the others."""
    async with asyncio.timeout(SECONDS_TO_WAIT):
        while not await connection.scalar(_ALONE):
            await connection.commit()
            await asyncio.sleep(_PAUSE_SECONDS)


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config(attributes={"connection": connection})
    # The package by name: the migrations import this one, not the other way round.
    config.set_main_option("script_location", str(files("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
