"""The directory as clients see it."""

from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy import bindparam, select

from adapters.sql import rows
from adapters.sql.conditions import among, contains, pattern, seen
from adapters.sql.connections import Database
from adapters.sql.listing import List, Listing
from adapters.sql.tables import grants, owners, patients
from adapters.sql.values import instant_text
from application.ports.paging import Page, PageRequest, Position
from application.ports.views import DirectoryViews
from domain import wording
from domain.access import Access, Principal
from domain.attachments import OwnerRef
from domain.directory import OwnerRecord, Patient
from domain.errors import NotFound
from domain.ids import ClinicId, PatientId, UserId

_IN_CLINIC = patients.c.clinic_id == bindparam("clinic")
_PATIENT = select(*patients.c).where(_IN_CLINIC, patients.c.id == bindparam("id"))
_OWNER = select(*owners.c).where(
    owners.c.clinic_id == bindparam("clinic"),
    owners.c.owner_type == bindparam("owner_type"),
    owners.c.owner_id == bindparam("owner_id"),
)
_GRANTS = select(grants.c.patient_id, grants.c.access).where(
    grants.c.clinic_id == bindparam("clinic"), grants.c.user_id == bindparam("user")
)


class SqlDirectoryViews(DirectoryViews):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def patient(self, actor: Principal, id: PatientId) -> Patient:
        found = await self._database.fetch(_PATIENT, {"clinic": actor.clinic_id, "id": id})
        if not found or not actor.sees(id):
            raise NotFound("There is no such patient here")
        return rows.patient(found[0])

    async def patients(self, actor: Principal, text: str, request: PageRequest) -> Page[Patient]:
        values = {"clinic": actor.clinic_id, **seen(actor), **({"text": pattern(text)} if text else {})}
        # A text is looked for in every patient of the clinic.
        fetch = self._database.fetch_aside if text else self._database.fetch
        return await _patients(frozenset(values)).page(fetch, values, request, rows.patient, _by_name)

    async def owner(self, actor: Principal, ref: OwnerRef) -> OwnerRecord:
        asked = {"clinic": actor.clinic_id, "owner_type": ref.type, "owner_id": ref.id}
        for row in await self._database.fetch(_OWNER, asked):
            record = rows.owner(row)
            if actor.sees(record.patient_id):
                return record
        raise NotFound("There is no such record here")

    async def owners(
        self, actor: Principal, patient: PatientId | None, owner_type: str | None, request: PageRequest
    ) -> Page[OwnerRecord]:
        if patient is not None and not actor.sees(patient):
            return Page(items=[], total=0)
        whose = seen(actor) if patient is None else {"patient": patient}
        values = {"clinic": actor.clinic_id, **whose, **({"owner_type": owner_type} if owner_type else {})}
        # Those of the whole clinic take their time to be counted.
        fetch = self._database.fetch if patient is not None else self._database.fetch_aside
        position = _by_time if owner_type is None else _by_time_of_type
        return await _owners(frozenset(values)).page(fetch, values, request, rows.owner, position)

    async def grants(self, clinic: ClinicId, user: UserId) -> Mapping[PatientId, Access]:
        found = await self._database.fetch(_GRANTS, {"clinic": clinic, "user": user})
        return {PatientId(patient): Access(access) for patient, access in found}


@lru_cache(maxsize=4)
def _patients(bound: frozenset[str]) -> List:
    where = [_IN_CLINIC]
    if "visible" in bound:
        where.append(among(patients.c.id, "visible"))
    if "text" in bound:
        where.append(contains(patients.c.search_text, "text"))
    keys = (patients.c.sort_name, patients.c.id)
    return List(Listing(columns=tuple(patients.c), source=patients, where=where, keys=keys, newest_first=False))


@lru_cache(maxsize=6)
def _owners(bound: frozenset[str]) -> List:
    where = [owners.c.clinic_id == bindparam("clinic")]
    if "patient" in bound:
        where.append(owners.c.patient_id == bindparam("patient"))
    if "visible" in bound:
        where.append(among(owners.c.patient_id, "visible"))
    if "owner_type" in bound:
        where.append(owners.c.owner_type == bindparam("owner_type"))
    keys = (owners.c.shown_at, *(() if "owner_type" in bound else (owners.c.owner_type,)), owners.c.owner_id)
    return List(Listing(columns=tuple(owners.c), source=owners, where=where, keys=keys))


def _by_name(patient: Patient) -> Position:
    return wording.folded(patient.display_name), patient.id


def _by_time(record: OwnerRecord) -> Position:
    return instant_text(record.occurred_at or record.created_at), record.ref.type, record.ref.id


def _by_time_of_type(record: OwnerRecord) -> Position:
    return instant_text(record.occurred_at or record.created_at), record.ref.id
