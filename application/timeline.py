"""What happened with a patient (Cronología), and who did what (audit)."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from application.owners import FindOwner
from application.ports.audit_trail import AuditCriteria, AuditRow, AuditTrail
from application.ports.paging import Page, PageRequest
from application.ports.views import TIMELINE_KINDS, TimelineEntry, TimelineViews
from domain.access import Permission, Principal
from domain.errors import Malformed
from domain.ids import PatientId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTimeline:
    timeline: TimelineViews
    find_owner: FindOwner

    async def __call__(
        self, actor: Principal, patient: PatientId, kinds: Sequence[str], request: PageRequest
    ) -> Page[TimelineEntry]:
        """`kinds` empty is all; notes are left out for those who may not read them."""
        actor.require(Permission.DOCUMENTS_READ, patient)
        if unknown := set(kinds) - set(TIMELINE_KINDS):
            raise Malformed(f"types must be among {', '.join(TIMELINE_KINDS)}, not {unknown.pop()}", field="types")
        await self.find_owner.patient(actor, patient)
        return await self.timeline.page(actor, patient, kinds or TIMELINE_KINDS, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAudit:
    audit: AuditTrail

    async def __call__(self, actor: Principal, criteria: AuditCriteria, request: PageRequest) -> Page[AuditRow]:
        actor.require(Permission.AUDIT_READ)
        await self.audit.flush()
        return await self.audit.page(actor, criteria, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAudit:
    audit: AuditTrail

    async def __call__(self, actor: Principal, criteria: AuditCriteria) -> AsyncIterator[AuditRow]:
        """All entries, the newest first, fetched while they are used."""
        actor.require(Permission.AUDIT_READ)
        await self.audit.flush()
        return self.audit.entries(actor, criteria)
