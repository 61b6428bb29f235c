"""Every route that takes an id, asked by somebody who looks after some patients and not others.

Made from the OpenAPI document, so that a route that is added is asked too. Two things must hold for each: what a grant
allows is what the route's permission says, and what is another patient's answers as what does not exist, wherever in
the request it is named.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import httpx
import pytest

from domain.access import ACCESS_PERMISSIONS, Access, Permission, Role
from entrypoints.http.app import create_app
from tests.http.service import Clinic, Person, Service, data_of, jpeg

pytestmark = pytest.mark.anyio

Ids: TypeAlias = dict[str, str]
"""Of one patient and what it has, by where they are asked for."""

LEVELS = (None, *Access)
NOBODY = {
    name: f"01890000-0000-7000-8000-{number:012}"
    for number, name in enumerate(
        ("photo", "after", "loose", "file", "trashed", "trashed_file", "attachment", "file_attachment", "note")
    )
} | {"patient": "nobody", "sibling": "nobody", "visit": "no-visit"}


class Used(dict[str, str]):
    """Notes which of the ids a request is made with."""

    def __init__(self, ids: Ids) -> None:
        super().__init__(ids)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return super().__getitem__(name)


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    permission: Permission
    has_body: bool

    def request(self, ids: Ids) -> tuple[str, str, dict[str, Any]]:
        url = re.sub(r"\{(\w+)\}", lambda match: self._named(match[1], ids), self.path)
        return self.method, url, BODIES[self.id](ids) if self.id in BODIES else {}

    def positions(self, ids: Ids) -> set[str]:
        used = Used(ids)
        self.request(used)
        return used.names

    def _named(self, parameter: str, ids: Ids) -> str:
        if parameter in ("owner_type", "entity_type"):
            return "patient" if self.id == "exportPatient" else "visit"
        if parameter == "entity_id" and self.id == "exportPatient":
            return ids["patient"]
        return "u-somebody" if parameter == "user_id" else ids[AT.get((self.id, parameter)) or AT[parameter]]


AT: dict[Any, str] = {
    "patient_id": "patient",
    "document_id": "photo",
    "other_id": "after",
    "file_id": "file",
    "attachment_id": "attachment",
    "note_id": "note",
    "entity_id": "visit",
    "owner_id": "visit",
    ("restoreDocument", "document_id"): "trashed",
    ("restoreFile", "file_id"): "trashed_file",
}


def visit(ids: Ids) -> dict[str, Any]:
    return {"owner_type": "visit", "owner_id": ids["visit"]}


def photo(**words: str) -> dict[str, Any]:
    return {"data": {"media_category": "intraoral"} | words, "files": {"file": ("a.jpg", jpeg(), "image/jpeg")}}


def text(**words: str) -> dict[str, Any]:
    return {"data": words, "files": {"file": ("a.txt", b"text", "text/plain")}}


BODIES: dict[str, Callable[[Ids], dict[str, Any]]] = {
    "uploadPhoto": lambda ids: photo(**visit(ids), paired_document_id=ids["loose"]),
    "uploadDocument": lambda _: text(document_type="other", title="Nuevo"),
    "uploadFile": lambda _: text(),
    "moveDocument": lambda ids: {"json": {"patient_id": ids["sibling"]}},
    "reclassifyPhoto": lambda ids: {"json": {"tags": ["x"], "paired_document_id": ids["loose"]}},
    "reviseDocument": lambda _: {"json": {"title": "Otro"}},
    "countAttachments": lambda ids: {"json": {"owner_type": "visit", "owner_ids": [ids["visit"]]}},
    "listAttachments": lambda ids: {"params": visit(ids)},
    "linkDocument": lambda ids: {"json": {"document_id": ids["loose"], **visit(ids)}},
    "unlinkOwner": lambda ids: {"params": visit(ids)},
    "orderAttachments": lambda ids: {
        "json": {**visit(ids), "attachment_ids": [ids["attachment"], ids["file_attachment"]]}
    },
    "placeAttachment": lambda _: {"json": {"display_order": 7}},
    "countNotes": lambda ids: {"params": {"owner_type": "visit", "owner_ids": ids["visit"]}},
    "listNotes": lambda ids: {"params": visit(ids)},
    "writeNote": lambda ids: {
        "json": {"note_type": "diagnosis", "owner_type": "patient", "owner_id": ids["patient"], "body": "Nota"}
    },
    "reviseNote": lambda _: {"json": {"body": "Otra"}},
    "grantAccess": lambda _: {"json": {"access": "full"}},
    "registerPatient": lambda _: {"json": {"display_name": "Otra"}},
    "registerOwner": lambda ids: {"json": {"patient_id": ids["patient"], "title": "Otra"}},
    "listOwners": lambda ids: {"params": {"patient_id": ids["patient"]}},
    "readAudit": lambda ids: {"params": {"patient_id": ids["patient"], "document_id": ids["photo"]}},
    "zipFiles": lambda ids: {"json": {"file_ids": [ids["file"]]}},
    "countFiles": lambda ids: {"json": {"entity_type": "visit", "entity_ids": [ids["visit"]]}},
    "deleteFiles": lambda ids: {"json": {"file_ids": [ids["file"]]}},
    "reviseFile": lambda _: {"json": {"description": "Otra"}},
}


def operations(service: Service) -> Iterator[Operation]:
    app = create_app(service.container)
    needs = {
        (method, route.path_format): handler.opt.get("permission")
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        for method in handler.http_methods
    }
    for path, item in app.openapi_schema.to_schema()["paths"].items():
        if path.startswith("/api/v1/uploads"):
            continue  # an upload under way is its beginner's alone, whatever has been granted
        for method, told in item.items():
            if (permission := needs[method.upper(), path]) is not None:
                yield Operation(told["operationId"], method.upper(), path, permission, "requestBody" in told)


def both_mounts(operation: Operation) -> list[Operation]:
    """Where clients of the older system look for files as well."""
    is_twice = "{file_id}" in operation.path or "{entity_id}" in operation.path or "/v1/files/" in operation.path
    if not is_twice or "lab-result" in operation.path:
        return [operation]
    return [operation, replace(operation, path=operation.path.replace("/api/v1", "/api/v1/entity-files", 1))]


async def filled(clinic: Clinic, patient: str) -> Ids:
    """A patient with something of everything."""
    ids = {"patient": patient, "sibling": f"{patient}-sibling", "visit": f"{patient}-visit"}
    for id in (patient, ids["sibling"]):
        await clinic.patient(id)
    dentist, owner = clinic.dentist, await clinic.owner("visit", ids["visit"], patient)
    for name in ("photo", "after", "loose"):
        ids[name] = (await dentist.photo(patient))["id"]
    data_of(await dentist.post(f"/media/documents/{ids['photo']}/pair/{ids['after']}"))
    for name in ("file", "trashed_file"):
        answer = await dentist.ask("POST", f"/visit/{ids['visit']}/files", **text())
        ids[name] = answer.json()["id"]
    ids["trashed"] = (await dentist.document(patient))["id"]
    link = {"document_id": ids["photo"], **owner}
    ids["attachment"] = data_of(await dentist.post("/media/attachments", link), 201)["id"]
    for name in ("trashed", "trashed_file"):
        assert (await dentist.delete(f"/media/documents/{ids[name]}")).status_code == 204
    links = data_of(await dentist.get("/media/attachments", params=owner))
    (ids["file_attachment"],) = (each["id"] for each in links if each["document_id"] == ids["file"])
    note = {"note_type": "diagnosis", "owner_type": "patient", "owner_id": patient, "body": "Nota"}
    ids["note"] = data_of(await dentist.post("/clinical_notes/notes", note), 201)["id"]
    return ids


async def granted(clinic: Clinic, level: Access | None, ids: Ids) -> Person:
    """The account, which from now on may do so much to this patient and its sibling."""
    for patient in (ids["patient"], ids["sibling"]) if level else ():
        path = f"/directory/patients/{patient}/grants/u-account"
        assert (await clinic.admin.put(path, {"access": level.label if level else ""})).status_code == 200
    return clinic.person(Role.ACCOUNT, user="u-account")


async def asked(person: Person, operation: Operation, ids: Ids) -> httpx.Response:
    method, url, options = operation.request(ids)
    return await person.ask(method, url, **options)


def told(answer: httpx.Response, ids: Ids) -> tuple[int, str, str]:
    """What an answer tells, but for the ids that the caller named."""
    body = answer.text
    for id in sorted(ids.values(), key=len, reverse=True):
        body = body.replace(id, "…")
    return answer.status_code, answer.headers.get("content-type", ""), body


def test_every_route_that_takes_a_body_is_asked_with_one(service: Service) -> None:
    assert {operation.id for operation in operations(service) if operation.has_body} <= set(BODIES)


@pytest.mark.parametrize("level", LEVELS)
async def test_what_is_another_s_answers_as_what_is_not_there(
    service: Service, clinic: Clinic, level: Access | None
) -> None:
    mine, theirs = await filled(clinic, "mine"), await filled(clinic, "theirs")
    person = await granted(clinic, level, mine)
    probes = 0
    for operation in (mount for each in operations(service) for mount in both_mounts(each)):
        positions = sorted(operation.positions(mine))
        for names in [positions, *([name] for name in positions if level)]:
            there, nowhere = ({**mine, **{name: ids[name] for name in names}} for ids in (theirs, NOBODY))
            answers = [told(await asked(person, operation, ids), ids) for ids in (there, nowhere)]
            assert answers[0] == answers[1], (operation.method, operation.path, names)
            probes += 1
    assert probes > 60
    assert await everything(clinic, theirs) == {"photos": 3, "documents": 4, "files": 2, "notes": 1}


async def everything(clinic: Clinic, ids: Ids) -> dict[str, int]:
    """How much there is of a patient."""
    ask, patient = clinic.dentist, ids["patient"]
    return {
        "photos": (await ask.get(f"/media/patients/{patient}/photos")).json()["total"],
        "documents": (await ask.get(f"/media/patients/{patient}/documents")).json()["total"],
        "files": len((await ask.get(f"/visit/{ids['visit']}/files")).json()),
        "notes": (await ask.get(f"/clinical_notes/patients/{patient}/recent")).json()["total"],
    }


@pytest.mark.slow
@pytest.mark.parametrize("level", list(Access))
async def test_a_grant_allows_what_the_permission_of_the_route_says(
    service: Service, clinic: Clinic, level: Access
) -> None:
    allowed, number = ACCESS_PERMISSIONS[level], 0
    mine = await filled(clinic, "p-0")
    person = await granted(clinic, level, mine)
    for operation in (mount for each in operations(service) for mount in both_mounts(each)):
        answer = await asked(person, operation, mine)
        if operation.permission not in allowed:
            assert answer.status_code == 403, (operation.id, answer.text)
            continue
        assert answer.status_code < 400, (operation.id, answer.text)
        if operation.permission not in ACCESS_PERMISSIONS[Access.VIEW]:
            number += 1  # it was changed, so the next one gets another
            mine = await filled(clinic, f"p-{number}")
            await granted(clinic, level, mine)
