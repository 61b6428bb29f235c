"""Taking back what an import brought in, as long as nobody has changed it."""

from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

from application.derivatives import the_system
from application.importing.files import FOUND
from application.importing.removal import (
    Brought,
    hold,
    hold_documents,
    remove_document,
    remove_grant,
    remove_link,
    remove_note,
    remove_owner,
    remove_pairing,
)
from application.ports.imports import ImportedRow, ImportRuns
from application.ports.paging import PageRequest
from application.ports.system import Clock
from application.ports.unit_of_work import OpenUnitOfWork, UnitOfWork
from application.ports.views import DirectoryViews
from application.retention import FinishPurges
from domain.access import Principal
from domain.attachments import OwnerRef
from domain.directory import PATIENT
from domain.ids import ClinicId, DocumentId, OwnerId, PatientId

_BATCH = 100
_TOGETHER = ("document", "link", "pairing")
_IN_TURN = ("document", "link", "pairing", "note", "grant", "owner", "patient")


class Kept(NamedTuple):
    """Something that stays, and why."""

    kind: str
    id: str
    reason: str


class Undone(NamedTuple):
    removed: dict[str, int]
    kept: tuple[Kept, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoImport:
    """Documents first, then what they hung on. Interrupted, it is simply asked again."""

    unit_of_work: OpenUnitOfWork
    runs: ImportRuns
    directory: DirectoryViews
    finish_purges: FinishPurges
    clock: Clock

    async def __call__(self, run_id: str) -> Undone:
        """Raises `NotFound` for a run that never was."""
        run = await self.runs.get(run_id)
        of_clinics: dict[ClinicId, list[ImportedRow]] = defaultdict(list)
        for row in await self.runs.rows_of_run(run_id):
            of_clinics[row.clinic_id].append(row)
        removed: dict[str, int] = {}
        kept: list[Kept] = []
        for clinic, rows in sorted(of_clinics.items()):
            kept += await self._undone(the_system(clinic), rows, removed)
        while await self.finish_purges():
            pass
        if not kept:
            await self.runs.put(run._replace(undone_at=self.clock()))
        return Undone(removed, tuple(kept))

    async def _undone(self, actor: Principal, rows: Sequence[ImportedRow], removed: dict[str, int]) -> list[Kept]:
        """Counts in `removed` what went."""
        brought = Brought(*({row.our_id for row in rows if row.kind == kind} for kind in _TOGETHER))
        kept: list[Kept] = []
        for kind in _IN_TURN:
            groups = sorted(_by_thing(rows, kind, brought).items())
            for start in range(0, len(groups), _BATCH):
                for id, reason in await self._taken_back(actor, kind, groups[start : start + _BATCH], brought):
                    kept += [Kept(kind, id, reason)] if reason else []
                    removed[kind] = removed.get(kind, 0) + (reason is None)
        return kept

    async def _taken_back(
        self, actor: Principal, kind: str, groups: Sequence[tuple[str, Sequence[ImportedRow]]], brought: Brought
    ) -> list[tuple[str, str | None]]:
        """Each thing with the reason why it stays, None for what went."""
        told: list[tuple[str, str | None]] = []
        documents = {id for _, rows in groups for id in _documents(kind, rows[0])}
        patients = await self._patients(actor, documents) if kind == "document" else set()
        async with self.unit_of_work(actor) as uow:
            await hold(uow, patients, documents)
            for id, rows in groups:
                reason = await self._reason(uow, actor, kind, rows[0], brought)
                if reason is None:
                    await uow.imports.forget(rows)
                told.append((id, reason))
            await uow.commit()
        return told

    async def _patients(self, actor: Principal, documents: AbstractSet[DocumentId]) -> set[PatientId]:
        """Whose the documents are: asked beforehand, as patients are locked first. One that is moved meanwhile was
        changed since, and stays."""
        async with self.unit_of_work(actor) as uow:
            return {document.patient_id for document in (await hold_documents(uow, documents)).values()}

    async def _reason(
        self, uow: UnitOfWork, actor: Principal, kind: str, row: ImportedRow, brought: Brought
    ) -> str | None:
        """Take it away; or say why it stays."""
        if kind == "patient":
            return await self._patient(uow, actor, row)
        if kind in ("document", "pairing"):
            return await (remove_document if kind == "document" else remove_pairing)(uow, row, brought)
        return await _REMOVALS[kind](uow, row)

    async def _patient(self, uow: UnitOfWork, actor: Principal, row: ImportedRow) -> str | None:
        id = PatientId(row.our_id)
        patient = await uow.directory.patient(id)
        if patient is None:
            return None
        if patient.updated_at.isoformat() != row.mark or patient.hold:
            return "it was changed since"
        if await uow.documents.of_patient(id) or await uow.notes.of_owner(OwnerRef(PATIENT, OwnerId(id))):
            return "it has documents or notes"
        left = (await self.directory.owners(actor, id, None, PageRequest(size=_BATCH))).items
        for owner in left:
            if await uow.directory.owner(owner.ref) is not None:
                return "it has records"
        await uow.directory.remove_patient(id)
        return None


_REMOVALS = {"link": remove_link, "note": remove_note, "grant": remove_grant, "owner": remove_owner}


def _documents(kind: str, row: ImportedRow) -> list[DocumentId]:
    """Those that have to be held while a thing of this kind is taken away."""
    said = {"document": row.our_id, "link": row.mark, "pairing": row.mark}.get(kind, "")
    return [DocumentId(id) for id in said.split("/") if id]


def _by_thing(rows: Sequence[ImportedRow], kind: str, brought: Brought) -> dict[str, list[ImportedRow]]:
    """The rows that stand for each thing of a kind; with a document go those of its links and findings."""
    things: dict[str, list[ImportedRow]] = defaultdict(list)
    for row in rows:
        document = row.mark if row.kind == "link" else row.our_id if row.kind.startswith(FOUND) else None
        if document in brought.documents:
            if kind == "document":
                things[str(document)].append(row)
        elif row.kind == kind:
            things[row.our_id].append(row)
    return {id: sorted(found, key=lambda row: row.kind != kind) for id, found in things.items()}
