"""Whose things the probes ask for: those of another clinic, of another patient, what is gone, and what never was."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.access import Access, Role
from entrypoints.http.app import links_secret
from entrypoints.http.cursors import Cursors
from tests.http.operations import NOBODY, OURS, Ids, filled
from tests.http.service import Clinic, Person, Service, data_of


class Kind(StrEnum):
    OTHER_CLINIC = "of another clinic"
    OTHER_PATIENT = "of another patient"
    GONE = "trashed or deleted"
    UNKNOWN = "unknown"
    CURSOR = "a cursor of another clinic"


STAFF = (Role.ADMIN, Role.DENTIST, Role.HYGIENIST, Role.ASSISTANT, Role.RECEPTIONIST)
LEVELS = (None, *Access)
ABROAD, THEIRS = "Ultramar", "Vecindad"
"""Words in all that is the other clinic's, and the other patient's. No answer may have them."""

# As long as those of other patients, so that answers are equally long.
UNKNOWN: Ids = {name: f"{number:08x}-0000-4000-8000-000000000000" for number, name in enumerate(OURS)} | {
    "patient": "no-one",
    "sibling": "no-one-sibling",
    "record": "no-one-record",
    "type": "visit",
}


@dataclass(frozen=True, slots=True)
class Caller:
    name: str
    person: Person
    is_staff: bool


@dataclass(slots=True)
class Scene:
    """`types` are the names of all owner types; each patient has a record of each, called alike."""

    clinic: Clinic
    callers: list[Caller]
    types: list[str]
    mine: Ids
    places: dict[Kind, Ids]

    def at(self, kind: Kind | None, type: str) -> Ids:
        """The ids of what is there, or of nothing; `type` being that of the record."""
        ids = NOBODY if kind is None else self.places[kind]
        return _of_type(ids, type)

    def own(self, type: str) -> Ids:
        return _of_type(self.mine, type)

    def cursor(self, path: str, *, genuine: bool) -> str:
        """Of the other clinic's list at that path."""
        secret = links_secret(self.clinic.service.settings) if genuine else b"made up"
        position = ("2026-01-01T00:00:00.000000Z", self.places[Kind.OTHER_CLINIC]["photo"])
        return Cursors(secret).seal("abroad", path, position) or ""


def _of_type(ids: Ids, type: str) -> Ids:
    """Patients and notes are records themselves."""
    own_id = {"patient": ids["patient"], "clinical_note": ids["note"]}.get(type)
    return {**ids, "type": type, "record": own_id or ids["record"]}


async def built(service: Service) -> Scene:
    clinic, abroad = Clinic(service, "clinic"), Clinic(service, "abroad")
    types = [owner_type.name for owner_type in service.container.registry()]
    mine = await _patient(clinic, "myself", "Casa", types)
    places = {
        Kind.OTHER_CLINIC: await _patient(abroad, "abroad", ABROAD, types),
        Kind.OTHER_PATIENT: await _patient(clinic, "theirs", THEIRS, types),
        Kind.GONE: await _gone(clinic, await _patient(clinic, "fallen", "Casa", types), types),
        Kind.UNKNOWN: UNKNOWN,
    }
    callers = [*_staff(clinic), *await _accounts(clinic, mine)]
    return Scene(clinic, callers, types, mine, places)


async def _patient(clinic: Clinic, name: str, word: str, types: list[str]) -> Ids:
    ids = await filled(clinic, name, word)
    for type in types:
        if type not in ("patient", "clinical_note", "visit"):
            await clinic.owner(type, ids["record"], name, word)
    return ids


async def _gone(clinic: Clinic, ids: Ids, types: list[str]) -> Ids:
    """Everything of the patient, but for the patient."""
    admin, dentist = clinic.admin, clinic.dentist
    paths = [f"/media/attachments/{ids['attachment']}", f"/clinical_notes/notes/{ids['note']}"]
    paths += [f"/media/documents/{ids[name]}" for name in ("photo", "after", "loose", "spare", "file")]
    paths += [f"/directory/owners/{type}/{ids['record']}" for type in types if type not in ("patient", "clinical_note")]
    for path in paths:
        assert (await admin.delete(path)).status_code in (200, 204), path
    answer = await dentist.ask("DELETE", f"/uploads/{ids['upload']}", headers={"Tus-Resumable": "1.0.0"})
    assert answer.status_code == 204
    return ids


def _staff(clinic: Clinic) -> Iterator[Caller]:
    for role in STAFF:
        yield Caller(role.value, clinic.person(role, user=f"u-of-{role}"), is_staff=True)


async def _accounts(clinic: Clinic, mine: Ids) -> list[Caller]:
    """One for each level, granted for what is there and for what is gone."""
    callers = []
    for level in LEVELS:
        name = level.label if level else "none"
        person = clinic.person(Role.ACCOUNT, user=f"u-may-{name}")
        for patient in (mine["patient"], mine["sibling"], "fallen") if level else ():
            path = f"/directory/patients/{patient}/grants/{person.bearer.user}"
            data_of(await clinic.admin.put(path, {"access": name}))
        callers.append(Caller(f"account, {name}", person, is_staff=False))
    return callers
