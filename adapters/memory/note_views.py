"""Clinical notes as clients see them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from adapters.memory.attachment_views import ORDER, active_links, attachment_view
from adapters.memory.pages import Order, instant
from adapters.memory.store import MemoryStore, Tables
from application.ports.paging import Page, PageRequest
from application.ports.views import NoteView, NoteViews
from domain.access import Principal
from domain.attachments import OwnerRef
from domain.errors import NotFound
from domain.ids import NoteId, OwnerId, PatientId
from domain.notes import CLINICAL_NOTE, ClinicalNote

_NEWEST: Order[ClinicalNote] = Order(lambda note: (instant(note.created_at), note.id), (datetime, str))


class MemoryNoteViews(NoteViews):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def get(self, actor: Principal, id: NoteId) -> NoteView:
        tables = self._store.tables(actor.clinic_id)
        note = tables.notes.get(id)
        if note is None or not actor.sees(note.patient_id):
            raise NotFound("There is no such note here")
        return _view(tables, actor, note)

    async def of_owner(self, actor: Principal, owner: OwnerRef, request: PageRequest) -> Page[NoteView]:
        tables = self._store.tables(actor.clinic_id)
        notes = (note for note in visible_notes(tables, actor) if note.owner == owner)
        return _NEWEST.page(notes, request, lambda note: _view(tables, actor, note))

    async def recent(self, actor: Principal, patient: PatientId, request: PageRequest) -> Page[NoteView]:
        tables = self._store.tables(actor.clinic_id)
        notes = (note for note in visible_notes(tables, actor) if note.patient_id == patient)
        return _NEWEST.page(notes, request, lambda note: _view(tables, actor, note))

    async def counts(self, actor: Principal, owner_type: str, owner_ids: Sequence[str]) -> Mapping[str, int]:
        tables, asked = self._store.tables(actor.clinic_id), set(owner_ids)
        return Counter(
            note.owner.id
            for note in visible_notes(tables, actor)
            if note.owner.type == owner_type and note.owner.id in asked
        )


def visible_notes(tables: Tables, actor: Principal) -> list[ClinicalNote]:
    return [note for note in tables.notes.values() if actor.sees(note.patient_id)]


def _view(tables: Tables, actor: Principal, note: ClinicalNote) -> NoteView:
    ref = OwnerRef(CLINICAL_NOTE, OwnerId(note.id))
    links = sorted((link for link in active_links(tables, actor) if link.owner == ref), key=ORDER.position)
    return NoteView(
        id=note.id,
        patient_id=note.patient_id,
        note_type=note.note_type,
        owner_type=note.owner.type,
        owner_id=note.owner.id,
        body=note.body,
        tooth_number=note.tooth_number,
        author_id=note.author_id,
        author_name=note.author_name,
        created_at=note.created_at,
        updated_at=note.updated_at,
        version=note.version,
        attachments=tuple(attachment_view(tables, link) for link in links),
    )
