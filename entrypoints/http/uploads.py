"""Uploads in pieces (tus 1.0.0), for large files and bad connections."""

from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, head, patch, post
from litestar.params import FromPath

from application.documents import GetDocument
from application.ports.resumable import Upload
from application.resumable.pieces import Piece, ReceivePiece
from application.resumable.targets import Sent
from application.resumable.uploads import BeginResumable, DropUpload, FindUpload
from domain.access import Permission
from domain.attachments import OwnerRegistry
from domain.errors import Malformed, NotFound, TooLarge
from domain.ids import DocumentId
from entrypoints.http import tus
from entrypoints.http.document_out import DocumentOut, document_out
from entrypoints.http.documentation import refusals
from entrypoints.http.envelopes import Envelope
from entrypoints.http.exchange import exchange_of, header
from entrypoints.http.links import DocumentLinks, Links
from entrypoints.http.receiving import Limits, arriving
from entrypoints.http.repeating import once
from entrypoints.http.requests import MediaRequest
from entrypoints.http.upload_words import document_path, sent_by
from entrypoints.http.uploads_documentation import METADATA, spoken, told

_IDLE = 10.0
"""Seconds after which a silent connection is given up: whoever was at its other end can go on with another one."""

_WRITES = {"permission": Permission.DOCUMENTS_WRITE}


class UploadOut(msgspec.Struct, kw_only=True):
    """`document` is null until all has arrived, and when it is no longer there to be seen."""

    id: str
    state: Literal["receiving", "finished"]
    length: int
    offset: int
    metadata: dict[str, str]
    created_at: datetime
    expires_at: datetime
    document_id: str | None
    document: DocumentOut | None


