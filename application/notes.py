"""Clinical notes with the documents attached to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from application.linking import link_document, unlink_all
from application.owners import FindOwner
from application.ports.paging import Page, PageRequest
from application.ports.system import Clock, NewId
from application.ports.unit_of_work import Once, OpenUnitOfWork, UnitOfWork
from application.ports.views import NoteView, NoteViews
from domain import notes
from domain.access import Permission, Principal
from domain.attachments import Owner, OwnerRef, OwnerRegistry
from domain.errors import NotFound, StaleVersion
from domain.ids import DocumentId, NoteId, OwnerId, PatientId
from domain.notes import CLINICAL_NOTE, ClinicalNote, NoteType
from domain.patching import KEPT, Change, Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNote:
    note_type: NoteType
    owner: OwnerRef
    body: str
    tooth_number: int | None = None
    documents: Sequence[DocumentId] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteNote:
    """One transaction writes the note and two links per document: to the note's owner and to the note."""

    unit_of_work: OpenUnitOfWork
    notes: NoteViews
    find_owner: FindOwner
    clock: Clock
    new_id: NewId

    async def __call__(self, actor: Principal, new: NewNote, once: Once | None = None) -> NoteView:
        actor.require(Permission.NOTES_WRITE)
        notes.check_owner(new.note_type, new.owner.type)
        owner = await self.find_owner(actor, new.owner)
        now = self.clock()
        async with self.unit_of_work(actor) as uow:
            if once is not None and (earlier := await uow.repetitions.result_of(once)) is not None:
                id = NoteId(earlier)
            else:
                id = await self._written(uow, actor, new, owner, now)
                if once is not None:
                    await uow.repetitions.remember(once, id)
                await uow.commit()
        return await self.notes.get(actor, id)

    async def _written(self, uow: UnitOfWork, actor: Principal, new: NewNote, owner: Owner, now: datetime) -> NoteId:
        note, happened = notes.write(
            id=NoteId(self.new_id()),
            actor=actor,
            note_type=new.note_type,
            owner=owner,
            body=new.body,
            tooth_number=new.tooth_number,
            now=now,
        )
        await uow.notes.add(note)
        uow.record(*happened)
        await attach(uow, self.new_id, self.find_owner.registry, note, new.documents, now)
        return note.id


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseNote:
    """Body, and which documents are attached. One that is taken off stays on the note's owner."""

    unit_of_work: OpenUnitOfWork
    notes: NoteViews
    registry: OwnerRegistry
    clock: Clock
    new_id: NewId

    async def __call__(
        self,
        actor: Principal,
        id: NoteId,
        *,
        body: Change[str] = KEPT,
        documents: Change[Sequence[DocumentId]] = KEPT,
        expected: int | None = None,
    ) -> NoteView:
        actor.require(Permission.NOTES_WRITE)
        now = self.clock()
        async with self.unit_of_work(actor) as uow:
            note = await _editable(uow, actor, id, expected)
            if not isinstance(body, Kept):
                revised, happened = notes.revise(note, body, now)
                if happened:
                    await uow.notes.save(revised)
                    uow.record(*happened)
            if not isinstance(documents, Kept):
                await self._reattach(uow, note, documents, now)
            await uow.commit()
        return await self.notes.get(actor, id)

    async def _reattach(
        self, uow: UnitOfWork, note: ClinicalNote, documents: Sequence[DocumentId], now: datetime
    ) -> None:
        links = await uow.attachments.of_owner(note_ref(note))
        await unlink_all(uow, [link for link in links if link.document_id not in documents])
        standing = {link.document_id for link in links}
        new = [id for id in documents if id not in standing]
        await attach(uow, self.new_id, self.registry, note, new, now, outlives_its_record=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteNote:
    """The note and its links go; the documents stay, on the note's owner too."""

    unit_of_work: OpenUnitOfWork

    async def __call__(self, actor: Principal, id: NoteId, expected: int | None = None) -> None:
        actor.require(Permission.NOTES_WRITE)
        async with self.unit_of_work(actor) as uow:
            note = await _editable(uow, actor, id, expected)
            await unlink_all(uow, await uow.attachments.all_of_owner(note_ref(note)))
            await uow.notes.remove(note)
            uow.record(*notes.delete(note))
            await uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListNotes:
    notes: NoteViews
    find_owner: FindOwner

    async def __call__(self, actor: Principal, ref: OwnerRef, request: PageRequest) -> Page[NoteView]:
        actor.require(Permission.NOTES_READ)
        await self.find_owner(actor, ref)
        return await self.notes.of_owner(actor, ref, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentNotes:
    notes: NoteViews
    find_owner: FindOwner

    async def __call__(self, actor: Principal, patient: PatientId, request: PageRequest) -> Page[NoteView]:
        actor.require(Permission.NOTES_READ, patient)
        await self.find_owner.patient(actor, patient)
        return await self.notes.recent(actor, patient, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountNotes:
    notes: NoteViews
    registry: OwnerRegistry

    async def __call__(self, actor: Principal, owner_type: str, owner_ids: Sequence[str]) -> Mapping[str, int]:
        actor.require(Permission.NOTES_READ)
        counts = await self.notes.counts(actor, self.registry.get(owner_type).name, owner_ids)
        return {id: counts.get(id, 0) for id in owner_ids}


def note_ref(note: ClinicalNote) -> OwnerRef:
    return OwnerRef(CLINICAL_NOTE, OwnerId(note.id))


async def attach(
    uow: UnitOfWork,
    new_id: NewId,
    registry: OwnerRegistry,
    note: ClinicalNote,
    documents: Sequence[DocumentId],
    now: datetime,
    *,
    outlives_its_record: bool = False,
) -> None:
    """Link documents to a note's owner, whose files they are first of all, and to the note; to the note alone where it
    may outlive its record and has.

    Raises `NotFound`, or `RuleViolated` for another patient's and for a record that is full.
    """
    # Locked in the order of their ids, so that two callers cannot block each other
    found = {id: await uow.documents.get(id) for id in sorted(set(documents))}
    owners = note.owner, note_ref(note)
    for ref in sorted(owners, key=str) if found else ():  # locked in this order everywhere
        await uow.directory.lock_owner(ref)
    for position, id in enumerate(dict.fromkeys(documents)):
        for ref in owners:
            rules, owner = registry.get(ref.type), Owner(ref, note.patient_id)
            try:
                await link_document(uow, new_id, found[id], owner, rules, now, display_order=position)
            except NotFound:
                if ref != note.owner or not outlives_its_record:
                    raise


async def _editable(uow: UnitOfWork, actor: Principal, id: NoteId, expected: int | None) -> ClinicalNote:
    note = await uow.notes.get(id)
    notes.may_edit(note, actor)
    if expected is not None and expected != note.version:
        raise StaleVersion(f"The note is at version {note.version} by now; read it again")
    return note
