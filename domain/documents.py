"""The document: any file of a patient, and what may become of it.

A transition returns the new document and what happened; where nothing changed, the same document and no event.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from domain import wording
from domain.access import Principal
from domain.errors import RuleViolated, StaleVersion
from domain.events import (
    DocumentArchived,
    DocumentMoved,
    DocumentPurged,
    DocumentQuarantined,
    DocumentRestored,
    DocumentRevised,
    DocumentTrashed,
    DocumentUnarchived,
    DocumentUploaded,
    Event,
    PhotoUploaded,
)
from domain.ids import ClinicId, DocumentId, PatientId, UserId
from domain.media import (
    Capture,
    CaptureSource,
    Classification,
    DocumentType,
    MediaKind,
    Taxonomy,
)
from domain.patching import KEPT, Change, Kept, or_as_it_was, or_kept

FIRST_PHOTOGRAPH = 1826


class Status(StrEnum):
    ACTIVE = "active"
    ARCHIVED = "archived"
    TRASHED = "trashed"


class Derived(StrEnum):
    """Whether a document has its pictures."""

    NONE = "none"
    """Its type has none."""
    READY = "ready"
    PENDING = "pending"
    """They could not be made yet; the worker tries again."""


class Scan(StrEnum):
    """What the malware scanner said of a document's file."""

    UNSCANNED = "unscanned"
    """It was not asked, or the file is over what it looks into."""
    PENDING = "pending"
    """It was away; the worker asks again."""
    CLEAN = "clean"
    INFECTED = "infected"
    """Found after the upload: out of reach, its bytes on their way to quarantine."""
    QUARANTINED = "quarantined"
    """The bytes are in quarantine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """The bytes of a document: never changed after the upload."""

    original_filename: str
    mime_type: str
    size: int
    sha256: str
    crc32: int
    prefix: str
    """Where the bytes are; a document that moves to another patient leaves them where they are."""
    width: int | None = None
    height: int | None = None
    derived: Derived = Derived.NONE
    recipe: int = 0
    """How its derivatives were made."""
    placeholder: str | None = None
    scan: Scan = Scan.UNSCANNED

    @property
    def is_infected(self) -> bool:
        return self.scan in (Scan.INFECTED, Scan.QUARANTINED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    id: DocumentId
    clinic_id: ClinicId
    patient_id: PatientId
    document_type: DocumentType = DocumentType.OTHER
    title: str
    description: str | None = None
    media: Classification = Classification()
    capture: Capture = Capture()
    tags: tuple[str, ...] = ()
    file: StoredFile
    duplicate_of: DocumentId | None = None
    uploaded_by: UserId
    uploader_name: str = ""
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None
    trashed_at: datetime | None = None
    trashed_by: UserId | None = None
    hold: bool = False
    """Legal hold: never purged while it stands."""
    version: int = 1

    @property
    def status(self) -> Status:
        if self.trashed_at is not None:
            return Status.TRASHED
        return Status.ARCHIVED if self.archived_at is not None else Status.ACTIVE

    @property
    def shown_at(self) -> datetime:
        """The date it is listed by."""
        return self.capture.at or self.created_at

    @property
    def is_picture(self) -> bool:
        return self.media.kind in (MediaKind.PHOTO, MediaKind.XRAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a person says about a new document."""

    title: str | None = None
    description: str | None = None
    document_type: DocumentType = DocumentType.OTHER
    media: Classification = Classification()
    captured_at: datetime | None = None
    tags: tuple[str, ...] = ()


def prefix_for(clinic: ClinicId, patient: PatientId, document: DocumentId, now: datetime) -> str:
    return f"{clinic}/{patient}/{now:%Y-%m}/{document}"


