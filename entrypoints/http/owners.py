"""The directory's records: what visits, treatments, lab results … belong to which patient."""

from datetime import datetime

import msgspec
from litestar import Controller, Response, delete, get, put
from litestar.params import FromPath, FromQuery, JSONBody

from application.directory import DeleteOwner, GetOwner, ListOwners, RegisterOwner
from domain.access import Permission
from domain.attachments import OwnerRef, OwnerRegistry
from domain.directory import OwnerRecord
from domain.ids import PatientId
from entrypoints.http.attachment_out import UnlinkedOut
from entrypoints.http.documentation import answered, refusals
from entrypoints.http.envelopes import Cursor, Envelope, HostId, Listing, PageNumber, Pager, Size40, host
from entrypoints.http.moments import moment
from entrypoints.http.requests import MediaRequest

_ONE = "/{owner_type:str}/{owner_id:str}"


class OwnerIn(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    patient_id: HostId
    title: str
    occurred_at: str | None = None


class OwnerOut(msgspec.Struct):
    owner_type: str
    owner_id: str
    patient_id: str
    title: str
    occurred_at: datetime | None
    created_at: datetime
    updated_at: datetime


def owner_out(owner: OwnerRecord) -> OwnerOut:
    return OwnerOut(
        owner_type=owner.ref.type,
        owner_id=owner.ref.id,
        patient_id=owner.patient_id,
        title=owner.title,
        occurred_at=owner.occurred_at,
        created_at=owner.created_at,
        updated_at=owner.updated_at,
    )


class Owners(Controller):
    path = "/owners"
    tags = ("directory",)

    register_owner: RegisterOwner
    get_owner: GetOwner
    list_owners: ListOwners
    delete_owner: DeleteOwner
    registry: OwnerRegistry
    pager: Pager

    @get(
        operation_id="listOwners",
        summary="A patient's records, or those of a type, newest first",
        description="One of patient_id and owner_type is needed; without patient_id the records of all patients whom "
        "the caller may see.",
        opt={"permission": Permission.DIRECTORY_READ},
        responses=refusals(404, 422),
    )
    async def listing(
        self,
        request: MediaRequest,
        patient_id: FromQuery[str | None] = None,
        owner_type: FromQuery[str | None] = None,
        cursor: Cursor = None,
        page: PageNumber = 1,
        page_size: Size40 = 40,
    ) -> Listing[OwnerOut]:
        asked = self.pager.asked(request, cursor, page, page_size)
        patient = PatientId(host(patient_id, "patient_id")) if patient_id else None
        kind = self.registry.get(owner_type).name if owner_type else None
        found = await self.list_owners(request.user, patient, kind, asked)
        return self.pager.listing(request, asked, found, owner_out)

    @put(
        _ONE,
        operation_id="registerOwner",
        summary="Enter or replace what is known of a record",
        opt={"permission": Permission.DIRECTORY_WRITE},
        responses={201: answered(Envelope[OwnerOut], "It is new"), **refusals(404, 422)},
    )
    async def register(
        self, request: MediaRequest, owner_type: FromPath[str], owner_id: FromPath[str], data: JSONBody[OwnerIn]
    ) -> Response[Envelope[OwnerOut]]:
        owner, is_new = await self.register_owner(
            request.user,
            self._ref(owner_type, owner_id),
            patient=PatientId(host(data.patient_id, "patient_id")),
            title=data.title,
            occurred_at=moment(data.occurred_at, "occurred_at") if data.occurred_at else None,
        )
        return Response(Envelope(owner_out(owner)), status_code=201 if is_new else 200)

    @get(
        _ONE,
        operation_id="getOwner",
        summary="One record",
        opt={"permission": Permission.DIRECTORY_READ},
        responses=refusals(404),
    )
    async def show(
        self, request: MediaRequest, owner_type: FromPath[str], owner_id: FromPath[str]
    ) -> Envelope[OwnerOut]:
        return Envelope(owner_out(await self.get_owner(request.user, self._ref(owner_type, owner_id))))

    @delete(
        _ONE,
        operation_id="deleteOwner",
        summary="Forget a record; its documents stay with the patient",
        status_code=200,
        opt={"permission": Permission.DIRECTORY_WRITE},
        responses=refusals(404),
    )
    async def remove(
        self, request: MediaRequest, owner_type: FromPath[str], owner_id: FromPath[str]
    ) -> Envelope[UnlinkedOut]:
        return Envelope(UnlinkedOut(await self.delete_owner(request.user, self._ref(owner_type, owner_id))))

    def _ref(self, owner_type: str, owner_id: str) -> OwnerRef:
        return self.registry.ref(owner_type, host(owner_id, "owner_id"))
