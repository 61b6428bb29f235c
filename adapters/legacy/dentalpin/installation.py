"""DentalPin, of any version: its tables and columns tell what it has."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.legacy.dentalpin.documents import Filing
from adapters.legacy.dentalpin.links import LINK_TABLES, Linking
from adapters.legacy.dentalpin.notes import Notebook
from adapters.legacy.dentalpin.owners import Owners, Person, table_of
from adapters.legacy.dentalpin.pairs import Pairs
from adapters.legacy.dentalpin.people import People
from adapters.legacy.dentalpin.storage import Storage
from adapters.legacy.folder import Folder
from adapters.legacy.identifiers import ident, is_host_id
from adapters.legacy.tables import Tables, read_tables, text
from application.ports.imports import EVERY_CLINIC
from application.ports.inspecting import Source
from application.ports.legacy import Anomaly, Legacy, LegacySource, LegacyUser
from application.ports.system import Clock
from domain.attachments import OwnerRegistry
from domain.errors import Unavailable
from domain.ids import ClinicId
from domain.media import Taxonomy

_SECRETS = frozenset({"password_hash", "public_token", "public_auth_secret_hash"})
_NEEDED = frozenset({"documents", "patients"})
_USED = frozenset({"clinics", "users", "clinic_memberships"} | set(LINK_TABLES))


class DentalPin(LegacySource):
    name = "dentalpin"
    scope = EVERY_CLINIC

    def __init__(self, url: str, storage: Path, registry: OwnerRegistry, taxonomy: Taxonomy, clock: Clock) -> None:
        self._url = url
        self._folder = Folder(storage)
        self._registry = registry
        self._taxonomy = taxonomy
        self._clock = clock

    async def read(self) -> tuple[Legacy, ...]:
        self._folder.check()
        wanted = _NEEDED | _USED | {table_of(owner_type.name) for owner_type in self._registry}
        tables = await read_tables(self._url, lambda table, _: table in wanted, _SECRETS)
        if not tables.keys() >= _NEEDED or any("storage_path" not in row for row in tables["documents"]):
            raise Unavailable("This is no database of DentalPin: it lacks the tables of documents or patients")
        return _Reading(tables, self._folder, self._registry, self._taxonomy, self._clock).legacies()

    def bytes_of(self, path: str) -> Source:
        return self._folder.existing(path)

    def chunks(self, path: str) -> AsyncIterator[bytes]:
        return self._folder.chunks(path)


@dataclass(slots=True)
class _Reading:
    tables: Tables
    folder: Folder
    registry: OwnerRegistry
    taxonomy: Taxonomy
    clock: Clock
    anomalies: list[Anomaly] = field(default_factory=list)

    def legacies(self) -> tuple[Legacy, ...]:
        """One for each clinic that has a row or a patient."""
        clinics = {ident(row.get("id")): text(row.get("name")) for row in self.tables.get("clinics", ())}
        known = People(self.tables, self.anomalies)
        users: dict[str, LegacyUser] = {user.id: user for user in known.users()}
        people: dict[str, Person] = {person.patient.id: person for person in known.people(clinics)}
        parts: dict[ClinicId, dict[str, list[Any]]] = {
            ClinicId(id): defaultdict(list) for id in sorted(clinics) if is_host_id(id)
        }
        if not parts:
            raise Unavailable("There is no clinic in this database")
        self._read(parts, people, users)
        members = known.members(users, clinics)
        outsiders = [user for id, user in users.items() if not any(id in some for some in members.values())]
        rows = self._rows_of(parts, people)
        return tuple(
            Legacy(
                clinic=clinic,
                clinic_name=clinics[clinic],
                users=(*members[clinic].values(), *(outsiders if not at else ())),
                patients=tuple(person.patient for person in people.values() if person.clinic == clinic),
                records=tuple(part["records"]),
                notes=tuple(part["notes"]),
                files=tuple(part["files"]),
                pairings=tuple(part["pairings"]),
                anomalies=() if at else tuple(self.anomalies),
                file_rows=rows[clinic],
            )
            for at, (clinic, part) in enumerate(parts.items())
        )

    def _read(
        self,
        parts: Mapping[ClinicId, dict[str, list[Any]]],
        people: Mapping[str, Person],
        users: Mapping[str, LegacyUser],
    ) -> None:
        """Sorts everything of patients by their clinic."""
        owners = Owners(self.tables, self.registry, people, self.anomalies)
        linking = Linking(self.tables, owners, self.anomalies)
        storage = Storage(self.folder)
        filing = Filing(self.tables, people, users, storage, linking, self.taxonomy, self.clock, self.anomalies)
        files = {}
        for clinic, file in filing.files():
            parts[clinic]["files"].append(file)
            files[file.rows[0].id] = file
        for clinic, record in owners.records():
            parts[clinic]["records"].append(record)
        for person, note in Notebook(owners, people, users, self.anomalies).notes(linking.named_notes):
            parts[person.clinic]["notes"].append(note)
        for file, pairing in Pairs(files, self.anomalies).pairings(self.tables):
            parts[people[file.patient].clinic]["pairings"].append(pairing)
        self.anomalies += storage.orphans()
        self._note_empty(people)

    def _rows_of(self, parts: Mapping[ClinicId, Any], people: Mapping[str, Person]) -> dict[str, int]:
        """Rows of documents by clinic; those of no known clinic with the first."""
        counts: dict[str, int] = dict.fromkeys(parts, 0)
        for row in self.tables["documents"]:
            person = people.get(ident(row.get("patient_id")))
            clinic = ident(row.get("clinic_id")) or (person.clinic if person else "")
            counts[clinic if clinic in counts else next(iter(counts))] += 1
        return counts

    def _note_empty(self, people: Mapping[str, Person]) -> None:
        owning = {ident(row.get("patient_id")) for row in self.tables["documents"]}
        for id, person in people.items():
            if id not in owning:
                reason = "no document is of this patient, who comes all the same"
                name, where = person.patient.name, person.patient.row
                self.anomalies.append(Anomaly("patient_without_documents", where, name, reason))
