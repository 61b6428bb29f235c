"""Installations over PostgreSQL and a local folder, all on one server."""

import asyncio
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

import asyncpg

from adapters.sql.connections import Database
from adapters.sql.database import open_database
from application.reach import over_every_clinic
from tests.proof.worlds import DiskWorld
from tests.services.postgres import PostgresServer, postgres_server

_CONNECTED = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1"
_MOMENT = 0.005
"""Between two looks whether the dead have left."""
_KEEP = """
CREATE SCHEMA kept;
CREATE TABLE kept."all sequences" AS
    SELECT sequencename AS name, start_value, last_value FROM pg_sequences WHERE schemaname = 'public';
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', name);
    END LOOP;
END $$
"""
_FILL_AGAIN = """
DO $$ DECLARE name text; BEGIN
    SET LOCAL session_replication_role = replica; -- no triggers, and tables in any order
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DELETE FROM public.%1$I', name);
        EXECUTE format('INSERT INTO public.%1$I OVERRIDING SYSTEM VALUE TABLE kept.%1$I', name);
    END LOOP;
    PERFORM setval(format('public.%I', kept.name), coalesce(last_value, start_value), last_value IS NOT NULL)
        FROM kept."all sequences" AS kept;
END $$
"""


class Spares:
    """Databases that are filled again, which is quicker than to drop one and make another."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self._names: list[str] = []
        self._free = defaultdict[str, list[str]](list)

    def name(self, source: str) -> str:
        """Of a database that is as `source`, or is still to be made."""
        if free := self._free[source]:
            return free.pop()
        self._names.append(f"world_{os.getpid()}_{len(self._names)}")
        return self._names[-1]

    async def make(self, name: str, source: str) -> None:
        """Unless it is there."""
        asking = await asyncpg.connect(self.server.url)
        try:
            if await asking.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name) is None:
                await asking.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
                await self._run(name, "DROP SCHEMA IF EXISTS kept CASCADE;" + _KEEP)
            # What a process that was killed had sent may still be carried out.
            while await asking.fetchval(_CONNECTED, name):  # noqa: ASYNC110 - others leave it
                await asyncio.sleep(_MOMENT)
        finally:
            await asking.close()

    async def give_back(self, name: str, source: str) -> None:
        """Nobody is connected to it any more."""
        await self._run(name, _FILL_AGAIN)
        self._free[source].append(name)

    async def drop(self) -> None:
        for name in self._names:
            await self.server.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    async def _run(self, name: str, command: str) -> None:
        connection = await asyncpg.connect(self.server.unwalled(self.server.url_of(name)))
        try:
            await connection.execute(command)
        finally:
            await connection.close()


class PostgresWorld(DiskWorld):
    """Its database is as another one when it is opened first."""

    def __init__(self, folder: Path, spares: Spares, source: str) -> None:
        super().__init__(folder)
        self._spares = spares
        self._source = source
        self.name = spares.name(source)

    async def database(self) -> Database:
        await self._spares.make(self.name, self._source)
        return open_database(self._spares.server.url_of(self.name), connections=4)

    def copied(self, folder: Path) -> "PostgresWorld":
        copytree(self.folder, folder)
        return PostgresWorld(folder, self._spares, self.name)

    async def drop(self) -> None:
        await super().drop()
        await self._spares.give_back(self.name, self._source)


@contextmanager
def postgres_worlds() -> Iterator[Callable[[Path], PostgresWorld]]:
    """A server for as long as the block lasts, and new installations on it."""
    with over_every_clinic(), postgres_server() as server, worlds_on(server) as new_world:
        yield new_world


@contextmanager
def worlds_on(server: PostgresServer) -> Iterator[Callable[[Path], PostgresWorld]]:
    """New installations, whose databases go with the end of the block."""
    empty, spares = asyncio.run(server.migrated()), Spares(server)
    try:
        yield lambda folder: PostgresWorld(folder, spares, empty)
    finally:
        asyncio.run(spares.drop())
