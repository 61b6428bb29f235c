"""The records of a DentalPin installation: of which table they are, and whose."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from adapters.legacy.identifiers import ident, is_host_id
from adapters.legacy.tables import Tables, moment, text
from application.ports.legacy import Anomaly, LegacyPatient, LegacyRecord, Row
from domain import wording
from domain.attachments import OwnerRef, OwnerRegistry
from domain.directory import PATIENT
from domain.errors import Malformed
from domain.ids import ClinicId, OwnerId
from domain.notes import CLINICAL_NOTE

# Where a table is not called like the type; else it is its plural.
_TABLES = {"plan": "treatment_plans", "plan_item": "planned_treatment_items"}
# A record that names no patient is of the one that the first of these is of.
_PARENTS = (
    ("appointment_id", "appointment"),
    ("treatment_plan_id", "plan"),
    ("planned_treatment_item_id", "plan_item"),
    ("treatment_id", "treatment"),
)
_NAMED_BY = ("title", "name", "plan_number", "treatment_type", "clinical_type", "description", "notes")
_DATED_BY = ("start_time", "performed_at", "recorded_at", "date", "created_at")
_DEEPEST = 5


def table_of(kind: str) -> str:
    """Where records of a type are kept."""
    return _TABLES.get(kind) or f"{kind.replace('-', '_')}s"


class Person(NamedTuple):
    clinic: ClinicId
    patient: LegacyPatient


class Found(NamedTuple):
    """A record as it is there; `patient` is the id that it gives, known or not, "" for none."""

    patient: str
    is_deleted: bool
    row: Mapping[str, Any]


@dataclass(slots=True)
class Owners:
    tables: Tables
    registry: OwnerRegistry
    people: Mapping[str, Person]
    anomalies: list[Anomaly]
    _rows: dict[str, dict[str, Mapping[str, Any]]] = field(default_factory=dict)

    def type_of(self, word: str) -> str | None:
        """What a type is called here; None where it has no name here."""
        try:
            return self.registry.get(word.strip().lower()).name
        except Malformed:
            return None

    def find(self, kind: str, id: str) -> Found | None:
        if kind == PATIENT:
            return Found(id, False, {}) if id in self.people else None
        row = self._of(kind).get(id)
        return None if row is None else Found(self._patient(row), bool(row.get("deleted_at")), row)

    def records(self) -> Iterator[tuple[ClinicId, LegacyRecord]]:
        """Those of patients, in the order of their types, without those that were deleted there."""
        for owner_type in self.registry:
            if owner_type.name in (PATIENT, CLINICAL_NOTE):
                continue
            for id in self._of(owner_type.name):
                record = self._record(OwnerRef(owner_type.name, OwnerId(id)))
                if record is not None:
                    yield self.people[record.patient].clinic, record

    def _record(self, ref: OwnerRef) -> LegacyRecord | None:
        found = self.find(ref.type, ref.id)
        if found is None or found.is_deleted or not found.patient:
            return None
        where, person = Row(table_of(ref.type), ref.id), self.people.get(found.patient)
        if person is None or not is_host_id(ref.id):
            reason = f"its patient {found.patient} is gone" if person is None else "its id cannot be kept"
            self.anomalies.append(Anomaly("dangling_record", where, "", reason, lost=True))
            return None
        at = next(filter(None, (moment(found.row.get(name)) for name in _DATED_BY)), None)
        return LegacyRecord(where, ref, person.patient.id, _title(found.row, ref), at)

    def _of(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        table = table_of(kind)
        if table not in self._rows:
            self._rows[table] = {ident(row.get("id")): row for row in self.tables.get(table, ())}
        return self._rows[table]

    def _patient(self, row: Mapping[str, Any], depth: int = 0) -> str:
        if row.get("patient_id") is not None or depth > _DEEPEST:
            return ident(row.get("patient_id"))
        for kind, id in _parents(row):
            if kind == PATIENT:
                return id
            parent = self._of(kind).get(id)
            if parent is not None and (patient := self._patient(parent, depth + 1)):
                return patient
        return ""


def _parents(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if row.get("owner_type") is not None:
        yield text(row["owner_type"]).strip().lower(), ident(row.get("owner_id"))
    for column, kind in _PARENTS:
        if row.get(column) is not None:
            yield kind, ident(row[column])


def _title(row: Mapping[str, Any], ref: OwnerRef) -> str:
    named = (wording.line(text(row.get(name)))[: wording.MAX_TITLE].strip() for name in _NAMED_BY)
    return next(filter(None, named), f"{ref.type} {ref.id}")
