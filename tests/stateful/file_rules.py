"""What people do with the files of records, and what a court does."""

from hashlib import sha256

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, multiple, precondition, rule

from application.ports.files import FileCriteria
from application.ports.paging import PageRequest
from application.uploads import Incoming
from domain.attachments import OwnerRef
from domain.ids import DocumentId, PatientId
from tests.proof import samples
from tests.proof.records import File
from tests.proof.use_cases import REGISTRY
from tests.samples import ANA, staff
from tests.stateful.attempts import Attempts
from tests.stateful.document_rules import OTHERS, OWNERS, TREATMENT, VISIT, numbers, patients
from tests.stateful.model import Foreseen
from tests.stateful.record_model import Model

records = st.sampled_from([VISIT, TREATMENT, OTHERS])
categories = st.sampled_from([None, "summary", "referral", "selfie"])


class FileRules(Attempts):
    documents = Attempts.documents

    @rule(target=documents, owner=st.sampled_from(OWNERS), number=numbers)
    def uploads_a_file(self, owner: OwnerRef, number: int) -> DocumentId | MultipleResults[DocumentId]:
        data, id = samples.text(number), DocumentId(self.ids.next)
        digest = sha256(data).hexdigest()
        self.bytes[id] = data

        def foreseen(model: Model) -> Foreseen:
            patient = model.patient_of(owner)
            file = File(patient, "document", None, None, "nota", (), None, digest, False, False, 1)
            return model.upload(id, file, owner=owner)

        self.attempt(foreseen, lambda: self._stored(owner, data))
        return id if id in self.model.files else multiple()

    async def _stored(self, owner: OwnerRef, data: bytes) -> object:
        berth = await self.does.begin_file(staff(), owner)
        await berth.blob.write(data)
        return await self.does.store_file(staff(), berth, Incoming(id=berth.id, blob=berth.blob, filename="nota.txt"))

    @rule(id=documents, category=categories)
    def files_it_under(self, id: DocumentId, category: str | None) -> None:
        self.attempt(
            lambda model: model.file_under(id, category, lambda kind: REGISTRY.get(kind).categories),
            lambda: self.does.revise_file(staff(), id, category=category),
        )

    @precondition(lambda self: not self.faults.is_armed)
    @rule(ids=st.lists(documents, max_size=4))
    def trashes_many(self, ids: list[DocumentId]) -> None:
        self.attempt(lambda model: model.put_many_in_trash(ids), lambda: self.does.trash_files(staff(), ids))

    @rule(owner=records)
    def lists_files(self, owner: OwnerRef) -> None:
        page = self.run(self.does.list_files(staff(), owner, FileCriteria(), PageRequest(size=200)))
        files = self.model.files
        links = self.model.links_to(owner) if owner in self.model.owners else []
        expected = {id for id, _ in links if not (files[id].trashed or files[id].archived)}
        assert {file.document.id for file in page.items} == expected
        assert page.total == len(expected)
        assert all(file.category == self.model.links[file.document.id, owner][1] for file in page.items)

    @rule(id=documents, hold=st.booleans())
    def holds_a_document(self, id: DocumentId, hold: bool) -> None:
        self.attempt(
            lambda model: model.hold_document(id, hold), lambda: self.does.hold_document(staff(), id, hold=hold)
        )

    @rule(patient=patients, hold=st.booleans())
    def holds_a_patient(self, patient: PatientId, hold: bool) -> None:
        self.attempt(
            lambda model: model.hold_patient(patient, hold),
            lambda: self.does.hold_patient(staff(), patient, hold=hold),
        )

    @rule(id=documents)
    def trashes_what_is_held_and_waits(self, id: DocumentId) -> None:
        """So that purging meets a hold often."""
        self.attempt(
            lambda model: model.hold_patient(ANA, True), lambda: self.does.hold_patient(staff(), ANA, hold=True)
        )
        self.attempt(lambda model: model.put_in_trash(id), lambda: self.does.trash(staff(), id))
