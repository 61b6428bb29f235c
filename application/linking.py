"""Linking inside a transaction, shared by everything that puts a document on a record."""

from collections.abc import Sequence
from datetime import datetime

from application.ports.system import NewId
from application.ports.unit_of_work import UnitOfWork
from domain import attachments
from domain.attachments import LOCAL, MediaAttachment, Owner, OwnerRef, OwnerType
from domain.directory import PATIENT, OwnerRecord
from domain.documents import Document
from domain.errors import NotFound, RuleViolated
from domain.ids import AttachmentId, DocumentId, NoteId
from domain.notes import CLINICAL_NOTE


async def check_room(uow: UnitOfWork, rules: OwnerType, owner: OwnerRef, document: DocumentId) -> OwnerRecord | None:
    """Lock the record; raise `RuleViolated` if it has all the files it may have and this document is none of them."""
    record = await uow.directory.lock_owner(owner)
    if rules.max_files is not None:
        standing = await uow.attachments.of_owner(owner)
        if all(link.document_id != document for link in standing):
            rules.check_count(len(standing))
    return record


async def hold_note(uow: UnitOfWork, owner: OwnerRef) -> None:
    """Lock the note that `owner` may be; before its documents, as whoever changes the note does."""
    if owner.type == CLINICAL_NOTE:
        await uow.notes.get(NoteId(owner.id))


async def link_document(
    uow: UnitOfWork,
    new_id: NewId,
    document: Document,
    owner: Owner,
    rules: OwnerType,
    now: datetime,
    *,
    display_order: int = 0,
    category: str | None = None,
) -> tuple[MediaAttachment, bool]:
    """The stored link, and whether it is new. The same link again changes nothing and tells nobody.

    Raises `RuleViolated` for another patient's record, or one that is full by the rules of its type.
    """
    record = await check_room(uow, rules, owner.ref, document.id)
    if rules.resolver == LOCAL and rules.name not in (PATIENT, CLINICAL_NOTE):
        _check_unchanged(owner, record)
    attachment = MediaAttachment(
        id=AttachmentId(new_id()),
        clinic_id=document.clinic_id,
        patient_id=owner.patient_id,
        document_id=document.id,
        owner=owner.ref,
        display_order=display_order,
        category=category,
        created_at=now,
    )
    happened = attachments.link(attachment, document.patient_id)
    stored = await uow.attachments.add(attachment)
    if stored.id != attachment.id:
        return stored, False
    uow.record(*happened)
    return stored, True


def _check_unchanged(owner: Owner, record: OwnerRecord | None) -> None:
    """Whose it is was found out before it was locked."""
    if record is None:
        raise NotFound(f"There is no {owner.ref.type} with this id here")
    if record.patient_id != owner.patient_id:
        raise RuleViolated("The record has become another patient's meanwhile", field="owner_id")


async def unlink_all(uow: UnitOfWork, links: Sequence[MediaAttachment]) -> int:
    """How many of the links were still there."""
    gone = await uow.attachments.remove(links)
    if gone:
        uow.record(*(event for attachment in gone for event in attachments.unlink(attachment)))
    return len(gone)
