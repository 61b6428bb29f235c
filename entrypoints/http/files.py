"""One file by its id, and many at once."""

from datetime import UTC, date
from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, post, put, route
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from application.archives import ZipFiles
from application.attachments import CountAttachments
from application.documents import RestoreDocument, TrashDocument
from application.downloads import FULL, OpenDownload
from application.files import GetFile, ListTrash, ReviseFile, TrashFiles
from application.refusals import RecordRefusal
from domain.access import Permission
from domain.ids import DocumentId
from entrypoints.http.conditions import expected_version
from entrypoints.http.documentation import FORWARDED, answered, refusals
from entrypoints.http.envelopes import Cursor, HostId, Pager, change_of, host
from entrypoints.http.exchange import exchange_of
from entrypoints.http.file_out import FileOut, TrashedFileOut, file_out, shows_picture, trashed_file_out
from entrypoints.http.forwarding import Forwarding
from entrypoints.http.links import DocumentLinks, Links
from entrypoints.http.requests import MediaRequest, converted, decoded
from entrypoints.http.sending import SentBytes, sent, sent_archive
from entrypoints.http.uploading import json_or_form

FileIds = Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=200)]
PageSize = Annotated[int, QueryParameter(ge=1, le=200, description="files of a page")]
_BYTES = {
    200: answered(bytes, "All of it", "*/*"),
    206: answered(bytes, "The range that was asked for", "*/*"),
    302: FORWARDED,
    304: answered(None, "The client has it"),
}


