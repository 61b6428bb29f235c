"""What has been purged."""

from collections.abc import Sequence

from sqlalchemy import select

from adapters.sql.conditions import among
from adapters.sql.connections import Database
from adapters.sql.logs import tombstones
from application.ports.moving import Tombstones
from domain.ids import DocumentId

_PURGED = select(tombstones.c.document_id).where(among(tombstones.c.document_id, "ids"))


class SqlTombstones(Tombstones):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def purged(self, ids: Sequence[DocumentId]) -> set[DocumentId]:
        return {DocumentId(row[0]) for row in await self._database.fetch_aside(_PURGED, {"ids": list(ids)})}
