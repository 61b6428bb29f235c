"""What has been purged, over the shared store."""

from collections.abc import Sequence

from adapters.memory.store import MemoryStore
from application.ports.moving import Tombstones
from domain.ids import DocumentId


class MemoryTombstones(Tombstones):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def purged(self, ids: Sequence[DocumentId]) -> set[DocumentId]:
        return {id for clinic in self._store.clinics() for id in self._store.tables(clinic).tombstones if id in ids}