class Uploads(Controller):
    path = "/uploads"
    tags = ("uploads",)

    begin_resumable: BeginResumable
    receive_piece: ReceivePiece
    find_upload: FindUpload
    drop_upload: DropUpload
    get_document: GetDocument
    registry: OwnerRegistry
    limits: Limits
    links: Links

    @post(
        operation_id="beginUpload",
        summary="Begin an upload in pieces",
        description=f"Send the bytes to the answer's Location; those that come along are the first.\n\n{METADATA}",
        opt={**_WRITES, "upload": True},
        operation_class=spoken("Upload-Length", "Upload-Metadata", body=True),
        response_headers=told("Upload-Offset", "Upload-Expires", "Upload-Document", "Content-Location"),
        responses=refusals(404, 408, 409, 412, 413, 415, 422, 423, 429),
    )
    async def begin(self, request: MediaRequest) -> Response[None]:
        tus.require_version(request.scope)
        length, metadata = tus.length_of(request.scope), tus.metadata_of(request.scope)
        sent = sent_by(metadata, self.registry)
        repeated = once(request.scope, f"{length} {metadata}".encode())
        upload = await self.begin_resumable(request.user, sent, length=length, metadata=metadata, once=repeated)
        exchange_of(request.scope).patient = upload.patient_id
        if tus.brings_bytes(request.scope) and not upload.received:
            upload = await self._received(request, upload, sent, 0)
        headers = {"Location": f"{tus.PATH}/{upload.id}", **tus.told(upload, document_path(sent))}
        return Response(None, headers=headers)

    @head(
        "/{upload_id:uuid}",
        operation_id="askUpload",
        summary="Where an upload stands",
        opt={**_WRITES, "unrecorded": True},
        operation_class=spoken(),
        response_headers=told(
            *("Upload-Offset", "Upload-Length", "Upload-Metadata", "Upload-Expires", "Upload-Document"),
            "Content-Location",
        ),
        responses=refusals(404, 412),
    )
    async def ask(self, request: MediaRequest, upload_id: FromPath[UUID]) -> Response[None]:
        tus.require_version(request.scope)
        upload = await self._found(request, upload_id)
        headers = tus.told(upload, document_path(sent_by(upload.metadata, self.registry)))
        headers |= {"Upload-Length": str(upload.length), "Upload-Metadata": upload.metadata}
        return Response(None, headers={**headers, "Cache-Control": "no-store"})

    @get(
        "/{upload_id:uuid}",
        operation_id="showUpload",
        summary="An upload in pieces, and its document",
        opt=_WRITES,
        responses=refusals(404),
    )
    async def show(self, request: MediaRequest, upload_id: FromPath[UUID]) -> Envelope[UploadOut]:
        upload = await self._found(request, upload_id)
        return Envelope(
            UploadOut(
                id=upload.id,
                state="finished" if upload.is_finished else "receiving",
                length=upload.length,
                offset=upload.received,
                metadata=tus.parsed(upload.metadata),
                created_at=upload.created_at,
                expires_at=upload.expires_at,
                document_id=upload.document_id,
                document=await self._document(request, upload),
            )
        )

    @patch(
        "/{upload_id:uuid}",
        operation_id="continueUpload",
        summary="More bytes of an upload",
        description="With the last ones the file becomes what it is to be; what is wrong with it is told now, and the "
        "upload is gone. If this answer is lost, askUpload and showUpload tell the document.",
        status_code=204,
        opt=_WRITES,
        operation_class=spoken("Upload-Offset", "Upload-Checksum", body=True),
        response_headers=told("Upload-Offset", "Upload-Expires", "Upload-Document", "Content-Location"),
        responses=refusals(404, 408, 409, 412, 413, 415, 422, 423, 460),
    )
    async def proceed(self, request: MediaRequest, upload_id: FromPath[UUID]) -> Response[None]:
        return await self._proceeded(request, upload_id)

    @delete(
        "/{upload_id:uuid}",
        operation_id="dropUpload",
        summary="Give up an upload",
        description="The document of a finished one stays.",
        opt=_WRITES,
        operation_class=spoken(),
        responses=refusals(404, 412, 423),
    )
    async def drop(self, request: MediaRequest, upload_id: FromPath[UUID]) -> None:
        await self._dropped(request, upload_id)

    @post(
        "/{upload_id:uuid}",
        operation_id="overrideUpload",
        opt=_WRITES,
        status_code=204,
        include_in_schema=False,
    )
    async def override(self, request: MediaRequest, upload_id: FromPath[UUID]) -> Response[None]:
        """For clients that can only POST: the method is in X-HTTP-Method-Override."""
        method = (header(request.scope, b"x-http-method-override") or b"").upper()
        if method == b"PATCH":
            return await self._proceeded(request, upload_id)
        if method != b"DELETE":
            raise Malformed("X-HTTP-Method-Override must be PATCH or DELETE", field="X-HTTP-Method-Override")
        await self._dropped(request, upload_id)
        return Response(None)

    async def _proceeded(self, request: MediaRequest, id: UUID) -> Response[None]:
        tus.require_version(request.scope)
        tus.require_bytes(request.scope)
        offset = tus.offset_of(request.scope)
        upload = await self._found(request, id)
        sent = sent_by(upload.metadata, self.registry)
        upload = await self._received(request, upload, sent, offset)
        return Response(None, headers=tus.told(upload, document_path(sent)))

    async def _received(self, request: MediaRequest, upload: Upload, sent: Sent, offset: int) -> Upload:
        most = max(0, upload.length - offset)
        too_large = TooLarge("These are more bytes than Upload-Length announced", field="Content-Length")
        limits = replace(self.limits, idle=_IDLE)
        chunks = arriving(request.scope, request.receive, limits, most, too_large)
        piece = Piece(offset=offset, chunks=chunks, checksum=tus.checksum_of(request.scope))
        return await self.receive_piece(request.user, upload.id, sent, piece)

    async def _dropped(self, request: MediaRequest, id: UUID) -> None:
        tus.require_version(request.scope)
        await self.drop_upload(request.user, (await self._found(request, id)).id)

    async def _found(self, request: MediaRequest, id: UUID) -> Upload:
        upload = await self.find_upload(request.user, DocumentId(str(id)))
        exchange_of(request.scope).patient = upload.patient_id
        return upload

    async def _document(self, request: MediaRequest, upload: Upload) -> DocumentOut | None:
        if upload.document_id is None:
            return None
        try:
            view = await self.get_document(request.user, upload.document_id)
        except NotFound:
            return None
        return document_out(view, DocumentLinks(self.links, request.user))
