"""Files of any record: the same documents and attachments as everywhere, under the rules of the record's type."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from application.documents import TrashDocument, writable
from application.owners import FindOwner
from application.ports.blobs import Blobs, StagedBlob
from application.ports.files import FileCriteria, FileView, FileViews
from application.ports.paging import Page, PageRequest
from application.ports.system import Clock, NewId
from application.ports.unit_of_work import Once, OpenUnitOfWork, UnitOfWork
from application.uploads import Incoming, Intake, Order
from domain import attachments, documents
from domain.access import Permission, Principal
from domain.attachments import Operation, Owner, OwnerRef, OwnerRegistry, OwnerType
from domain.documents import Details, Revision
from domain.errors import DomainError, NotFound, RuleViolated
from domain.events import Event
from domain.ids import DocumentId
from domain.media import DocumentType
from domain.patching import KEPT, Change, Kept

_FILED_AS = {"insurance": DocumentType.INSURANCE, "lab-result": DocumentType.REPORT}
"""The document type of what is uploaded to a record; other for all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFiles:
    files: FileViews
    find_owner: FindOwner

    async def __call__(
        self, actor: Principal, ref: OwnerRef, criteria: FileCriteria, request: PageRequest
    ) -> Page[FileView]:
        """Empty for a record that does not exist or is not the caller's to see."""
        actor.require(Permission.ATTACHMENTS_READ)
        try:
            owner = await self.find_owner(actor, ref)
            actor.require(Permission.ATTACHMENTS_READ, owner.patient_id)
        except NotFound:
            return Page(items=(), total=0)
        return await self.files.of_owner(actor, ref, criteria, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class GetFile:
    files: FileViews

    async def __call__(self, actor: Principal, id: DocumentId) -> FileView:
        file = await self.files.get(actor, id)
        actor.require(Permission.DOCUMENTS_READ, file.document.patient_id)
        return file


@dataclass(frozen=True, slots=True, kw_only=True)
class Berth:
    """A place made for a file that is about to arrive: whose it will be, and the rules for it."""

    id: DocumentId
    blob: StagedBlob
    owner: Owner
    rules: OwnerType


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginFile:
    """Decide before the first byte whether the principal may upload to this record."""

    find_owner: FindOwner
    registry: OwnerRegistry
    blobs: Blobs
    new_id: NewId

    async def __call__(self, actor: Principal, ref: OwnerRef) -> Berth:
        owner, rules = await self.allow(actor, ref)
        id = DocumentId(self.new_id())
        return Berth(id=id, blob=await self.blobs.stage(id), owner=owner, rules=rules)

    async def allow(self, actor: Principal, ref: OwnerRef) -> tuple[Owner, OwnerType]:
        """Whose record it is, and its rules; raises what the upload is refused with."""
        rules = self.registry.get(ref.type)
        actor.require(Permission.DOCUMENTS_WRITE)
        owner = await self.find_owner(actor, ref)
        actor.require(Permission.DOCUMENTS_WRITE, owner.patient_id)
        if Operation.UPLOAD not in rules.operations:
            raise RuleViolated(f"Nothing can be uploaded to {rules.name}")
        return owner, rules


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFile:
    intake: Intake
    files: FileViews

    async def __call__(
        self,
        actor: Principal,
        berth: Berth,
        incoming: Incoming,
        *,
        description: str | None = None,
        category: str | None = None,
        once: Once | None = None,
    ) -> FileView:
        """The rules of the record's type hold: types by extension and by bytes, size, count, categories."""
        rules, owner = berth.rules, berth.owner
        try:
            chosen = rules.check_upload(incoming.filename, category)
        except DomainError:
            await incoming.blob.discard()
            raise
        order = Order(
            patient=owner.patient_id,
            details=Details(description=description, document_type=_FILED_AS.get(owner.ref.type, DocumentType.OTHER)),
            accepted=rules.file_types,
            owner=owner,
            rules=rules,
            category=chosen,
            once=once,
        )
        view = await self.intake(actor, incoming, order)
        return FileView(owner.ref.type, owner.ref.id, chosen, view)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseFile:
    """What a file is called, says of itself and is filed under. None clears, what is not mentioned stays."""

    unit_of_work: OpenUnitOfWork
    files: FileViews
    registry: OwnerRegistry
    clock: Clock

    async def __call__(
        self,
        actor: Principal,
        id: DocumentId,
        *,
        description: Change[str | None] = KEPT,
        category: Change[str | None] = KEPT,
        file_name: Change[str] = KEPT,
        expected: int | None = None,
    ) -> FileView:
        file = await self.files.get(actor, id)
        rules = self.registry.get(file.owner_type)
        async with self.unit_of_work(actor) as uow:
            document = await writable(uow, actor, id, expected)
            revision = Revision(description=description, original_filename=file_name)
            revised, happened = documents.revise(document, revision, self.clock())
            if happened:
                await uow.documents.save(revised)
                uow.record(*happened)
            if not isinstance(category, Kept):
                chosen = rules.check_category(category) if category else None
                happened += await _file_under(uow, id, file, chosen)
            if happened:
                await uow.commit()
        return await self.files.get(actor, id)


async def _file_under(uow: UnitOfWork, id: DocumentId, file: FileView, category: str | None) -> tuple[Event, ...]:
    """On the record that shows it so, and on no other; what happened."""
    for link in await uow.attachments.of_document(id):
        if (link.owner.type, link.owner.id) == (file.owner_type, file.owner_id):
            revised, happened = attachments.filed_under(link, category)
            if happened:
                await uow.attachments.save([revised])
                uow.record(*happened)
            return happened
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one of many: `code` is "ok" or that of the refusal."""

    id: DocumentId
    code: str = "ok"
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrashFiles:
    """Each by itself: one that cannot be trashed does not keep the others."""

    trash_document: TrashDocument

    async def __call__(self, actor: Principal, ids: Sequence[DocumentId]) -> list[Outcome]:
        actor.require(Permission.DOCUMENTS_DELETE)
        return [await self._one(actor, id) for id in dict.fromkeys(ids)]

    async def _one(self, actor: Principal, id: DocumentId) -> Outcome:
        try:
            await self.trash_document(actor, id)
        except DomainError as error:
            return Outcome(id=id, code=error.code, detail=error.detail)
        return Outcome(id=id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTrash:
    files: FileViews

    async def __call__(self, actor: Principal, day: date | None, request: PageRequest) -> Page[FileView]:
        actor.require(Permission.DOCUMENTS_READ)
        return await self.files.trash(actor, day, request)
