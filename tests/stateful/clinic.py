"""All that can be done to an installation, by all who do something to it."""

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, initialize, invariant, multiple, rule

from application.uploads import PhotoWords
from domain.ids import DocumentId
from tests.invariants import Told
from tests.proof import samples
from tests.samples import ANA, ANOTHER_CLINIC, CLINIC, LUIS, staff
from tests.stateful.attempts import Attempts
from tests.stateful.document_rules import OTHERS, TREATMENT, VISIT, DocumentRules, numbers
from tests.stateful.file_rules import FileRules
from tests.stateful.outsider_rules import STRANGER, OutsiderRules
from tests.stateful.record_rules import RecordRules
from tests.stateful.upkeep_rules import UpkeepRules, kinds

PATIENTS = ((CLINIC, ANA), (CLINIC, LUIS), (ANOTHER_CLINIC, ANA))
RECORDS = ((CLINIC, VISIT, ANA), (CLINIC, TREATMENT, ANA), (CLINIC, OTHERS, LUIS), (ANOTHER_CLINIC, VISIT, ANA))


class Clinic(DocumentRules, RecordRules, FileRules, OutsiderRules, UpkeepRules):
    @initialize(target=Attempts.documents)
    def two_clinics(self) -> MultipleResults[DocumentId]:
        self.run(self._set_up())
        self.model.patients |= {ANA: "active", LUIS: "active"}
        self.model.owners |= {VISIT: ANA, TREATMENT: ANA, OTHERS: LUIS}
        for number in range(3):
            self.upload(ANA, number, "photo", None)
        return multiple(*self.model.files)

    async def _set_up(self) -> None:
        for clinic, patient in PATIENTS:
            await self.does.register_patient(staff(clinic), patient, display_name="Ana García")
            self.known.happened.setdefault(clinic, []).append([Told("patient.registered", patient, patient)])
        for clinic, owner, patient in RECORDS:
            await self.does.register_owner(staff(clinic), owner, patient=patient, title="Revisión")
            self.known.happened[clinic].append([Told("owner.registered", patient, str(owner))])
        incoming = await self.received(STRANGER, ANA, samples.photo(0), "foto.jpg")
        await self.does.store_photo(STRANGER, ANA, incoming, PhotoWords(category="intraoral"))
        self.bytes[incoming.id] = samples.photo(0)
        self.others.add(incoming.id)
        self.known.happened[ANOTHER_CLINIC].append([Told("media.photo_uploaded", ANA, incoming.id)])

    @rule(target=Attempts.documents, number=numbers, steps=st.integers(0, 80), kind=kinds)
    def an_upload_is_struck_on_its_way(
        self, number: int, steps: int, kind: str
    ) -> DocumentId | MultipleResults[DocumentId]:
        """By themselves faults strike mostly what comes more often than an upload."""
        places = self.installed.places
        if places and steps % 2:
            self.faults.arm(kind, place=places[steps // 2 % len(places)])
        else:
            self.faults.arm(kind, steps=steps)
        return self.upload(ANA, number, "photo", None)

    @invariant()
    def everything_holds(self) -> None:
        if self.model.patients:
            self.check()
