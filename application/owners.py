"""Finding out whose a record is, whoever keeps it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from application.ports.owners import OwnerResolver
from domain.access import Principal
from domain.attachments import LOCAL, Owner, OwnerRef, OwnerRegistry
from domain.directory import PATIENT
from domain.errors import DomainError, NotFound, Unavailable
from domain.ids import OwnerId, PatientId, host_id


@dataclass(frozen=True, slots=True, kw_only=True)
class FindOwner:
    """Ask the resolver of the record's type. A resolver that hangs or raises is `Unavailable`, never a guess."""

    registry: OwnerRegistry
    resolvers: Mapping[str, OwnerResolver]
    seconds: float = 5.0

    async def __call__(self, actor: Principal, ref: OwnerRef) -> Owner:
        """Raises `NotFound` where there is no such record, or none that the principal may see."""
        patient = await self._asked(actor, ref)
        if patient is None or not actor.sees(patient):
            raise NotFound(f"There is no {ref.type} with this id here")
        return Owner(ref, patient)

    async def patient(self, actor: Principal, id: PatientId) -> PatientId:
        """`id` itself, if that patient exists and the principal may see it."""
        if not actor.sees(id):
            raise NotFound("There is no patient with this id here")
        return (await self(actor, OwnerRef(PATIENT, OwnerId(id)))).patient_id

    def is_local(self, ref: OwnerRef) -> bool:
        return self.registry.get(ref.type).resolver == LOCAL

    async def _asked(self, actor: Principal, ref: OwnerRef) -> PatientId | None:
        host_id(ref.id, "owner_id")
        resolver = self.resolvers[self.registry.get(ref.type).resolver]
        try:
            async with asyncio.timeout(self.seconds):
                return await resolver.patient_of(actor.clinic_id, ref)
        except DomainError:
            raise
        except Exception as error:  # a host's resolver may raise anything
            raise Unavailable(f"Whose {ref.type} this is could not be found out; try again later") from error
