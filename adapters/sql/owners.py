"""Whose a record is, by the directory and the notes of this database."""

from sqlalchemy import bindparam, select

from adapters.sql.connections import Database
from adapters.sql.tables import notes, owners, patients
from application.ports.owners import OwnerResolver
from domain.attachments import OwnerRef
from domain.directory import PATIENT
from domain.ids import ClinicId, PatientId, is_our_id
from domain.notes import CLINICAL_NOTE

_PATIENT = select(patients.c.id).where(
    patients.c.clinic_id == bindparam("clinic"), patients.c.id == bindparam("owner_id")
)
_NOTE = select(notes.c.patient_id).where(notes.c.clinic_id == bindparam("clinic"), notes.c.id == bindparam("owner_id"))
_OTHER = select(owners.c.patient_id).where(
    owners.c.clinic_id == bindparam("clinic"),
    owners.c.owner_type == bindparam("owner_type"),
    owners.c.owner_id == bindparam("owner_id"),
)
_OF_TYPE = {PATIENT: _PATIENT, CLINICAL_NOTE: _NOTE}


class SqlOwners(OwnerResolver):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def patient_of(self, clinic: ClinicId, owner: OwnerRef) -> PatientId | None:
        if owner.type == CLINICAL_NOTE and not is_our_id(owner.id):
            return None  # PostgreSQL would not even compare it with one of ours
        asked = {"clinic": clinic, "owner_type": owner.type, "owner_id": owner.id}
        rows = await self._database.fetch(_OF_TYPE.get(owner.type, _OTHER), asked)
        return PatientId(rows[0][0]) if rows else None
