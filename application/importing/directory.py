"""Bringing over what files hang on: patients, their records and notes, and who looks after whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from application.ports.imports import ImportedRow
from application.ports.legacy import LegacyGrant, LegacyNote, LegacyPatient, LegacyRecord
from application.ports.system import Clock
from application.ports.unit_of_work import OpenUnitOfWork, UnitOfWork
from domain import directory, wording
from domain.access import Principal
from domain.directory import OwnerRecord, Patient, PatientStatus
from domain.errors import Conflict, NotFound
from domain.events import AccessGranted, NoteWritten
from domain.ids import host_id, is_our_id

Entry = LegacyPatient | LegacyRecord | LegacyGrant | LegacyNote


@dataclass(frozen=True, slots=True, kw_only=True)
class BringDirectory:
    """One batch of entries. What is here already stays as it is, and is not remembered as brought in."""

    unit_of_work: OpenUnitOfWork
    clock: Clock

    async def __call__(self, actor: Principal, source: str, entries: Sequence[Entry], run_id: str) -> None:
        async with self.unit_of_work(actor) as uow:
            made = [(entry.row, await self._put(uow, actor, entry)) for entry in entries]
            await uow.imports.remember(
                [ImportedRow(run_id, actor.clinic_id, source, *row, *put) for row, put in made if put]
            )
            await uow.commit()

    async def check(self, actor: Principal, patients: Sequence[LegacyPatient]) -> None:
        """Raise `Conflict` where an id is taken here by somebody else: their files would be mixed up."""
        async with self.unit_of_work(actor) as uow:
            for patient in patients:
                if is_our_id(patient.id):
                    continue  # a UUID: nobody else has it
                there = await uow.directory.patient(patient.id)
                if there is not None and not _is_the_same(there, patient):
                    raise Conflict(
                        f"Patient {patient.id} of this clinic is somebody else than the source's; "
                        "bring the source to a clinic of its own with --clinic"
                    )

    async def _put(self, uow: UnitOfWork, actor: Principal, entry: Entry) -> tuple[str, str, str] | None:
        if isinstance(entry, LegacyPatient):
            return await self._patient(uow, actor, entry)
        if isinstance(entry, LegacyRecord):
            return await self._record(uow, actor, entry)
        if isinstance(entry, LegacyNote):
            return await _note(uow, entry)
        return await _grant(uow, entry)

    async def _patient(self, uow: UnitOfWork, actor: Principal, entry: LegacyPatient) -> tuple[str, str, str] | None:
        now = self.clock()
        host_id(entry.id, "patient_id")
        if await uow.directory.patient(entry.id) is not None:
            return None
        patient = Patient(
            id=entry.id,
            clinic_id=actor.clinic_id,
            display_name=_name(entry),
            birth_date=entry.birth_date,
            status=PatientStatus.ARCHIVED if entry.archived else PatientStatus.ACTIVE,
            created_at=now,
            updated_at=now,
        )
        await uow.directory.put_patient(patient)
        uow.record(*directory.registered(patient, None))
        return "patient", patient.id, now.isoformat()

    async def _record(self, uow: UnitOfWork, actor: Principal, entry: LegacyRecord) -> tuple[str, str, str] | None:
        now = self.clock()
        host_id(entry.ref.id, "owner_id")
        there = await uow.directory.owner(entry.ref)
        if there is not None and there.patient_id != entry.patient:
            raise Conflict(f"Record {entry.ref} of this clinic is another patient's; use a clinic of its own")
        if there is not None:
            return None
        record = OwnerRecord(
            ref=entry.ref,
            clinic_id=actor.clinic_id,
            patient_id=entry.patient,
            title=entry.title,
            occurred_at=entry.occurred_at,
            created_at=now,
            updated_at=now,
        )
        await uow.directory.put_owner(record)
        uow.record(*directory.owner_registered(record, None))
        return "owner", str(entry.ref), now.isoformat()


async def _grant(uow: UnitOfWork, entry: LegacyGrant) -> tuple[str, str, str] | None:
    host_id(entry.user, "user_id")
    if await uow.directory.grant(entry.patient, entry.user) is not None:
        return None
    await uow.directory.put_grant(entry.patient, entry.user, entry.access)
    uow.record(AccessGranted(patient_id=entry.patient, user_id=entry.user, access=entry.access.label))
    return "grant", f"{entry.patient}/{entry.user}", entry.access.label


async def _note(uow: UnitOfWork, entry: LegacyNote) -> tuple[str, str, str] | None:
    note = entry.note
    try:
        await uow.notes.get(note.id)
    except NotFound:
        await uow.notes.add(note)
        uow.record(
            NoteWritten(
                patient_id=note.patient_id,
                note_id=note.id,
                note_type=note.note_type,
                owner_type=note.owner.type,
                owner_id=note.owner.id,
            )
        )
        return "note", note.id, str(note.version)
    return None


def _name(patient: LegacyPatient) -> str:
    return directory.display_name(wording.line(patient.name)[:200].strip() or f"Patient {patient.id}")


def _is_the_same(there: Patient, patient: LegacyPatient) -> bool:
    return (there.display_name, there.birth_date) == (_name(patient), patient.birth_date)
