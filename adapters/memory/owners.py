"""Whose a record is, by the directory and the notes of this store."""

from adapters.memory.store import MemoryStore
from application.ports.owners import OwnerResolver
from domain.attachments import OwnerRef
from domain.directory import PATIENT
from domain.ids import ClinicId, NoteId, PatientId
from domain.notes import CLINICAL_NOTE


class MemoryOwners(OwnerResolver):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def patient_of(self, clinic: ClinicId, owner: OwnerRef) -> PatientId | None:
        tables = self._store.tables(clinic)
        if owner.type == PATIENT:
            patient = tables.patients.get(PatientId(owner.id))
            return patient.id if patient else None
        found = tables.notes.get(NoteId(owner.id)) if owner.type == CLINICAL_NOTE else tables.owners.get(owner)
        return found.patient_id if found else None
