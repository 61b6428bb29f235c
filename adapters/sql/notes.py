"""Clinical notes of a clinic."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select

from adapters.sql import rows
from adapters.sql.scope import Scope
from adapters.sql.tables import notes
from adapters.sql.writing import inserted, revised
from application.ports.unit_of_work import Notes
from domain.attachments import OwnerRef
from domain.errors import NotFound, StaleVersion
from domain.ids import NoteId
from domain.notes import ClinicalNote

_ONE = (notes.c.id == bindparam("id"), notes.c.clinic_id == bindparam("clinic"))
_GET = select(*notes.c).where(*_ONE).with_for_update()
_OF_OWNER = (
    select(*notes.c)
    .where(
        notes.c.clinic_id == bindparam("clinic"),
        notes.c.owner_type == bindparam("owner_type"),
        notes.c.owner_id == bindparam("owner_id"),
    )
    .order_by(notes.c.created_at, notes.c.id)
)
_ADD = inserted(notes)
_SAVE = revised(notes, *_ONE, kept=("id", "clinic_id"))
_REMOVE = delete(notes).where(*_ONE)


class SqlNotes(Notes):
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def get(self, id: NoteId) -> ClinicalNote:
        for row in await self._scope.fetch(_GET, id=id):
            note = rows.note(row)
            if self._scope.sees(note.patient_id):
                return note
        raise NotFound("There is no such note here")

    async def of_owner(self, owner: OwnerRef) -> Sequence[ClinicalNote]:
        found = await self._scope.fetch(_OF_OWNER, owner_type=owner.type, owner_id=owner.id)
        return [note for note in map(rows.note, found) if self._scope.sees(note.patient_id)]

    async def add(self, note: ClinicalNote) -> None:
        self._scope.require(note.clinic_id, note.patient_id)
        await self._scope.execute(_ADD, **rows.note_values(note))

    async def save(self, note: ClinicalNote) -> None:
        self._scope.require(note.clinic_id, note.patient_id)
        if not await self._scope.execute(_SAVE, **rows.note_values(note)):
            await self.get(note.id)
            raise StaleVersion("The note was changed meanwhile; read it again")

    async def remove(self, note: ClinicalNote) -> None:
        stored = await self.get(note.id)
        await self._scope.execute(_REMOVE, id=stored.id)
