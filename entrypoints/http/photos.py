"""The gallery of a patient: uploading photos and x-rays, and looking through them."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery, QueryParameter

from application.photos import ListPhotos
from application.ports.views import PhotoCriteria
from application.uploads import PhotoWords, StorePhoto
from domain import wording
from domain.access import Permission
from domain.attachments import OwnerRegistry
from domain.errors import DomainError, Malformed, RuleViolated
from domain.ids import DocumentId, PatientId
from domain.media import MediaKind, Taxonomy
from entrypoints.http.answers import document_answer
from entrypoints.http.document_out import DocumentOut, document_out
from entrypoints.http.documentation import refusals
from entrypoints.http.envelopes import Cursor, Envelope, Listing, PageNumber, Pager, Size40, Words, host
from entrypoints.http.links import DocumentLinks, Links
from entrypoints.http.moments import moment, until
from entrypoints.http.requests import MediaRequest
from entrypoints.http.uploading import Receiver, multipart

_PICTURES = (MediaKind.PHOTO, MediaKind.XRAY)
_PAIRED = {"all": None, "paired": True, "unpaired": False}

Tags = Annotated[list[str] | None, QueryParameter(name="tag", max_items=30, description="all of them must be there")]
Bound = Annotated[str | None, QueryParameter(max_length=40, description="a time, or a date which counts whole")]


class PhotoForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What can be said of a photo on its way in. Without a title it is called like the file."""

    media_kind: MediaKind = MediaKind.PHOTO
    media_category: str | None = None
    media_subtype: str | None = None
    title: str | None = None
    description: str | None = None
    captured_at: str | None = None
    tags: list[str] = []
    paired_document_id: UUID | None = None
    owner_type: str | None = None
    owner_id: str | None = None


class Photos(Controller):
    path = "/patients/{patient_id:str}/photos"
    tags = ("photos",)

    receive: Receiver
    store_photo: StorePhoto
    list_photos: ListPhotos
    registry: OwnerRegistry
    taxonomy: Taxonomy
    links: Links
    pager: Pager

    @post(
        operation_id="uploadPhoto",
        summary="Upload a photo or x-ray",
        description="The capture date is read from the file unless given. `paired_document_id` makes it the partner of "
        "another photo, `owner_type` and `owner_id` put it on a record: all in one step.",
        opt={"permission": Permission.DOCUMENTS_WRITE, "upload": True},
        operation_class=multipart(PhotoForm),
        responses=refusals(404, 408, 409, 413, 415, 422, 429),
    )
    async def upload(self, request: MediaRequest, patient_id: FromPath[str]) -> Response[Envelope[DocumentOut]]:
        patient = PatientId(patient_id)
        incoming, form, once = await self.receive(request, patient, PhotoForm)
        try:
            words = photo_words(form, self.registry)
        except DomainError:
            await incoming.blob.discard()
            raise
        view = await self.store_photo(request.user, patient, incoming, words, once)
        return document_answer(request, view, self.links, 201)

    @get(
        operation_id="listPhotos",
        summary="A patient's gallery",
        description="Newest capture first: by capture date, else by upload.",
        opt={"permission": Permission.DOCUMENTS_READ},
        responses=refusals(404, 422),
    )
    async def gallery(  # noqa: PLR0913, PLR0917 - query parameters come as arguments
        self,
        request: MediaRequest,
        patient_id: FromPath[str],
        media_kind: FromQuery[list[MediaKind] | None] = None,
        media_category: FromQuery[str | None] = None,
        media_subtype: FromQuery[str | None] = None,
        captured_from: Bound = None,
        captured_to: Bound = None,
        pair_status: FromQuery[Literal["all", "paired", "unpaired"]] = "all",
        tag: Tags = None,
        q: Words = None,
        cursor: Cursor = None,
        page: PageNumber = 1,
        page_size: Size40 = 40,
    ) -> Listing[DocumentOut]:
        asked = self.pager.asked(request, cursor, page, page_size)
        criteria = PhotoCriteria(
            kinds=_kinds(media_kind),
            category=self.taxonomy.category(media_category).key if media_category else None,
            subtype=media_subtype or None,
            captured_from=moment(captured_from, "captured_from") if captured_from else None,
            captured_to=until(captured_to, "captured_to") if captured_to else None,
            paired=_PAIRED[pair_status],
            tags=tuple(tag or ()),
            text=wording.folded(q) if q else "",
        )
        found = await self.list_photos(request.user, PatientId(patient_id), criteria, asked)
        links = DocumentLinks(self.links, request.user)
        return self.pager.listing(request, asked, found, lambda view: document_out(view, links))


def photo_words(form: PhotoForm, registry: OwnerRegistry) -> PhotoWords:
    """Raises `DomainError` for words that make no sense."""
    if (form.owner_type is None) != (form.owner_id is None):
        raise RuleViolated("owner_type and owner_id go together", field="owner_id")
    owner_id = host(form.owner_id, "owner_id") if form.owner_id else ""
    return PhotoWords(
        kind=form.media_kind,
        category=form.media_category,
        subtype=form.media_subtype,
        title=form.title,
        description=form.description,
        captured_at=moment(form.captured_at, "captured_at") if form.captured_at else None,
        tags=tuple(form.tags),
        paired_document_id=DocumentId(str(form.paired_document_id)) if form.paired_document_id else None,
        owner=registry.ref(form.owner_type, owner_id) if form.owner_type else None,
    )


def _kinds(asked: list[MediaKind] | None) -> tuple[MediaKind, ...]:
    kinds = tuple(asked or ())
    if not set(kinds) <= set(_PICTURES):
        raise Malformed("media_kind must be photo or xray here", field="media_kind")
    return kinds
