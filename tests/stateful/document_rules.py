"""What people do with a patient's documents."""

from datetime import UTC, datetime
from hashlib import sha256

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, multiple, rule

from application.uploads import PhotoWords
from domain.attachments import OwnerRef
from domain.documents import Reclassification, Revision
from domain.errors import NotFound
from domain.ids import DocumentId, OwnerId, PatientId
from domain.media import DocumentType, MediaKind
from tests.proof import samples
from tests.proof.records import File
from tests.proof.use_cases import MAX_FILES
from tests.samples import ANA, LUIS, staff
from tests.stateful.attempts import Attempts
from tests.stateful.model import Foreseen
from tests.stateful.record_model import Model

VISIT, TREATMENT, OTHERS = (
    OwnerRef(type, OwnerId(id)) for type, id in (("visit", "v1"), ("treatment", "t1"), ("visit", "v2"))
)
OWNERS = (VISIT, TREATMENT, OTHERS, OwnerRef("patient", OwnerId(ANA)), OwnerRef("visit", OwnerId("nowhere")))

patients = st.sampled_from([ANA, LUIS])
numbers = st.integers(0, 9)
terms = st.sampled_from([("intraoral", "frontal"), ("extraoral", "smile"), ("clinical", None), ("xray", None)])


class DocumentRules(Attempts):
    documents = Attempts.documents

    @rule(
        target=documents,
        patient=patients,
        number=numbers,
        kind=st.sampled_from(["photo", "photo", "xray"]),
        owner=st.none() | st.sampled_from(OWNERS),
        helper_ends=st.sampled_from([False, False, False, True]),
    )
    def uploads_a_picture(
        self, patient: PatientId, number: int, kind: str, owner: OwnerRef | None, helper_ends: bool
    ) -> DocumentId | MultipleResults[DocumentId]:
        return self.upload(patient, number, kind, owner, helper_ends=helper_ends)

    @rule(target=documents, owner=st.sampled_from([VISIT, TREATMENT]))
    def fill_a_record(self, owner: OwnerRef) -> MultipleResults[DocumentId]:
        before = {*self.model.files}
        for number in range(MAX_FILES + 1):
            self.upload(ANA, number, "photo", owner)
        return multiple(*(self.model.files.keys() - before))

    @rule(target=documents, patient=patients, number=numbers, partner=documents)
    def uploads_the_other_one_of_a_pair(
        self, patient: PatientId, number: int, partner: DocumentId
    ) -> DocumentId | MultipleResults[DocumentId]:
        return self.upload(patient, number, "photo", None, partner)

    def upload(
        self,
        patient: PatientId,
        number: int,
        kind: str,
        owner: OwnerRef | None,
        partner: DocumentId | None = None,
        *,
        helper_ends: bool = False,
    ) -> DocumentId | MultipleResults[DocumentId]:
        data = samples.photo(number) if kind == "photo" else samples.xray(number)
        taken = datetime(2024, 3, number % 28 + 1, 10, 11, 12, tzinfo=UTC) if kind == "photo" else None
        category = "intraoral" if kind == "photo" else "xray"
        words = PhotoWords(kind=MediaKind(kind), category=category, owner=owner, paired_document_id=partner)
        id = DocumentId(self.ids.next)
        file = File(
            patient, kind, category, None, f"foto {number}", (), taken, sha256(data).hexdigest(), False, False, 1
        )
        self.bytes[id] = data
        self.inspector.faults = int(helper_ends)

        async def uploaded() -> object:
            incoming = await self.received(
                staff(), patient, data, f"foto {number}.{'jpg' if kind == 'photo' else 'png'}"
            )
            return await self.does.store_photo(staff(), patient, incoming, words)

        self.attempt(lambda model: model.upload(id, file, owner=owner, partner=partner), uploaded)
        self.inspector.faults = 0
        return id if id in self.model.files else multiple()

    @rule(target=documents, patient=patients, number=numbers)
    def uploads_a_text(self, patient: PatientId, number: int) -> DocumentId | MultipleResults[DocumentId]:
        data, id = samples.text(number), DocumentId(self.ids.next)
        file = File(
            patient, "document", None, None, f"Informe {number}", (), None, sha256(data).hexdigest(), False, False, 1
        )
        self.bytes[id] = data

        async def uploaded() -> object:
            incoming = await self.received(staff(), patient, data, "informe.txt")
            return await self.does.store_document(
                staff(), patient, incoming, document_type=DocumentType.REPORT, title=f"Informe {number}"
            )

        self.attempt(lambda model: model.upload(id, file), uploaded)
        return id if id in self.model.files else multiple()

    @rule(patient=patients, data=st.sampled_from([b"", b"GIF89a", b"\xff\xd8\xff\xe0 no picture", b"MZ\x90\x00"]))
    def uploads_what_is_refused(self, patient: PatientId, data: bytes) -> None:
        self.refuse(lambda: self._store(patient, data))

    async def _store(self, patient: PatientId, data: bytes) -> object:
        incoming = await self.received(staff(), patient, data, "foto.jpg")
        return await self.does.store_photo(staff(), patient, incoming, PhotoWords(category="other"))

    @rule(id=documents, title=st.sampled_from(["Antes", "Después"]), known=st.none() | st.integers(1, 3))
    def retitles(self, id: DocumentId, title: str, known: int | None) -> None:
        self.attempt(
            lambda model: model.revise(id, title, known),
            lambda: self.does.revise(staff(), id, Revision(title=title), known),
        )

    @rule(id=documents, term=terms, tags=st.sampled_from([(), ("control",)]))
    def reclassifies(self, id: DocumentId, term: tuple[str, str | None], tags: tuple[str, ...]) -> None:
        change = Reclassification(category=term[0], subtype=term[1], tags=tags)
        self.attempt(lambda model: model.reclassify(id, *term, tags), lambda: self.does.reclassify(staff(), id, change))

    @rule(id=documents)
    def trashes(self, id: DocumentId) -> None:
        self.attempt(lambda model: model.put_in_trash(id), lambda: self.does.trash(staff(), id))

    @rule(id=documents)
    def restores(self, id: DocumentId) -> None:
        self.attempt(lambda model: model.restore(id), lambda: self.does.restore(staff(), id))

    @rule(id=documents, to=patients)
    def moves(self, id: DocumentId, to: PatientId) -> None:
        self.attempt(lambda model: model.move(id, to), lambda: self.does.move(staff(), id, to))

    @rule(first=documents, second=documents, names_first=st.none() | st.booleans())
    def pairs(self, first: DocumentId, second: DocumentId, names_first: bool | None) -> None:
        before = None if names_first is None else first if names_first else second
        self.attempt(
            lambda model: model.pair(first, second, before),
            lambda: self.does.pair(staff(), first, second, before),
        )

    @rule(id=documents)
    def unpairs(self, id: DocumentId) -> None:
        self.attempt(lambda model: model.unpair(id), lambda: self.does.unpair(staff(), id))

    @rule(id=documents, partner=st.none() | documents)
    def changes_the_partner(self, id: DocumentId, partner: DocumentId | None) -> None:
        self.attempt(
            lambda model: model.repartner(id, partner),
            lambda: self.does.reclassify(staff(), id, Reclassification(), partner),
        )

    @rule(id=documents, variant=st.sampled_from(["full", "medium", "thumb"]))
    def downloads(self, id: DocumentId, variant: str) -> None:
        got = self.attempt(lambda model: _has(model, id, variant), lambda: self._downloaded(id, variant), reads=1)
        if got is not None:
            assert got == self.run(self._expected(id, variant))

    async def _downloaded(self, id: DocumentId, variant: str) -> bytes:
        download = await self.does.download(staff(), id, variant)
        if download.content is not None:
            return download.content
        return b"".join([chunk async for chunk in await self.does.download.read(download, 0, download.size)])

    async def _expected(self, id: DocumentId, variant: str) -> bytes:
        if variant == "full":
            return self.bytes[id]
        made = (await self.inspector.inspect(self.bytes[id], filename="", now=self.ports.clock())).derivatives
        assert made is not None
        return made.thumb if variant == "thumb" else made.medium


def _has(model: Model, id: DocumentId, variant: str) -> Foreseen:
    if id not in model.files or model.files[id].trashed:
        raise NotFound("")
    if model.files[id].kind == "document" and variant != "full":
        raise NotFound("")
    return iter(())
