"""Taking back what an import brought in, as long as nobody has changed it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from application.derivatives import the_system
from application.linking import unlink_all
from application.ports.imports import ImportedRow, ImportRuns
from application.ports.paging import PageRequest
from application.ports.system import Clock
from application.ports.unit_of_work import OpenUnitOfWork, UnitOfWork
from application.ports.views import DirectoryViews
from application.retention import FinishPurges
from domain import documents
from domain.access import Principal
from domain.attachments import OwnerRef
from domain.directory import PATIENT
from domain.documents import Document
from domain.errors import NotFound
from domain.events import AccessRevoked, OwnerDeleted
from domain.ids import DocumentId, OwnerId, PatientId, UserId

_BATCH = 100


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
        rows, actor = await self.runs.rows_of_run(run_id), the_system(run.clinic_id)
        links = {row.our_id for row in rows if row.kind == "link"}
        removed: dict[str, int] = {}
        kept: list[Kept] = []
        for kind in ("document", "grant", "owner", "patient"):
            groups = list(_by_thing(rows, kind).items())
            for start in range(0, len(groups), _BATCH):
                for id, reason in await self._taken_back(actor, kind, groups[start : start + _BATCH], links):
                    kept += [Kept(kind, id, reason)] if reason else []
                    removed[kind] = removed.get(kind, 0) + (reason is None)
        while await self.finish_purges():
            pass
        if not kept:
            await self.runs.put(run._replace(undone_at=self.clock()))
        return Undone(removed, tuple(kept))

    async def _taken_back(
        self, actor: Principal, kind: str, groups: Iterable[tuple[str, Sequence[ImportedRow]]], links: set[str]
    ) -> list[tuple[str, str | None]]:
        """Each thing with the reason why it stays, None for what went."""
        told: list[tuple[str, str | None]] = []
        async with self.unit_of_work(actor) as uow:
            for id, rows in groups:
                reason = await self._reason(uow, actor, kind, rows[0], links)
                if reason is None:
                    await uow.imports.forget(rows)
                told.append((id, reason))
            await uow.commit()
        return told

    async def _reason(
        self, uow: UnitOfWork, actor: Principal, kind: str, row: ImportedRow, links: set[str]
    ) -> str | None:
        """Take it away; or say why it stays."""
        if kind == "document":
            return await _document(uow, row, links)
        if kind == "grant":
            return await _grant(uow, row)
        if kind == "owner":
            return await _owner(uow, row)
        return await self._patient(uow, actor, row)

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


async def _document(uow: UnitOfWork, row: ImportedRow, links: set[str]) -> str | None:
    try:
        document = await uow.documents.get(DocumentId(row.our_id), trashed=True)
    except NotFound:
        return None
    standing = await uow.attachments.of_document(document.id)
    if str(document.version) != row.mark or document.hold:
        return "it was changed since"
    if any(link.id not in links for link in standing) or await uow.pairings.of(document.id) is not None:
        return "it was put on another record or paired since"
    patient = await uow.directory.patient(document.patient_id)
    if patient is not None and patient.hold:
        return "its patient is under a legal hold"
    await unlink_all(uow, standing)
    await _remove(uow, document)
    return None


async def _remove(uow: UnitOfWork, document: Document) -> None:
    await uow.documents.remove(document)
    uow.record(*documents.purged(document))


async def _grant(uow: UnitOfWork, row: ImportedRow) -> str | None:
    patient, _, user = row.our_id.partition("/")
    there = await uow.directory.grant(PatientId(patient), UserId(user))
    if there is None:
        return None
    if there.label != row.mark:
        return "it was changed since"
    await uow.directory.remove_grant(PatientId(patient), UserId(user))
    uow.record(AccessRevoked(patient_id=PatientId(patient), user_id=UserId(user)))
    return None


async def _owner(uow: UnitOfWork, row: ImportedRow) -> str | None:
    kind, _, id = row.our_id.partition("/")
    ref = OwnerRef(kind, OwnerId(id))
    await uow.directory.lock_owner(ref)
    owner = await uow.directory.owner(ref)
    if owner is None:
        return None
    if owner.updated_at.isoformat() != row.mark:
        return "it was changed since"
    if await uow.attachments.all_of_owner(ref) or await uow.notes.of_owner(ref):
        return "it has files or notes"
    await uow.directory.remove_owner(ref)
    uow.record(OwnerDeleted(patient_id=owner.patient_id, owner_type=ref.type, owner_id=ref.id))
    return None


def _by_thing(rows: Sequence[ImportedRow], kind: str) -> dict[str, list[ImportedRow]]:
    """The rows that stand for each thing of a kind; those of its link go with a document."""
    things: dict[str, list[ImportedRow]] = defaultdict(list)
    for row in rows:
        if row.kind == kind:
            things[row.our_id].append(row)
        elif kind == "document" and row.kind == "link":
            things[row.mark].append(row)
    return {id: sorted(found, key=lambda row: row.kind) for id, found in things.items()}
