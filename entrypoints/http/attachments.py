"""Documents on the host's records."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, patch, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from application.attachments import (
    CountAttachments,
    LinkDocument,
    ListAttachments,
    OrderAttachments,
    PlaceAttachment,
    UnlinkAttachment,
    UnlinkOwner,
)
from application.ports.paging import Page, PageRequest
from application.ports.views import AttachmentView
from domain.access import Permission
from domain.attachments import OwnerRef, OwnerRegistry
from domain.ids import AttachmentId, DocumentId
from entrypoints.http.attachment_out import AttachmentOut, CountOut, UnlinkedOut, attachment_out
from entrypoints.http.documentation import answered, refusals
from entrypoints.http.envelopes import Cursor, Envelope, HostId, Listing, PageNumber, Pager, Size40, host
from entrypoints.http.exchange import exchange_of
from entrypoints.http.links import DocumentLinks, Links
from entrypoints.http.repeating import once
from entrypoints.http.requests import MediaRequest


class AttachmentIn(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    document_id: UUID
    owner_type: str
    owner_id: HostId
    display_order: int = 0
    category: str | None = None


class PlaceIn(msgspec.Struct, forbid_unknown_fields=True):
    display_order: int


class OrderIn(msgspec.Struct, forbid_unknown_fields=True):
    """Each attachment of the record once, in the order wanted."""

    owner_type: str
    owner_id: HostId
    attachment_ids: Annotated[list[UUID], msgspec.Meta(max_length=1000)]


class CountsIn(msgspec.Struct, forbid_unknown_fields=True):
    owner_type: str
    owner_ids: Annotated[list[HostId], msgspec.Meta(min_length=1, max_length=200)]


class Attachments(Controller):
    path = "/attachments"
    tags = ("attachments",)

    link_document: LinkDocument
    list_attachments: ListAttachments
    count_attachments: CountAttachments
    order_attachments: OrderAttachments
    unlink_owner: UnlinkOwner
    registry: OwnerRegistry
    links: Links
    pager: Pager

    @post(
        operation_id="linkDocument",
        summary="Put a document on a record",
        description="The same link again is answered with the one that is there, and 200.",
        opt={"permission": Permission.ATTACHMENTS_WRITE},
        responses={
            200: answered(Envelope[AttachmentOut], "It was there already"),
            **refusals(404, 409, 422),
        },
    )
    async def link(self, request: MediaRequest, data: JSONBody[AttachmentIn]) -> Response[Envelope[AttachmentOut]]:
        ref = self._ref(data.owner_type, data.owner_id)
        view, is_new = await self.link_document(
            request.user,
            DocumentId(str(data.document_id)),
            ref,
            display_order=data.display_order,
            category=data.category,
            once=once(request.scope, await request.body()),
        )
        out = Envelope(attachment_out(view, DocumentLinks(self.links, request.user)))
        return Response(out, status_code=201 if is_new else 200)

    @get(
        operation_id="listAttachments",
        summary="The documents on a record, in their order",
        opt={"permission": Permission.ATTACHMENTS_READ},
        responses=refusals(404, 422),
    )
    async def listing(
        self,
        request: MediaRequest,
        owner_type: FromQuery[str],
        owner_id: FromQuery[str],
        cursor: Cursor = None,
        page: PageNumber = 1,
        page_size: Size40 = 40,
    ) -> Listing[AttachmentOut]:
        asked = self.pager.asked(request, cursor, page, page_size)
        found = await self.list_attachments(request.user, self._ref(owner_type, owner_id), asked)
        if found.items:
            exchange_of(request.scope).patient = found.items[0].document.patient_id
        return self._listing(request, asked, found)

    @put(
        "/order",
        operation_id="orderAttachments",
        summary="Put all attachments of a record in a new order",
        opt={"permission": Permission.ATTACHMENTS_WRITE},
        responses=refusals(404, 422),
    )
    async def order(self, request: MediaRequest, data: JSONBody[OrderIn]) -> Listing[AttachmentOut]:
        ids = [AttachmentId(str(id)) for id in data.attachment_ids]
        found = await self.order_attachments(request.user, self._ref(data.owner_type, data.owner_id), ids)
        return self._listing(request, PageRequest(size=max(1, len(ids))), found)

    @delete(
        operation_id="unlinkOwner",
        summary="Take everything off a record",
        description="For hosts that delete a record; the documents stay.",
        status_code=200,
        opt={"permission": Permission.ATTACHMENTS_WRITE},
        responses=refusals(404, 422),
    )
    async def unlink_all(
        self, request: MediaRequest, owner_type: FromQuery[str], owner_id: FromQuery[str]
    ) -> Envelope[UnlinkedOut]:
        return Envelope(UnlinkedOut(await self.unlink_owner(request.user, self._ref(owner_type, owner_id))))

    @post(
        "/batch-counts",
        operation_id="countAttachments",
        summary="How many documents are on each of many records",
        status_code=200,
        opt={"permission": Permission.ATTACHMENTS_READ},
        responses=refusals(422),
    )
    async def counts(self, request: MediaRequest, data: JSONBody[CountsIn]) -> Envelope[list[CountOut]]:
        ids = [host(id, "owner_ids") for id in data.owner_ids]
        counts = await self.count_attachments(request.user, data.owner_type, ids)
        return Envelope([CountOut(id, count) for id, count in counts.items()])

    def _ref(self, owner_type: str, owner_id: HostId) -> OwnerRef:
        return self.registry.ref(owner_type, host(owner_id, "owner_id"))

    def _listing(
        self, request: MediaRequest, asked: PageRequest, found: Page[AttachmentView]
    ) -> Listing[AttachmentOut]:
        links = DocumentLinks(self.links, request.user)
        return self.pager.listing(request, asked, found, lambda view: attachment_out(view, links))


class Attachment(Controller):
    path = "/attachments/{attachment_id:uuid}"
    tags = ("attachments",)

    place_attachment: PlaceAttachment
    unlink_attachment: UnlinkAttachment
    links: Links

    @patch(
        operation_id="placeAttachment",
        summary="Change an attachment's place",
        opt={"permission": Permission.ATTACHMENTS_WRITE},
        responses=refusals(404, 422),
    )
    async def place(
        self, request: MediaRequest, attachment_id: FromPath[UUID], data: JSONBody[PlaceIn]
    ) -> Envelope[AttachmentOut]:
        view = await self.place_attachment(request.user, AttachmentId(str(attachment_id)), data.display_order)
        return Envelope(attachment_out(view, DocumentLinks(self.links, request.user)))

    @delete(
        operation_id="unlinkAttachment",
        summary="Take a document off a record; it stays with the patient",
        opt={"permission": Permission.ATTACHMENTS_WRITE},
        responses=refusals(404),
    )
    async def unlink(self, request: MediaRequest, attachment_id: FromPath[UUID]) -> None:
        await self.unlink_attachment(request.user, AttachmentId(str(attachment_id)))