class MetadataIn(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is empty is cleared, what is absent stays; a name cannot be cleared."""

    description: str | msgspec.UnsetType | None = msgspec.UNSET
    category: str | msgspec.UnsetType | None = msgspec.UNSET
    file_name: Annotated[str, msgspec.Meta(min_length=1)] | msgspec.UnsetType = msgspec.UNSET


class FileIdsIn(msgspec.Struct, forbid_unknown_fields=True):
    file_ids: FileIds


class FileCountsIn(msgspec.Struct, forbid_unknown_fields=True):
    entity_type: str
    entity_ids: Annotated[list[HostId], msgspec.Meta(min_length=1, max_length=200)]


class FileCountOut(msgspec.Struct):
    entity_id: str
    file_count: int


class DeletedOut(msgspec.Struct):
    """`code` says why where it failed."""

    success: bool
    message: str
    file_id: str
    code: str | None = None


class TrashDayOut(msgspec.Struct):
    date: date
    files: list[TrashedFileOut]


class TrashOut(msgspec.Struct):
    """Days of deletion (UTC), the latest first; a day that goes on is begun again on the next page."""

    days: list[TrashDayOut]
    total: int
    next_cursor: str | None


class Files(Controller):
    path = "/files"
    tags = ("files",)

    count_attachments: CountAttachments
    trash_files: TrashFiles
    record_refusal: RecordRefusal
    list_trash: ListTrash
    zip_files: ZipFiles
    links: Links
    pager: Pager

    @post(
        "/batch-counts",
        operation_id="countFiles",
        summary="How many files each of many records has",
        status_code=200,
        opt={"permission": Permission.ATTACHMENTS_READ},
        responses=refusals(422),
    )
    async def counts(self, request: MediaRequest, data: JSONBody[FileCountsIn]) -> list[FileCountOut]:
        ids = [host(id, "entity_ids") for id in data.entity_ids]
        counts = await self.count_attachments(request.user, data.entity_type, ids)
        return [FileCountOut(id, count) for id, count in counts.items()]

    @post(
        "/batch-delete",
        operation_id="deleteFiles",
        summary="Move many files to the trash, each by itself",
        status_code=200,
        opt={"permission": Permission.DOCUMENTS_DELETE},
        responses=refusals(422),
    )
    async def delete_many(self, request: MediaRequest, data: JSONBody[FileIdsIn]) -> list[DeletedOut]:
        outcomes = await self.trash_files(request.user, [DocumentId(str(id)) for id in data.file_ids])
        for outcome in outcomes:
            if outcome.code != "ok":
                await self.record_refusal(request.user, "deleteFiles", outcome.id, outcome.code)
        return [
            DeletedOut(True, "Moved to the trash", outcome.id)
            if outcome.code == "ok"
            else DeletedOut(False, outcome.detail, outcome.id, outcome.code)
            for outcome in outcomes
        ]

    @post(
        "/zip",
        operation_id="zipFiles",
        summary="Chosen files as one",
        status_code=200,
        opt={"permission": Permission.DOCUMENTS_READ},
        responses={200: answered(bytes, "The archive", "application/zip"), **refusals(404, 422)},
    )
    async def archive(self, request: MediaRequest, data: JSONBody[FileIdsIn]) -> SentBytes:
        packed = await self.zip_files(request.user, [DocumentId(str(id)) for id in data.file_ids])
        return await sent_archive(request.scope, packed)

    @get(
        "/trash",
        operation_id="listTrash",
        summary="What is in the trash, by day of deletion",
        opt={"permission": Permission.DOCUMENTS_READ},
        responses=refusals(422),
    )
    async def trash(
        self,
        request: MediaRequest,
        date: FromQuery[date | None] = None,
        cursor: Cursor = None,
        page_size: PageSize = 100,
    ) -> TrashOut:
        asked = self.pager.asked(request, cursor, 1, page_size)
        found = await self.list_trash(request.user, date, asked)
        links = DocumentLinks(self.links, request.user)
        files = [trashed_file_out(file, links) for file in found.items]
        days = [TrashDayOut(day, list(of_day)) for day, of_day in groupby(files, key=_day_of)]
        return TrashOut(days, found.total, self.pager.cursor(request, found.next))


class File(Controller):
    path = "/files/{file_id:uuid}"
    tags = ("files",)

    get_file: GetFile
    revise_file: ReviseFile
    trash_document: TrashDocument
    restore_document: RestoreDocument
    open_download: OpenDownload
    forwarding: Forwarding
    links: Links

    @get(
        operation_id="getFile",
        summary="What is known of one file",
        opt={"permission": Permission.DOCUMENTS_READ},
        responses=refusals(404),
    )
    async def show(self, request: MediaRequest, file_id: FromPath[UUID]) -> FileOut:
        return await self._out(request, DocumentId(str(file_id)))

    @put(
        "/metadata",
        operation_id="reviseFile",
        summary="Change what a file is called, says of itself and is filed under",
        description="As JSON, or as a form, in which an empty text clears.",
        opt={"permission": Permission.DOCUMENTS_WRITE},
        operation_class=json_or_form(MetadataIn),
        responses=refusals(404, 412, 422),
    )
    async def revise(self, request: MediaRequest, file_id: FromPath[UUID]) -> FileOut:
        said = await _metadata(request)
        file = await self.revise_file(
            request.user,
            DocumentId(str(file_id)),
            description=change_of(said.description),
            category=change_of(said.category),
            file_name=change_of(said.file_name),
            expected=expected_version(request.scope),
        )
        exchange_of(request.scope).patient = file.document.patient_id
        return file_out(file, DocumentLinks(self.links, request.user))

    @delete(
        operation_id="deleteFile",
        summary="Move a file to the trash",
        status_code=200,
        opt={"permission": Permission.DOCUMENTS_DELETE},
        responses=refusals(404, 412),
    )
    async def trash(self, request: MediaRequest, file_id: FromPath[UUID]) -> DeletedOut:
        id = DocumentId(str(file_id))
        await self.trash_document(request.user, id, expected_version(request.scope))
        return DeletedOut(True, "Moved to the trash", id)

    @post(
        "/restore",
        operation_id="restoreFile",
        summary="Take a file out of the trash, with its place on every record",
        status_code=200,
        opt={"permission": Permission.DOCUMENTS_DELETE},
        responses=refusals(404, 412, 422),
    )
    async def restore(self, request: MediaRequest, file_id: FromPath[UUID]) -> FileOut:
        id = DocumentId(str(file_id))
        await self.restore_document(request.user, id, expected_version(request.scope))
        return await self._out(request, id)

    @route(
        "/download",
        http_method=["GET", "HEAD"],
        operation_id=lambda _, method, __: "headFile" if method == "HEAD" else "downloadFile",
        summary="The file",
        opt={"permission": Permission.DOCUMENTS_READ, "unrecorded": True, "action": "downloadFile"},
        responses={**_BYTES, **refusals(404, 416)},
    )
    async def download(self, request: MediaRequest, file_id: FromPath[UUID]) -> SentBytes:
        return await self._sent(request, DocumentId(str(file_id)), FULL, inline=False)

    @route(
        "/view",
        http_method=["GET", "HEAD"],
        operation_id=lambda _, method, __: "headFileView" if method == "HEAD" else "viewFile",
        summary="The file as a browser can show it",
        description="Of a type that browsers do not show it is the picture made of it.",
        opt={"permission": Permission.DOCUMENTS_READ, "unrecorded": True, "action": "viewFile"},
        responses={**_BYTES, **refusals(404, 416)},
    )
    async def view(self, request: MediaRequest, file_id: FromPath[UUID]) -> SentBytes:
        file = await self.get_file(request.user, DocumentId(str(file_id)))
        variant = "medium" if shows_picture(file) else FULL
        return await self._sent(request, file.document.id, variant, inline=True)

    async def _sent(self, request: MediaRequest, id: DocumentId, variant: str, *, inline: bool) -> SentBytes:
        download = await self.open_download(request.user, id, variant)
        return await sent(request.scope, download, inline=inline, opener=self.open_download, forward=self.forwarding)

    async def _out(self, request: MediaRequest, id: DocumentId) -> FileOut:
        file = await self.get_file(request.user, id)
        exchange_of(request.scope).patient = file.document.patient_id
        return file_out(file, DocumentLinks(self.links, request.user))


async def _metadata(request: MediaRequest) -> MetadataIn:
    kind = request.content_type[0]
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        form: Any = await request.form()
        said: MetadataIn = converted({name: str(value) for name, value in form.items()}, MetadataIn)
    else:
        said = decoded(await request.body(), MetadataIn)
    return said


def _day_of(file: TrashedFileOut) -> date:
    return file.deleted_at.astimezone(UTC).date()
