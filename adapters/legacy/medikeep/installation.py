"""MediKeep, of any version: its tables and columns tell what it has."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.legacy.folder import Folder, printable
from adapters.legacy.medikeep.files import Filing
from adapters.legacy.medikeep.records import is_wanted, records_of, tables_of_types
from adapters.legacy.medikeep.trash import trashed
from adapters.legacy.tables import Tables, day, flag, moment, read_tables, text
from application.ports.inspecting import Source
from application.ports.legacy import (
    Anomaly,
    Legacy,
    LegacyGrant,
    LegacyPatient,
    LegacySource,
    LegacyUser,
    Row,
)
from application.ports.system import Clock
from domain.access import Access
from domain.attachments import OwnerRegistry
from domain.errors import Unavailable
from domain.ids import ClinicId, PatientId, UserId

_SECRETS = frozenset({"password_hash", "sso_metadata"})
_FILE_TABLES = ("lab_result_files", "entity_files")


class MediKeep(LegacySource):
    name = "medikeep"

    def __init__(self, url: str, uploads: Path, clinic: ClinicId, registry: OwnerRegistry, clock: Clock) -> None:
        self.scope = clinic
        self._url = url
        self._folder = Folder(uploads)
        self._registry = registry
        self._clock = clock

    async def read(self) -> tuple[Legacy, ...]:
        self._folder.check()
        tables = await read_tables(self._url, is_wanted, _SECRETS)
        if not {"users", "patients"} <= tables.keys() or not any(name in tables for name in _FILE_TABLES):
            raise Unavailable("This is no database of MediKeep: it lacks the tables of users, patients or files")
        return (_Reading(tables, self._folder, self._registry, self._clock).legacy(self.scope),)

    def bytes_of(self, path: str) -> Source:
        return self._folder.existing(path)

    def chunks(self, path: str) -> AsyncIterator[bytes]:
        return self._folder.chunks(path)


@dataclass(slots=True)
class _Reading:
    tables: Tables
    folder: Folder
    registry: OwnerRegistry
    clock: Clock
    anomalies: list[Anomaly] = field(default_factory=list)

    def legacy(self, clinic: ClinicId) -> Legacy:
        users = tuple(self._users())
        known = {user.id: user for user in users}
        patients = {patient.id: patient for patient in self._patients(known)}
        types = tables_of_types(self.tables, self.registry)
        records = records_of(self.tables, types, frozenset(patients))
        filing = Filing(self.tables, self.folder, self.registry, patients, known)
        files = filing.files()
        thrown_away = trashed(self.folder, filing)
        self.anomalies += filing.anomalies
        used = filing.used | {file.path for file in files}
        self.anomalies += _orphans(self.folder, used)
        return Legacy(
            clinic=clinic,
            users=users,
            patients=tuple(patients.values()),
            grants=tuple(self._grants(patients, known)),
            records=records,
            files=(*files, *thrown_away),
            anomalies=tuple(self.anomalies),
            file_rows=sum(len(self.tables.get(name, ())) for name in _FILE_TABLES),
        )

    def _users(self) -> Iterator[LegacyUser]:
        for row in self.tables["users"]:
            name = row.get("full_name") or row.get("username") or str(row["id"])
            yield LegacyUser(UserId(str(row["id"])), str(name), str(row.get("email") or row.get("username") or name))

    def _patients(self, users: dict[UserId, LegacyUser]) -> Iterator[LegacyPatient]:
        for row in self.tables["patients"]:
            where = Row("patients", str(row["id"]))
            account: UserId | None = _account(row)
            name = (
                " ".join(str(row[part]) for part in ("first_name", "last_name") if row.get(part))
                or f"Patient {where.id}"
            )
            if account not in users:
                reason = f"its account {account} is gone; kept, and nobody but staff sees it"
                self.anomalies.append(Anomaly("broken_chain", where, name, reason))
                account = None
            yield LegacyPatient(where, PatientId(where.id), name, day(row.get("birth_date")), account)

    def _grants(
        self, patients: dict[PatientId, LegacyPatient], users: dict[UserId, LegacyUser]
    ) -> Iterator[LegacyGrant]:
        for patient in patients.values():
            if patient.account is not None:
                yield LegacyGrant(patient.row, patient.id, patient.account, Access.FULL)
        for row in self.tables.get("patient_shares", ()):
            if (grant := self._share(row, patients, users)) is not None:
                yield grant

    def _share(
        self, row: Any, patients: dict[PatientId, LegacyPatient], users: dict[UserId, LegacyUser]
    ) -> LegacyGrant | None:
        where, expires = Row("patient_shares", str(row["id"])), moment(row.get("expires_at"))
        if not flag(row.get("is_active", True)) or (expires is not None and expires <= self.clock()):
            return None
        patient, user = PatientId(str(row.get("patient_id"))), UserId(str(row.get("shared_with_user_id")))
        level = text(row.get("permission_level")).strip().upper()
        is_known = patient in patients and user in users and level in Access.__members__
        if not is_known or (expires is None and row.get("expires_at") is not None):
            reason = f"shares patient {patient} with account {user} as {level.lower()}: one of these is not known"
            if is_known:
                reason = f"shares patient {patient} until {row['expires_at']}, which is no time"
            self.anomalies.append(Anomaly("share", where, "", reason, lost=True))
            return None
        if expires is not None:
            reason = f"this share ends {expires:%Y-%m-%d}; here it stays until it is revoked"
            self.anomalies.append(Anomaly("share_expires", where, "", reason))
        return LegacyGrant(where, patient, user, Access[level])


def _account(row: Any) -> UserId:
    """Access goes by `owner_user_id`, which early versions do not have."""
    owner = row.get("owner_user_id")
    return UserId(str(row.get("user_id") if owner is None else owner))


def _orphans(folder: Folder, used: frozenset[str] | set[str]) -> Iterator[Anomaly]:
    for path in folder.paths():
        if path not in used and not path.startswith("photos/"):  # pictures of patients, not files of records
            reason = "no row names this file; it stays where it is"
            where = Row("uploads", printable(path))
            yield Anomaly("orphan_on_disk", where, where.id.rpartition("/")[2], reason)
