"""Destroying what may be destroyed, and keeping what must be kept."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from application.derivatives import the_system
from application.linking import unlink_all
from application.owners import FindOwner
from application.pairing import unpair_in
from application.ports.backups import Deletions
from application.ports.blobs import Blobs
from application.ports.system import Clock
from application.ports.unit_of_work import OpenUnitOfWork, UnitOfWork
from application.ports.upkeep import Upkeep
from application.ports.views import DirectoryViews, DocumentView
from domain import documents
from domain.access import Permission, Principal
from domain.directory import place_on_hold, unnamed
from domain.documents import Document
from domain.errors import NotFound
from domain.ids import DocumentId, PatientId
from domain.retention import RetentionPolicy, purgeable


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishPurges:
    """Delete the bytes of what was purged: after a crash too. While a backup runs they wait."""

    blobs: Blobs
    upkeep: Upkeep
    deletions: Deletions

    async def __call__(self, limit: int = 200) -> int:
        """How many documents' bytes went; none while they have to wait."""
        purges = await self.upkeep.unfinished_purges(limit)
        if not purges:
            return 0
        async with self.deletions.allowed() as allowed:
            for purge in purges if allowed else ():
                await self.blobs.delete(purge.prefix)
                await self.upkeep.finish_purge(purge.document_id)
            return len(purges) if allowed else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeTrash:
    """What the policy allows. First the row goes and a tombstone comes, so nobody can reach it; then the bytes."""

    unit_of_work: OpenUnitOfWork
    upkeep: Upkeep
    finish_purges: FinishPurges
    policy: RetentionPolicy
    clock: Clock

    async def __call__(self, *, dry_run: bool = False) -> AsyncIterator[DocumentView]:
        """Each document that was (or with `dry_run` would be) purged."""
        if self.policy.trash_days is None:
            return
        before = self.clock() - timedelta(days=self.policy.trash_days)
        async for view in self.upkeep.trashed(before):
            if await self._purged(view, dry_run=dry_run):
                yield view
        if not dry_run:
            while await self.finish_purges():
                pass

    async def _purged(self, view: DocumentView, *, dry_run: bool) -> bool:
        async with self.unit_of_work(the_system(view.clinic_id)) as uow:
            patient = await uow.directory.patient(view.patient_id)
            try:
                document = await uow.documents.get(view.id, trashed=True)
            except NotFound:
                return False  # somebody else was quicker
            if document.patient_id != view.patient_id:
                return False  # it was restored and moved: another time
            held = patient is not None and patient.hold
            if not purgeable(document, self.policy, held=held, now=self.clock()):
                return False
            if not dry_run:
                await _remove(uow, document)
                await uow.commit()
        return True


async def _remove(uow: UnitOfWork, document: Document) -> None:
    await unpair_in(uow, document.id)
    await unlink_all(uow, await uow.attachments.of_document(document.id))
    await uow.documents.remove(document)
    uow.record(*documents.purged(document))


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldDocument:
    """Legal hold: nothing purges the document while it stands."""

    unit_of_work: OpenUnitOfWork
    clock: Clock

    async def __call__(self, actor: Principal, id: DocumentId, *, hold: bool) -> None:
        actor.require(Permission.TRASH_PURGE)
        async with self.unit_of_work(actor) as uow:
            document = await uow.documents.get(id, trashed=True)
            held, happened = documents.place_on_hold(document, hold, self.clock())
            if happened:
                await uow.documents.save(held)
                uow.record(*happened)
                await uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPatient:
    """Legal hold on everything of a patient, trashed or not. One that only the host knows gets an entry here for it."""

    unit_of_work: OpenUnitOfWork
    directory: DirectoryViews
    find_owner: FindOwner
    clock: Clock

    async def __call__(self, actor: Principal, id: PatientId, *, hold: bool) -> None:
        actor.require(Permission.TRASH_PURGE)
        try:
            await self.directory.patient(actor, id)
        except NotFound:
            await self.find_owner.patient(actor, id)
        now = self.clock()
        async with self.unit_of_work(actor) as uow:
            before = await uow.directory.patient(id) or unnamed(id, actor.clinic_id, now)
            patient, happened = place_on_hold(before, hold, now)
            if happened:
                await uow.directory.put_patient(patient)
                uow.record(*happened)
                await uow.commit()
