"""Which migrations a database has had, and giving it the rest.

These block, and open connections of their own: call them before the service runs, or in a thread.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from importlib.resources import files
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from adapters.sql.conflicts import sqlite_error
from adapters.sql.urls import is_sqlite, parsed, path_of
from application.reach import EVERY_CLINIC
from domain.errors import Unavailable

T = TypeVar("T")

SECONDS_TO_WAIT = 60
"""For another process that is migrating the same database, and for tables that are in use."""

MILLISECONDS_IN_THE_WAY = 2000
"""How long requests may have to wait for a migration that waits for a table."""

_LOCKED = "55P03"

_AWAY = "The database is away, or others are using it for too long"


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to `revision`, creating it where it is a file that is not there. All or nothing."""
    if is_sqlite(parsed(url)):
        path_of(parsed(url)).absolute().parent.mkdir(parents=True, exist_ok=True)
    connected(url, lambda connection: command.upgrade(_config(connection), revision))


def downgrade(url: str, revision: str) -> None:
    """Take migrations back; what only they could hold is lost."""
    connected(url, lambda connection: command.downgrade(_config(connection), revision))


def current(url: str) -> str | None:
    """The revision that the database is at, None where it has had none."""
    if is_sqlite(parsed(url)) and not path_of(parsed(url)).exists():
        return None
    return connected(url, lambda connection: MigrationContext.configure(connection).get_current_revision())


def expected() -> str:
    """The revision that this version of the program works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("there are no migrations")
    return head


def connected(url: str, work: Callable[[Connection], T]) -> T:
    """The result of `work` in one transaction, while no other process migrates."""
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
    engine = create_async_engine(url.set(drivername="postgresql+asyncpg"), poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.execute(text(f"SET LOCAL lock_timeout = '{SECONDS_TO_WAIT}s'"))
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('clinic-media migrations'))"))
        await connection.execute(text(f"SET LOCAL lock_timeout = '{MILLISECONDS_IN_THE_WAY}ms'"))
        await connection.execute(text(f"SET LOCAL clinic_media.clinic = '{EVERY_CLINIC}'"))
        return await connection.run_sync(work)


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    # The package by name: the migrations import this one, not the other way round.
    config.set_main_option("script_location", str(files("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
