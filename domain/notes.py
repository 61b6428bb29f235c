"""Clinical notes: text on a record, with documents attached to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain import wording
from domain.access import Principal
from domain.attachments import Owner, OwnerRef
from domain.errors import Forbidden, RuleViolated
from domain.events import Event, NoteDeleted, NoteRevised, NoteWritten
from domain.ids import ClinicId, NoteId, PatientId, UserId

CLINICAL_NOTE = "clinical_note"
"""The owner type that notes themselves are."""

MAX_BODY = 20_000


class NoteType(StrEnum):
    ADMINISTRATIVE = "administrative"
    DIAGNOSIS = "diagnosis"
    TREATMENT = "treatment"
    TREATMENT_PLAN = "treatment_plan"
    APPOINTMENT_CLINICAL = "appointment_clinical"
    APPOINTMENT_ADMINISTRATIVE = "appointment_administrative"


OWNER_OF: Mapping[NoteType, str] = {
    NoteType.ADMINISTRATIVE: "patient",
    NoteType.DIAGNOSIS: "patient",
    NoteType.TREATMENT: "treatment",
    NoteType.TREATMENT_PLAN: "plan",
    NoteType.APPOINTMENT_CLINICAL: "appointment",
    NoteType.APPOINTMENT_ADMINISTRATIVE: "appointment",
}

# FDI two-digit notation: quadrants 1-4 with 8 permanent teeth each, 5-8 with 5 deciduous ones.
TEETH = frozenset(quadrant * 10 + tooth for quadrant in range(1, 9) for tooth in range(1, 9 if quadrant < 5 else 6))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalNote:
    id: NoteId
    clinic_id: ClinicId
    patient_id: PatientId
    note_type: NoteType
    owner: OwnerRef
    body: str
    tooth_number: int | None = None
    author_id: UserId
    author_name: str = ""
    created_at: datetime
    updated_at: datetime
    version: int = 1


def write(
    *,
    id: NoteId,
    actor: Principal,
    note_type: NoteType,
    owner: Owner,
    body: str,
    tooth_number: int | None,
    now: datetime,
) -> tuple[ClinicalNote, tuple[Event, ...]]:
    """Raises `RuleViolated` for an owner that does not go with the type, a tooth where none belongs, an empty body."""
    check_owner(note_type, owner.ref.type)
    _check_tooth(note_type, tooth_number)
    note = ClinicalNote(
        id=id,
        clinic_id=actor.clinic_id,
        patient_id=owner.patient_id,
        note_type=note_type,
        owner=owner.ref,
        body=_body(body),
        tooth_number=tooth_number,
        author_id=actor.user_id,
        author_name=actor.name,
        created_at=now,
        updated_at=now,
    )
    return note, (_event(NoteWritten, note),)


def check_owner(note_type: NoteType, owner_type: str) -> None:
    if owner_type != OWNER_OF[note_type]:
        raise RuleViolated(f"A {note_type} note belongs to a {OWNER_OF[note_type]}", field="owner_type")


def may_edit(note: ClinicalNote, actor: Principal) -> None:
    """The author or an admin; raises `Forbidden` for anybody else."""
    if not (actor.is_admin or actor.user_id == note.author_id):
        raise Forbidden("Only the author or an admin may change a note")


def revise(note: ClinicalNote, body: str, now: datetime) -> tuple[ClinicalNote, tuple[Event, ...]]:
    written = _body(body)
    if written == note.body:
        return note, ()
    revised = replace(note, body=written, updated_at=now, version=note.version + 1)
    return revised, (_event(NoteRevised, revised),)


def delete(note: ClinicalNote) -> tuple[Event, ...]:
    return (_event(NoteDeleted, note),)


def _event(kind: type[NoteWritten] | type[NoteRevised] | type[NoteDeleted], note: ClinicalNote) -> Event:
    return kind(
        patient_id=note.patient_id,
        note_id=note.id,
        note_type=note.note_type,
        owner_type=note.owner.type,
        owner_id=note.owner.id,
    )


def _check_tooth(note_type: NoteType, tooth: int | None) -> None:
    if tooth is None:
        return
    if note_type is not NoteType.DIAGNOSIS:
        raise RuleViolated("Only a diagnosis names a tooth", field="tooth_number")
    if tooth not in TEETH:
        raise RuleViolated("tooth_number must be an FDI number, 11 to 85", field="tooth_number")


def _body(text: str) -> str:
    lines = "\n".join(wording.clean(line.replace("\t", " ")).rstrip() for line in text.splitlines()).strip()
    if not 1 <= len(lines) <= MAX_BODY:
        raise RuleViolated(f"body must have 1 to {MAX_BODY} characters", field="body")
    return lines
