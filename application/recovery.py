"""Finishing what a crash interrupted; run at start and every minute."""

from dataclasses import dataclass
from datetime import timedelta

from application.ports.blobs import BlobMissing, Blobs, StagedEntry
from application.ports.system import Clock
from application.ports.upkeep import Upkeep
from domain.ids import DocumentId, is_our_id

ABANDONED_AFTER = timedelta(hours=24)
"""How long bytes that no row names are kept: an upload may still be under way, perhaps on another machine."""

_BATCH = 200
_ALL = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    promoted: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recover:
    """Promote staged bytes whose row is committed; drop those that nobody committed within a day."""

    blobs: Blobs
    upkeep: Upkeep
    clock: Clock

    async def __call__(self) -> Recovered:
        # Anything else that lies there is not ours to drop
        entries = [entry async for entry in self.blobs.staged() if is_our_id(entry.id)]
        promoted = dropped = 0
        for start in range(0, len(entries), _BATCH):
            batch = entries[start : start + _BATCH]
            prefixes = await self.upkeep.prefixes([entry.id for entry in batch])
            for entry in batch:
                if (prefix := prefixes.get(entry.id)) is not None:
                    promoted += await self._promoted(entry.id, prefix)
                elif self._abandoned(entry):
                    await self.blobs.unstage(entry.id)
                    dropped += 1
        return Recovered(promoted=promoted, dropped=dropped)

    async def _promoted(self, id: DocumentId, prefix: str) -> bool:
        try:
            await self.blobs.promote(id, prefix)
        except BlobMissing:
            return False  # its own request was quicker
        return True

    def _abandoned(self, entry: StagedEntry) -> bool:
        return self.clock() - entry.modified > ABANDONED_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineOrphans:
    """Put aside blobs that no row names and that are older than a day. Lists the whole storage: run it rarely."""

    blobs: Blobs
    upkeep: Upkeep
    clock: Clock

    async def __call__(self) -> int:
        """How many documents' worth of blobs were put aside."""
        known = {view.prefix async for view in self.upkeep.documents()}
        # Purged, but not yet deleted: aside they would outlive their purge
        known |= {purge.prefix for purge in await self.upkeep.unfinished_purges(_ALL)}
        orphans: set[str] = set()
        async for entry in self.blobs.entries():
            prefix = entry.key.rpartition("/")[0]
            is_ours = is_our_id(prefix.rpartition("/")[2])
            if is_ours and prefix not in known and self.clock() - entry.modified > ABANDONED_AFTER:
                orphans.add(prefix)
        for prefix in sorted(orphans):
            id = DocumentId(prefix.rpartition("/")[2])
            # asked again: the row may have come while the storage was being listed
            if id not in await self.upkeep.prefixes([id]):
                await self.blobs.quarantine(prefix)
        return len(orphans)
