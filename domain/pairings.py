"""Before and after: two pictures of one patient. A document is in at most one pairing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.documents import Document
from domain.errors import Malformed, RuleViolated
from domain.events import Event, PairCreated, PairRemoved
from domain.ids import ClinicId, DocumentId, PairingId, PatientId


class PairRole(StrEnum):
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    id: PairingId
    clinic_id: ClinicId
    patient_id: PatientId
    before: DocumentId
    after: DocumentId
    created_at: datetime

    @property
    def members(self) -> frozenset[DocumentId]:
        return frozenset({self.before, self.after})

    def partner_of(self, document: DocumentId) -> DocumentId:
        return self.after if document == self.before else self.before

    def role_of(self, document: DocumentId) -> PairRole:
        return PairRole.BEFORE if document == self.before else PairRole.AFTER


def pair(
    id: PairingId, one: Document, two: Document, *, before: DocumentId | None, now: datetime
) -> tuple[Pairing, tuple[Event, ...]]:
    """Pair two pictures. The earlier is the before one, unless `before` names it.

    Raises `Malformed` for a document with itself or a `before` that is neither, `RuleViolated` for two patients or
    for something that is no picture.
    """
    if one.id == two.id:
        raise Malformed("A photo cannot be paired with itself", field="other_id")
    if one.patient_id != two.patient_id or one.clinic_id != two.clinic_id:
        raise RuleViolated("Both photos must be of the same patient", field="other_id")
    if not (one.is_picture and two.is_picture):
        raise RuleViolated("Only photos and x-rays can be paired", field="other_id")
    if before not in (None, one.id, two.id):
        raise Malformed("before must be one of the two documents", field="before")
    earlier, later = sorted((one, two), key=lambda document: (document.id != before, _age(document)))
    pairing = Pairing(
        id=id,
        clinic_id=one.clinic_id,
        patient_id=one.patient_id,
        before=earlier.id,
        after=later.id,
        created_at=now,
    )
    return pairing, paired(pairing)


def paired(pairing: Pairing) -> tuple[Event, ...]:
    return (
        PairCreated(
            patient_id=pairing.patient_id,
            document_id=pairing.before,
            after_document_id=pairing.after,
            pairing_id=pairing.id,
        ),
    )


def unpair(pairing: Pairing) -> tuple[Event, ...]:
    return (
        PairRemoved(
            patient_id=pairing.patient_id,
            document_id=pairing.before,
            after_document_id=pairing.after,
            pairing_id=pairing.id,
        ),
    )


def _age(document: Document) -> tuple[datetime, str]:
    return document.shown_at, document.id
