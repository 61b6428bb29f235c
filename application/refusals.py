"""Refusals inside of an answer that is none as a whole."""

from dataclasses import dataclass

from application.ports.audit_trail import AuditEntry, AuditTrail
from application.ports.system import Clock
from domain.access import Principal
from domain.ids import DocumentId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRefusal:
    """Write that somebody was refused one of several documents; `outcome` is the code of the refusal."""

    audit: AuditTrail
    clock: Clock

    async def __call__(self, actor: Principal, action: str, id: DocumentId, outcome: str) -> None:
        entry = AuditEntry.by(actor, self.clock(), action, outcome=outcome, document_id=id, subject=id)
        await self.audit.append(entry)
