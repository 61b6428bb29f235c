"""What a standalone installation knows of the host's records."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, bindparam, delete, select

from adapters.sql import rows
from adapters.sql.prepared import Row, Statement
from adapters.sql.scope import Scope
from adapters.sql.tables import grants, owners, patients
from adapters.sql.writing import put
from application.ports.unit_of_work import Directory
from domain.access import Access
from domain.attachments import OwnerRef
from domain.directory import OwnerRecord, Patient
from domain.ids import PatientId, UserId


def _one(table: Table, *names: str) -> list[Any]:
    return [table.c.clinic_id == bindparam("clinic"), *(table.c[name] == bindparam(name) for name in names)]


_THE_OWNER = _one(owners, "owner_type", "owner_id")
_THE_GRANT = _one(grants, "user_id", "patient_id")

_PATIENT = select(*patients.c).where(*_one(patients, "id")).with_for_update()
_PUT_PATIENT = put(patients)
_REMOVE_PATIENT = delete(patients).where(*_one(patients, "id"))
_OWNER = select(*owners.c).where(*_THE_OWNER).with_for_update()
_PUT_OWNER = put(owners)
_REMOVE_OWNER = delete(owners).where(*_THE_OWNER)
_GRANT = select(grants.c.access).where(*_THE_GRANT).with_for_update()
_PUT_GRANT = put(grants)
_REMOVE_GRANT = delete(grants).where(*_THE_GRANT)


class SqlDirectory(Directory):
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def patient(self, id: PatientId) -> Patient | None:
        if not self._scope.sees(id):
            return None
        found = await self._locked(f"entry/{id}", _PATIENT, id=id)
        return rows.patient(found[0]) if found else None

    async def put_patient(self, patient: Patient) -> None:
        self._scope.require(patient.clinic_id, patient.id)
        await self._scope.execute(_PUT_PATIENT, **rows.patient_values(patient))

    async def remove_patient(self, id: PatientId) -> None:
        self._scope.require(self._scope.actor.clinic_id, id)
        await self._scope.execute(_REMOVE_PATIENT, id=id)

    async def owner(self, ref: OwnerRef) -> OwnerRecord | None:
        stored = await self._stored(ref)
        return stored if stored and self._scope.sees(stored.patient_id) else None

    async def put_owner(self, owner: OwnerRecord) -> None:
        self._scope.require(owner.clinic_id, owner.patient_id)
        if not self._scope.actor.is_staff:
            stored = await self._stored(owner.ref)
            self._scope.require(owner.clinic_id, *([stored.patient_id] if stored else []))
        await self._scope.execute(_PUT_OWNER, **rows.owner_values(owner))

    async def remove_owner(self, ref: OwnerRef) -> None:
        if await self.owner(ref):
            await self._scope.execute(_REMOVE_OWNER, owner_type=ref.type, owner_id=ref.id)

    async def grant(self, patient: PatientId, user: UserId) -> Access | None:
        if not self._scope.sees(patient):
            return None
        found = await self._locked(f"grant/{patient}/{user}", _GRANT, patient_id=patient, user_id=user)
        return Access(found[0][0]) if found else None

    async def put_grant(self, patient: PatientId, user: UserId, access: Access) -> None:
        clinic = self._scope.actor.clinic_id
        self._scope.require(clinic, patient)
        await self._scope.execute(_PUT_GRANT, clinic_id=clinic, patient_id=patient, user_id=user, access=int(access))

    async def remove_grant(self, patient: PatientId, user: UserId) -> None:
        self._scope.require(self._scope.actor.clinic_id, patient)
        await self._scope.execute(_REMOVE_GRANT, patient_id=patient, user_id=user)

    async def lock_owner(self, ref: OwnerRef) -> OwnerRecord | None:
        await self._scope.lock(f"{ref.type}/{ref.id}")
        return await self.owner(ref)

    async def _locked(self, name: str, statement: Statement, **values: Any) -> Sequence[Row]:
        """A row that is not there cannot be locked, so of two who would add it the second waits for the name."""
        found = await self._scope.fetch(statement, **values)
        if not found:
            await self._scope.lock(name)
            found = await self._scope.fetch(statement, **values)
        return found

    async def _stored(self, ref: OwnerRef) -> OwnerRecord | None:
        found = await self._scope.fetch(_OWNER, owner_type=ref.type, owner_id=ref.id)
        return rows.owner(found[0]) if found else None