def store(
    *,
    id: DocumentId,
    actor: Principal,
    patient: PatientId,
    details: Details,
    file: StoredFile,
    capture: Capture,
    duplicate_of: DocumentId | None,
    now: datetime,
) -> tuple[Document, tuple[Event, ...]]:
    """A new document of `patient`, uploaded by `actor`."""
    said = details.title or ""
    given = wording.title(said) if wording.line(said) else None
    document = Document(
        id=id,
        clinic_id=actor.clinic_id,
        patient_id=patient,
        document_type=details.document_type,
        title=given or wording.title_from(file.original_filename),
        description=wording.description(details.description),
        media=details.media,
        capture=capture,
        tags=wording.tags(details.tags),
        file=file,
        duplicate_of=duplicate_of,
        uploaded_by=actor.user_id,
        uploader_name=actor.name,
        created_at=now,
        updated_at=now,
    )
    return document, (_uploaded(document),)


def _uploaded(document: Document) -> Event:
    if document.is_picture:
        return PhotoUploaded(
            patient_id=document.patient_id,
            document_id=document.id,
            media_kind=document.media.kind,
            media_category=document.media.category,
            media_subtype=document.media.subtype,
        )
    return DocumentUploaded(
        patient_id=document.patient_id, document_id=document.id, document_type=document.document_type
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Changes to what a document is called and filed as."""

    title: Change[str | None] = KEPT
    description: Change[str | None] = KEPT
    document_type: Change[DocumentType | None] = KEPT
    original_filename: Change[str] = KEPT


def revise(document: Document, revision: Revision, now: datetime) -> tuple[Document, tuple[Event, ...]]:
    document_type = or_kept(revision.document_type, document.document_type)
    if revision.title is None or document_type is None:
        field = "title" if revision.title is None else "document_type"
        raise RuleViolated(f"{field} cannot be empty", field=field)
    filename = or_as_it_was(revision.original_filename, document.file.original_filename, wording.clean_filename)
    revised = replace(
        document,
        title=or_as_it_was(revision.title, document.title, wording.title),
        description=or_as_it_was(revision.description, document.description, wording.description),
        document_type=document_type,
        file=replace(document.file, original_filename=filename),
    )
    return _revised(document, revised, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclassification:
    """Changes to the media words of a photo or x-ray."""

    category: Change[str | None] = KEPT
    subtype: Change[str | None] = KEPT
    captured_at: Change[datetime | None] = KEPT
    tags: Change[tuple[str, ...] | None] = KEPT


def reclassify(
    document: Document, change: Reclassification, taxonomy: Taxonomy, now: datetime
) -> tuple[Document, tuple[Event, ...]]:
    """Apply `change`. A category is asked for only when category or subtype are being set.

    A new category drops a subtype that does not fit it, unless one is given with it.
    """
    revised = replace(
        document,
        media=_classified(document.media, change, taxonomy),
        capture=_captured(document.capture, change.captured_at, now),
        tags=or_as_it_was(change.tags, document.tags, lambda words: wording.tags(words or ())),
    )
    return _revised(document, revised, now)


def _classified(media: Classification, change: Reclassification, taxonomy: Taxonomy) -> Classification:
    if isinstance(change.category, Kept) and isinstance(change.subtype, Kept):
        return media
    category = or_kept(change.category, media.category)
    subtype = or_kept(change.subtype, media.subtype)
    if isinstance(change.subtype, Kept) and category is not None and not taxonomy.fits(category, subtype):
        subtype = None
    if category is None and isinstance(change.subtype, Kept):
        subtype = None
    if category is None and subtype is None and media.kind is not MediaKind.XRAY:
        return Classification(kind=media.kind)
    return taxonomy.classify(media.kind, category, subtype)


def _captured(current: Capture, change: Change[datetime | None], now: datetime) -> Capture:
    if isinstance(change, Kept):
        return current
    return taken_at(change, now)


def taken_at(said: datetime | None, now: datetime) -> Capture:
    """The capture date that a person gave; raises `RuleViolated` for one before photography or in the future."""
    if said is None:
        return Capture()
    if said.year < FIRST_PHOTOGRAPH:
        raise RuleViolated(f"captured_at lies before {FIRST_PHOTOGRAPH}", field="captured_at")
    if said > now + timedelta(days=1):
        raise RuleViolated("captured_at lies in the future", field="captured_at")
    return Capture(said.astimezone(UTC), CaptureSource.USER)


def _revised(before: Document, after: Document, now: datetime) -> tuple[Document, tuple[Event, ...]]:
    changed = tuple(name for name in _REVISABLE if getattr(before, name) != getattr(after, name))
    if not changed:
        return before, ()
    event = DocumentRevised(patient_id=before.patient_id, document_id=before.id, changed=changed)
    return _touched(after, now), (event,)


_REVISABLE = ("title", "description", "document_type", "media", "capture", "tags", "file", "hold")


def trash(document: Document, by: UserId, now: datetime) -> tuple[Document, tuple[Event, ...]]:
    if document.trashed_at is not None:
        return document, ()
    trashed = replace(_touched(document, now), trashed_at=now, trashed_by=by)
    return trashed, (DocumentTrashed(patient_id=document.patient_id, document_id=document.id),)


def quarantine(document: Document, by: UserId, now: datetime) -> tuple[Document, tuple[Event, ...]]:
    """For a file that turned out to be infected: to the trash, out of which it cannot be restored."""
    if document.file.is_infected:
        return document, ()
    trashed, happened = trash(document if document.trashed_at is None else _touched(document, now), by, now)
    file = replace(document.file, scan=Scan.INFECTED, derived=Derived.NONE, placeholder=None)
    event = DocumentQuarantined(patient_id=document.patient_id, document_id=document.id)
    return replace(trashed, file=file), (*happened, event)


def restore(document: Document, now: datetime) -> tuple[Document, tuple[Event, ...]]:
    """Out of the trash; archived again if its patient was archived meanwhile."""
    if document.trashed_at is None:
        return document, ()
    if document.file.is_infected:
        raise RuleViolated("The file is infected and stays in quarantine")
    restored = replace(_touched(document, now), trashed_at=None, trashed_by=None)
    return restored, (DocumentRestored(patient_id=document.patient_id, document_id=document.id),)


def archive(document: Document, now: datetime) -> tuple[Document, tuple[Event, ...]]:
    if document.archived_at is not None:
        return document, ()
    archived = replace(_touched(document, now), archived_at=now)
    return archived, (DocumentArchived(patient_id=document.patient_id, document_id=document.id),)


def unarchive(document: Document, now: datetime) -> tuple[Document, tuple[Event, ...]]:
    if document.archived_at is None:
        return document, ()
    back = replace(_touched(document, now), archived_at=None)
    return back, (DocumentUnarchived(patient_id=document.patient_id, document_id=document.id),)


def move(
    document: Document, to: PatientId, *, duplicate_of: DocumentId | None, now: datetime
) -> tuple[Document, tuple[Event, ...]]:
    """To the patient it should have been stored under. Its bytes stay where they are."""
    if document.patient_id == to:
        return document, ()
    moved = replace(_touched(document, now), patient_id=to, duplicate_of=duplicate_of)
    return moved, (DocumentMoved(patient_id=to, document_id=document.id, from_patient_id=document.patient_id),)


def expect(document: Document, version: int | None) -> None:
    """Raise `StaleVersion` unless `version` (what the caller last read; None: does not matter) is the current one."""
    if version is not None and version != document.version:
        raise StaleVersion(f"The document is at version {document.version} by now; read it again")


def derived(document: Document, state: Derived, recipe: int, placeholder: str | None) -> Document:
    """Note how its pictures were made; nobody's change, so neither version nor event."""
    return replace(document, file=replace(document.file, derived=state, recipe=recipe, placeholder=placeholder))


def scanned(document: Document, scan: Scan) -> Document:
    """Note what the scanner said; nobody's change, so neither version nor event."""
    return replace(document, file=replace(document.file, scan=scan))


def place_on_hold(document: Document, hold: bool, now: datetime) -> tuple[Document, tuple[Event, ...]]:
    return _revised(document, replace(document, hold=hold), now)


def purged(document: Document) -> tuple[Event, ...]:
    return (DocumentPurged(patient_id=document.patient_id, document_id=document.id),)


def _touched(document: Document, now: datetime) -> Document:
    return replace(document, updated_at=now, version=document.version + 1)
