"""Clinical notes of a clinic."""

from collections.abc import Sequence
from datetime import datetime

from adapters.memory.draft import Draft
from application.ports.unit_of_work import Notes
from domain.attachments import OwnerRef
from domain.errors import NotFound, StaleVersion
from domain.ids import NoteId
from domain.notes import ClinicalNote


class MemoryNotes(Notes):
    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    async def get(self, id: NoteId) -> ClinicalNote:
        note = self._draft.tables.notes.get(id)
        if note is None or not self._draft.sees(note.patient_id):
            raise NotFound("There is no such note here")
        return note

    async def of_owner(self, owner: OwnerRef) -> Sequence[ClinicalNote]:
        notes = (note for note in self._draft.tables.notes.values() if note.owner == owner)
        return sorted((note for note in notes if self._draft.sees(note.patient_id)), key=_age)

    async def add(self, note: ClinicalNote) -> None:
        self._draft.require(note.clinic_id, note.patient_id)
        self._draft.tables.notes[note.id] = note

    async def save(self, note: ClinicalNote) -> None:
        stored = await self.get(note.id)
        self._draft.require(note.clinic_id, note.patient_id)
        if stored.version != note.version - 1:
            raise StaleVersion("The note was changed meanwhile; read it again")
        self._draft.tables.notes[note.id] = note

    async def remove(self, note: ClinicalNote) -> None:
        stored = await self.get(note.id)
        del self._draft.tables.notes[stored.id]


def _age(note: ClinicalNote) -> tuple[datetime, str]:
    return note.created_at, note.id
