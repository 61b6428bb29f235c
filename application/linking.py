"""Linking inside a transaction, shared by everything that puts a document on a record."""

from collections.abc import Iterable
from datetime import datetime

from application.ports.system import NewId
from application.ports.unit_of_work import UnitOfWork
from domain import attachments
from domain.attachments import MediaAttachment, Owner, OwnerRef, OwnerType
from domain.documents import Document
from domain.ids import AttachmentId, DocumentId


async def check_room(uow: UnitOfWork, rules: OwnerType, owner: OwnerRef, document: DocumentId) -> None:
    """Lock the record; raise `RuleViolated` if it has all the files it may have and this document is none of them."""
    await uow.directory.lock_owner(owner)
    if rules.max_files is None:
        return
    standing = await uow.attachments.of_owner(owner)
    if all(link.document_id != document for link in standing):
        rules.check_count(len(standing))


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
    await check_room(uow, rules, owner.ref, document.id)
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


async def unlink_all(uow: UnitOfWork, links: Iterable[MediaAttachment]) -> int:
    gone = tuple(links)
    if gone:
        await uow.attachments.remove(gone)
        uow.record(*(event for attachment in gone for event in attachments.unlink(attachment)))
    return len(gone)
