"""Whether the database has had the migrations that this version of the program works with."""

import asyncio
from functools import cache

from adapters.sql.connections import Database
from adapters.sql.schema import REVISION, expected
from domain.errors import Unavailable

_wanted = cache(expected)


class SchemaFits:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def check(self) -> None:
        """Raise `Unavailable` where it is another revision: another version of the program migrated meanwhile."""
        found = await self._database.fetch(REVISION, {})
        if [row[0] for row in found] != [await asyncio.to_thread(_wanted)]:
            raise Unavailable("the database has had other migrations than this version works with")
