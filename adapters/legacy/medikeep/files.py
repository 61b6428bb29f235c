"""MediKeep's two tables of files as one list, each file once, with what is wrong with the rest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from adapters.legacy.folder import Folder, below_uploads
from adapters.legacy.medikeep.records import our_type, table_for
from adapters.legacy.tables import Tables, moment, number, text
from application.ports.legacy import Anomaly, LegacyFile, LegacyLink, LegacyPatient, LegacyUser, Row
from domain.attachments import OwnerRef, OwnerRegistry
from domain.ids import OwnerId, PatientId, UserId

LAB_RESULT = "lab-result"
_DEFAULT_CATEGORY = "result"
_LOCAL = ("", "local")
_NOT_DONE = ("pending", "processing", "uploading")
_UNKNOWN = UserId("unknown")


@dataclass(frozen=True, slots=True)
class Record:
    """The record that a file is on."""

    table: str
    ref: OwnerRef | None
    patient: LegacyPatient


@dataclass(slots=True)
class Filing:
    tables: Tables
    folder: Folder
    registry: OwnerRegistry
    patients: Mapping[PatientId, LegacyPatient]
    users: Mapping[UserId, LegacyUser]
    anomalies: list[Anomaly] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    """Files that a row or a note in the trash names, whatever became of it."""
    _rows: dict[str, dict[str, Mapping[str, Any]]] = field(default_factory=dict)

    def files(self) -> tuple[LegacyFile, ...]:
        found: dict[tuple[str, str, str], LegacyFile] = {}
        for where, row, kind, id in self._everything():
            file, record = self._file(where, row, kind, id)
            if file is None or record is None:
                continue
            key = (record.table, str(id), file.path)
            if (first := found.get(key)) is not None:
                found[key] = _joined(first, file)
                reason = (
                    f"the same file of the same record as row {first.rows[0].id} of {first.rows[0].table}: comes once"
                )
                self._note("duplicate", where, file.filename, reason)
            else:
                found[key] = file
        return tuple(found.values())

    def _everything(self) -> Iterator[tuple[Row, Mapping[str, Any], str, Any]]:
        for row in self.tables.get("lab_result_files", ()):
            yield Row("lab_result_files", str(row["id"])), row, LAB_RESULT, row.get("lab_result_id")
        for row in self.tables.get("entity_files", ()):
            yield Row("entity_files", str(row["id"])), row, text(row.get("entity_type")), row.get("entity_id")

    def _file(self, where: Row, row: Mapping[str, Any], kind: str, id: Any) -> tuple[LegacyFile | None, Record | None]:
        stored = text(row.get("file_path"))
        name = text(row.get("file_name")) or stored.replace("\\", "/").rpartition("/")[2] or "file"
        path = self._placed(stored)
        if path is not None:
            self.used.add(path)
        record = self.record(where, name, kind, id)
        if record is None:
            return None, None
        if path is None:
            self._missing(where, name, row, stored)
            return None, None
        category = row.get("category") or None
        if table_for(self.tables, kind) == "lab_results" and category in (None, LAB_RESULT):
            category = _DEFAULT_CATEGORY
        file = self.file_of(where, record, path=path, filename=name, created_at=moment(row.get("uploaded_at")))
        described = str(row["description"]) if row.get("description") else None
        return (
            replace(
                file,
                declared=str(row.get("file_type") or ""),
                size=number(row.get("file_size")),
                description=described,
                links=tuple(link._replace(category=category) for link in file.links),
            ),
            record,
        )

    def file_of(
        self, where: Row, record: Record, *, path: str, filename: str, created_at: datetime | None
    ) -> LegacyFile:
        """A file of a record of which no more is known."""
        account = record.patient.account
        return LegacyFile(
            rows=(where,),
            patient=record.patient.id,
            path=path,
            filename=filename,
            links=(LegacyLink((where,), record.ref),) if record.ref else (),
            uploaded_by=account or _UNKNOWN,
            uploader_name=self.users[account].name if account else "",
            created_at=created_at or datetime(1970, 1, 1, tzinfo=UTC),
        )

    def record(self, where: Row, name: str, kind: str, id: Any) -> Record | None:
        """The record `id` of a type; None, with the reason noted, where the chain to a patient is broken."""
        if id is None:
            self._lost("broken_chain", where, name, f"it names no {kind}")
            return None
        table = table_for(self.tables, kind)
        if table is None:
            self._lost("broken_chain", where, name, f"records of type {kind} are kept nowhere there")
            return None
        found = self._by_id(table).get(str(id))
        if found is None:
            self._lost("broken_chain", where, name, f"its {kind} {id} is gone")
            return None
        patient = self.patients.get(PatientId(str(found["patient_id"])))
        if patient is None:
            self._lost("broken_chain", where, name, f"its {kind} {id} belongs to no patient")
            return None
        ours = our_type(self.registry, kind)
        if ours is None:
            self._note("unknown_type", where, name, f"{kind} is no type of record here; kept with the patient")
        return Record(table, OwnerRef(ours, OwnerId(str(id))) if ours else None, patient)

    def _by_id(self, table: str) -> dict[str, Mapping[str, Any]]:
        if table not in self._rows:
            self._rows[table] = {str(row["id"]): row for row in self.tables[table]}
        return self._rows[table]

    def _placed(self, stored: str) -> str | None:
        return next((path for path in below_uploads(stored) if self.folder.file(path)), None)

    def _missing(self, where: Row, name: str, row: Mapping[str, Any], stored: str) -> None:
        backend = str(row.get("storage_backend") or "")
        if backend not in _LOCAL or "://" in stored:
            backend = stored.partition("://")[0] if "://" in stored else backend
            if row.get("sync_status") in _NOT_DONE:
                self._lost("pending", where, name, f"on its way to {backend} and not kept here")
            else:
                self._lost("remote", where, name, f"kept in {backend}, not here: {stored}")
        else:
            self._lost("missing_on_disk", where, name, f"there is no such file in the uploads folder: {stored}")

    def _lost(self, code: str, where: Row, name: str, reason: str) -> None:
        self.anomalies.append(Anomaly(code, where, name, reason, lost=True))

    def _note(self, code: str, where: Row, name: str, reason: str) -> None:
        self.anomalies.append(Anomaly(code, where, name, reason))


def _joined(first: LegacyFile, second: LegacyFile) -> LegacyFile:
    """One file of two rows: what either says."""
    links = (_said_by_either(one, two) for one, two in zip(first.links, second.links, strict=True))
    return replace(
        first,
        rows=first.rows + second.rows,
        description=first.description or second.description,
        links=tuple(links),
    )


def _said_by_either(one: LegacyLink, two: LegacyLink) -> LegacyLink:
    category = one.category if one.category not in (None, _DEFAULT_CATEGORY) else two.category
    return one._replace(rows=one.rows + two.rows, category=category or one.category)
