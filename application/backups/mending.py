"""Bringing back from a backup what an installation that is in use has lost."""

from dataclasses import dataclass

from application.backups.vault import Manifest, Vault
from application.copying import Tell, Unlike, brought, is_right
from application.derivatives import MakeDerivatives
from application.ports.backups import BackupRefused, Stored
from application.ports.blobs import Blobs
from application.ports.sealing import Damaged
from application.ports.upkeep import Upkeep
from application.ports.views import DocumentView
from application.verify import Finding
from domain.documents import Derived, Scan
from domain.errors import Unavailable
from domain.ids import DocumentId


@dataclass(frozen=True, slots=True, kw_only=True)
class MendFromBackup:
    """Put back the bytes of documents that are missing or damaged; damaged ones go to quarantine. Rows stay."""

    blobs: Blobs
    upkeep: Upkeep
    make_derivatives: MakeDerivatives

    async def __call__(self, vault: Vault, manifest: Manifest, tell: Tell) -> tuple[int, list[Finding]]:
        """How many were put back, and those that could not be. Reads every document's bytes."""
        damaged, mended = await self._damaged(tell), 0
        try:
            async for stored in vault.listing(manifest):
                view = damaged.get(stored.id)
                if view is not None and view.sha256 == stored.sha256 and await self._put_back(vault, view):
                    del damaged[view.id]
                    mended += 1
        except Damaged as error:
            raise BackupRefused("The backup's list of documents is damaged: choose another snapshot") from error
        return mended, [Finding("I1", id, _NOT_HERE, "look in another snapshot, with --snapshot") for id in damaged]

    async def _damaged(self, tell: Tell) -> dict[DocumentId, DocumentView]:
        waiting = {entry.id async for entry in self.blobs.staged()}
        found, done = {}, 0
        async for view in self.upkeep.documents():
            done += 1
            tell(done, done)
            is_aside = view.scan in (Scan.INFECTED, Scan.QUARANTINED)
            # what is staged is about to be promoted, and may be so at this moment
            if not is_aside and view.id not in waiting and not await is_right(self.blobs, _stored(view)):
                found[view.id] = view
        return found

    async def _put_back(self, vault: Vault, view: DocumentView) -> bool:
        stored = _stored(view)
        # only bytes that are whole in the backup take the place of what is there
        try:
            async for _ in vault.document(stored):
                pass
            await self.blobs.quarantine(view.prefix)
            await brought(vault.document(stored), stored, self.blobs)
        except (Damaged, Unlike):
            return False
        if view.derived == Derived.READY:
            try:
                await self.make_derivatives(view)
            except Unavailable:
                return True  # they are made when somebody asks for them
        return True


_NOT_HERE = "its bytes are missing or damaged, and this snapshot has none that are right"


def _stored(view: DocumentView) -> Stored:
    return Stored(view.id, view.prefix, view.file_size, view.sha256)
