"""Carries out a story through the use cases, as the people in it would have through the API."""

from dataclasses import dataclass, field
from datetime import datetime

from application.notes import NewNote
from application.uploads import Incoming, PhotoWords
from domain.access import Access, Principal
from domain.attachments import OwnerRef
from domain.ids import DocumentId, UserId
from entrypoints.container import Container
from entrypoints.demo.acts import Note, Performance, Upload
from entrypoints.demo.cast import DemoPatient, Person


@dataclass(slots=True)
class Stage(Performance):
    """`actor` is who acts now; `documents` are those stored so far, by their keys in the story."""

    container: Container
    actor: Principal
    documents: dict[str, DocumentId] = field(default_factory=dict)

    async def register(self, patient: DemoPatient) -> None:
        await self.container.register_patient()(
            self.actor, patient.id, display_name=patient.name, birth_date=patient.birth_date
        )

    async def record(self, patient: DemoPatient, ref: OwnerRef, title: str, occurred_at: datetime) -> None:
        await self.container.register_owner()(self.actor, ref, patient=patient.id, title=title, occurred_at=occurred_at)

    async def grant(self, patient: DemoPatient, person: Person, access: Access) -> None:
        await self.container.grant_access()(self.actor, patient.id, UserId(person.user), access)

    async def store(self, patient: DemoPatient, upload: Upload, content: bytes) -> None:
        id, blob = await self.container.begin_upload()(self.actor, patient.id)
        await blob.write(content)
        incoming = Incoming(id=id, blob=blob, filename=upload.filename)
        if upload.words:
            words = _words(upload, self.documents)
            view = await self.container.store_photo()(self.actor, patient.id, incoming, words)
        else:
            view = await self.container.store_document()(
                self.actor, patient.id, incoming, document_type=upload.document_type, title=upload.title
            )
        self.documents[upload.key] = view.id
        for place, ref in enumerate(upload.on):
            await self.container.link_document()(self.actor, view.id, ref, display_order=place)

    async def file(self, owner: OwnerRef, filename: str, category: str, content: bytes) -> None:
        berth = await self.container.begin_file()(self.actor, owner)
        await berth.blob.write(content)
        incoming = Incoming(id=berth.id, blob=berth.blob, filename=filename)
        await self.container.store_file()(self.actor, berth, incoming, category=category)

    async def note(self, note: Note) -> None:
        new = NewNote(
            note_type=note.note_type,
            owner=note.owner,
            body=note.body,
            tooth_number=note.tooth,
            documents=[self.documents[key] for key in note.photos],
        )
        await self.container.write_note()(self.actor, new)

    async def trash(self, key: str) -> None:
        await self.container.trash_document()(self.actor, self.documents[key])


def _words(upload: Upload, documents: dict[str, DocumentId]) -> PhotoWords:
    category, _, subtype = upload.words.partition("/")
    return PhotoWords(
        kind=upload.kind,
        category=category,
        subtype=subtype,
        title=upload.title,
        tags=upload.tags,
        paired_document_id=documents[upload.pair] if upload.pair else None,
    )
