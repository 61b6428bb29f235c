"""What must become of documents and their pairs."""

from collections.abc import Callable, Iterable, Sequence

from domain.access import Access
from domain.attachments import OwnerRef
from domain.errors import Forbidden, Malformed, NotFound, RuleViolated
from domain.ids import DocumentId, PatientId, UserId
from tests.invariants import Told
from tests.proof.records import File
from tests.stateful.model import Foreseen, Parts

_UPLOADED = {"photo": "media.photo_uploaded", "xray": "media.photo_uploaded", "document": "document.uploaded"}


class DocumentModel(Parts):
    __slots__ = ()

    def upload(
        self, id: DocumentId, file: File, *, owner: OwnerRef | None = None, partner: DocumentId | None = None
    ) -> Foreseen:
        told = [Told(_UPLOADED[file.kind], file.patient, id)]
        patient = self.patient_of(owner) if owner else file.patient
        self.files[id] = file
        self.uploaded[id] = len(self.uploaded)
        if owner:
            self.check_room(owner)
            told += self.linked(id, owner, patient, 0)
        if partner:
            told += self.paired(id, partner, None)
        yield told

    def revise(self, id: DocumentId, title: str, expected: int | None) -> Foreseen:
        file = self.active(id)
        self.expect(file, expected)
        if file.title != title:
            yield [self.changed(id, "document.revised", title=title)]

    def reclassify(self, id: DocumentId, category: str, subtype: str | None, tags: tuple[str, ...]) -> Foreseen:
        file = self.active(id)
        if file.kind == "document" or (file.kind == "xray") != (category == "xray"):
            raise RuleViolated("")
        if (file.category, file.subtype, file.tags) != (category, subtype, tags):
            yield [self.changed(id, "document.revised", category=category, subtype=subtype, tags=tags)]

    def put_in_trash(self, id: DocumentId) -> Foreseen:
        if not self.any(id).trashed:
            self.trash.append(id)
            yield [self.changed(id, "document.trashed", trashed=True)]

    def restore(self, id: DocumentId) -> Foreseen:
        if self.any(id).trashed:
            for _, owner in self.links_of(id):
                self.check_room(owner)
            self.trash.remove(id)
            yield [self.changed(id, "document.restored", trashed=False)]

    def move(self, id: DocumentId, to: PatientId) -> Foreseen:
        if self.active(id).patient == to:
            raise RuleViolated("")
        told = [*self.unpaired(id), *self.unlinked(self.links_of(id))]
        yield [*told, self.changed(id, "document.moved", patient=to)]

    def purge(self) -> Foreseen:
        for id in [id for id in self.trash if not self.held & {id, self.files[id].patient}]:
            told = [*self.unpaired(id), *self.unlinked(self.links_of(id))]
            self.trash.remove(id)
            yield [*told, Told("document.purged", self.files.pop(id).patient, id)]

    def hold_document(self, id: DocumentId, hold: bool) -> Foreseen:
        self.any(id)
        if (id in self.held) != hold:
            self.held ^= {id}
            yield [self.changed(id, "document.revised")]

    def hold_patient(self, patient: PatientId, hold: bool) -> Foreseen:
        if (patient in self.held) != hold:
            self.held ^= {patient}
            yield [Told(f"patient.hold_{'placed' if hold else 'released'}", patient, patient)]

    # --- files of records ---

    def file_under(self, id: DocumentId, category: str | None, allowed: Callable[[str], Sequence[str]]) -> Foreseen:
        """On the record that it was put on first. `allowed` are the categories of an owner type, none for any."""
        self.active(id)
        links = self.links_of(id)
        if not links:
            raise NotFound("")
        owner = links[0][1]
        known = allowed(owner.type)
        if category and known and category not in known:
            raise Malformed("")
        place, standing = self.links[links[0]]
        if standing != category:
            self.links[links[0]] = (place, category)
            yield [Told("media.attachment_revised", self.files[id].patient, id, str(owner))]

    def put_many_in_trash(self, ids: Iterable[DocumentId]) -> Foreseen:
        for id in dict.fromkeys(ids):
            if id in self.files:
                yield from self.put_in_trash(id)

    # --- pairs ---

    def pair(self, first: DocumentId, second: DocumentId, before: DocumentId | None) -> Foreseen:
        if told := self.paired(first, second, before):
            yield told

    def unpair(self, id: DocumentId) -> Foreseen:
        self.active(id)
        if told := self.unpaired(id):
            yield told

    def repartner(self, id: DocumentId, partner: DocumentId | None) -> Foreseen:
        self.active(id)
        standing = self.pair_of(id)
        told = self.unpaired(id) if standing and (partner == id or partner not in standing) else []
        if partner:
            told += self.paired(id, partner, None)
        if told:
            yield told

    def only_for(
        self, user: UserId, id: DocumentId, needs: Access, then: Foreseen | None = None, *, trashed: bool = False
    ) -> Foreseen:
        """`then`, if the account may do so much to the patient of this document."""
        file = self.any(id) if trashed else self.active(id)
        level = self.grants.get((file.patient, user))
        if level is None:
            raise NotFound("")
        if level < needs:
            raise Forbidden("")
        yield from then or ()
