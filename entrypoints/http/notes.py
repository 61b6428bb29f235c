"""Clinical notes."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import UNSET, UnsetType

from application.notes import CountNotes, DeleteNote, ListNotes, NewNote, RecentNotes, ReviseNote, WriteNote
from application.ports.paging import Page, PageRequest
from application.ports.views import NoteView
from domain.access import Permission
from domain.attachments import OwnerRegistry
from domain.errors import RuleViolated
from domain.ids import DocumentId, NoteId, PatientId
from domain.notes import NoteType
from domain.patching import KEPT
from entrypoints.http.attachment_out import CountOut
from entrypoints.http.conditions import expected_version
from entrypoints.http.documentation import refusals
from entrypoints.http.envelopes import Cursor, Envelope, HostId, Listing, PageNumber, Pager, Size40, host
from entrypoints.http.exchange import exchange_of
from entrypoints.http.links import DocumentLinks, Links
from entrypoints.http.note_out import NoteOut, note_out
from entrypoints.http.repeating import once
from entrypoints.http.requests import MediaRequest

DocumentIds = Annotated[list[UUID], msgspec.Meta(max_length=200)]
OwnerIds = Annotated[list[str], QueryParameter(min_items=1, description="repeated or with commas between them")]
MAX_OWNERS = 200


class NoteIn(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The note's type says what kind of record it belongs to; a diagnosis may name a tooth (FDI, 11 to 85)."""

    note_type: NoteType
    owner_type: str
    owner_id: HostId
    body: str
    tooth_number: int | None = None
    attachment_document_ids: DocumentIds = []


class NoteRevisionIn(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An absent field stays; null or an empty list takes all documents off the note."""

    body: str | UnsetType | None = UNSET
    attachment_document_ids: DocumentIds | UnsetType | None = UNSET


class Notes(Controller):
    tags = ("notes",)

    write_note: WriteNote
    revise_note: ReviseNote
    delete_note: DeleteNote
    list_notes: ListNotes
    recent_notes: RecentNotes
    count_notes: CountNotes
    registry: OwnerRegistry
    links: Links
    pager: Pager

    @post(
        "/notes",
        operation_id="writeNote",
        summary="Write a note with documents attached",
        description="One step writes the note and puts each document on the note and on the note's owner.",
        opt={"permission": Permission.NOTES_WRITE},
        responses=refusals(404, 409, 422),
    )
    async def write(self, request: MediaRequest, data: JSONBody[NoteIn]) -> Response[Envelope[NoteOut]]:
        new = NewNote(
            note_type=data.note_type,
            owner=self.registry.ref(data.owner_type, host(data.owner_id, "owner_id")),
            body=data.body,
            tooth_number=data.tooth_number,
            documents=_documents(data.attachment_document_ids),
        )
        view = await self.write_note(request.user, new, once(request.scope, await request.body()))
        return self._answer(request, view)

    @get(
        "/notes",
        operation_id="listNotes",
        summary="The notes on a record, newest first",
        opt={"permission": Permission.NOTES_READ},
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
    ) -> Listing[NoteOut]:
        asked = self.pager.asked(request, cursor, page, page_size)
        ref = self.registry.ref(owner_type, host(owner_id, "owner_id"))
        found = await self.list_notes(request.user, ref, asked)
        if found.items:
            exchange_of(request.scope).patient = found.items[0].patient_id
        return self._listing(request, asked, found)

    @get(
        "/notes/counts",
        operation_id="countNotes",
        summary="How many notes are on each of many records",
        opt={"permission": Permission.NOTES_READ},
        responses=refusals(422),
    )
    async def counts(
        self, request: MediaRequest, owner_type: FromQuery[str], owner_ids: OwnerIds
    ) -> Envelope[list[CountOut]]:
        ids = [host(id, "owner_ids") for text in owner_ids for id in text.split(",") if id]
        if not 1 <= len(ids) <= MAX_OWNERS:
            raise RuleViolated(f"owner_ids must name 1 to {MAX_OWNERS} records", field="owner_ids")
        counts = await self.count_notes(request.user, owner_type, ids)
        return Envelope([CountOut(id, count) for id, count in counts.items()])

    @patch(
        "/notes/{note_id:uuid}",
        operation_id="reviseNote",
        summary="Change the text or the documents of a note",
        description="Its author or an admin may. A document taken off the note stays on the note's owner.",
        opt={"permission": Permission.NOTES_WRITE},
        responses=refusals(404, 412, 422),
    )
    async def revise(
        self, request: MediaRequest, note_id: FromPath[UUID], data: JSONBody[NoteRevisionIn]
    ) -> Response[Envelope[NoteOut]]:
        if data.body is None:
            raise RuleViolated("body cannot be empty", field="body")
        attached = data.attachment_document_ids
        view = await self.revise_note(
            request.user,
            NoteId(str(note_id)),
            body=KEPT if isinstance(data.body, UnsetType) else data.body,
            documents=KEPT if isinstance(attached, UnsetType) else _documents(attached or []),
            expected=expected_version(request.scope),
        )
        return self._answer(request, view)

    @delete(
        "/notes/{note_id:uuid}",
        operation_id="deleteNote",
        summary="Delete a note; its documents stay",
        opt={"permission": Permission.NOTES_WRITE},
        responses=refusals(404, 412),
    )
    async def remove(self, request: MediaRequest, note_id: FromPath[UUID]) -> None:
        await self.delete_note(request.user, NoteId(str(note_id)), expected_version(request.scope))

    @get(
        "/patients/{patient_id:str}/recent",
        operation_id="recentNotes",
        summary="A patient's notes on whatever record, newest first",
        opt={"permission": Permission.NOTES_READ},
        responses=refusals(404, 422),
    )
    async def recent(
        self,
        request: MediaRequest,
        patient_id: FromPath[str],
        cursor: Cursor = None,
        page: PageNumber = 1,
        page_size: Size40 = 40,
    ) -> Listing[NoteOut]:
        asked = self.pager.asked(request, cursor, page, page_size)
        return self._listing(request, asked, await self.recent_notes(request.user, PatientId(patient_id), asked))

    def _answer(self, request: MediaRequest, view: NoteView) -> Response[Envelope[NoteOut]]:
        out = note_out(view, DocumentLinks(self.links, request.user))
        return Response(Envelope(out), headers={"ETag": f'"{view.version}"'})

    def _listing(self, request: MediaRequest, asked: PageRequest, found: Page[NoteView]) -> Listing[NoteOut]:
        links = DocumentLinks(self.links, request.user)
        return self.pager.listing(request, asked, found, lambda view: note_out(view, links))


def _documents(ids: list[UUID]) -> list[DocumentId]:
    return [DocumentId(str(id)) for id in ids]
