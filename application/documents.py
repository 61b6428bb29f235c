"""One document: looked at, renamed, reclassified, trashed, restored, moved."""

from dataclasses import dataclass

from application.linking import check_room, unlink_all
from application.owners import FindOwner
from application.pairing import Held, hold_pairs, pair_in, unpair_in
from application.ports.paging import Page, PageRequest
from application.ports.system import Clock, NewId
from application.ports.unit_of_work import OpenUnitOfWork, UnitOfWork
from application.ports.views import DocumentCriteria, DocumentView, DocumentViews
from domain import documents
from domain.access import Permission, Principal
from domain.attachments import MediaAttachment, OwnerRef, OwnerRegistry
from domain.directory import PATIENT
from domain.documents import Document, Reclassification, Revision
from domain.errors import RuleViolated
from domain.ids import DocumentId, OwnerId, PatientId
from domain.media import Taxonomy
from domain.patching import KEPT, Change, Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class GetDocument:
    documents: DocumentViews

    async def __call__(self, actor: Principal, id: DocumentId) -> DocumentView:
        view = await self.documents.get(actor, id)
        actor.require(Permission.DOCUMENTS_READ, view.patient_id)
        return view


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDocuments:
    documents: DocumentViews
    find_owner: FindOwner

    async def __call__(
        self, actor: Principal, patient: PatientId, criteria: DocumentCriteria, request: PageRequest
    ) -> Page[DocumentView]:
        actor.require(Permission.DOCUMENTS_READ, patient)
        await self.find_owner.patient(actor, patient)
        return await self.documents.documents(actor, patient, criteria, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseDocument:
    """`expected` is the version the caller last read, None where it did not say."""

    unit_of_work: OpenUnitOfWork
    documents: DocumentViews
    clock: Clock

    async def __call__(
        self, actor: Principal, id: DocumentId, revision: Revision, expected: int | None = None
    ) -> DocumentView:
        async with self.unit_of_work(actor) as uow:
            document = await writable(uow, actor, id, expected)
            revised, happened = documents.revise(document, revision, self.clock())
            if happened:
                await uow.documents.save(revised)
                uow.record(*happened)
                await uow.commit()
        return await self.documents.get(actor, id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReclassifyPhoto:
    """Category, subtype, capture date, tags; and its partner: None unpairs, an id pairs (instead of the one it has)."""

    unit_of_work: OpenUnitOfWork
    documents: DocumentViews
    taxonomy: Taxonomy
    clock: Clock
    new_id: NewId

    async def __call__(
        self,
        actor: Principal,
        id: DocumentId,
        change: Reclassification,
        partner: Change[DocumentId | None] = KEPT,
        expected: int | None = None,
    ) -> DocumentView:
        async with self.unit_of_work(actor) as uow:
            held = {} if isinstance(partner, Kept) else await hold_pairs(uow, *filter(None, (id, partner)))
            document = await writable(uow, actor, id, expected)
            revised, happened = documents.reclassify(document, change, self.taxonomy, self.clock())
            if happened:
                await uow.documents.save(revised)
                uow.record(*happened)
            await self._pair(uow, held, document, partner)
            await uow.commit()
        return await self.documents.get(actor, id)

    async def _pair(self, uow: UnitOfWork, held: Held, document: Document, partner: Change[DocumentId | None]) -> None:
        if isinstance(partner, Kept):
            return
        standing = await uow.pairings.of(document.id)
        if standing is not None and partner != standing.partner_of(document.id):
            await unpair_in(uow, document.id)
        if partner is not None:
            await pair_in(uow, self.new_id, held, document.id, partner, self.clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class TrashDocument:
    """Into the trash, from where it can be restored; trashing what is there already is fine."""

    unit_of_work: OpenUnitOfWork
    clock: Clock

    async def __call__(self, actor: Principal, id: DocumentId, expected: int | None = None) -> None:
        async with self.unit_of_work(actor) as uow:
            document = await uow.documents.get(id, trashed=True)
            actor.require(Permission.DOCUMENTS_DELETE, document.patient_id)
            trashed, happened = documents.trash(document, actor.user_id, self.clock())
            if not happened:
                return
            documents.expect(document, expected)
            await uow.documents.save(trashed)
            uow.record(*happened)
            await uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreDocument:
    """Out of the trash, with its links, its place in them and its pairing.

    Raises `RuleViolated` where a record that it is on has got all the files it may have meanwhile.
    """

    unit_of_work: OpenUnitOfWork
    documents: DocumentViews
    registry: OwnerRegistry
    clock: Clock

    async def __call__(self, actor: Principal, id: DocumentId, expected: int | None = None) -> DocumentView:
        async with self.unit_of_work(actor) as uow:
            document = await uow.documents.get(id, trashed=True)
            actor.require(Permission.DOCUMENTS_DELETE, document.patient_id)
            documents.expect(document, expected)
            restored, happened = documents.restore(document, self.clock())
            if happened:
                await self._check_room(uow, id)
                await uow.documents.save(restored)
                uow.record(*happened)
                await uow.commit()
        return await self.documents.get(actor, id)

    async def _check_room(self, uow: UnitOfWork, id: DocumentId) -> None:
        # in one order for all, so that two callers cannot block each other
        for owner in sorted({link.owner for link in await uow.attachments.of_document(id)}, key=str):
            await check_room(uow, self.registry.get(owner.type), owner, id)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDocument:
    """To the right patient. Its pairing is undone, and so are links to records that are not of that patient."""

    unit_of_work: OpenUnitOfWork
    documents: DocumentViews
    find_owner: FindOwner
    clock: Clock

    async def __call__(
        self, actor: Principal, id: DocumentId, to: PatientId, expected: int | None = None
    ) -> DocumentView:
        actor.require(Permission.DOCUMENTS_WRITE, to)
        await self.find_owner.patient(actor, to)
        async with self.unit_of_work(actor) as uow:
            await hold_pairs(uow, id)
            document = await writable(uow, actor, id, expected)
            if document.patient_id == to:
                raise RuleViolated("The document is this patient's already", field="patient_id")
            await unpair_in(uow, id)
            links = await uow.attachments.of_document(id)
            await unlink_all(uow, [link for link in links if not await _belongs(uow, link, to)])
            moved, happened = documents.move(
                document,
                to,
                duplicate_of=await uow.documents.duplicate_of(to, document.file.sha256),
                now=self.clock(),
            )
            await uow.documents.save(moved)
            uow.record(*happened)
            await uow.commit()
        return await self.documents.get(actor, id)


async def writable(uow: UnitOfWork, actor: Principal, id: DocumentId, expected: int | None) -> Document:
    """The document to be changed, once it is clear that the principal may and means this version."""
    document = await uow.documents.get(id)
    actor.require(Permission.DOCUMENTS_WRITE, document.patient_id)
    documents.expect(document, expected)
    return document


async def _belongs(uow: UnitOfWork, link: MediaAttachment, patient: PatientId) -> bool:
    if link.owner == OwnerRef(PATIENT, OwnerId(patient)):
        return True
    owner = await uow.directory.owner(link.owner)
    return owner is not None and owner.patient_id == patient
