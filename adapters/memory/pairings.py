"""Pairings of a clinic."""

from adapters.memory.draft import Draft
from application.ports.unit_of_work import Pairings
from domain.errors import Conflict, NotFound
from domain.ids import DocumentId
from domain.pairings import Pairing


class MemoryPairings(Pairings):
    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    async def of(self, document: DocumentId) -> Pairing | None:
        pairing = self._draft.tables.pairings.get(document)
        return pairing if pairing and self._draft.sees(pairing.patient_id) else None

    async def add(self, pairing: Pairing) -> None:
        self._draft.require(pairing.clinic_id, pairing.patient_id)
        for member in pairing.members:
            document = self._draft.tables.documents.get(member)
            if document is None or document.patient_id != pairing.patient_id:
                raise NotFound("There is no such document here")
            if member in self._draft.tables.pairings:
                raise Conflict("One of the photos is already in a pair", field="other_id")
        self._draft.tables.pairings |= dict.fromkeys(pairing.members, pairing)

    async def remove(self, pairing: Pairing) -> bool:
        self._draft.require(pairing.clinic_id, pairing.patient_id)
        stored = await self.of(pairing.before)
        if stored is None or stored.id != pairing.id:
            return False
        for member in stored.members:
            del self._draft.tables.pairings[member]
        return True
