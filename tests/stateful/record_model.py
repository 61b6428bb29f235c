"""What must become of links, notes and the directory, and the whole of the model."""

from collections.abc import Sequence
from copy import copy

from domain.access import Access
from domain.attachments import OwnerRef
from domain.errors import Forbidden, NotFound, RuleViolated
from domain.ids import DocumentId, NoteId, PatientId, UserId
from tests.invariants import Told
from tests.proof.records import Note, Records
from tests.stateful.document_model import DocumentModel
from tests.stateful.model import Foreseen, Parts, note_ref


class Model(DocumentModel):
    __slots__ = ()

    def copied(self) -> "Model":
        return Model(*(copy(getattr(self, name)) for name in (*Records.__slots__, *Parts.__slots__)))

    # --- links ---

    def link(self, id: DocumentId, owner: OwnerRef, place: int) -> Foreseen:
        patient = self.patient_of(owner)
        self.active(id)
        if (id, owner) not in self.links:
            self.check_room(owner)
        if told := self.linked(id, owner, patient, place):
            yield told

    def unlink(self, id: DocumentId, owner: OwnerRef) -> Foreseen:
        if self.files[id].trashed:
            raise NotFound("")
        yield self.unlinked([(id, owner)])

    def order(self, owner: OwnerRef, ids: Sequence[DocumentId]) -> Foreseen:
        places = {id: place for place, id in enumerate(ids)}
        if any(self.links[id, owner][0] != place for id, place in places.items()):
            for id, place in places.items():
                self.links[id, owner] = (place, self.links[id, owner][1])
            patient = self.patient_of(owner)
            yield [Told("media.attachments_reordered", patient, patient, str(owner))]

    def unlink_owner(self, owner: OwnerRef) -> Foreseen:
        if told := self.unlinked(self.links_to(owner)):
            yield told

    # --- notes ---

    def write_note(
        self, id: NoteId, text: str, note_type: str, owner: OwnerRef, ids: Sequence[DocumentId], author: str
    ) -> Foreseen:
        patient = self.patient_of(owner)
        self.notes[text] = Note(patient, note_type, owner, author, 1)
        self.note_ids[text] = id
        yield [Told("note.created", patient, id, str(owner)), *self.attached(text, ids)]

    def revise_note(self, text: str, new: str, ids: Sequence[DocumentId], author: str) -> Foreseen:
        note, id = self.note(text), self.note_ids.pop(text)
        if note.author != author:
            raise Forbidden("")
        del self.notes[text]
        self.note_ids[new] = id
        self.notes[new] = note._replace(version=note.version + (new != text))
        told = [Told("note.updated", note.patient, id, str(note.owner))] if new != text else []
        standing = [link for link in self.links_to(note_ref(id)) if not self.files[link[0]].trashed]
        told += self.unlinked([link for link in standing if link[0] not in ids])
        yield told + self.attached(new, [id for id in ids if (id, note_ref(self.note_ids[new])) not in standing])

    def delete_note(self, text: str) -> Foreseen:
        note, id = self.note(text), self.note_ids.pop(text)
        del self.notes[text]
        yield [*self.unlinked(self.links_to(note_ref(id))), Told("note.deleted", note.patient, id, str(note.owner))]

    # --- directory ---

    def set_status(self, patient: PatientId, status: str) -> Foreseen:
        archived = status == "archived"
        ids = [id for id, file in self.files.items() if file.patient == patient and file.archived != archived]
        word = "archived" if archived else "unarchived"
        told = [self.changed(id, f"document.{word}", archived=archived) for id in ids]
        if told or self.patients[patient] != status:
            self.patients[patient] = status
            yield [*told, Told(f"patient.{word}", patient, patient)]

    def register_owner(self, owner: OwnerRef, patient: PatientId) -> Foreseen:
        files = (self.files[id].patient for id, _ in self.links_to(owner))
        notes = (note.patient for note in self.notes.values() if note.owner == owner)
        if any(other != patient for other in (*files, *notes)):
            raise RuleViolated("")
        if self.owners.get(owner) != patient:
            self.owners[owner] = patient
            yield [Told("owner.registered", patient, str(owner))]

    def delete_owner(self, owner: OwnerRef) -> Foreseen:
        if owner not in self.owners:
            raise NotFound("")
        told = self.unlinked(self.links_to(owner))
        yield [*told, Told("owner.deleted", self.owners.pop(owner), str(owner))]

    def grant(self, patient: PatientId, user: UserId, access: Access) -> Foreseen:
        if self.grants.get((patient, user)) != access:
            self.grants[patient, user] = access
            yield [Told("patient.access_granted", patient, patient)]

    def revoke(self, patient: PatientId, user: UserId) -> Foreseen:
        if self.grants.pop((patient, user), None) is None:
            raise NotFound("")
        yield [Told("patient.access_revoked", patient, patient)]
