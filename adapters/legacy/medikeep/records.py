"""MediKeep's records: whatever table has a patient and a name that a record type of ours may be meant by."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.legacy.tables import Tables, moment
from application.ports.legacy import LegacyRecord, Row
from domain import wording
from domain.attachments import OwnerRef, OwnerRegistry
from domain.errors import Malformed
from domain.ids import OwnerId, PatientId

NEEDED = frozenset({"users", "patients", "lab_result_files", "entity_files"})
_NAMED_BY = (
    "test_name",
    "procedure_name",
    "company_name",
    "medication_name",
    "vaccine_name",
    "treatment_name",
    "symptom_name",
    "injury_name",
    "condition_name",
    "allergen",
    "diagnosis",
    "reason",
    "name",
    "title",
)
_DATED_BY = (
    "completed_date",
    "date",
    "ordered_date",
    "date_administered",
    "effective_date",
    "onset_date",
    "date_of_injury",
    "start_date",
)


def is_wanted(table: str, columns: Sequence[str]) -> bool:
    """Whether a table can say anything about files or whose they are."""
    return table in NEEDED or ("patient_id" in columns and table != "activity_logs")


def table_for(tables: Tables, entity_type: str) -> str | None:
    """The table of the records that a file's `entity_type` names: lab-result is lab_results, allergy is allergies."""
    word = entity_type.strip().lower().replace("-", "_")
    # MediKeep calls the same list by two names.
    word = "encounter" if word in ("visit", "visits") else word
    for name in (word, f"{word}s", f"{word.removesuffix('y')}ies", f"{word}es"):
        if name in tables and name not in NEEDED:
            return name
    return None


def our_type(registry: OwnerRegistry, entity_type: str) -> str | None:
    """What a file's `entity_type` is called here; None where it has no name here."""
    for word in (entity_type, entity_type.replace("_", "-"), entity_type.replace("-", "_")):
        try:
            return registry.get(word.strip().lower()).name
        except Malformed:
            continue
    return None


def tables_of_types(tables: Tables, registry: OwnerRegistry) -> Mapping[str, str]:
    """The tables that hold records of a type of ours, with that type."""
    found: dict[str, str] = {}
    for owner_type in registry:
        for word in (owner_type.name, *sorted(owner_type.aliases)):
            table = table_for(tables, word)
            if table is not None and owner_type.name != "patient":
                found.setdefault(table, owner_type.name)
    return found


def records_of(tables: Tables, types: Mapping[str, str], patients: frozenset[PatientId]) -> tuple[LegacyRecord, ...]:
    return tuple(_records(tables, types, patients))


def _records(tables: Tables, types: Mapping[str, str], patients: frozenset[PatientId]) -> Iterator[LegacyRecord]:
    for table, kind in types.items():
        for row in tables[table]:
            patient = PatientId(str(row["patient_id"]))
            if patient in patients:
                ref = OwnerRef(kind, OwnerId(str(row["id"])))
                yield LegacyRecord(Row(table, ref.id), ref, patient, _title(row, ref), _date(row))


def _title(row: Mapping[str, Any], ref: OwnerRef) -> str:
    named = (wording.line(str(row[name]))[: wording.MAX_TITLE] for name in _NAMED_BY if row.get(name))
    return next(filter(None, named), f"{ref.type} {ref.id}")


def _date(row: Mapping[str, Any]) -> Any:
    return next(filter(None, (moment(row.get(name)) for name in _DATED_BY)), None)
