"""The read side: flat rows as clients see them, made for being listed fast.

Every method takes the principal and shows nothing of another clinic, of patients that an account may not see, or that
is in the trash, unless it says so. A view of one thing raises `NotFound`.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from application.ports.paging import Page, PageRequest
from domain.access import Access, Principal
from domain.attachments import OwnerRef
from domain.directory import OwnerRecord, Patient
from domain.documents import Document
from domain.ids import AttachmentId, ClinicId, DocumentId, NoteId, PatientId, UserId
from domain.pairings import Pairing


class DocumentView(NamedTuple):
    """A document with its pairing. `paired_document_id` is None while the partner is in the trash."""

    id: DocumentId
    clinic_id: ClinicId
    patient_id: PatientId
    document_type: str
    title: str
    description: str | None
    media_kind: str
    media_category: str | None
    media_subtype: str | None
    captured_at: datetime | None
    captured_at_source: str
    tags: tuple[str, ...]
    original_filename: str
    mime_type: str
    file_size: int
    sha256: str
    crc32: int
    prefix: str
    width: int | None
    height: int | None
    derived: str
    recipe: int
    placeholder: str | None
    scan: str
    duplicate_of: DocumentId | None
    uploaded_by: UserId
    uploader_name: str
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    trashed_at: datetime | None
    trashed_by: UserId | None
    hold: bool
    version: int
    paired_document_id: DocumentId | None = None
    pair_role: str | None = None


def view_of(document: Document, pairing: Pairing | None = None) -> DocumentView:
    """The view of a document at hand."""
    file, media, capture = document.file, document.media, document.capture
    return DocumentView(
        id=document.id,
        clinic_id=document.clinic_id,
        patient_id=document.patient_id,
        document_type=document.document_type,
        title=document.title,
        description=document.description,
        media_kind=media.kind,
        media_category=media.category,
        media_subtype=media.subtype,
        captured_at=capture.at,
        captured_at_source=capture.source,
        tags=document.tags,
        original_filename=file.original_filename,
        mime_type=file.mime_type,
        file_size=file.size,
        sha256=file.sha256,
        crc32=file.crc32,
        prefix=file.prefix,
        width=file.width,
        height=file.height,
        derived=file.derived,
        recipe=file.recipe,
        placeholder=file.placeholder,
        scan=file.scan,
        duplicate_of=document.duplicate_of,
        uploaded_by=document.uploaded_by,
        uploader_name=document.uploader_name,
        created_at=document.created_at,
        updated_at=document.updated_at,
        archived_at=document.archived_at,
        trashed_at=document.trashed_at,
        trashed_by=document.trashed_by,
        hold=document.hold,
        version=document.version,
        paired_document_id=pairing.partner_of(document.id) if pairing else None,
        pair_role=pairing.role_of(document.id) if pairing else None,
    )


class PhotoCriteria(NamedTuple):
    """`kinds` empty means photos and x-rays; dates are inclusive bounds on the capture date (else the upload's);
    `tags` must all be there; `paired` None is all; `text` is folded (see `domain.wording.folded`)."""

    kinds: tuple[str, ...] = ()
    category: str | None = None
    subtype: str | None = None
    captured_from: datetime | None = None
    captured_to: datetime | None = None
    paired: bool | None = None
    tags: tuple[str, ...] = ()
    text: str = ""


class DocumentCriteria(NamedTuple):
    document_type: str | None = None
    kind: str | None = None
    text: str = ""


class DocumentViews(Protocol):
    @abstractmethod
    async def get(self, actor: Principal, id: DocumentId) -> DocumentView: ...

    @abstractmethod
    async def many(self, actor: Principal, ids: Sequence[DocumentId]) -> list[DocumentView]:
        """Those of `ids` that the principal may see, in the order of `ids`."""

    @abstractmethod
    async def photos(
        self, actor: Principal, patient: PatientId, criteria: PhotoCriteria, request: PageRequest
    ) -> Page[DocumentView]:
        """Active pictures, newest first: by capture date, else upload date, then id."""

    @abstractmethod
    async def documents(
        self, actor: Principal, patient: PatientId, criteria: DocumentCriteria, request: PageRequest
    ) -> Page[DocumentView]:
        """Active documents of any kind, newest upload first."""


class AttachmentView(NamedTuple):
    id: AttachmentId
    owner_type: str
    owner_id: str
    display_order: int
    category: str | None
    created_at: datetime
    document: DocumentView


class AttachmentViews(Protocol):
    @abstractmethod
    async def get(self, actor: Principal, id: AttachmentId) -> AttachmentView: ...

    @abstractmethod
    async def of_owner(self, actor: Principal, owner: OwnerRef, request: PageRequest) -> Page[AttachmentView]:
        """Those with active documents, by display order, then the oldest first, then id."""

    @abstractmethod
    async def counts(self, actor: Principal, owner_type: str, owner_ids: Sequence[str]) -> Mapping[str, int]:
        """How many active documents each owner has, in one statement; owners with none may be absent."""


class NoteView(NamedTuple):
    id: NoteId
    patient_id: PatientId
    note_type: str
    owner_type: str
    owner_id: str
    body: str
    tooth_number: int | None
    author_id: UserId
    author_name: str
    created_at: datetime
    updated_at: datetime
    version: int
    attachments: tuple[AttachmentView, ...] = ()


class NoteViews(Protocol):
    """Notes with their attachments, in two statements whatever their number."""

    @abstractmethod
    async def get(self, actor: Principal, id: NoteId) -> NoteView: ...

    @abstractmethod
    async def of_owner(self, actor: Principal, owner: OwnerRef, request: PageRequest) -> Page[NoteView]:
        """Newest first."""

    @abstractmethod
    async def recent(self, actor: Principal, patient: PatientId, request: PageRequest) -> Page[NoteView]:
        """Of any owner of the patient, newest first."""

    @abstractmethod
    async def counts(self, actor: Principal, owner_type: str, owner_ids: Sequence[str]) -> Mapping[str, int]: ...


class TimelineEntry(NamedTuple):
    """`kind` is upload, note, pairing or visit; `id` is of the document, note, pairing or owner record."""

    kind: str
    at: datetime
    id: str
    title: str
    document_id: DocumentId | None = None
    other_document_id: DocumentId | None = None
    owner_type: str | None = None
    owner_id: str | None = None


TIMELINE_KINDS = ("upload", "note", "pairing", "visit")


class TimelineViews(Protocol):
    @abstractmethod
    async def page(
        self, actor: Principal, patient: PatientId, kinds: Sequence[str], request: PageRequest
    ) -> Page[TimelineEntry]:
        """What happened with a patient, newest first; notes only for whom may read them."""


class DirectoryViews(Protocol):
    @abstractmethod
    async def patient(self, actor: Principal, id: PatientId) -> Patient: ...

    @abstractmethod
    async def patients(self, actor: Principal, text: str, request: PageRequest) -> Page[Patient]:
        """By name; `text` is folded and matches anywhere in name or id."""

    @abstractmethod
    async def owner(self, actor: Principal, ref: OwnerRef) -> OwnerRecord: ...

    @abstractmethod
    async def owners(
        self, actor: Principal, patient: PatientId | None, owner_type: str | None, request: PageRequest
    ) -> Page[OwnerRecord]:
        """A patient's records, or those of all who may be seen, newest first (by when they occurred, else were
        registered)."""

    @abstractmethod
    async def grants(self, clinic: ClinicId, user: UserId) -> Mapping[PatientId, Access]:
        """What an account may do; asked before there is a principal."""
