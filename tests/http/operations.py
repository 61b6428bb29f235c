"""A request that works for every operation of the OpenAPI document, made of the ids of one patient.

Made from the document, so that a route that is added is asked too: one that takes a body and has none here is found by
a test.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import httpx

from domain.access import Permission
from entrypoints.http.app import create_app
from tests.http.service import Clinic, Person, Service, data_of, jpeg

Ids: TypeAlias = dict[str, str]
"""Of one patient and what it has, by where they are asked for. `type` is that of `record`."""

OURS = (
    *("photo", "after", "loose", "spare", "file", "trashed", "trashed_file"),
    *("attachment", "file_attachment", "note", "upload"),
)
NOBODY = {name: f"01890000-0000-7000-8000-{number:012}" for number, name in enumerate(OURS)} | {
    "patient": "nobody",
    "sibling": "nobody-sibling",
    "record": "nobody-record",
    "type": "visit",
}
_PICTURE = jpeg()


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
    headers: frozenset[str]
    query: frozenset[str]
    """These two as the document names them."""

    def request(self, ids: Ids) -> tuple[str, str, dict[str, Any]]:
        url = re.sub(r"\{(\w+)\}", lambda match: self._named(match[1], ids), self.path)
        return self.method, url, REQUESTS[self.id](ids) if self.id in REQUESTS else {}

    def positions(self, ids: Ids) -> set[str]:
        """The names of the ids that a request takes."""
        used = Used(ids)
        self.request(used)
        return used.names - {"type"}

    @property
    def takes_records(self) -> bool:
        """Whether what it is asked for is a record of any type."""
        used = Used(NOBODY)
        self.request(used)
        return "type" in used.names

    def _named(self, parameter: str, ids: Ids) -> str:
        if parameter in ("owner_type", "entity_type"):
            return "patient" if self.id == "exportPatient" else ids["type"]
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
    "upload_id": "upload",
    "entity_id": "record",
    "owner_id": "record",
    ("restoreDocument", "document_id"): "trashed",
    ("restoreFile", "file_id"): "trashed_file",
}


def record(ids: Ids) -> dict[str, Any]:
    return {"owner_type": ids["type"], "owner_id": ids["record"]}


def photo(**words: str) -> dict[str, Any]:
    return {"data": {"media_category": "intraoral"} | words, "files": {"file": ("a.jpg", _PICTURE, "image/jpeg")}}


def text(**words: str) -> dict[str, Any]:
    return {"data": words, "files": {"file": ("a.txt", b"text", "text/plain")}}


def picture() -> dict[str, Any]:
    """Which records of every type take."""
    return {"files": {"file": ("a.jpg", _PICTURE, "image/jpeg")}}


def pieces(length: int, *, has: bytes = b"", **words: str) -> dict[str, Any]:
    """The beginning of an upload in pieces."""
    metadata = ",".join(f"{name} {b64encode(word.encode()).decode()}" for name, word in words.items())
    said = {"Tus-Resumable": "1.0.0", "Upload-Length": str(length), "Upload-Metadata": metadata}
    if has:
        said["Content-Type"] = "application/offset+octet-stream"
    return {"headers": said, "content": has}


def piece(offset: int, content: bytes) -> dict[str, Any]:
    said = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    return {"headers": said, "content": content}


REQUESTS: dict[str, Callable[[Ids], dict[str, Any]]] = {
    "uploadPhoto": lambda ids: photo(**record(ids), paired_document_id=ids["loose"]),
    "uploadDocument": lambda _: text(document_type="other", title="Nuevo"),
    "uploadFile": lambda _: picture(),
    "moveDocument": lambda ids: {"json": {"patient_id": ids["sibling"]}},
    "reclassifyPhoto": lambda ids: {"json": {"tags": ["x"], "paired_document_id": ids["loose"]}},
    "reviseDocument": lambda _: {"json": {"title": "Otro"}},
    "countAttachments": lambda ids: {"json": {"owner_type": ids["type"], "owner_ids": [ids["record"]]}},
    "listAttachments": lambda ids: {"params": record(ids)},
    "linkDocument": lambda ids: {"json": {"document_id": ids["loose"], **record(ids)}},
    "unlinkOwner": lambda ids: {"params": record(ids)},
    "orderAttachments": lambda ids: {
        "json": {**record(ids), "attachment_ids": [ids["attachment"], ids["file_attachment"]]}
    },
    "placeAttachment": lambda _: {"json": {"display_order": 7}},
    "countNotes": lambda ids: {"params": {"owner_type": ids["type"], "owner_ids": ids["record"]}},
    "listNotes": lambda ids: {"params": record(ids)},
    "writeNote": lambda ids: {
        "json": {
            "note_type": "diagnosis",
            "owner_type": "patient",
            "owner_id": ids["patient"],
            "body": "Nota",
            "attachment_document_ids": [ids["loose"]],
        }
    },
    "reviseNote": lambda ids: {"json": {"body": "Otra", "attachment_document_ids": [ids["loose"]]}},
    "grantAccess": lambda _: {"json": {"access": "full"}},
    "searchPatients": lambda ids: {"params": {"q": ids["patient"]}},
    "registerPatient": lambda _: {"json": {"display_name": "Otra"}},
    "registerOwner": lambda ids: {"json": {"patient_id": ids["patient"], "title": "Otra"}},
    "listOwners": lambda ids: {"params": {"patient_id": ids["patient"]}},
    "readAudit": lambda ids: {"params": {"patient_id": ids["patient"], "document_id": ids["photo"]}},
    "zipFiles": lambda ids: {"json": {"file_ids": [ids["file"]]}},
    "countFiles": lambda ids: {"json": {"entity_type": ids["type"], "entity_ids": [ids["record"]]}},
    "deleteFiles": lambda ids: {"json": {"file_ids": [ids["file"]]}},
    "reviseFile": lambda _: {"json": {"description": "Otra"}},
    "beginUpload": lambda ids: pieces(
        len(_PICTURE),
        has=_PICTURE,
        target="photo",
        filename="a.jpg",
        patient_id=ids["patient"],
        media_category="intraoral",
        paired_document_id=ids["spare"],
        **record(ids),
    ),
    "askUpload": lambda _: {"headers": {"Tus-Resumable": "1.0.0"}},
    "dropUpload": lambda _: {"headers": {"Tus-Resumable": "1.0.0"}},
    "continueUpload": lambda _: piece(0, b"text"),
}


def operations(service: Service) -> Iterator[Operation]:
    """Of all routes that want a permission."""
    app = create_app(service.container)
    needs = {
        (method, route.path_format): handler.opt.get("permission")
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        for method in handler.http_methods
    }
    for path, item in app.openapi_schema.to_schema()["paths"].items():
        for method, told in item.items():
            if (permission := needs[method.upper(), path]) is None:
                continue
            yield Operation(
                told["operationId"],
                method.upper(),
                path,
                permission,
                "requestBody" in told,
                headers=_named(told, "header"),
                query=_named(told, "query"),
            )


def _named(told: dict[str, Any], where: str) -> frozenset[str]:
    return frozenset(each["name"] for each in told.get("parameters", ()) if each["in"] == where)


def both_mounts(operation: Operation) -> list[Operation]:
    """Where clients of the older system look for files as well."""
    is_twice = "{file_id}" in operation.path or "{entity_id}" in operation.path or "/v1/files/" in operation.path
    if not is_twice or "lab-result" in operation.path:
        return [operation]
    return [operation, replace(operation, path=operation.path.replace("/api/v1", "/api/v1/entity-files", 1))]


async def filled(clinic: Clinic, patient: str, word: str = "Visita") -> Ids:
    """A patient with something of everything, in whose texts `word` is; the dentist's upload is still under way."""
    ids = {"patient": patient, "sibling": f"{patient}-sibling", "record": f"{patient}-record", "type": "visit"}
    for id in (patient, ids["sibling"]):
        await clinic.patient(id, word)
    dentist, owner = clinic.dentist, await clinic.owner("visit", ids["record"], patient, word)
    for name in ("photo", "after", "loose", "spare"):
        ids[name] = (await dentist.photo(patient, title=word, description=word))["id"]
    data_of(await dentist.post(f"/media/documents/{ids['photo']}/pair/{ids['after']}"))
    for name in ("file", "trashed_file"):
        answer = await dentist.ask("POST", f"/visit/{ids['record']}/files", **text(description=word))
        ids[name] = answer.json()["id"]
    ids["trashed"] = (await dentist.document(patient, title=word))["id"]
    link = {"document_id": ids["photo"], **owner}
    ids["attachment"] = data_of(await dentist.post("/media/attachments", link), 201)["id"]
    for name in ("trashed", "trashed_file"):
        assert (await dentist.delete(f"/media/documents/{ids[name]}")).status_code == 204
    links = data_of(await dentist.get("/media/attachments", params=owner))
    (ids["file_attachment"],) = (each["id"] for each in links if each["document_id"] == ids["file"])
    note = {"note_type": "diagnosis", "owner_type": "patient", "owner_id": patient, "body": word}
    ids["note"] = data_of(await dentist.post("/clinical_notes/notes", note), 201)["id"]
    ids["upload"] = await begun(dentist, patient, word)
    return ids


async def begun(person: Person, patient: str, word: str = "Visita") -> str:
    """The id of an upload under way."""
    asked = pieces(99, target="document", patient_id=patient, document_type="other", title=word, filename="a.txt")
    answer = await person.ask("POST", "/uploads", **asked)
    assert answer.status_code == 201, answer.text
    return answer.headers["location"].rpartition("/")[2]


async def asked(person: Person, operation: Operation, ids: Ids) -> httpx.Response:
    method, url, options = operation.request(ids)
    return await person.ask(method, url, **options)
