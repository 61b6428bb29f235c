"""Taking one thing back that an import brought in. Each tells why it stays, or None when it went."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple, TypeAlias

from application.linking import unlink_all
from application.pairing import unpair_in
from application.ports.imports import ImportedRow
from application.ports.unit_of_work import UnitOfWork
from domain import documents, notes
from domain.attachments import OwnerRef
from domain.documents import Document
from domain.errors import NotFound
from domain.events import AccessRevoked, OwnerDeleted
from domain.ids import AttachmentId, DocumentId, NoteId, OwnerId, PatientId, UserId
from domain.notes import CLINICAL_NOTE


class Brought(NamedTuple):
    """What a run brought into one clinic, by what it is called here."""

    documents: AbstractSet[str]
    links: AbstractSet[str]
    pairings: AbstractSet[str]


Held: TypeAlias = Mapping[DocumentId, Document]


async def hold_documents(uow: UnitOfWork, ids: Iterable[DocumentId]) -> Held:
    """Lock those that are there, with those in the trash, in the order of their ids."""
    held = {}
    for id in sorted(ids):
        try:
            held[id] = await uow.documents.get(id, trashed=True)
        except NotFound:
            continue
    return held


async def hold(uow: UnitOfWork, patients: Iterable[PatientId], ids: Iterable[DocumentId]) -> None:
    """Lock all that goes with documents, in the order that everybody keeps (see `UnitOfWork`)."""
    for patient in sorted(patients):
        await uow.directory.patient(patient)
    held = await hold_documents(uow, ids)
    links = [link for id in held for link in await uow.attachments.of_document(id)]
    for owner in sorted({link.owner for link in links}, key=str):
        await uow.directory.lock_owner(owner)


async def remove_document(uow: UnitOfWork, row: ImportedRow, brought: Brought) -> str | None:
    """It must be held, and so must its patient."""
    try:
        document = await uow.documents.get(DocumentId(row.our_id), trashed=True)
    except NotFound:
        return None
    standing = await uow.attachments.of_document(document.id)
    pairing = await uow.pairings.of(document.id)
    if str(document.version) != row.mark or document.hold:
        return "it was changed since"
    if any(link.id not in brought.links for link in standing) or (pairing and pairing.id not in brought.pairings):
        return "it was put on another record or paired since"
    patient = await uow.directory.patient(document.patient_id)
    if patient is not None and patient.hold:
        return "its patient is under a legal hold"
    await unpair_in(uow, document.id)
    await unlink_all(uow, standing)
    await uow.documents.remove(document)
    uow.record(*documents.purged(document))
    return None


async def remove_link(uow: UnitOfWork, row: ImportedRow) -> str | None:
    """Of a document that another run brought."""
    standing = await uow.attachments.of_document(DocumentId(row.mark))
    await unlink_all(uow, [link for link in standing if link.id == AttachmentId(row.our_id)])
    return None


async def remove_pairing(uow: UnitOfWork, row: ImportedRow, brought: Brought) -> str | None:
    before, _, after = row.mark.partition("/")
    standing = await uow.pairings.of(DocumentId(before))
    if standing is None or standing.id != row.our_id:
        return None
    if {before, after} & brought.documents:
        return "both of its photos were changed since"
    await unpair_in(uow, DocumentId(before))
    return None


async def remove_note(uow: UnitOfWork, row: ImportedRow) -> str | None:
    try:
        note = await uow.notes.get(NoteId(row.our_id))
    except NotFound:
        return None
    if str(note.version) != row.mark:
        return "it was changed since"
    if await uow.attachments.all_of_owner(OwnerRef(CLINICAL_NOTE, OwnerId(note.id))):
        return "it has files"
    await uow.notes.remove(note)
    uow.record(*notes.delete(note))
    return None


async def remove_grant(uow: UnitOfWork, row: ImportedRow) -> str | None:
    patient, _, user = row.our_id.partition("/")
    there = await uow.directory.grant(PatientId(patient), UserId(user))
    if there is None:
        return None
    if there.label != row.mark:
        return "it was changed since"
    await uow.directory.remove_grant(PatientId(patient), UserId(user))
    uow.record(AccessRevoked(patient_id=PatientId(patient), user_id=UserId(user)))
    return None


async def remove_owner(uow: UnitOfWork, row: ImportedRow) -> str | None:
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
