"""The directory as clients see it."""

from collections.abc import Mapping
from datetime import datetime

from adapters.memory.pages import Order, instant
from adapters.memory.store import MemoryStore
from application.ports.paging import Page, PageRequest
from application.ports.views import DirectoryViews
from domain.access import Access, Principal
from domain.attachments import OwnerRef
from domain.directory import OwnerRecord, Patient
from domain.errors import NotFound
from domain.ids import ClinicId, PatientId, UserId
from domain.wording import folded

_BY_NAME: Order[Patient] = Order(
    lambda patient: (folded(patient.display_name), patient.id), (str, str), newest_first=False
)
_NEWEST: Order[OwnerRecord] = Order(
    lambda owner: (instant(owner.occurred_at or owner.created_at), owner.ref.type, owner.ref.id),
    (datetime, str, str),
)


class MemoryDirectoryViews(DirectoryViews):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def patient(self, actor: Principal, id: PatientId) -> Patient:
        patient = self._store.tables(actor.clinic_id).patients.get(id)
        if patient is None or not actor.sees(id):
            raise NotFound("There is no such patient here")
        return patient

    async def patients(self, actor: Principal, text: str, request: PageRequest) -> Page[Patient]:
        patients = self._store.tables(actor.clinic_id).patients.values()
        matching = (
            patient
            for patient in patients
            if actor.sees(patient.id) and (text in folded(patient.display_name) or text in folded(patient.id))
        )
        return _BY_NAME.page(matching, request, lambda patient: patient)

    async def owner(self, actor: Principal, ref: OwnerRef) -> OwnerRecord:
        record = self._store.tables(actor.clinic_id).owners.get(ref)
        if record is None or not actor.sees(record.patient_id):
            raise NotFound("There is no such record here")
        return record

    async def owners(
        self, actor: Principal, patient: PatientId | None, owner_type: str | None, request: PageRequest
    ) -> Page[OwnerRecord]:
        records = self._store.tables(actor.clinic_id).owners.values()
        matching = (
            record
            for record in records
            if patient in (None, record.patient_id)
            and actor.sees(record.patient_id)
            and owner_type in (None, record.ref.type)
        )
        return _NEWEST.page(matching, request, lambda record: record)

    async def grants(self, clinic: ClinicId, user: UserId) -> Mapping[PatientId, Access]:
        grants = self._store.tables(clinic).grants
        return {patient: access for (patient, account), access in grants.items() if account == user}
