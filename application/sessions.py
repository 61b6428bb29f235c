"""Sessions of the clinic app, as far as the audit log is concerned."""

from dataclasses import dataclass

from application.ports.audit_trail import AuditEntry, AuditTrail
from application.ports.system import Clock
from domain.access import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSession:
    """Write that somebody signed in or out. Raises `Unavailable`: a session that cannot be recorded does not begin."""

    audit: AuditTrail
    clock: Clock

    async def __call__(self, actor: Principal, *, begun: bool) -> None:
        action = "session.begun" if begun else "session.ended"
        entry = AuditEntry.by(actor, self.clock(), action)
        await self.audit.append(entry, wait=True)
