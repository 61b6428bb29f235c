"""From bytes on the wire to a stored document.

The order is what keeps uploads safe: the bytes are staged and made durable, then one transaction names them, then they
are promoted to their final place. Whatever happens between two steps, `Recover` finishes it or the staging entry goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from application.linking import hold_note, link_document
from application.owners import FindOwner
from application.pairing import hold_pairs, pair_in
from application.ports.blobs import MEDIUM, THUMB, Blobs, Digest, StagedBlob
from application.ports.inspecting import RECIPE, FileInspector, Inspected
from application.ports.system import Clock, NewId
from application.ports.unit_of_work import Once, OpenUnitOfWork, UnitOfWork
from application.ports.views import DocumentView, DocumentViews, view_of
from application.scanning import ScreenUpload
from domain import filetypes, wording
from domain.access import Permission, Principal
from domain.attachments import Owner, OwnerRef, OwnerType
from domain.documents import Derived, Details, Document, Scan, StoredFile, prefix_for, store, taken_at
from domain.errors import DomainError, TooLarge, Unavailable, Unreadable
from domain.filetypes import FileType
from domain.ids import DocumentId, PatientId, host_id
from domain.media import Capture, DocumentType, MediaKind, Taxonomy
from domain.media import capture as captured
from domain.pairings import Pairing


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An upload whose bytes have all arrived in `blob`; `declared` is the Content-Type that came with the file."""

    id: DocumentId
    blob: StagedBlob
    filename: str
    declared: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to become of an upload."""

    patient: PatientId
    details: Details
    accepted: Sequence[FileType]
    owner: Owner | None = None
    rules: OwnerType | None = None
    """Of the owner's type; always given with an owner."""
    category: str | None = None
    """The attachment's, out of its record's categories."""
    paired_with: DocumentId | None = None
    once: Once | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginUpload:
    """Decide before the first byte whether the principal may upload for this patient, and open a staging entry."""

    find_owner: FindOwner
    blobs: Blobs
    new_id: NewId

    async def __call__(self, actor: Principal, patient: PatientId) -> tuple[DocumentId, StagedBlob]:
        await self.allow(actor, patient)
        id = DocumentId(self.new_id())
        return id, await self.blobs.stage(id)

    async def allow(self, actor: Principal, patient: PatientId) -> None:
        """Raises what the upload is refused with."""
        host_id(patient, "patient_id")
        actor.require(Permission.DOCUMENTS_WRITE, patient)
        await self.find_owner.patient(actor, patient)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The one way in for every upload, whatever it is to become."""

    unit_of_work: OpenUnitOfWork
    documents: DocumentViews
    blobs: Blobs
    inspector: FileInspector
    screen: ScreenUpload
    clock: Clock
    new_id: NewId
    max_bytes: int = 100 * 2**20

    async def __call__(self, actor: Principal, incoming: Incoming, order: Order) -> DocumentView:
        now = self.clock()
        try:
            digest = await self._sealed(incoming, order)
            scan = await self.screen(actor, order.patient, incoming.id, incoming.blob, now)
            inspected, file_type = await self._examined(incoming, order, now)
            await keep(incoming.blob, inspected)
        except BaseException:
            await incoming.blob.discard()
            raise
        file = stored_file(
            digest,
            inspected,
            filename=incoming.filename,
            mime=file_type.mime,
            prefix=prefix_for(actor.clinic_id, order.patient, incoming.id, now),
            scan=scan,
        )
        try:
            view = await self._committed(actor, incoming, order, file, inspected, now)
        except Unavailable:
            raise  # it may have been committed: the bytes stay until recovery knows
        except DomainError:
            await incoming.blob.discard()
            raise
        if view.id != incoming.id:
            await incoming.blob.discard()
            return view
        await self._promoted(view)
        return view

    async def _sealed(self, incoming: Incoming, order: Order) -> Digest:
        digest = await incoming.blob.seal()
        if digest.size == 0:
            raise Unreadable("The file is empty", field="file")
        if digest.size > self.max_bytes:
            raise TooLarge(f"A file may have at most {self.max_bytes // 2**20} MB", field="file")
        if order.rules is not None:
            order.rules.check_size(digest.size)
        return digest

    async def _examined(self, incoming: Incoming, order: Order, now: datetime) -> tuple[Inspected, FileType]:
        filename = wording.clean_filename(incoming.filename)
        inspected = await self.inspector.inspect(incoming.blob.source, filename=filename, now=now)
        file_type = filetypes.decide(
            inspected.mime, filename=filename, declared=incoming.declared, accepted=order.accepted
        )
        return inspected, file_type

    async def _committed(
        self,
        actor: Principal,
        incoming: Incoming,
        order: Order,
        file: StoredFile,
        inspected: Inspected,
        now: datetime,
    ) -> DocumentView:
        async with self.unit_of_work(actor) as uow:
            earlier = await uow.repetitions.result_of(order.once) if order.once is not None else None
            if earlier is None:
                document, happened = store(
                    id=incoming.id,
                    actor=actor,
                    patient=order.patient,
                    details=order.details,
                    file=file,
                    capture=_capture(order.details.captured_at, inspected, now),
                    duplicate_of=await uow.documents.duplicate_of(order.patient, file.sha256),
                    now=now,
                )
                await uow.documents.add(document)
                uow.record(*happened)
                view = view_of(document, await self._placed(uow, document, order, now))
                if order.once is not None:
                    await uow.repetitions.remember(order.once, document.id)
                await uow.commit()
                return view
        return await self.documents.get(actor, DocumentId(earlier))

    async def _placed(self, uow: UnitOfWork, document: Document, order: Order, now: datetime) -> Pairing | None:
        partner = order.paired_with
        if order.owner is not None:
            await hold_note(uow, order.owner.ref)
        held = {} if partner is None else await hold_pairs(uow, document.id, partner)
        if order.owner is not None and order.rules is not None:
            await link_document(uow, self.new_id, document, order.owner, order.rules, now, category=order.category)
        if partner is None:
            return None
        return await pair_in(uow, self.new_id, held, document.id, partner, now)

    async def _promoted(self, view: DocumentView) -> None:
        try:
            await self.blobs.promote(view.id, view.prefix)
        except Unavailable:
            # Row and bytes are durable, so the upload is acknowledged; reading it or recovery promotes it.
            return


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoWords:
    """What a client says about a photo, as it says it."""

    kind: MediaKind = MediaKind.PHOTO
    category: str | None = None
    subtype: str | None = None
    title: str | None = None
    description: str | None = None
    captured_at: datetime | None = None
    tags: tuple[str, ...] = ()
    paired_document_id: DocumentId | None = None
    owner: OwnerRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StorePhoto:
    """A photo or x-ray; optionally paired with another one and put on a record in the same transaction."""

    intake: Intake
    find_owner: FindOwner
    taxonomy: Taxonomy

    async def __call__(
        self, actor: Principal, patient: PatientId, incoming: Incoming, words: PhotoWords, once: Once | None = None
    ) -> DocumentView:
        try:
            order = await self.order(actor, patient, words, once)
        except BaseException:
            await incoming.blob.discard()
            raise
        return await self.intake(actor, incoming, order)

    async def order(self, actor: Principal, patient: PatientId, words: PhotoWords, once: Once | None) -> Order:
        """What the words mean; raises where they make no sense or ask for too much."""
        actor.require(Permission.DOCUMENTS_WRITE, patient)
        media = self.taxonomy.classify(words.kind, words.category, words.subtype)
        if words.owner is not None:
            actor.require(Permission.ATTACHMENTS_WRITE, patient)
        return Order(
            patient=patient,
            details=Details(
                title=words.title,
                description=words.description,
                media=media,
                captured_at=words.captured_at,
                tags=words.tags,
            ),
            accepted=_ACCEPTED[media.kind],
            owner=await self.find_owner(actor, words.owner) if words.owner is not None else None,
            rules=self.find_owner.registry.get(words.owner.type) if words.owner is not None else None,
            paired_with=words.paired_document_id,
            once=once,
        )


_ACCEPTED = {
    MediaKind.PHOTO: filetypes.PHOTO_TYPES,
    MediaKind.XRAY: filetypes.XRAY_TYPES,
    MediaKind.SCAN: filetypes.DOCUMENT_TYPES,
    MediaKind.DOCUMENT: filetypes.DOCUMENT_TYPES,
    MediaKind.VIDEO: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreDocument:
    """A consent, report, referral … of a patient."""

    intake: Intake

    async def __call__(
        self,
        actor: Principal,
        patient: PatientId,
        incoming: Incoming,
        *,
        document_type: DocumentType,
        title: str,
        description: str | None = None,
        once: Once | None = None,
    ) -> DocumentView:
        details = Details(title=title, description=description, document_type=document_type)
        order = Order(patient=patient, details=details, accepted=filetypes.DOCUMENT_TYPES, once=once)
        try:
            actor.require(Permission.DOCUMENTS_WRITE, patient)
        except DomainError:
            await incoming.blob.discard()
            raise
        return await self.intake(actor, incoming, order)


def _capture(said: datetime | None, inspected: Inspected, now: datetime) -> Capture:
    return taken_at(said, now) if said is not None else captured(None, inspected.facts.captured_at)


async def keep(blob: StagedBlob, inspected: Inspected) -> None:
    """Make a sealed upload durable, with the pictures made of it."""
    if inspected.derivatives is not None:
        await blob.add(THUMB, inspected.derivatives.thumb)
        await blob.add(MEDIUM, inspected.derivatives.medium)
    await blob.keep()


def stored_file(
    digest: Digest, inspected: Inspected, *, filename: str, mime: str, prefix: str, scan: Scan = Scan.UNSCANNED
) -> StoredFile:
    return StoredFile(
        original_filename=wording.clean_filename(filename),
        mime_type=mime,
        size=digest.size,
        sha256=digest.sha256,
        crc32=digest.crc32,
        prefix=prefix,
        width=inspected.facts.width,
        height=inspected.facts.height,
        derived=_derived(inspected),
        recipe=RECIPE if inspected.derivatives else 0,
        placeholder=inspected.derivatives.placeholder if inspected.derivatives else None,
        scan=scan,
    )


def _derived(inspected: Inspected) -> Derived:
    if inspected.derivatives is not None:
        return Derived.READY
    return Derived.PENDING if inspected.fault is not None else Derived.NONE
