"""What a clinic's records must become, in as few words as possible and without a line of the application.

Each operation is a generator: it raises what the service must answer, or changes the records and yields what happened,
once per transaction. Here are the parts that operations are made of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

from domain.attachments import OwnerRef
from domain.errors import Conflict, Malformed, NotFound, RuleViolated, StaleVersion
from domain.ids import DocumentId, NoteId, OwnerId, PatientId
from tests.invariants import Told
from tests.proof.records import File, Note, Records
from tests.proof.use_cases import MAX_FILES

Foreseen: TypeAlias = Iterator[Sequence[Told]]

_LATER = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Parts(Records):
    """`uploaded` counts the uploads, `trash` is in the order of trashing, `note_ids` go by the text."""

    uploaded: dict[DocumentId, int] = field(default_factory=dict)
    trash: list[DocumentId] = field(default_factory=list)
    note_ids: dict[str, NoteId] = field(default_factory=dict)

    def says(self, records: Records) -> bool:
        return all(getattr(self, name) == getattr(records, name) for name in Records.__slots__)

    def links_of(self, id: DocumentId) -> list[tuple[DocumentId, OwnerRef]]:
        return [link for link in self.links if link[0] == id]

    def links_to(self, owner: OwnerRef) -> list[tuple[DocumentId, OwnerRef]]:
        return [link for link in self.links if link[1] == owner]

    def pair_of(self, id: DocumentId) -> tuple[DocumentId, DocumentId] | None:
        return next((pair for pair in self.pairs if id in pair), None)

    # --- parts of operations ---

    def any(self, id: DocumentId) -> File:
        if id not in self.files:
            raise NotFound("")
        return self.files[id]

    def active(self, id: DocumentId) -> File:
        if self.any(id).trashed:
            raise NotFound("")
        return self.files[id]

    def expect(self, file: File, version: int | None) -> None:
        if version not in (None, file.version):
            raise StaleVersion("")

    def changed(self, id: DocumentId, event: str, **changes: object) -> Told:
        file = self.files[id]
        self.files[id] = file._replace(version=file.version + 1, **changes)  # type: ignore[arg-type]
        return Told(event, self.files[id].patient, id)

    def patient_of(self, owner: OwnerRef) -> PatientId:
        if owner.type == "patient":
            return PatientId(owner.id)
        if owner.type == "clinical_note":
            return next(self.notes[text].patient for text, id in self.note_ids.items() if note_ref(id) == owner)
        if owner not in self.owners:
            raise NotFound("")
        return self.owners[owner]

    def check_room(self, owner: OwnerRef) -> None:
        held = [id for id, _ in self.links_to(owner) if not self.files[id].trashed]
        if owner.type in ("visit", "treatment") and len(held) >= MAX_FILES:
            raise RuleViolated("")

    def linked(self, id: DocumentId, owner: OwnerRef, patient: PatientId, place: int) -> list[Told]:
        if self.files[id].patient != patient:
            raise RuleViolated("")
        if (id, owner) in self.links:
            return []
        self.links[id, owner] = (place, None)
        return [Told("media.attachment_linked", patient, id, str(owner))]

    def unlinked(self, links: Sequence[tuple[DocumentId, OwnerRef]]) -> list[Told]:
        for link in links:
            del self.links[link]
        return [Told("media.attachment_unlinked", self.files[id].patient, id, str(owner)) for id, owner in links]

    def attached(self, text: str, ids: Sequence[DocumentId]) -> list[Told]:
        """To what the note is about, where it has not been deleted since, and to the note."""
        note, told = self.notes[text], []
        about = [note.owner] if note.owner.type == "patient" or note.owner in self.owners else []
        for id in ids:
            self.active(id)
        for place, id in enumerate(dict.fromkeys(ids)):
            for owner in (*about, note_ref(self.note_ids[text])):
                if (id, owner) not in self.links:
                    self.check_room(owner)
                told += self.linked(id, owner, note.patient, place)
        return told

    def paired(self, first: DocumentId, second: DocumentId, before: DocumentId | None) -> list[Told]:
        one, two = self.active(first), self.active(second)
        if first == second:
            raise Malformed("")
        if one.patient != two.patient or "document" in (one.kind, two.kind):
            raise RuleViolated("")
        earlier, later = sorted((first, second), key=lambda id: (id != before, self.age(id)))
        told: list[Told] = []
        for id in (first, second):
            standing = self.pair_of(id)
            if standing and {*standing} == {first, second}:
                if before in (None, standing[0]):
                    return []
                return [*self.unpaired(id), *self.joined(earlier, later)]
            if standing and not all(self.files[member].trashed for member in standing if member != id):
                raise Conflict("")
            told += self.unpaired(id)
        return [*told, *self.joined(earlier, later)]

    def joined(self, before: DocumentId, after: DocumentId) -> list[Told]:
        self.pairs.add((before, after))
        return [Told("media.pair_created", self.files[before].patient, before, after)]

    def unpaired(self, id: DocumentId) -> list[Told]:
        if (pair := self.pair_of(id)) is None:
            return []
        self.pairs.remove(pair)
        return [Told("media.pair_removed", self.files[id].patient, *pair)]

    def age(self, id: DocumentId) -> tuple[datetime, int]:
        return self.files[id].captured_at or _LATER, self.uploaded[id]

    def note(self, text: str) -> Note:
        if text not in self.notes:
            raise NotFound("")
        return self.notes[text]


def note_ref(id: NoteId) -> OwnerRef:
    return OwnerRef("clinical_note", OwnerId(id))
