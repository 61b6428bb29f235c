"""One document: shown, renamed, reclassified, trashed, restored, moved."""

from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, patch, post, put
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from application.documents import (
    GetDocument,
    MoveDocument,
    ReclassifyPhoto,
    RestoreDocument,
    ReviseDocument,
    TrashDocument,
)
from domain.access import Permission
from domain.documents import Reclassification, Revision
from domain.ids import DocumentId, PatientId
from domain.media import DocumentType
from domain.patching import KEPT, Change
from entrypoints.http.answers import document_answer
from entrypoints.http.conditions import expected_version
from entrypoints.http.document_out import DocumentOut
from entrypoints.http.documentation import refusals
from entrypoints.http.envelopes import Envelope, HostId, change_of, host
from entrypoints.http.links import Links
from entrypoints.http.moments import moment
from entrypoints.http.requests import MediaRequest


class RevisionIn(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """null clears, an absent field stays."""

    title: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    document_type: DocumentType | UnsetType | None = UNSET


class PhotoMetadataIn(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """null clears, an absent field stays. A new category drops a subtype that does not fit it, unless one is given."""

    media_category: str | UnsetType | None = UNSET
    media_subtype: str | UnsetType | None = UNSET
    captured_at: str | UnsetType | None = UNSET
    tags: tuple[str, ...] | UnsetType | None = UNSET
    paired_document_id: UUID | UnsetType | None = UNSET


class MoveIn(msgspec.Struct, forbid_unknown_fields=True):
    patient_id: HostId


class Documents(Controller):
    path = "/documents/{document_id:uuid}"
    tags = ("documents",)

    get_document: GetDocument
    revise_document: ReviseDocument
    reclassify_photo: ReclassifyPhoto
    trash_document: TrashDocument
    restore_document: RestoreDocument
    move_document: MoveDocument
    links: Links

    @get(
        operation_id="getDocument",
        summary="One document",
        opt={"permission": Permission.DOCUMENTS_READ},
        responses=refusals(404),
    )
    async def show(self, request: MediaRequest, document_id: FromPath[UUID]) -> Response[Envelope[DocumentOut]]:
        view = await self.get_document(request.user, DocumentId(str(document_id)))
        return document_answer(request, view, self.links)

    @put(
        operation_id="reviseDocument",
        summary="Rename or file differently",
        opt={"permission": Permission.DOCUMENTS_WRITE},
        responses=refusals(404, 412, 422),
    )
    async def revise(
        self, request: MediaRequest, document_id: FromPath[UUID], data: JSONBody[RevisionIn]
    ) -> Response[Envelope[DocumentOut]]:
        revision = Revision(
            title=change_of(data.title),
            description=change_of(data.description),
            document_type=change_of(data.document_type),
        )
        view = await self.revise_document(
            request.user, DocumentId(str(document_id)), revision, expected_version(request.scope)
        )
        return document_answer(request, view, self.links)

    @patch(
        "/photo-metadata",
        operation_id="reclassifyPhoto",
        summary="Category, subtype, capture date, tags and partner of a photo",
        opt={"permission": Permission.DOCUMENTS_WRITE},
        responses=refusals(404, 409, 412, 422),
    )
    async def reclassify(
        self, request: MediaRequest, document_id: FromPath[UUID], data: JSONBody[PhotoMetadataIn]
    ) -> Response[Envelope[DocumentOut]]:
        view = await self.reclassify_photo(
            request.user,
            DocumentId(str(document_id)),
            _reclassification(data),
            _partner(data),
            expected_version(request.scope),
        )
        return document_answer(request, view, self.links)

    @delete(
        operation_id="trashDocument",
        summary="Into the trash",
        description="It can be restored; until then it is nowhere else. Trashing it again is fine.",
        opt={"permission": Permission.DOCUMENTS_DELETE},
        responses=refusals(404, 412),
    )
    async def trash(self, request: MediaRequest, document_id: FromPath[UUID]) -> None:
        await self.trash_document(request.user, DocumentId(str(document_id)), expected_version(request.scope))

    @post(
        "/restore",
        operation_id="restoreDocument",
        summary="Out of the trash, with its links and its pair",
        status_code=200,
        opt={"permission": Permission.DOCUMENTS_DELETE},
        responses=refusals(404, 412, 422),
    )
    async def restore(self, request: MediaRequest, document_id: FromPath[UUID]) -> Response[Envelope[DocumentOut]]:
        view = await self.restore_document(request.user, DocumentId(str(document_id)), expected_version(request.scope))
        return document_answer(request, view, self.links)

    @post(
        "/move",
        operation_id="moveDocument",
        summary="To the patient it should have been stored under",
        description="Its pair is undone, and links to records of the wrong patient are dropped.",
        status_code=200,
        opt={"permission": Permission.DOCUMENTS_WRITE},
        responses=refusals(404, 412, 422),
    )
    async def move(
        self, request: MediaRequest, document_id: FromPath[UUID], data: JSONBody[MoveIn]
    ) -> Response[Envelope[DocumentOut]]:
        patient = PatientId(host(data.patient_id, "patient_id"))
        view = await self.move_document(
            request.user, DocumentId(str(document_id)), patient, expected_version(request.scope)
        )
        return document_answer(request, view, self.links)


def _reclassification(data: PhotoMetadataIn) -> Reclassification:
    at = data.captured_at
    return Reclassification(
        category=change_of(data.media_category),
        subtype=change_of(data.media_subtype),
        captured_at=moment(at, "captured_at") if isinstance(at, str) else change_of(at),
        tags=change_of(data.tags),
    )


def _partner(data: PhotoMetadataIn) -> Change[DocumentId | None]:
    partner = data.paired_document_id
    if isinstance(partner, UnsetType):
        return KEPT
    return DocumentId(str(partner)) if partner is not None else None
