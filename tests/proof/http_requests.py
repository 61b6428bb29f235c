"""A request of each kind, and the clinic that it finds."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import httpx

from domain.access import Role
from tests.http.service import Clinic, Json, Person
from tests.proof import samples


@dataclass(slots=True)
class Patient:
    """What a trial finds: a clinic of its own with a patient that has a little of everything."""

    person: Person
    one: Json
    two: Json
    text: Json
    trashed: Json
    link: Json
    note: Json


async def admitted(clinic: Clinic) -> Patient:
    person = clinic.person(Role.ADMIN, user="u-admin")
    await clinic.patient("ana")
    await clinic.patient("luis")
    visit = await clinic.owner("visit", "v1", "ana")
    await clinic.owner("treatment", "t1", "ana")
    one, two = await person.photo("ana"), await person.photo("ana")
    text, trashed = await person.document("ana", file=_TEXT), await person.document("ana")
    await person.delete(f"/media/documents/{trashed['id']}")
    link = await person.post("/media/attachments", {"document_id": one["id"], **visit})
    note = await person.post("/clinical_notes/notes", {**_NOTE, "attachment_document_ids": [one["id"]]})
    return Patient(person, one, two, text, trashed, link.json()["data"], note.json()["data"])


_NOTE = {"note_type": "treatment", "owner_type": "treatment", "owner_id": "t1", "body": "Primera visita"}
_VISIT = {"owner_type": "visit", "owner_id": "v1"}
_PHOTO = ("foto.jpg", samples.photo(3), "image/jpeg")
_TEXT = ("informe.txt", samples.text(3), "text/plain")

Ask: TypeAlias = Callable[[Patient], Awaitable[httpx.Response]]


def _document(id: str, more: str = "") -> str:
    return f"/media/documents/{id}{more}"


REQUESTS: Mapping[str, Ask] = {
    "upload a photo": lambda p: p.person.send_photo("ana", file=_PHOTO, **_VISIT, paired_document_id=p.two["id"]),
    "upload a document": lambda p: p.person.send_document("ana", file=_TEXT),
    "upload a file": lambda p: p.person.ask("POST", "/visit/v1/files", files={"file": _TEXT}),
    "gallery": lambda p: p.person.get("/media/patients/ana/photos"),
    "documents": lambda p: p.person.get("/media/patients/ana/documents"),
    "files": lambda p: p.person.get("/visit/v1/files"),
    "trash": lambda p: p.person.get("/files/trash"),
    "look": lambda p: p.person.get(_document(p.one["id"])),
    "download": lambda p: p.person.get(_document(p.text["id"], "/download")),
    "download a part": lambda p: p.person.get(_document(p.text["id"], "/download"), headers={"Range": "bytes=1-3"}),
    "thumb": lambda p: p.person.get(_document(p.one["id"], "/download?variant=thumb")),
    "signed thumb": lambda p: p.person.service.client.get(p.one["thumb_url"]),
    "rename": lambda p: p.person.put(_document(p.text["id"]), {"title": "Otro"}),
    "reclassify": lambda p: p.person.patch(_document(p.one["id"], "/photo-metadata"), {"tags": ["x"]}),
    "to the trash": lambda p: p.person.delete(_document(p.one["id"])),
    "restore": lambda p: p.person.post(_document(p.trashed["id"], "/restore")),
    "move": lambda p: p.person.post(_document(p.one["id"], "/move"), {"patient_id": "luis"}),
    "pair": lambda p: p.person.post(_document(p.one["id"], f"/pair/{p.two['id']}")),
    "unpair": lambda p: p.person.delete(_document(p.one["id"], "/pair")),
    "link": lambda p: p.person.post("/media/attachments", {"document_id": p.two["id"], **_VISIT}),
    "attachments": lambda p: p.person.get("/media/attachments?owner_type=visit&owner_id=v1"),
    "counts": lambda p: p.person.post("/media/attachments/batch-counts", {"owner_type": "visit", "owner_ids": ["v1"]}),
    "place": lambda p: p.person.patch(f"/media/attachments/{p.link['id']}", {"display_order": 3}),
    "unlink": lambda p: p.person.delete(f"/media/attachments/{p.link['id']}"),
    "unlink a record": lambda p: p.person.delete("/media/attachments?owner_type=visit&owner_id=v1"),
    "write a note": lambda p: p.person.post(
        "/clinical_notes/notes", {**_NOTE, "attachment_document_ids": [p.two["id"]]}
    ),
    "notes": lambda p: p.person.get("/clinical_notes/notes?owner_type=treatment&owner_id=t1"),
    "revise a note": lambda p: p.person.patch(f"/clinical_notes/notes/{p.note['id']}", {"body": "Corregida"}),
    "delete a note": lambda p: p.person.delete(f"/clinical_notes/notes/{p.note['id']}"),
    "timeline": lambda p: p.person.get("/media/patients/ana/timeline"),
    "archive": lambda p: p.person.post("/media/patients/ana/archive"),
    "register a patient": lambda p: p.person.put("/directory/patients/eva", {"display_name": "Eva"}),
    "patients": lambda p: p.person.get("/directory/patients"),
    "register a record": lambda p: p.person.put("/directory/owners/visit/v2", {"patient_id": "ana", "title": "V"}),
    "delete a record": lambda p: p.person.delete("/directory/owners/visit/v1"),
    "grant": lambda p: p.person.put("/directory/patients/ana/grants/mario", {"access": "view"}),
    "audit": lambda p: p.person.get("/audit"),
}
