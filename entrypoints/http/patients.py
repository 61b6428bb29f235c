"""The directory's patients, and who looks after them."""

from datetime import date, datetime
from typing import Literal

import msgspec
from litestar import Controller, Response, delete, get, put
from litestar.params import FromPath, JSONBody

from application.directory import GetPatient, GrantAccess, RegisterPatient, RevokeAccess, SearchPatients
from domain.access import Access, Permission
from domain.directory import Patient, PatientStatus
from domain.ids import PatientId, UserId
from entrypoints.http.documentation import answered, refusals
from entrypoints.http.envelopes import Cursor, Envelope, Listing, PageNumber, Pager, Size40, Words
from entrypoints.http.requests import MediaRequest


class PatientIn(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    display_name: str
    birth_date: date | None = None
    status: PatientStatus | None = None


class PatientOut(msgspec.Struct):
    id: str
    display_name: str
    birth_date: date | None
    status: PatientStatus
    created_at: datetime
    updated_at: datetime


class GrantIn(msgspec.Struct, forbid_unknown_fields=True):
    access: Literal["view", "edit", "full"]


class GrantOut(msgspec.Struct):
    patient_id: str
    user_id: str
    access: str


def patient_out(patient: Patient) -> PatientOut:
    return PatientOut(
        id=patient.id,
        display_name=patient.display_name,
        birth_date=patient.birth_date,
        status=patient.status,
        created_at=patient.created_at,
        updated_at=patient.updated_at,
    )


class Patients(Controller):
    path = "/patients"
    tags = ("directory",)

    register_patient: RegisterPatient
    get_patient: GetPatient
    search_patients: SearchPatients
    grant_access: GrantAccess
    revoke_access: RevokeAccess
    pager: Pager

    @get(
        operation_id="searchPatients",
        summary="Find patients by name or id",
        opt={"permission": Permission.DIRECTORY_READ},
        responses=refusals(422),
    )
    async def search(
        self,
        request: MediaRequest,
        q: Words = None,
        cursor: Cursor = None,
        page: PageNumber = 1,
        page_size: Size40 = 40,
    ) -> Listing[PatientOut]:
        asked = self.pager.asked(request, cursor, page, page_size)
        return self.pager.listing(request, asked, await self.search_patients(request.user, q or "", asked), patient_out)

    @put(
        "/{patient_id:str}",
        operation_id="registerPatient",
        summary="Enter or replace what is known of a patient",
        opt={"permission": Permission.DIRECTORY_WRITE},
        responses={201: answered(Envelope[PatientOut], "It is new"), **refusals(422)},
    )
    async def register(
        self, request: MediaRequest, patient_id: FromPath[str], data: JSONBody[PatientIn]
    ) -> Response[Envelope[PatientOut]]:
        patient, is_new = await self.register_patient(
            request.user,
            PatientId(patient_id),
            display_name=data.display_name,
            birth_date=data.birth_date,
            status=data.status,
        )
        return Response(Envelope(patient_out(patient)), status_code=201 if is_new else 200)

    @get(
        "/{patient_id:str}",
        operation_id="getPatient",
        summary="One patient",
        opt={"permission": Permission.DIRECTORY_READ},
        responses=refusals(404),
    )
    async def show(self, request: MediaRequest, patient_id: FromPath[str]) -> Envelope[PatientOut]:
        return Envelope(patient_out(await self.get_patient(request.user, PatientId(patient_id))))

    @put(
        "/{patient_id:str}/grants/{user_id:str}",
        operation_id="grantAccess",
        summary="Let an account look after a patient",
        opt={"permission": Permission.DIRECTORY_WRITE},
        responses=refusals(404, 422),
    )
    async def grant(
        self, request: MediaRequest, patient_id: FromPath[str], user_id: FromPath[str], data: JSONBody[GrantIn]
    ) -> Envelope[GrantOut]:
        access = Access[data.access.upper()]
        grant = await self.grant_access(request.user, PatientId(patient_id), UserId(user_id), access)
        return Envelope(GrantOut(grant.patient_id, grant.user_id, grant.access.label))

    @delete(
        "/{patient_id:str}/grants/{user_id:str}",
        operation_id="revokeAccess",
        summary="Take an account's access to a patient away",
        opt={"permission": Permission.DIRECTORY_WRITE},
        responses=refusals(404),
    )
    async def revoke(self, request: MediaRequest, patient_id: FromPath[str], user_id: FromPath[str]) -> None:
        await self.revoke_access(request.user, PatientId(patient_id), UserId(user_id))
