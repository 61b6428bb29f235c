"""Following what happens at the host: its patients are archived, its records deleted."""

import logging
from dataclasses import dataclass

from application.attachments import UnlinkOwner
from application.directory import DeleteOwner, SetPatientStatus
from application.owners import FindOwner
from application.ports.event_source import Delivery, EventSource, Received
from domain.access import Permission, Principal
from domain.directory import PatientStatus
from domain.errors import DomainError, Malformed, NotFound, StaleVersion, Unavailable
from domain.ids import PatientId, UserId, host_id

_log = logging.getLogger("clinic_media.events")

_STATUS = {"patient.archived": PatientStatus.ARCHIVED, "patient.unarchived": PatientStatus.ACTIVE}
_OWNER_DELETED = "owner.deleted"
_MAY = frozenset({Permission.DIRECTORY_WRITE, Permission.ATTACHMENTS_WRITE})
_TRANSIENT = (Unavailable, StaleVersion)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowHost:
    """Carry out what the host's events ask for, in their order, each settled after its change is committed.

    They may come again: what is already so stays so. `user` is who acts, for the audit log. What can never be carried
    out is told in the log and settled; what fails for the moment ends the round and comes again.
    """

    source: EventSource
    find_owner: FindOwner
    set_patient_status: SetPatientStatus
    delete_owner: DeleteOwner
    unlink_owner: UnlinkOwner
    user: UserId

    async def __call__(self, limit: int = 20) -> int:
        """How many events were settled."""
        deliveries = await self.source.take(limit)
        for delivery in deliveries:
            await self._deal_with(delivery)
            await delivery.settle()
        return len(deliveries)

    async def _deal_with(self, delivery: Delivery) -> None:
        try:
            await self._carry_out(delivery.read())
        except _TRANSIENT:
            raise
        except DomainError as error:
            _log.warning("the event at %s was put aside: %s", delivery.place, error.detail)

    async def _carry_out(self, event: Received) -> None:
        # Our own would come back as orders, long after something else was decided.
        if event.is_ours:
            return
        actor = Principal(clinic_id=event.clinic_id, user_id=self.user, permissions=_MAY)
        if event.type in _STATUS:
            await self._set_status(actor, _text(event, "patient_id") or event.subject, _STATUS[event.type])
        elif event.type == _OWNER_DELETED:
            type, _, id = event.subject.partition("/")
            await self._delete(actor, _text(event, "owner_type") or type, _text(event, "owner_id") or id)

    async def _set_status(self, actor: Principal, patient: str, status: PatientStatus) -> None:
        host_id(patient, "patient_id")
        try:
            await self.set_patient_status(actor, PatientId(patient), status)
        except NotFound:
            _log.info("a patient of the host was %s who is not known here", status)

    async def _delete(self, actor: Principal, type: str, id: str) -> None:
        ref = self.find_owner.registry.ref(type, host_id(id, "owner_id"))
        if self.find_owner.is_local(ref):
            try:
                await self.delete_owner(actor, ref)
            except NotFound:
                _log.debug("a record was deleted that is not known here")
        else:
            await self.unlink_owner(actor, ref)


def _text(event: Received, name: str) -> str:
    """A field of the data, whose ids may be numbers; empty where there is none."""
    value = event.data.get(name, "")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Malformed(f"{name} must be text", field=name)
    return str(value)
