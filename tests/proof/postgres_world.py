"""Installations over PostgreSQL and a local folder, all on one server."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
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


class PostgresWorld(DiskWorld):
    """Its database is made from another one when it is opened first."""

    def __init__(self, folder: Path, server: PostgresServer, numbers: Iterator[int], source: str) -> None:
        super().__init__(folder)
        self._server = server
        self._numbers = numbers
        self._source = source
        self._name = f"world_{next(numbers)}"

    async def database(self) -> Database:
        """Once nobody else is connected: what a process that was killed had sent may still be carried out."""
        asking = await asyncpg.connect(self._server.url)
        try:
            if await asking.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", self._name) is None:
                await asking.execute(f"CREATE DATABASE {self._name} TEMPLATE {self._source}")
            while await asking.fetchval(_CONNECTED, self._name):  # noqa: ASYNC110 - others leave it
                await asyncio.sleep(_MOMENT)
        finally:
            await asking.close()
        return open_database(self._server.url_of(self._name), connections=4)

    def copied(self, folder: Path) -> "PostgresWorld":
        copytree(self.folder, folder)
        return PostgresWorld(folder, self._server, self._numbers, self._name)

    async def drop(self) -> None:
        await super().drop()
        await self._server.run(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")


@contextmanager
def postgres_worlds() -> Iterator[Callable[[Path], PostgresWorld]]:
    """A server for as long as the block lasts, and new installations on it."""
    with over_every_clinic(), postgres_server() as server:
        yield worlds_on(server)


def worlds_on(server: PostgresServer) -> Callable[[Path], PostgresWorld]:
    empty, numbers = asyncio.run(server.migrated()), count()
    return lambda folder: PostgresWorld(folder, server, numbers, empty)
