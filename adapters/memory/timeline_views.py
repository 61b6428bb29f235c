"""What happened with a patient."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from adapters.memory.document_views import active
from adapters.memory.pages import Order, instant
from adapters.memory.store import MemoryStore, Tables
from application.ports.paging import Page, PageRequest
from application.ports.views import TimelineEntry, TimelineViews
from domain.access import Permission, Principal
from domain.ids import PatientId

_NEWEST: Order[TimelineEntry] = Order(
    lambda entry: (instant(entry.at), entry.kind, entry.id, entry.owner_type or ""), (datetime, str, str, str)
)


class MemoryTimelineViews(TimelineViews):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def page(
        self, actor: Principal, patient: PatientId, kinds: Sequence[str], request: PageRequest
    ) -> Page[TimelineEntry]:
        tables = self._store.tables(actor.clinic_id)
        entries = (entry for kind in set(kinds) for entry in _OF_KIND[kind](tables, actor, patient))
        return _NEWEST.page(entries if actor.sees(patient) else (), request, lambda entry: entry)


def _uploads(tables: Tables, actor: Principal, patient: PatientId) -> Iterator[TimelineEntry]:
    for document in active(tables, actor, patient):
        yield TimelineEntry("upload", document.created_at, document.id, document.title, document_id=document.id)


def _notes(tables: Tables, actor: Principal, patient: PatientId) -> Iterator[TimelineEntry]:
    if not actor.may(Permission.NOTES_READ, patient):
        return
    for note in tables.notes.values():
        if note.patient_id == patient:
            owner = note.owner
            yield TimelineEntry("note", note.created_at, note.id, note.note_type, None, None, owner.type, owner.id)


def _pairings(tables: Tables, actor: Principal, patient: PatientId) -> Iterator[TimelineEntry]:
    pictures = {document.id for document in active(tables, actor, patient)}
    for pairing in {tables.pairings[id] for id in pictures if id in tables.pairings}:
        if pairing.members <= pictures:
            yield TimelineEntry("pairing", pairing.created_at, pairing.id, "", pairing.before, pairing.after)


def _visits(tables: Tables, _: Principal, patient: PatientId) -> Iterator[TimelineEntry]:
    for record in tables.owners.values():
        if record.patient_id == patient and record.occurred_at is not None:
            ref = record.ref
            yield TimelineEntry("visit", record.occurred_at, ref.id, record.title, None, None, ref.type, ref.id)


_OF_KIND: Mapping[str, Callable[[Tables, Principal, PatientId], Iterator[TimelineEntry]]] = {
    "upload": _uploads,
    "note": _notes,
    "pairing": _pairings,
    "visit": _visits,
}
