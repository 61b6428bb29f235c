"""A clinic in memory with two patients and their records, for tests of single use cases."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from application.ports.blobs import BlobMissing
from application.ports.unit_of_work import Once
from application.ports.views import DocumentView
from application.uploads import Incoming, PhotoWords
from domain.access import Principal
from domain.ids import DocumentId, PatientId
from tests.proof import samples
from tests.proof.ports import Ports
from tests.proof.samples import InProcessInspector
from tests.proof.scene import OTHERS, TREATMENT, VISIT
from tests.proof.taps import Switch, no_fault, tapped
from tests.proof.use_cases import UseCases
from tests.proof.worlds import CountingIds, HearingBus, MemoryWorld
from tests.samples import ANA, LUIS, staff

ME = staff()


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallClinic:
    """`does` is without faults; what `failing` does is told to the tap while that is on."""

    does: UseCases
    failing: UseCases
    tap: Switch
    inspector: InProcessInspector
    bus: HearingBus

    @property
    def ports(self) -> Ports:
        return self.does.ports

    def over(self, **ports: Any) -> UseCases:
        """The use cases over these ports in place of their own."""
        return UseCases(replace(self.ports, **ports))

    async def photo(self, number: int = 1, patient: PatientId = ANA, **words: Any) -> DocumentView:
        data = samples.photo(number)
        return await self.store(data, f"foto {number}.jpg", patient, category="intraoral", **words)

    async def store(
        self,
        data: bytes,
        filename: str,
        patient: PatientId = ANA,
        *,
        does: UseCases | None = None,
        declared: str | None = None,
        once: Once | None = None,
        **words: Any,
    ) -> DocumentView:
        does = does or self.does
        incoming = await self.arrived(data, filename, patient, does=does, declared=declared)
        return await does.store_photo(ME, patient, incoming, PhotoWords(**words), once)

    async def arrived(
        self,
        data: bytes,
        filename: str,
        patient: PatientId = ANA,
        *,
        actor: Principal = ME,
        does: UseCases | None = None,
        declared: str | None = None,
    ) -> Incoming:
        id, blob = await (does or self.does).begin_upload(actor, patient)
        await blob.write(data)
        return Incoming(id=id, blob=blob, filename=filename, declared=declared)

    async def staged(self) -> set[DocumentId]:
        return {entry.id async for entry in self.ports.blobs.staged()}

    async def stored(self) -> set[str]:
        return {entry.key async for entry in self.ports.blobs.entries()}

    async def documents(self) -> list[DocumentView]:
        return [view async for view in self.ports.upkeep.documents()]

    async def bytes_of(self, key: str) -> bytes | None:
        try:
            return b"".join([chunk async for chunk in await self.ports.blobs.read(key)])
        except BlobMissing:
            return None


async def small_clinic() -> SmallClinic:
    tap, inspector, bus = Switch(no_fault), InProcessInspector(), HearingBus()
    ports = await MemoryWorld(Path()).open(inspector, bus, CountingIds(), tap)
    does = UseCases(ports)
    for patient in (ANA, LUIS):
        await does.register_patient(ME, patient, display_name="Ana García")
    for owner, patient in ((VISIT, ANA), (TREATMENT, ANA), (OTHERS, LUIS)):
        await does.register_owner(ME, owner, patient=patient, title="Revisión")
    return SmallClinic(does=does, failing=UseCases(tapped(ports, tap)), tap=tap, inspector=inspector, bus=bus)
