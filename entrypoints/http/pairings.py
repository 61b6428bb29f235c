"""Before and after."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, post
from litestar.params import FromPath, QueryParameter

from application.pairings import PairPhotos, ShowPair, UnpairPhoto
from domain.access import Permission
from domain.ids import DocumentId
from entrypoints.http.answers import document_answer
from entrypoints.http.conditions import expected_version
from entrypoints.http.document_out import DocumentOut, document_out
from entrypoints.http.documentation import refusals
from entrypoints.http.envelopes import Envelope
from entrypoints.http.exchange import exchange_of
from entrypoints.http.links import DocumentLinks, Links
from entrypoints.http.requests import MediaRequest

Before = Annotated[UUID | None, QueryParameter(description="which is before; else the earlier capture is")]


class PairOut(msgspec.Struct):
    before: DocumentOut
    after: DocumentOut


class Pairings(Controller):
    path = "/documents/{document_id:uuid}/pair"
    tags = ("pairs",)

    pair_photos: PairPhotos
    show_pair: ShowPair
    unpair_photo: UnpairPhoto
    links: Links

    @post(
        "/{other_id:uuid}",
        operation_id="pairPhotos",
        summary="Pair two photos of a patient",
        description="The same pair again is fine. A photo that is in another pair has to be unpaired first.",
        status_code=200,
        opt={"permission": Permission.DOCUMENTS_WRITE},
        responses=refusals(404, 409, 412, 422),
    )
    async def create(
        self, request: MediaRequest, document_id: FromPath[UUID], other_id: FromPath[UUID], before: Before = None
    ) -> Response[Envelope[DocumentOut]]:
        view = await self.pair_photos(
            request.user,
            DocumentId(str(document_id)),
            DocumentId(str(other_id)),
            DocumentId(str(before)) if before else None,
            expected_version(request.scope),
        )
        return document_answer(request, view, self.links)

    @get(
        operation_id="showPair",
        summary="The two photos of a pair",
        opt={"permission": Permission.DOCUMENTS_READ},
        responses=refusals(404),
    )
    async def show(self, request: MediaRequest, document_id: FromPath[UUID]) -> Envelope[PairOut]:
        before, after = await self.show_pair(request.user, DocumentId(str(document_id)))
        exchange_of(request.scope).patient = before.patient_id
        links = DocumentLinks(self.links, request.user)
        return Envelope(PairOut(document_out(before, links), document_out(after, links)))

    @delete(
        operation_id="unpairPhoto",
        summary="Undo a pair",
        description="Both photos are free again; one that is in no pair is fine.",
        status_code=200,
        opt={"permission": Permission.DOCUMENTS_WRITE},
        responses=refusals(404, 412),
    )
    async def undo(self, request: MediaRequest, document_id: FromPath[UUID]) -> Response[Envelope[DocumentOut]]:
        view = await self.unpair_photo(request.user, DocumentId(str(document_id)), expected_version(request.scope))
        return document_answer(request, view, self.links)
