"""Who did what to what, when, from where. Rows are only ever added."""

from abc import abstractmethod
from collections.abc import AsyncIterator
from datetime import datetime
from typing import NamedTuple, Protocol

from application.ports.paging import Page, PageRequest
from domain.access import Principal
from domain.ids import ClinicId


class AuditEntry(NamedTuple):
    """`outcome` is "ok" or the code of the refusal; ids and words of the vocabulary only, no personal text."""

    clinic_id: ClinicId
    at: datetime
    user_id: str
    action: str
    outcome: str = "ok"
    document_id: str | None = None
    patient_id: str | None = None
    subject: str | None = None
    detail: str | None = None
    address: str = ""
    request_id: str = ""

    @classmethod
    def by(
        cls,
        actor: Principal,
        at: datetime,
        action: str,
        *,
        outcome: str = "ok",
        document_id: str | None = None,
        patient_id: str | None = None,
        subject: str | None = None,
        detail: str | None = None,
    ) -> "AuditEntry":
        """Of what `actor` did, in their clinic and from where they ask."""
        return cls(
            clinic_id=actor.clinic_id,
            at=at,
            user_id=actor.user_id,
            action=action,
            outcome=outcome,
            document_id=document_id,
            patient_id=patient_id,
            subject=subject,
            detail=detail,
            address=actor.origin.address,
            request_id=actor.origin.request_id,
        )


class AuditRow(NamedTuple):
    """An entry as stored: `seq` counts from 1 in each clinic without gaps, `hash` chains over the one before."""

    seq: int
    hash: str
    entry: AuditEntry


class AuditCriteria(NamedTuple):
    document_id: str | None = None
    patient_id: str | None = None
    user_id: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class AuditTrail(Protocol):
    """Entries of changes are written by the unit of work with the change; this takes all others."""

    @abstractmethod
    async def append(self, entry: AuditEntry, *, wait: bool = False) -> None:
        """Add an entry for a read or a refusal. With `wait` it is durable on return; else within a second, in batches.

        Raises `Unavailable` (only with `wait`) when it could not be written.
        """

    @abstractmethod
    async def page(self, actor: Principal, criteria: AuditCriteria, request: PageRequest) -> Page[AuditRow]:
        """The clinic's entries, newest first."""

    @abstractmethod
    def entries(self, actor: Principal, criteria: AuditCriteria) -> AsyncIterator[AuditRow]:
        """All of the clinic's entries that `page` would show, newest first, in memory that their number does not grow.

        What is added meanwhile is not among them.
        """

    @abstractmethod
    async def broken_links(self, clinic: ClinicId) -> list[int]:
        """Sequence numbers at which the chain does not hold: edited, missing, or inserted."""

    @abstractmethod
    async def flush(self) -> None:
        """Write what is waiting."""
