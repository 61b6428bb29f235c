"""What a standalone installation knows of the host's records: patients and the records that own files."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain import wording
from domain.access import Access
from domain.attachments import OwnerRef
from domain.errors import RuleViolated
from domain.events import (
    Event,
    OwnerRegistered,
    PatientArchived,
    PatientHeld,
    PatientRegistered,
    PatientReleased,
    PatientUnarchived,
)
from domain.ids import ClinicId, PatientId, UserId

PATIENT = "patient"
"""The owner type that patients themselves are."""


class PatientStatus(StrEnum):
    ACTIVE = "active"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    id: PatientId
    clinic_id: ClinicId
    display_name: str
    birth_date: date | None = None
    status: PatientStatus = PatientStatus.ACTIVE
    hold: bool = False
    """Legal hold on everything of this patient."""
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerRecord:
    """A record of the host: a visit, a treatment, a lab result …"""

    ref: OwnerRef
    clinic_id: ClinicId
    patient_id: PatientId
    title: str
    occurred_at: datetime | None = None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one account may do to one patient."""

    clinic_id: ClinicId
    user_id: UserId
    patient_id: PatientId
    access: Access


def display_name(text: str) -> str:
    cleaned = wording.line(text)
    if not 1 <= len(cleaned) <= wording.MAX_TITLE:
        raise RuleViolated(f"display_name must have 1 to {wording.MAX_TITLE} characters", field="display_name")
    return cleaned


def registered(patient: Patient, before: Patient | None) -> tuple[Event, ...]:
    """What happened when `patient` took the place of `before`."""
    if before is not None and replace(before, updated_at=patient.updated_at) == patient:
        return ()
    return (PatientRegistered(patient_id=patient.id),)


def unnamed(id: PatientId, clinic: ClinicId, now: datetime) -> Patient:
    """The entry of a patient of whom only the host knows more."""
    return Patient(id=id, clinic_id=clinic, display_name=id, created_at=now, updated_at=now)


def place_on_hold(patient: Patient, hold: bool, now: datetime) -> tuple[Patient, tuple[Event, ...]]:
    if patient.hold == hold:
        return patient, ()
    kind = PatientHeld if hold else PatientReleased
    return replace(patient, hold=hold, updated_at=now), (kind(patient_id=patient.id),)


def owner_registered(owner: OwnerRecord, before: OwnerRecord | None) -> tuple[Event, ...]:
    """What happened when `owner` took the place of `before`."""
    if before is not None and replace(before, updated_at=owner.updated_at) == owner:
        return ()
    return (OwnerRegistered(patient_id=owner.patient_id, owner_type=owner.ref.type, owner_id=owner.ref.id),)


def status_event(patient: PatientId, status: PatientStatus) -> Event:
    kind = PatientArchived if status is PatientStatus.ARCHIVED else PatientUnarchived
    return kind(patient_id=patient)
