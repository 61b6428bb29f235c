"""What happened, in the past tense.

Events carry ids and words of the vocabulary, never names of people or files. Who, in which clinic and when is added by
the unit of work that records them. Events of one patient are delivered in the order in which they happened.
"""

from dataclasses import dataclass
from typing import ClassVar

from domain.ids import AttachmentId, DocumentId, NoteId, PairingId, PatientId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    type: ClassVar[str]
    patient_id: PatientId

    @property
    def subject(self) -> str:
        """The id of what it happened to."""
        return self.patient_id


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEvent(Event):
    document_id: DocumentId

    @property
    def subject(self) -> str:
        return self.document_id


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoUploaded(DocumentEvent):
    type: ClassVar[str] = "media.photo_uploaded"
    media_kind: str
    media_category: str | None
    media_subtype: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentUploaded(DocumentEvent):
    type: ClassVar[str] = "document.uploaded"
    document_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRevised(DocumentEvent):
    """`changed` names the fields, not their values."""

    type: ClassVar[str] = "document.revised"
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTrashed(DocumentEvent):
    type: ClassVar[str] = "document.trashed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRestored(DocumentEvent):
    type: ClassVar[str] = "document.restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentArchived(DocumentEvent):
    type: ClassVar[str] = "document.archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentUnarchived(DocumentEvent):
    type: ClassVar[str] = "document.unarchived"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMoved(DocumentEvent):
    type: ClassVar[str] = "document.moved"
    from_patient_id: PatientId


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentQuarantined(DocumentEvent):
    """Its file turned out to be infected: it is out of reach for good."""

    type: ClassVar[str] = "document.quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPurged(DocumentEvent):
    type: ClassVar[str] = "document.purged"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentLinked(DocumentEvent):
    type: ClassVar[str] = "media.attachment_linked"
    attachment_id: AttachmentId
    owner_type: str
    owner_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentUnlinked(DocumentEvent):
    type: ClassVar[str] = "media.attachment_unlinked"
    attachment_id: AttachmentId
    owner_type: str
    owner_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRevised(DocumentEvent):
    """It is filed under another category; `changed` names the fields, not their values."""

    type: ClassVar[str] = "media.attachment_revised"
    attachment_id: AttachmentId
    owner_type: str
    owner_id: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentsReordered(Event):
    type: ClassVar[str] = "media.attachments_reordered"
    owner_type: str
    owner_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCreated(DocumentEvent):
    """`document_id` is the earlier picture."""

    type: ClassVar[str] = "media.pair_created"
    pairing_id: PairingId
    after_document_id: DocumentId


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRemoved(DocumentEvent):
    type: ClassVar[str] = "media.pair_removed"
    pairing_id: PairingId
    after_document_id: DocumentId


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEvent(Event):
    note_id: NoteId
    note_type: str
    owner_type: str
    owner_id: str

    @property
    def subject(self) -> str:
        return self.note_id


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(NoteEvent):
    type: ClassVar[str] = "note.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRevised(NoteEvent):
    type: ClassVar[str] = "note.updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDeleted(NoteEvent):
    type: ClassVar[str] = "note.deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientRegistered(Event):
    """The directory's entry of a patient was made or changed."""

    type: ClassVar[str] = "patient.registered"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientArchived(Event):
    type: ClassVar[str] = "patient.archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientUnarchived(Event):
    type: ClassVar[str] = "patient.unarchived"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientHeld(Event):
    """A legal hold was placed: nothing of the patient is purged until it is released."""

    type: ClassVar[str] = "patient.hold_placed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientReleased(Event):
    type: ClassVar[str] = "patient.hold_released"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessGranted(Event):
    type: ClassVar[str] = "patient.access_granted"
    user_id: UserId
    access: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRevoked(Event):
    type: ClassVar[str] = "patient.access_revoked"
    user_id: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerEvent(Event):
    owner_type: str
    owner_id: str

    @property
    def subject(self) -> str:
        return f"{self.owner_type}/{self.owner_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerRegistered(OwnerEvent):
    type: ClassVar[str] = "owner.registered"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerDeleted(OwnerEvent):
    type: ClassVar[str] = "owner.deleted"
