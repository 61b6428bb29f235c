"""The audit log of each clinic."""

from collections.abc import AsyncIterator, Iterator

from adapters.memory.pages import Order
from adapters.memory.store import Chain, MemoryStore
from application.audit_chain import broken
from application.ports.audit_trail import AuditCriteria, AuditEntry, AuditRow, AuditTrail
from application.ports.paging import Page, PageRequest
from domain.access import Principal
from domain.ids import ClinicId, PatientId

_NEWEST: Order[AuditRow] = Order(lambda row: (row.seq,), (int,))


class MemoryAuditTrail(AuditTrail):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def append(self, entry: AuditEntry, *, wait: bool = False) -> None:
        self._store.add_audit(entry)

    async def page(self, actor: Principal, criteria: AuditCriteria, request: PageRequest) -> Page[AuditRow]:
        return _NEWEST.page(self._matching(actor, criteria), request, lambda row: row)

    async def entries(self, actor: Principal, criteria: AuditCriteria) -> AsyncIterator[AuditRow]:
        for row in sorted(self._matching(actor, criteria), key=lambda row: -row.seq):
            yield row

    async def broken_links(self, clinic: ClinicId) -> list[int]:
        chain = self._chain(clinic)
        return list(broken(chain.rows, chain.length, chain.head))

    async def flush(self) -> None:
        """Nothing ever waits here."""

    def _matching(self, actor: Principal, criteria: AuditCriteria) -> Iterator[AuditRow]:
        rows = self._chain(actor.clinic_id).rows
        return (row for row in rows if _is_visible(row.entry, actor) and _matches(row.entry, criteria))

    def _chain(self, clinic: ClinicId) -> Chain:
        return self._store.audit.get(clinic, Chain())


def _is_visible(entry: AuditEntry, actor: Principal) -> bool:
    return actor.is_staff or (entry.patient_id is not None and actor.sees(PatientId(entry.patient_id)))


def _matches(entry: AuditEntry, criteria: AuditCriteria) -> bool:
    return (
        criteria.document_id in (None, entry.document_id)
        and criteria.patient_id in (None, entry.patient_id)
        and criteria.user_id in (None, entry.user_id)
        and criteria.action in (None, entry.action)
        and (criteria.since is None or criteria.since <= entry.at)
        and (criteria.until is None or entry.at <= criteria.until)
    )
