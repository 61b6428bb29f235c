"""Archiving a patient: its documents go with it."""

import msgspec
from litestar import Controller, post
from litestar.params import FromPath

from application.directory import SetPatientStatus
from domain.access import Permission
from domain.directory import PatientStatus
from domain.ids import PatientId
from entrypoints.http.documentation import refusals
from entrypoints.http.envelopes import Envelope
from entrypoints.http.requests import MediaRequest


class ArchivedOut(msgspec.Struct):
    """`documents` is how many changed."""

    patient_id: str
    status: PatientStatus
    documents: int


class Archiving(Controller):
    path = "/patients/{patient_id:str}"
    tags = ("patients",)

    set_patient_status: SetPatientStatus

    @post(
        "/archive",
        operation_id="archivePatient",
        summary="Archive a patient and all its documents",
        status_code=200,
        opt={"permission": Permission.DIRECTORY_WRITE},
        responses=refusals(404),
    )
    async def archive(self, request: MediaRequest, patient_id: FromPath[str]) -> Envelope[ArchivedOut]:
        return await self._set(request, PatientId(patient_id), PatientStatus.ARCHIVED)

    @post(
        "/unarchive",
        operation_id="unarchivePatient",
        summary="Bring a patient and its documents back",
        status_code=200,
        opt={"permission": Permission.DIRECTORY_WRITE},
        responses=refusals(404),
    )
    async def unarchive(self, request: MediaRequest, patient_id: FromPath[str]) -> Envelope[ArchivedOut]:
        return await self._set(request, PatientId(patient_id), PatientStatus.ACTIVE)

    async def _set(self, request: MediaRequest, patient: PatientId, status: PatientStatus) -> Envelope[ArchivedOut]:
        return Envelope(ArchivedOut(patient, status, await self.set_patient_status(request.user, patient, status)))
