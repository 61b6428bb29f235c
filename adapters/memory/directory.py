"""What a standalone installation knows of the host's records."""

from adapters.memory.draft import Draft
from application.ports.unit_of_work import Directory
from domain.access import Access
from domain.attachments import OwnerRef
from domain.directory import OwnerRecord, Patient
from domain.ids import PatientId, UserId


class MemoryDirectory(Directory):
    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    async def patient(self, id: PatientId) -> Patient | None:
        return self._draft.tables.patients.get(id) if self._draft.sees(id) else None

    async def put_patient(self, patient: Patient) -> None:
        self._draft.require(patient.clinic_id, patient.id)
        self._draft.tables.patients[patient.id] = patient

    async def remove_patient(self, id: PatientId) -> None:
        self._draft.require(self._draft.actor.clinic_id, id)
        self._draft.tables.patients.pop(id, None)

    async def owner(self, ref: OwnerRef) -> OwnerRecord | None:
        record = self._draft.tables.owners.get(ref)
        return record if record and self._draft.sees(record.patient_id) else None

    async def put_owner(self, owner: OwnerRecord) -> None:
        stored = self._draft.tables.owners.get(owner.ref, owner)
        self._draft.require(owner.clinic_id, owner.patient_id, stored.patient_id)
        self._draft.tables.owners[owner.ref] = owner

    async def remove_owner(self, ref: OwnerRef) -> None:
        if await self.owner(ref):
            del self._draft.tables.owners[ref]

    async def grant(self, patient: PatientId, user: UserId) -> Access | None:
        return self._draft.tables.grants.get((patient, user)) if self._draft.sees(patient) else None

    async def put_grant(self, patient: PatientId, user: UserId, access: Access) -> None:
        self._draft.require(self._draft.actor.clinic_id, patient)
        self._draft.tables.grants[patient, user] = access

    async def remove_grant(self, patient: PatientId, user: UserId) -> None:
        self._draft.require(self._draft.actor.clinic_id, patient)
        self._draft.tables.grants.pop((patient, user), None)

    async def lock_owner(self, ref: OwnerRef) -> OwnerRecord | None:
        """Transactions take turns, so there is nothing more to lock."""
        return await self.owner(ref)
