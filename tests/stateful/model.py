"""What a clinic's records must become, in as few words as possible and without a line of the application.

Each operation is a generator: it raises what the service must answer, or changes the records and yields what happened,
once per transaction.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

from domain.access import Access
from domain.attachments import OwnerRef
from domain.errors import Conflict, Forbidden, Malformed, NotFound, RuleViolated, StaleVersion
from domain.ids import DocumentId, NoteId, OwnerId, PatientId, UserId
from tests.invariants import Told
from tests.proof.records import File, Note, Records
from tests.proof.use_cases import MAX_FILES

Foreseen: TypeAlias = Iterator[Sequence[Told]]

_LATER = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Model(Records):
    """`uploaded` counts the uploads, `trash` is in the order of trashing, `note_ids` go by the text."""

    uploaded: dict[DocumentId, int] = field(default_factory=dict)
    trash: list[DocumentId] = field(default_factory=list)
    note_ids: dict[str, NoteId] = field(default_factory=dict)

    def copied(self) -> "Model":
        return Model(*(copy(getattr(self, name)) for name in (*Records.__slots__, *Model.__slots__)))

    def says(self, records: Records) -> bool:
        return all(getattr(self, name) == getattr(records, name) for name in Records.__slots__)

    # --- documents ---

    def upload(
        self, id: DocumentId, file: File, *, owner: OwnerRef | None = None, partner: DocumentId | None = None
    ) -> Foreseen:
        told = [Told(_UPLOADED[file.kind], file.patient, id)]
        patient = self._patient_of(owner) if owner else file.patient
        self.files[id] = file
        self.uploaded[id] = len(self.uploaded)
        if owner:
            self._check_room(owner)
            told += self._linked(id, owner, patient, 0)
        if partner:
            told += self._paired(id, partner, None)
        yield told

    def revise(self, id: DocumentId, title: str, expected: int | None) -> Foreseen:
        file = self._active(id)
        self._expect(file, expected)
        if file.title != title:
            yield [self._changed(id, "document.revised", title=title)]

    def reclassify(self, id: DocumentId, category: str, subtype: str | None, tags: tuple[str, ...]) -> Foreseen:
        file = self._active(id)
        if file.kind == "document" or (file.kind == "xray") != (category == "xray"):
            raise RuleViolated("")
        if (file.category, file.subtype, file.tags) != (category, subtype, tags):
            yield [self._changed(id, "document.revised", category=category, subtype=subtype, tags=tags)]

    def put_in_trash(self, id: DocumentId) -> Foreseen:
        if not self._any(id).trashed:
            self.trash.append(id)
            yield [self._changed(id, "document.trashed", trashed=True)]

    def restore(self, id: DocumentId) -> Foreseen:
        if self._any(id).trashed:
            for _, owner in self.links_of(id):
                self._check_room(owner)
            self.trash.remove(id)
            yield [self._changed(id, "document.restored", trashed=False)]

    def move(self, id: DocumentId, to: PatientId) -> Foreseen:
        if self._active(id).patient == to:
            raise RuleViolated("")
        told = [*self._unpaired(id), *self._unlinked(self.links_of(id))]
        yield [*told, self._changed(id, "document.moved", patient=to)]

    def purge(self) -> Foreseen:
        for id in self.trash[:]:
            told = [*self._unpaired(id), *self._unlinked(self.links_of(id))]
            self.trash.remove(id)
            yield [*told, Told("document.purged", self.files.pop(id).patient, id)]

    # --- pairs ---

    def pair(self, first: DocumentId, second: DocumentId, before: DocumentId | None) -> Foreseen:
        if told := self._paired(first, second, before):
            yield told

    def unpair(self, id: DocumentId) -> Foreseen:
        self._active(id)
        if told := self._unpaired(id):
            yield told

    def repartner(self, id: DocumentId, partner: DocumentId | None) -> Foreseen:
        self._active(id)
        standing = self.pair_of(id)
        told = self._unpaired(id) if standing and (partner == id or partner not in standing) else []
        if partner:
            told += self._paired(id, partner, None)
        if told:
            yield told

    # --- links ---

    def link(self, id: DocumentId, owner: OwnerRef, place: int) -> Foreseen:
        patient = self._patient_of(owner)
        self._active(id)
        if (id, owner) not in self.links:
            self._check_room(owner)
        if told := self._linked(id, owner, patient, place):
            yield told

    def unlink(self, id: DocumentId, owner: OwnerRef) -> Foreseen:
        if self.files[id].trashed:
            raise NotFound("")
        yield self._unlinked([(id, owner)])

    def order(self, owner: OwnerRef, ids: Sequence[DocumentId]) -> Foreseen:
        places = {id: place for place, id in enumerate(ids)}
        if any(self.links[id, owner][0] != place for id, place in places.items()):
            for id, place in places.items():
                self.links[id, owner] = (place, self.links[id, owner][1])
            patient = self._patient_of(owner)
            yield [Told("media.attachments_reordered", patient, patient, str(owner))]

    def unlink_owner(self, owner: OwnerRef) -> Foreseen:
        if told := self._unlinked(self.links_to(owner)):
            yield told

    # --- notes ---

    def write_note(
        self, id: NoteId, text: str, note_type: str, owner: OwnerRef, ids: Sequence[DocumentId], author: str
    ) -> Foreseen:
        patient = self._patient_of(owner)
        self.notes[text] = Note(patient, note_type, owner, author, 1)
        self.note_ids[text] = id
        yield [Told("note.created", patient, id, str(owner)), *self._attached(text, ids)]

    def revise_note(self, text: str, new: str, ids: Sequence[DocumentId], author: str) -> Foreseen:
        note, id = self._note(text), self.note_ids.pop(text)
        if note.author != author:
            raise Forbidden("")
        del self.notes[text]
        self.note_ids[new] = id
        self.notes[new] = note._replace(version=note.version + (new != text))
        told = [Told("note.updated", note.patient, id, str(note.owner))] if new != text else []
        standing = [link for link in self.links_to(note_ref(id)) if not self.files[link[0]].trashed]
        told += self._unlinked([link for link in standing if link[0] not in ids])
        yield told + self._attached(new, [id for id in ids if (id, note_ref(self.note_ids[new])) not in standing])

    def delete_note(self, text: str) -> Foreseen:
        note, id = self._note(text), self.note_ids.pop(text)
        del self.notes[text]
        yield [*self._unlinked(self.links_to(note_ref(id))), Told("note.deleted", note.patient, id, str(note.owner))]

    # --- directory ---

    def set_status(self, patient: PatientId, status: str) -> Foreseen:
        archived = status == "archived"
        ids = [id for id, file in self.files.items() if file.patient == patient and file.archived != archived]
        word = "archived" if archived else "unarchived"
        told = [self._changed(id, f"document.{word}", archived=archived) for id in ids]
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
        told = self._unlinked(self.links_to(owner))
        yield [*told, Told("owner.deleted", self.owners.pop(owner), str(owner))]

    def grant(self, patient: PatientId, user: UserId, access: Access) -> Foreseen:
        if self.grants.get((patient, user)) != access:
            self.grants[patient, user] = access
            yield [Told("patient.access_granted", patient, patient)]

    def revoke(self, patient: PatientId, user: UserId) -> Foreseen:
        if self.grants.pop((patient, user), None) is None:
            raise NotFound("")
        yield [Told("patient.access_revoked", patient, patient)]

    # --- those who may do little ---

    def only_for(
        self, user: UserId, id: DocumentId, needs: Access, then: Foreseen | None = None, *, trashed: bool = False
    ) -> Foreseen:
        """`then`, if the account may do so much to the patient of this document."""
        file = self._any(id) if trashed else self._active(id)
        level = self.grants.get((file.patient, user))
        if level is None:
            raise NotFound("")
        if level < needs:
            raise Forbidden("")
        yield from then or ()

    # --- what is asked of the records ---

    def links_of(self, id: DocumentId) -> list[tuple[DocumentId, OwnerRef]]:
        return [link for link in self.links if link[0] == id]

    def links_to(self, owner: OwnerRef) -> list[tuple[DocumentId, OwnerRef]]:
        return [link for link in self.links if link[1] == owner]

    def pair_of(self, id: DocumentId) -> tuple[DocumentId, DocumentId] | None:
        return next((pair for pair in self.pairs if id in pair), None)

    # --- parts of operations ---

    def _any(self, id: DocumentId) -> File:
        if id not in self.files:
            raise NotFound("")
        return self.files[id]

    def _active(self, id: DocumentId) -> File:
        if self._any(id).trashed:
            raise NotFound("")
        return self.files[id]

    def _expect(self, file: File, version: int | None) -> None:
        if version not in (None, file.version):
            raise StaleVersion("")

    def _changed(self, id: DocumentId, event: str, **changes: object) -> Told:
        file = self.files[id]
        self.files[id] = file._replace(version=file.version + 1, **changes)  # type: ignore[arg-type]
        return Told(event, self.files[id].patient, id)

    def _patient_of(self, owner: OwnerRef) -> PatientId:
        if owner.type == "patient":
            return PatientId(owner.id)
        if owner.type == "clinical_note":
            return next(self.notes[text].patient for text, id in self.note_ids.items() if note_ref(id) == owner)
        if owner not in self.owners:
            raise NotFound("")
        return self.owners[owner]

    def _check_room(self, owner: OwnerRef) -> None:
        held = [id for id, _ in self.links_to(owner) if not self.files[id].trashed]
        if owner.type in ("visit", "treatment") and len(held) >= MAX_FILES:
            raise RuleViolated("")

    def _linked(self, id: DocumentId, owner: OwnerRef, patient: PatientId, place: int) -> list[Told]:
        if self.files[id].patient != patient:
            raise RuleViolated("")
        if (id, owner) in self.links:
            return []
        self.links[id, owner] = (place, None)
        return [Told("media.attachment_linked", patient, id, str(owner))]

    def _unlinked(self, links: Sequence[tuple[DocumentId, OwnerRef]]) -> list[Told]:
        for link in links:
            del self.links[link]
        return [Told("media.attachment_unlinked", self.files[id].patient, id, str(owner)) for id, owner in links]

    def _attached(self, text: str, ids: Sequence[DocumentId]) -> list[Told]:
        note, told = self.notes[text], []
        for id in ids:
            self._active(id)
        for place, id in enumerate(dict.fromkeys(ids)):
            for owner in (note.owner, note_ref(self.note_ids[text])):
                if (id, owner) not in self.links:
                    self._check_room(owner)
                told += self._linked(id, owner, note.patient, place)
        return told

    def _paired(self, first: DocumentId, second: DocumentId, before: DocumentId | None) -> list[Told]:
        one, two = self._active(first), self._active(second)
        if first == second:
            raise Malformed("")
        if one.patient != two.patient or "document" in (one.kind, two.kind):
            raise RuleViolated("")
        earlier, later = sorted((first, second), key=lambda id: (id != before, self._age(id)))
        told: list[Told] = []
        for id in (first, second):
            standing = self.pair_of(id)
            if standing and {*standing} == {first, second}:
                if before in (None, standing[0]):
                    return []
                return [*self._unpaired(id), *self._joined(earlier, later)]
            if standing and not all(self.files[member].trashed for member in standing if member != id):
                raise Conflict("")
            told += self._unpaired(id)
        return [*told, *self._joined(earlier, later)]

    def _joined(self, before: DocumentId, after: DocumentId) -> list[Told]:
        self.pairs.add((before, after))
        return [Told("media.pair_created", self.files[before].patient, before, after)]

    def _unpaired(self, id: DocumentId) -> list[Told]:
        if (pair := self.pair_of(id)) is None:
            return []
        self.pairs.remove(pair)
        return [Told("media.pair_removed", self.files[id].patient, *pair)]

    def _age(self, id: DocumentId) -> tuple[datetime, int]:
        return self.files[id].captured_at or _LATER, self.uploaded[id]

    def _note(self, text: str) -> Note:
        if text not in self.notes:
            raise NotFound("")
        return self.notes[text]


_UPLOADED = {"photo": "media.photo_uploaded", "xray": "media.photo_uploaded", "document": "document.uploaded"}


def note_ref(id: NoteId) -> OwnerRef:
    return OwnerRef("clinical_note", OwnerId(id))
