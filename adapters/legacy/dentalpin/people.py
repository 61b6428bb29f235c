"""Who is in a DentalPin installation: patients, users, and who works in which clinic."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.legacy.dentalpin.owners import Person
from adapters.legacy.identifiers import ident, is_host_id
from adapters.legacy.tables import Tables, day, text
from application.ports.legacy import Anomaly, LegacyPatient, LegacyUser, Row
from domain.access import Role
from domain.ids import ClinicId, PatientId, UserId


@dataclass(slots=True)
class People:
    tables: Tables
    anomalies: list[Anomaly]

    def users(self) -> Iterator[LegacyUser]:
        for row in self.tables.get("users", ()):
            id = ident(row.get("id"))
            parts = (text(row.get("first_name")), text(row.get("last_name")))
            name = " ".join(filter(None, parts)) or text(row.get("name")) or id
            yield LegacyUser(UserId(id), name, text(row.get("email")) or name)

    def people(self, clinics: dict[str, str]) -> Iterator[Person]:
        for row in self.tables["patients"]:
            id, clinic = ident(row.get("id")), ident(row.get("clinic_id"))
            clinic = next(iter(clinics)) if not clinic and len(clinics) == 1 else clinic
            where = Row("patients", id)
            name = " ".join(filter(None, (text(row.get("first_name")), text(row.get("last_name")))))
            if not (is_host_id(id) and is_host_id(clinic)):
                reason = f"patient {id!r} of clinic {clinic!r}: one of these ids cannot be kept"
                self._note("broken_chain", where, name, reason, lost=True)
                continue
            if clinic not in clinics:
                clinics[clinic] = ""
                self._note("dangling_clinic", where, name, f"its clinic {clinic} is gone; kept under that id")
            archived = text(row.get("status")).lower() == "archived" or bool(row.get("deleted_at"))
            birth = day(row.get("date_of_birth") or row.get("birth_date"))
            patient = LegacyPatient(where, PatientId(id), name or f"Patient {id}", birth, None, archived)
            yield Person(ClinicId(clinic), patient)

    def members(
        self, users: Mapping[str, LegacyUser], clinics: Mapping[str, str]
    ) -> Mapping[str, dict[str, LegacyUser]]:
        members: dict[str, dict[str, LegacyUser]] = {clinic: {} for clinic in clinics}
        for row in self.tables.get("clinic_memberships", ()):
            where, user, clinic = Row("clinic_memberships", ident(row.get("id"))), *_member(row)
            if user not in users or clinic not in members:
                self._note("dangling_membership", where, "", f"user {user} of clinic {clinic}: one of them is gone")
                continue
            word = text(row.get("role")).strip().lower()
            if word not in set(Role) - {Role.ACCOUNT}:
                reason = f"the role {word!r} of user {user} is unknown here; it sees nothing until it has another"
                self._note("odd_role", where, users[user].label, reason)
                word = Role.ACCOUNT
            members[clinic][user] = users[user]._replace(role=Role(word))
        return members

    def _note(self, code: str, where: Row, name: str, reason: str, *, lost: bool = False) -> None:
        self.anomalies.append(Anomaly(code, where, name, reason, lost))


def _member(row: Mapping[str, Any]) -> tuple[str, str]:
    return ident(row.get("user_id")), ident(row.get("clinic_id"))
