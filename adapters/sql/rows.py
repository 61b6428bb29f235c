"""Records as rows, documents apart: pure functions, both ways, for the rows of either database.

Each function takes the columns of its table in the order in which the table has them.
"""

from typing import Any

import msgspec

from adapters.sql.prepared import Row
from adapters.sql.values import day, instant, json_text
from application.ports.audit_trail import AuditEntry, AuditRow
from application.ports.event_bus import Message
from application.ports.views import NoteView
from domain import wording
from domain.attachments import MediaAttachment, OwnerRef
from domain.directory import OwnerRecord, Patient, PatientStatus
from domain.notes import ClinicalNote, NoteType
from domain.pairings import Pairing, PairRole

_DATA: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])


def pairing(row: Row) -> Pairing:
    """The row of either member."""
    document, partner, role, id, clinic, patient, created = row
    before, after = (document, partner) if role == PairRole.BEFORE else (partner, document)
    return Pairing(id=id, clinic_id=clinic, patient_id=patient, before=before, after=after, created_at=instant(created))


def pairing_values(pairing: Pairing) -> dict[str, Any]:
    return {
        "pairing_id": pairing.id,
        "clinic_id": pairing.clinic_id,
        "patient_id": pairing.patient_id,
        "before": pairing.before,
        "after": pairing.after,
        "created_at": pairing.created_at,
    }


def attachment(row: Row) -> MediaAttachment:
    id, clinic, patient, document, owner_type, owner_id, order, category, created = row
    return MediaAttachment(
        id=id,
        clinic_id=clinic,
        patient_id=patient,
        document_id=document,
        owner=OwnerRef(owner_type, owner_id),
        display_order=order,
        category=category,
        created_at=instant(created),
    )


def attachment_values(attachment: MediaAttachment) -> dict[str, Any]:
    return {
        "id": attachment.id,
        "clinic_id": attachment.clinic_id,
        "patient_id": attachment.patient_id,
        "document_id": attachment.document_id,
        "owner_type": attachment.owner.type,
        "owner_id": attachment.owner.id,
        "display_order": attachment.display_order,
        "category": attachment.category,
        "created_at": attachment.created_at,
    }


def note(row: Row) -> ClinicalNote:
    id, clinic, patient, kind, owner_type, owner_id, body, tooth, author, name, created, updated, version = row
    return ClinicalNote(
        id=id,
        clinic_id=clinic,
        patient_id=patient,
        note_type=NoteType(kind),
        owner=OwnerRef(owner_type, owner_id),
        body=body,
        tooth_number=tooth,
        author_id=author,
        author_name=name,
        created_at=instant(created),
        updated_at=instant(updated),
        version=version,
    )


def note_values(note: ClinicalNote) -> dict[str, Any]:
    return {
        "id": note.id,
        "clinic_id": note.clinic_id,
        "patient_id": note.patient_id,
        "note_type": note.note_type,
        "owner_type": note.owner.type,
        "owner_id": note.owner.id,
        "body": note.body,
        "tooth_number": note.tooth_number,
        "author_id": note.author_id,
        "author_name": note.author_name,
        "created_at": note.created_at,
        "updated_at": note.updated_at,
        "version": note.version,
    }


def note_view(row: Row) -> NoteView:
    """Without its attachments."""
    id, _, patient, kind, owner_type, owner_id, body, tooth, author, name, created, updated, version = row[:13]
    return NoteView(
        id=id,
        patient_id=patient,
        note_type=kind,
        owner_type=owner_type,
        owner_id=owner_id,
        body=body,
        tooth_number=tooth,
        author_id=author,
        author_name=name,
        created_at=instant(created),
        updated_at=instant(updated),
        version=version,
    )


def patient(row: Row) -> Patient:
    clinic, id, name, birth, status, hold, created, updated = row[:8]
    return Patient(
        id=id,
        clinic_id=clinic,
        display_name=name,
        birth_date=day(birth),
        status=PatientStatus(status),
        hold=bool(hold),
        created_at=instant(created),
        updated_at=instant(updated),
    )


def patient_values(patient: Patient) -> dict[str, Any]:
    name = wording.folded(patient.display_name)
    return {
        "clinic_id": patient.clinic_id,
        "id": patient.id,
        "display_name": patient.display_name,
        "birth_date": patient.birth_date,
        "status": patient.status,
        "hold": patient.hold,
        "created_at": patient.created_at,
        "updated_at": patient.updated_at,
        "sort_name": name,
        # What is searched for has no line break, so it cannot match across the two.
        "search_text": f"{name}\n{wording.folded(patient.id)}",
    }


def owner(row: Row) -> OwnerRecord:
    clinic, type, id, patient, title, occurred, created, updated = row[:8]
    return OwnerRecord(
        ref=OwnerRef(type, id),
        clinic_id=clinic,
        patient_id=patient,
        title=title,
        occurred_at=instant(occurred),
        created_at=instant(created),
        updated_at=instant(updated),
    )


def owner_values(owner: OwnerRecord) -> dict[str, Any]:
    return {
        "clinic_id": owner.clinic_id,
        "owner_type": owner.ref.type,
        "owner_id": owner.ref.id,
        "patient_id": owner.patient_id,
        "title": owner.title,
        "occurred_at": owner.occurred_at,
        "created_at": owner.created_at,
        "updated_at": owner.updated_at,
        "shown_at": owner.occurred_at or owner.created_at,
    }


def message(row: Row) -> Message:
    _, id, type, clinic, actor, subject, key, occurred, data = row[:9]
    return Message(
        id=id,
        type=type,
        clinic_id=clinic,
        actor_id=actor,
        subject=subject,
        key=key,
        occurred_at=instant(occurred),
        data=_DATA.decode(data),
    )


def message_values(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "type": message.type,
        "clinic_id": message.clinic_id,
        "actor_id": message.actor_id,
        "subject": message.subject,
        "key": message.key,
        "occurred_at": message.occurred_at,
        "data": json_text(message.data),
    }


def audit_row(row: Row) -> AuditRow:
    clinic, seq, digest, at, *rest = row[:13]
    return AuditRow(seq, digest, AuditEntry(clinic, instant(at), *rest))


def audit_values(row: AuditRow) -> dict[str, Any]:
    return {"seq": row.seq, "hash": row.hash, **row.entry._asdict()}
