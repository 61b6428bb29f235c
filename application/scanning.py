"""Files and malware: what a scanner says decides before anything is stored, and again when it was away."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from application.derivatives import the_system
from application.ports.audit_trail import AuditEntry, AuditTrail
from application.ports.blobs import ORIGINAL, BlobMissing, Blobs, StagedBlob
from application.ports.scanning import Scanner, Verdict
from application.ports.system import Clock
from application.ports.unit_of_work import OpenUnitOfWork
from application.ports.upkeep import Upkeep
from application.ports.views import DocumentView
from domain import documents
from domain.access import Principal
from domain.documents import Scan, prefix_for
from domain.errors import Infected, NotFound, TooLarge, Unavailable
from domain.ids import DocumentId, PatientId

QUARANTINED = "document.quarantined"

_STATES = {Verdict.CLEAN: Scan.CLEAN, Verdict.UNSCANNED: Scan.UNSCANNED, Verdict.TOO_LARGE: Scan.UNSCANNED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenUpload:
    """Decide about an upload whose bytes have all arrived. With `fail_closed` nothing gets in unscanned."""

    scanner: Scanner
    blobs: Blobs
    audit: AuditTrail
    fail_closed: bool = True

    async def __call__(
        self, actor: Principal, patient: PatientId, id: DocumentId, blob: StagedBlob, now: datetime
    ) -> Scan:
        """Raises `Infected`, with the bytes in quarantine; `Unavailable` and `TooLarge` only where it fails closed."""
        try:
            verdict, name = await self.scanner.scan(blob.source)
        except Unavailable:
            if self.fail_closed:
                raise
            return Scan.PENDING
        if verdict is Verdict.TOO_LARGE and self.fail_closed:
            raise TooLarge("The file is larger than what the malware scanner looks into", field="file")
        if verdict is Verdict.INFECTED:
            await self._put_aside(prefix_for(actor.clinic_id, patient, id, now), id, blob)
            await self.audit.append(_entry(actor, patient, id, name, now), wait=True)
            raise Infected("The file is infected with malware and was not stored", field="file")
        return _STATES[verdict]

    async def _put_aside(self, prefix: str, id: DocumentId, blob: StagedBlob) -> None:
        # No row names the bytes on this way, so nobody can read them, and a crash leaves orphans: quarantined later
        await blob.keep()
        await self.blobs.promote(id, prefix)
        await self.blobs.quarantine(prefix)


def _entry(actor: Principal, patient: PatientId, id: DocumentId, name: str | None, now: datetime) -> AuditEntry:
    return AuditEntry.by(
        actor, now, QUARANTINED, outcome=Infected.code, document_id=id, patient_id=patient, subject=id, detail=name
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanDocument:
    """Scan one that is stored. An infected one is out of reach with one transaction, its bytes right after it."""

    unit_of_work: OpenUnitOfWork
    blobs: Blobs
    scanner: Scanner
    clock: Clock

    async def __call__(self, view: DocumentView) -> Scan:
        """What it is by now. Raises `Unavailable`."""
        if view.scan != Scan.INFECTED:
            try:
                verdict, _ = await self.scanner.scan(await self.blobs.fetch(f"{view.prefix}/{ORIGINAL}"))
            except BlobMissing:
                return Scan(view.scan)  # on its way to its place, or gone: recovery and verify know
            if verdict is not Verdict.INFECTED:
                return await self._noted(view, _STATES[verdict])
            await self._quarantined(view)
        await self.blobs.quarantine(view.prefix)
        return await self._noted(view, Scan.QUARANTINED)

    async def _noted(self, view: DocumentView, scan: Scan) -> Scan:
        async with self.unit_of_work(the_system(view.clinic_id)) as uow:
            try:
                document = await uow.documents.get(view.id, trashed=True)
            except NotFound:
                return scan  # purged meanwhile
            await uow.documents.mark_scanned(documents.scanned(document, scan))
            await uow.commit()
        return scan

    async def _quarantined(self, view: DocumentView) -> None:
        actor = the_system(view.clinic_id)
        async with self.unit_of_work(actor) as uow:
            try:
                document = await uow.documents.get(view.id, trashed=True)
            except NotFound:
                return
            aside, happened = documents.quarantine(document, actor.user_id, self.clock())
            if happened:
                await uow.documents.save(aside)
                uow.record(*happened)
                await uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUpScans:
    """Ask again about what came in while the scanner was away."""

    upkeep: Upkeep
    scan_document: ScanDocument

    async def __call__(self, limit: int = 20) -> int:
        """How many were decided. Raises `Unavailable` while the scanner is still away."""
        decided = 0
        for view in await self.upkeep.scans_due(limit):
            decided += await self.scan_document(view) != view.scan
        return decided


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanStored:
    """Scan what never was; with `again` everything, because scanners learn."""

    upkeep: Upkeep
    scan_document: ScanDocument

    async def due(self, *, again: bool = False) -> AsyncIterator[DocumentView]:
        """Documents of every clinic, trashed ones too, by id."""
        done = {Scan.QUARANTINED} if again else {Scan.QUARANTINED, Scan.CLEAN}
        async for view in self.upkeep.documents():
            if view.scan not in done:
                yield view

    async def __call__(self, *, again: bool = False) -> AsyncIterator[tuple[DocumentView, Scan]]:
        """Each with what it is by now. Raises `Unavailable`."""
        async for view in self.due(again=again):
            yield view, await self.scan_document(view)
