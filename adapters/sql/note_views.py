"""Clinical notes as clients see them, with what is attached to them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, bindparam, func, select

from adapters.sql import rows
from adapters.sql.attachment_views import ATTACHED, attachment_view
from adapters.sql.conditions import among, seen
from adapters.sql.connections import Database
from adapters.sql.listing import List, Listing
from adapters.sql.tables import notes
from adapters.sql.values import instant_text
from application.ports.paging import Page, PageRequest, Position
from application.ports.views import AttachmentView, NoteView, NoteViews
from domain.access import Principal
from domain.attachments import OwnerRef
from domain.errors import NotFound
from domain.ids import NoteId, PatientId
from domain.notes import CLINICAL_NOTE

_IN_CLINIC = notes.c.clinic_id == bindparam("clinic")
_VISIBLE = among(notes.c.patient_id, "visible")
_OF_OWNER = (notes.c.owner_type == bindparam("owner_type"), notes.c.owner_id == bindparam("owner_id"))

_ONE = select(*notes.c).where(notes.c.id == bindparam("id"), _IN_CLINIC)
_COUNTS = (
    select(notes.c.owner_id, func.count())
    .where(_IN_CLINIC, notes.c.owner_type == bindparam("owner_type"), among(notes.c.owner_id, "owner_ids"))
    .group_by(notes.c.owner_id)
)
_VISIBLE_COUNTS = _COUNTS.where(_VISIBLE)


def _newest(*where: ColumnElement[bool]) -> List:
    keys = (notes.c.created_at, notes.c.id)
    return List(Listing(columns=tuple(notes.c), source=notes, where=(_IN_CLINIC, *where), keys=keys))


_OWNERS, _OWNERS_VISIBLE = _newest(*_OF_OWNER), _newest(*_OF_OWNER, _VISIBLE)
_PATIENTS = _newest(notes.c.patient_id == bindparam("patient"))


class SqlNoteViews(NoteViews):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, actor: Principal, id: NoteId) -> NoteView:
        found = await self._database.fetch(_ONE, {"id": id, "clinic": actor.clinic_id})
        if not found or not actor.sees(found[0][2]):
            raise NotFound("There is no such note here")
        (note,) = await self._with_attachments(actor, [rows.note_view(found[0])])
        return note

    async def of_owner(self, actor: Principal, owner: OwnerRef, request: PageRequest) -> Page[NoteView]:
        visible = seen(actor)
        values = {"owner_type": owner.type, "owner_id": owner.id, **visible}
        return await self._page(_OWNERS_VISIBLE if visible else _OWNERS, actor, values, request)

    async def recent(self, actor: Principal, patient: PatientId, request: PageRequest) -> Page[NoteView]:
        if not actor.sees(patient):
            return Page(items=[], total=0)
        return await self._page(_PATIENTS, actor, {"patient": patient}, request)

    async def counts(self, actor: Principal, owner_type: str, owner_ids: Sequence[str]) -> Mapping[str, int]:
        visible = seen(actor)
        values = {"clinic": actor.clinic_id, "owner_type": owner_type, "owner_ids": list(owner_ids), **visible}
        found = await self._database.fetch(_VISIBLE_COUNTS if visible else _COUNTS, values)
        return {row[0]: row[1] for row in found}

    async def _page(
        self, listed: List, actor: Principal, values: Mapping[str, object], request: PageRequest
    ) -> Page[NoteView]:
        bound = {"clinic": actor.clinic_id, **values}
        page = await listed.page(self._database.fetch, bound, request, rows.note_view, _position)
        return replace(page, items=await self._with_attachments(actor, page.items))

    async def _with_attachments(self, actor: Principal, found: Sequence[NoteView]) -> list[NoteView]:
        """The notes with what is attached to them, in one statement whatever their number."""
        attached: defaultdict[str, list[AttachmentView]] = defaultdict(list)
        if found:
            asked = {"clinic": actor.clinic_id, "owner_type": CLINICAL_NOTE, "owner_ids": [note.id for note in found]}
            for row in await self._database.fetch(ATTACHED, asked):
                view = attachment_view(row)
                if actor.sees(view.document.patient_id):
                    attached[view.owner_id].append(view)
        return [note._replace(attachments=tuple(attached[note.id])) for note in found]


def _position(note: NoteView) -> Position:
    return instant_text(note.created_at), note.id
