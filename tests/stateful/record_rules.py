"""What people and hosts do with the records that own files, with notes, and with the directory."""

import asyncio

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from application.notes import NewNote
from domain.access import Access
from domain.attachments import OwnerRef
from domain.directory import PatientStatus
from domain.ids import AttachmentId, DocumentId, NoteId, OwnerId, PatientId
from domain.notes import NoteType
from tests.samples import ANA, staff
from tests.stateful.attempts import MARIO, Attempts
from tests.stateful.document_rules import OTHERS, OWNERS, TREATMENT, VISIT, patients

owners = st.sampled_from(OWNERS)
records = st.sampled_from([VISIT, TREATMENT, OTHERS])
picks = st.integers(0, 9)
NOTE_OWNERS = {NoteType.DIAGNOSIS: OwnerRef("patient", OwnerId(ANA)), NoteType.TREATMENT: TREATMENT}


class RecordRules(Attempts):
    documents = Attempts.documents

    @rule(id=documents, owner=owners, place=st.integers(0, 3))
    def links(self, id: DocumentId, owner: OwnerRef, place: int) -> None:
        self.attempt(
            lambda model: model.link(id, owner, place),
            lambda: self.does.link(staff(), id, owner, display_order=place),
        )

    @precondition(lambda self: not self.faults.is_armed)
    @rule(id=documents, owner=owners)
    def links_many_times_at_once(self, id: DocumentId, owner: OwnerRef) -> None:
        is_new = (id, owner) not in self.model.links
        done = self.attempt(lambda model: model.link(id, owner, 0), lambda: self._together(id, owner))
        if done is not None:
            assert sorted(done) == [False, False, is_new]

    async def _together(self, id: DocumentId, owner: OwnerRef) -> list[bool]:
        outcomes = await asyncio.gather(*(self.does.link(staff(), id, owner) for _ in range(3)))
        assert len({link.id for link, _ in outcomes}) == 1
        return [is_new for _, is_new in outcomes]

    @precondition(lambda self: self.model.links)
    @rule(pick=picks)
    def unlinks(self, pick: int) -> None:
        id, owner = sorted(self.model.links, key=str)[pick % len(self.model.links)]
        link = self.run(self._link(id, owner))
        self.attempt(lambda model: model.unlink(id, owner), lambda: self.does.unlink(staff(), link))

    @rule(owner=records, turns=picks)
    def orders(self, owner: OwnerRef, turns: int) -> None:
        ids = sorted(id for id, _ in self.model.links_to(owner) if not self.model.files[id].trashed)
        if ids and owner in self.model.owners:
            turned = ids[turns % len(ids) :] + ids[: turns % len(ids)]
            links = [self.run(self._link(id, owner)) for id in turned]
            self.attempt(lambda model: model.order(owner, turned), lambda: self.does.order(staff(), owner, links))

    @rule(owner=records)
    def unlinks_all_of_a_record(self, owner: OwnerRef) -> None:
        self.attempt(lambda model: model.unlink_owner(owner), lambda: self.does.unlink_owner(staff(), owner))

    async def _link(self, id: DocumentId, owner: OwnerRef) -> AttachmentId:
        async with self.ports.unit_of_work(staff()) as uow:
            return next(link.id for link in await uow.attachments.of_document(id) if link.owner == owner)

    @rule(note_type=st.sampled_from([*NOTE_OWNERS]), ids=st.lists(documents, max_size=2))
    def writes_a_note(self, note_type: NoteType, ids: list[DocumentId]) -> None:
        id, owner = NoteId(self.ids.next), NOTE_OWNERS[note_type]
        text = f"Nota {id[-6:]}"
        new = NewNote(note_type=note_type, owner=owner, body=text, documents=ids)
        self.attempt(
            lambda model: model.write_note(id, text, note_type, owner, ids, staff().user_id),
            lambda: self.does.write_note(staff(), new),
        )

    @precondition(lambda self: self.model.notes)
    @rule(pick=picks, rewrites=st.booleans(), ids=st.lists(documents, max_size=2))
    def revises_a_note(self, pick: int, rewrites: bool, ids: list[DocumentId]) -> None:
        text = sorted(self.model.notes)[pick % len(self.model.notes)]
        new = f"{text}." if rewrites else text
        self.attempt(
            lambda model: model.revise_note(text, new, ids, staff().user_id),
            lambda: self.does.revise_note(staff(), self.model.note_ids[text], body=new, documents=ids),
        )

    @precondition(lambda self: self.model.notes)
    @rule(pick=picks)
    def deletes_a_note(self, pick: int) -> None:
        text = sorted(self.model.notes)[pick % len(self.model.notes)]
        id = self.model.note_ids[text]
        self.attempt(lambda model: model.delete_note(text), lambda: self.does.delete_note(staff(), id))

    @rule(patient=patients, status=st.sampled_from(PatientStatus))
    def archives_or_unarchives(self, patient: PatientId, status: PatientStatus) -> None:
        self.attempt(
            lambda model: model.set_status(patient, status), lambda: self.does.set_status(staff(), patient, status)
        )

    @rule(owner=records, patient=patients)
    def registers_a_record(self, owner: OwnerRef, patient: PatientId) -> None:
        self.attempt(
            lambda model: model.register_owner(owner, patient),
            lambda: self.does.register_owner(staff(), owner, patient=patient, title="Revisión"),
        )

    @rule(owner=records)
    def deletes_a_record(self, owner: OwnerRef) -> None:
        self.attempt(lambda model: model.delete_owner(owner), lambda: self.does.delete_owner(staff(), owner))

    @rule(patient=patients, access=st.sampled_from(Access))
    def grants(self, patient: PatientId, access: Access) -> None:
        self.attempt(
            lambda model: model.grant(patient, MARIO, access),
            lambda: self.does.grant(staff(), patient, MARIO, access),
        )

    @rule(patient=patients)
    def revokes(self, patient: PatientId) -> None:
        self.attempt(lambda model: model.revoke(patient, MARIO), lambda: self.does.revoke(staff(), patient, MARIO))
