"""The documents of a patient: uploading and listing them."""

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery

from application.documents import ListDocuments
from application.ports.views import DocumentCriteria
from application.uploads import StoreDocument
from domain import wording
from domain.access import Permission
from domain.ids import PatientId
from domain.media import DocumentType, MediaKind
from entrypoints.http.answers import document_answer
from entrypoints.http.document_out import DocumentOut, document_out
from entrypoints.http.documentation import refusals
from entrypoints.http.envelopes import Cursor, Envelope, Listing, PageNumber, Pager, Size20, Words
from entrypoints.http.links import DocumentLinks, Links
from entrypoints.http.requests import MediaRequest
from entrypoints.http.uploading import Receiver, multipart


class DocumentForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    document_type: DocumentType
    title: str
    description: str | None = None


class PatientDocuments(Controller):
    path = "/patients/{patient_id:str}/documents"
    tags = ("documents",)

    receive: Receiver
    store_document: StoreDocument
    list_documents: ListDocuments
    links: Links
    pager: Pager

    @post(
        operation_id="uploadDocument",
        summary="Upload a document",
        opt={"permission": Permission.DOCUMENTS_WRITE, "upload": True},
        operation_class=multipart(DocumentForm),
        responses=refusals(404, 408, 413, 415, 422, 429),
    )
    async def upload(self, request: MediaRequest, patient_id: FromPath[str]) -> Response[Envelope[DocumentOut]]:
        patient = PatientId(patient_id)
        incoming, form, once = await self.receive(request, patient, DocumentForm)
        view = await self.store_document(
            request.user,
            patient,
            incoming,
            document_type=form.document_type,
            title=form.title,
            description=form.description,
            once=once,
        )
        return document_answer(request, view, self.links, 201)

    @get(
        operation_id="listDocuments",
        summary="A patient's active documents",
        description="Of every kind, newest upload first; a Documents tab asks media_kind=document.",
        opt={"permission": Permission.DOCUMENTS_READ},
        responses=refusals(404, 422),
    )
    async def listing(
        self,
        request: MediaRequest,
        patient_id: FromPath[str],
        document_type: FromQuery[DocumentType | None] = None,
        media_kind: FromQuery[MediaKind | None] = None,
        q: Words = None,
        cursor: Cursor = None,
        page: PageNumber = 1,
        page_size: Size20 = 20,
    ) -> Listing[DocumentOut]:
        asked = self.pager.asked(request, cursor, page, page_size)
        criteria = DocumentCriteria(document_type=document_type, kind=media_kind, text=wording.folded(q) if q else "")
        found = await self.list_documents(request.user, PatientId(patient_id), criteria, asked)
        links = DocumentLinks(self.links, request.user)
        return self.pager.listing(request, asked, found, lambda view: document_out(view, links))
