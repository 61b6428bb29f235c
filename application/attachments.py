"""Documents on the host's records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from application.linking import hold_note, link_document, unlink_all
from application.owners import FindOwner
from application.ports.paging import Page, PageRequest
from application.ports.system import Clock, NewId
from application.ports.unit_of_work import Once, OpenUnitOfWork
from application.ports.views import AttachmentView, AttachmentViews
from domain import attachments
from domain.access import Permission, Principal
from domain.attachments import MAX_ORDER, Owner, OwnerRef, OwnerRegistry
from domain.errors import NotFound, RuleViolated
from domain.events import AttachmentsReordered
from domain.ids import AttachmentId, DocumentId


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDocument:
    """Put a document on a record. The same link again gives the one that is there."""

    unit_of_work: OpenUnitOfWork
    attachments: AttachmentViews
    find_owner: FindOwner
    registry: OwnerRegistry
    clock: Clock
    new_id: NewId

    async def __call__(
        self,
        actor: Principal,
        document_id: DocumentId,
        ref: OwnerRef,
        *,
        display_order: int = 0,
        category: str | None = None,
        once: Once | None = None,
    ) -> tuple[AttachmentView, bool]:
        """The link, and whether it is new."""
        owner = await self.find_owner(actor, ref)
        rules = self.registry.get(ref.type)
        async with self.unit_of_work(actor) as uow:
            if once is not None and (earlier := await uow.repetitions.result_of(once)) is not None:
                id, is_new = AttachmentId(earlier), True
            else:
                await hold_note(uow, ref)
                document = await uow.documents.get(document_id)
                actor.require(Permission.ATTACHMENTS_WRITE, document.patient_id)
                link, is_new = await link_document(
                    uow,
                    self.new_id,
                    document,
                    owner,
                    rules,
                    self.clock(),
                    display_order=display_order,
                    category=rules.check_category(category),
                )
                id = link.id
                if once is not None:
                    await uow.repetitions.remember(once, id)
                if is_new or once is not None:
                    await uow.commit()
        return await self.attachments.get(actor, id), is_new


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAttachments:
    attachments: AttachmentViews
    find_owner: FindOwner

    async def __call__(self, actor: Principal, ref: OwnerRef, request: PageRequest) -> Page[AttachmentView]:
        owner = await self.find_owner(actor, ref)
        actor.require(Permission.ATTACHMENTS_READ, owner.patient_id)
        return await self.attachments.of_owner(actor, ref, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountAttachments:
    attachments: AttachmentViews
    registry: OwnerRegistry

    async def __call__(self, actor: Principal, owner_type: str, owner_ids: Sequence[str]) -> Mapping[str, int]:
        """One entry for each of `owner_ids`; 0 for those that have none, are unknown or not the caller's to see."""
        actor.require(Permission.ATTACHMENTS_READ)
        counts = await self.attachments.counts(actor, self.registry.get(owner_type).name, owner_ids)
        return {id: counts.get(id, 0) for id in owner_ids}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAttachment:
    """Change one attachment's place among those of its record."""

    unit_of_work: OpenUnitOfWork
    attachments: AttachmentViews

    async def __call__(self, actor: Principal, id: AttachmentId, display_order: int) -> AttachmentView:
        if not 0 <= display_order <= MAX_ORDER:
            raise RuleViolated(f"display_order must be 0 to {MAX_ORDER}", field="display_order")
        async with self.unit_of_work(actor) as uow:
            link = await uow.attachments.get(id)
            actor.require(Permission.ATTACHMENTS_WRITE, link.patient_id)
            if link.display_order != display_order:
                await uow.attachments.save([replace(link, display_order=display_order)])
                uow.record(_reordered(Owner(link.owner, link.patient_id)))
                await uow.commit()
        return await self.attachments.get(actor, id)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAttachments:
    """Put all attachments of a record in a new order."""

    unit_of_work: OpenUnitOfWork
    attachments: AttachmentViews
    find_owner: FindOwner

    async def __call__(self, actor: Principal, ref: OwnerRef, ids: Sequence[AttachmentId]) -> Page[AttachmentView]:
        owner = await self.find_owner(actor, ref)
        actor.require(Permission.ATTACHMENTS_WRITE, owner.patient_id)
        async with self.unit_of_work(actor) as uow:
            await uow.directory.lock_owner(ref)
            before = await uow.attachments.of_owner(ref)
            after = attachments.ordered(before, tuple(ids))
            changed = [link for link in after if link not in before]
            if changed:
                await uow.attachments.save(changed)
                uow.record(_reordered(owner))
                await uow.commit()
        return await self.attachments.of_owner(actor, ref, PageRequest(size=max(1, len(ids))))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkAttachment:
    """The document stays."""

    unit_of_work: OpenUnitOfWork

    async def __call__(self, actor: Principal, id: AttachmentId) -> None:
        async with self.unit_of_work(actor) as uow:
            link = await uow.attachments.get(id)
            actor.require(Permission.ATTACHMENTS_WRITE, link.patient_id)
            if not await unlink_all(uow, [link]):
                raise NotFound("There is no such attachment here")
            await uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkOwner:
    """For hosts that delete a record: the record need not exist any more. The documents stay."""

    unit_of_work: OpenUnitOfWork

    async def __call__(self, actor: Principal, ref: OwnerRef) -> int:
        """How many were unlinked, those of trashed documents included."""
        actor.require(Permission.ATTACHMENTS_WRITE)
        async with self.unit_of_work(actor) as uow:
            await uow.directory.lock_owner(ref)
            links = await uow.attachments.all_of_owner(ref)
            for link in links:
                actor.require(Permission.ATTACHMENTS_WRITE, link.patient_id)
            unlinked = await unlink_all(uow, links)
            if unlinked:
                await uow.commit()
        return unlinked


def _reordered(owner: Owner) -> AttachmentsReordered:
    return AttachmentsReordered(patient_id=owner.patient_id, owner_type=owner.ref.type, owner_id=owner.ref.id)
