"""Files of any record: seen, uploaded and taken along, under the rules of the record's type."""

from typing import Annotated, Literal

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery, QueryParameter

from application.archives import ExportPatient, ZipRecord
from application.files import BeginFile, ListFiles, StoreFile
from application.ports.files import FileCriteria
from domain import wording
from domain.access import Permission
from domain.attachments import OwnerRef, OwnerRegistry
from domain.directory import PATIENT
from domain.errors import NotFound
from domain.filetypes import BY_EXTENSION, BY_MIME
from domain.ids import PatientId
from entrypoints.http.documentation import answered, refusals
from entrypoints.http.envelopes import Cursor, Pager, Words, host
from entrypoints.http.exchange import exchange_of
from entrypoints.http.file_out import FileOut, file_out
from entrypoints.http.links import DocumentLinks, Links
from entrypoints.http.moments import moment, until
from entrypoints.http.requests import MediaRequest
from entrypoints.http.sending import SentBytes, sent_archive
from entrypoints.http.uploading import Receiver, multipart

_OLD_PATH = "/api/v1/lab-results/"
AGED = {
    "Deprecation": "@1795305600",
    "Sunset": "Tue, 30 Nov 2027 00:00:00 GMT",
    "Link": '</api/v1/entity-types>; rel="successor-version"',
}
"""Said on the routes that lab results had before all records had them (RFC 9745, RFC 8594)."""

_ZIP = {200: answered(bytes, "The archive", "application/zip"), 206: answered(bytes, "A part", "application/zip")}

Sort = Literal["newest", "oldest", "name", "size", "type", "category"]
Kinds = Annotated[
    list[str] | None, QueryParameter(name="type", max_items=30, description="MIME types or extensions; any of them")
]
FileSize = Annotated[int, QueryParameter(ge=1, le=200, description="files of a page")]


class FileForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    description: str | None = None
    category: str | None = None


class RecordFiles(Controller):
    path = "/{entity_type:str}/{entity_id:str}"
    tags = ("files",)

    receive: Receiver
    begin_file: BeginFile
    store_file: StoreFile
    list_files: ListFiles
    zip_record: ZipRecord
    export_patient: ExportPatient
    registry: OwnerRegistry
    links: Links
    pager: Pager

    @get(
        "/files",
        operation_id="listFiles",
        summary="The files of a record",
        description="Newest first unless sorted otherwise. A record that is unknown, or not the caller's to see, has "
        "none. More than a page: go on with the cursor of the header X-Next-Cursor; X-Total-Count has the number.",
        opt={"permission": Permission.ATTACHMENTS_READ},
        responses=refusals(422),
    )
    async def listing(  # noqa: PLR0913, PLR0917 - query parameters come as arguments
        self,
        request: MediaRequest,
        entity_type: FromPath[str],
        entity_id: FromPath[str],
        sort: FromQuery[Sort] = "newest",
        category: FromQuery[str | None] = None,
        type: Kinds = None,
        uploaded_from: FromQuery[str | None] = None,
        uploaded_to: FromQuery[str | None] = None,
        q: Words = None,
        cursor: Cursor = None,
        page_size: FileSize = 200,
    ) -> Response[list[FileOut]]:
        ref = self._ref(entity_type, entity_id)
        asked = self.pager.asked(request, cursor, 1, page_size)
        criteria = FileCriteria(
            order=sort,
            category=category or None,
            types=tuple(map(_mime, type or ())),
            uploaded_from=moment(uploaded_from, "uploaded_from") if uploaded_from else None,
            uploaded_to=until(uploaded_to, "uploaded_to") if uploaded_to else None,
            text=wording.folded(q) if q else "",
        )
        found = await self.list_files(request.user, ref, criteria, asked)
        if found.items:
            exchange_of(request.scope).patient = found.items[0].document.patient_id
        links = DocumentLinks(self.links, request.user)
        headers = {"X-Total-Count": str(found.total), **_aged(request)}
        if next_cursor := self.pager.cursor(request, found.next):
            headers["X-Next-Cursor"] = next_cursor
        return Response([file_out(file, links) for file in found.items], headers=headers)

    @post(
        "/files",
        operation_id="uploadFile",
        summary="Upload a file to a record",
        description="The rules of the record's type hold: see listEntityTypes.",
        opt={"permission": Permission.DOCUMENTS_WRITE, "upload": True},
        operation_class=multipart(FileForm),
        responses=refusals(404, 408, 409, 413, 415, 422),
    )
    async def upload(
        self, request: MediaRequest, entity_type: FromPath[str], entity_id: FromPath[str]
    ) -> Response[FileOut]:
        berth = await self.begin_file(request.user, self._ref(entity_type, entity_id))
        exchange_of(request.scope).patient = berth.owner.patient_id
        incoming, form, once = await self.receive.into(
            request, berth.id, berth.blob, FileForm, max_bytes=berth.rules.max_bytes
        )
        file = await self.store_file(
            request.user, berth, incoming, description=form.description, category=form.category, once=once
        )
        out = file_out(file, DocumentLinks(self.links, request.user))
        return Response(out, status_code=201, headers={"Location": f"/api/v1/files/{out.id}", **_aged(request)})

    @get(
        "/files.zip",
        operation_id="zipRecord",
        summary="All files of a record as one",
        opt={"permission": Permission.DOCUMENTS_READ},
        responses={**_ZIP, **refusals(404, 416)},
    )
    async def archive(self, request: MediaRequest, entity_type: FromPath[str], entity_id: FromPath[str]) -> SentBytes:
        packed = await self.zip_record(request.user, self._ref(entity_type, entity_id))
        return await sent_archive(request.scope, packed)

    @get(
        "/export.zip",
        operation_id="exportPatient",
        summary="Everything of a patient as one",
        description="Only patients have it: documents, photos, what they are on, pairs, and notes for those who may "
        "read them.",
        opt={"permission": Permission.DOCUMENTS_READ},
        responses={**_ZIP, **refusals(404, 416)},
    )
    async def export(self, request: MediaRequest, entity_type: FromPath[str], entity_id: FromPath[str]) -> SentBytes:
        ref = self._ref(entity_type, entity_id)
        if ref.type != PATIENT:
            raise NotFound("Only a patient can be exported; a record has files.zip")
        exchange_of(request.scope).patient = ref.id
        return await sent_archive(request.scope, await self.export_patient(request.user, PatientId(ref.id)))

    def _ref(self, entity_type: str, entity_id: str) -> OwnerRef:
        return self.registry.ref(entity_type, host(entity_id, "entity_id"))


def _aged(request: MediaRequest) -> dict[str, str]:
    return AGED if request.scope["path"].startswith(_OLD_PATH) else {}


def _mime(kind: str) -> str:
    """The MIME type that a client means by it, or by one of its extensions."""
    named = BY_EXTENSION.get(kind.removeprefix(".").lower()) or BY_MIME.get(kind)
    return named.mime if named else kind
