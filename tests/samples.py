"""People and records to test with: whole and valid, each differing from the plain one only in what a test says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from adapters.system import Uuid7
from domain.access import Access, Origin, Principal, Role
from domain.attachments import MediaAttachment, OwnerRef
from domain.directory import OwnerRecord, Patient
from domain.documents import Document, StoredFile
from domain.ids import AttachmentId, ClinicId, DocumentId, NoteId, OwnerId, PairingId, PatientId, UserId
from domain.media import Capture, CaptureSource, Classification, MediaKind
from domain.notes import ClinicalNote, NoteType
from domain.pairings import Pairing

CLINIC, ANOTHER_CLINIC = ClinicId("c1"), ClinicId("c2")
ANA, LUIS = PatientId("ana"), PatientId("luis")
VISIT = OwnerRef("visit", OwnerId("v1"))

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)

_new_id = Uuid7()


def staff(clinic: ClinicId = CLINIC, role: Role = Role.ADMIN, user: str = "u-staff") -> Principal:
    origin = Origin(address="192.0.2.7", request_id="r-1")
    return Principal(clinic_id=clinic, user_id=UserId(user), name="Dr. Vega", roles=frozenset({role}), origin=origin)


def account(*patients: PatientId, access: Access = Access.FULL, clinic: ClinicId = CLINIC) -> Principal:
    """Somebody who is no staff and looks after `patients` only."""
    grants = dict.fromkeys(patients, access)
    return Principal(clinic_id=clinic, user_id=UserId("u-account"), roles=frozenset({Role.ACCOUNT}), grants=grants)


def document(patient: PatientId = ANA, clinic: ClinicId = CLINIC, **changes: Any) -> Document:
    """A document; `changes` may also name the fields of its file."""
    id = DocumentId(_new_id())
    file = StoredFile(
        original_filename="informe.pdf",
        mime_type="application/pdf",
        size=1200,
        sha256=sha256(id.encode()).hexdigest(),
        crc32=77,
        prefix=f"{clinic}/{patient}/2026-03/{id}",
    )
    plain = Document(
        id=id,
        clinic_id=clinic,
        patient_id=patient,
        title="Informe",
        file=replace(file, **{name: changes.pop(name) for name in list(changes) if name in _OF_FILE}),
        uploaded_by=UserId("u-staff"),
        uploader_name="Dr. Vega",
        created_at=NOON,
        updated_at=NOON,
    )
    return replace(plain, **changes)


_OF_FILE = frozenset(StoredFile.__dataclass_fields__)


def photo(patient: PatientId = ANA, clinic: ClinicId = CLINIC, **changes: Any) -> Document:
    """An intraoral frontal photo; `taken` is its capture date."""
    taken = changes.pop("taken", None)
    plain: dict[str, Any] = {
        "media": Classification(kind=MediaKind.PHOTO, category="intraoral", subtype="frontal"),
        "capture": Capture(taken, CaptureSource.EXIF) if taken else Capture(),
        "title": "Foto",
        "original_filename": "foto.jpg",
        "mime_type": "image/jpeg",
    }
    return document(patient, clinic, **(plain | changes))


def pairing(before: Document, after: Document, **changes: Any) -> Pairing:
    plain = Pairing(
        id=PairingId(_new_id()),
        clinic_id=before.clinic_id,
        patient_id=before.patient_id,
        before=before.id,
        after=after.id,
        created_at=NOON,
    )
    return replace(plain, **changes)


def attachment(of: Document, owner: OwnerRef = VISIT, **changes: Any) -> MediaAttachment:
    plain = MediaAttachment(
        id=AttachmentId(_new_id()),
        clinic_id=of.clinic_id,
        patient_id=of.patient_id,
        document_id=of.id,
        owner=owner,
        created_at=NOON,
    )
    return replace(plain, **changes)


def note(patient: PatientId = ANA, clinic: ClinicId = CLINIC, **changes: Any) -> ClinicalNote:
    plain = ClinicalNote(
        id=NoteId(_new_id()),
        clinic_id=clinic,
        patient_id=patient,
        note_type=NoteType.ADMINISTRATIVE,
        owner=OwnerRef("patient", OwnerId(patient)),
        body="Llamar el lunes",
        author_id=UserId("u-staff"),
        author_name="Dr. Vega",
        created_at=NOON,
        updated_at=NOON,
    )
    return replace(plain, **changes)


def patient(id: PatientId = ANA, clinic: ClinicId = CLINIC, **changes: Any) -> Patient:
    plain = Patient(id=id, clinic_id=clinic, display_name="Ana García", created_at=NOON, updated_at=NOON)
    return replace(plain, **changes)


def record(ref: OwnerRef = VISIT, patient: PatientId = ANA, clinic: ClinicId = CLINIC, **changes: Any) -> OwnerRecord:
    plain = OwnerRecord(
        ref=ref, clinic_id=clinic, patient_id=patient, title="Revisión", created_at=NOON, updated_at=NOON
    )
    return replace(plain, **changes)
