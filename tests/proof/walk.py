"""One working request of every operation of the OpenAPI document, in an order in which each finds what it needs."""

from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

Json = dict[str, Any]


class Ask(Protocol):
    def __call__(self, method: str, path: str, **options: Any) -> Awaitable[httpx.Response]: ...


@dataclass(frozen=True, slots=True)
class Words:
    """What is written where people write: `say` makes of a place's name what is written there."""

    say: Callable[[str], str]
    photo: Callable[[], bytes]
    xray: Callable[[], bytes]
    text: Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`path` names what the walk knows in braces; `audit` are the actions that it must leave, in order, where that is
    not just its own name; `learns` is under which name the id of the answer is known from then on;
    `known_as` is what the audit log calls a refusal, where GET and HEAD are one route."""

    operation: str
    method: str
    path: str
    audit: Sequence[str] | None = None
    status: int = 200
    learns: str = ""
    known_as: str = ""
    options: Callable[["Known"], Json] = lambda _: {}


@dataclass(slots=True)
class Known:
    """Ids by name."""

    words: Words
    ids: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.ids[name]

    def say(self, place: str) -> str:
        return self.words.say(place)


def _json(**body: Any) -> Callable[[Known], Json]:
    """A JSON body; what is a function is called with what is known."""

    def made(value: Any, known: Known) -> Any:
        if isinstance(value, list):
            return [made(each, known) for each in value]
        return value(known) if callable(value) else value

    return lambda known: {"json": {name: made(value, known) for name, value in body.items()}}


def _id(name: str) -> Callable[[Known], str]:
    return lambda known: known[name]


def _say(place: str) -> Callable[[Known], str]:
    return lambda known: known.say(place)


def _photo(known: Known) -> Json:
    words = {"media_category": "intraoral", **_texts(known, "photo"), "tags": known.say("tag")}
    return {"data": words, "files": {"file": (f"{known.say('photo file')}.jpg", known.words.photo(), "image/jpeg")}}


def _xray(known: Known) -> Json:
    words = {"media_category": "xray", "media_kind": "xray", **_texts(known, "x-ray")}
    file = f"{known.say('x-ray file')}.dcm", known.words.xray(), "application/dicom"
    return {"data": words, "files": {"file": file}}


def _text(known: Known) -> Json:
    words = {"document_type": "consent", **_texts(known, "document")}
    return {"data": words, "files": {"file": (f"{known.say('document file')}.txt", known.words.text(), "text/plain")}}


def _file(known: Known) -> Json:
    words = {"description": known.say("file description"), "category": "summary"}
    return {"data": words, "files": {"file": (f"{known.say('file name')}.txt", known.words.text(), "text/plain")}}


def _texts(known: Known, what: str) -> Json:
    return {"title": known.say(f"{what} title"), "description": known.say(f"{what} description")}


def _query(**asked: Any) -> Callable[[Known], Json]:
    return lambda known: {"params": {name: value(known) if callable(value) else value for name, value in asked.items()}}


TUS = {"Tus-Resumable": "1.0.0"}
_OCTETS = TUS | {"Content-Type": "application/offset+octet-stream"}
_TUS_TEXT = b"text in pieces"


def _begun(known: Known) -> Json:
    said = {
        "target": "document",
        "patient_id": "p1",
        "document_type": "consent",
        "title": known.say("upload title"),
        "filename": f"{known.say('upload file')}.txt",
    }
    metadata = ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in said.items())
    return {"headers": TUS | {"Upload-Length": str(len(_TUS_TEXT)), "Upload-Metadata": metadata}}


def _piece(_: Known) -> Json:
    return {"headers": _OCTETS | {"Upload-Offset": "0"}, "content": _TUS_TEXT}


def _tus(_: Known) -> Json:
    return {"headers": TUS}


_LINK = _json(document_id=_id("text"), owner_type="visit", owner_id="v1")
_NOTE = {"note_type": "treatment", "owner_type": "treatment", "owner_id": "t1"}
_ON_VISIT = _query(owner_type="visit", owner_id="v1")
_DOCUMENTS, _PATIENT = "/media/documents", "/media/patients/p1"
_READ, _UPLOADED, _EXPORTED = ("document.read",), ("document.uploaded",), ("document.exported",)
_ONE, _TWO, _FILE = f"{_DOCUMENTS}/{{one}}", f"{_DOCUMENTS}/{{two}}", "/files/{file}"

_BEGIN = Step(
    operation="beginUpload", method="POST", path="/uploads", status=201, learns="upload", audit=(), options=_begun,
)  # fmt: skip

STEPS: Sequence[Step] = (
    Step(
        operation="registerPatient", method="PUT", path="/directory/patients/p1", status=201,
        audit=("patient.registered",), options=_json(display_name=_say("patient")),
    ),
    Step(
        operation="registerPatient", method="PUT", path="/directory/patients/p2", status=201,
        audit=("patient.registered",), options=_json(display_name=_say("other patient")),
    ),
    Step(
        operation="registerOwner", method="PUT", path="/directory/owners/visit/v1", status=201,
        audit=("owner.registered",), options=_json(patient_id="p1", title=_say("visit")),
    ),
    Step(
        operation="registerOwner", method="PUT", path="/directory/owners/treatment/t1", status=201,
        audit=("owner.registered",), options=_json(patient_id="p1", title=_say("treatment")),
    ),
    Step(operation="getPatient", method="GET", path="/directory/patients/p1"),
    Step(operation="searchPatients", method="GET", path="/directory/patients", options=_query(q=_say("search"))),
    Step(operation="getOwner", method="GET", path="/directory/owners/visit/v1"),
    Step(operation="listOwners", method="GET", path="/directory/owners", options=_query(patient_id="p1")),
    Step(
        operation="grantAccess", method="PUT", path="/directory/patients/p1/grants/mario",
        audit=("patient.access_granted",), options=_json(access="view"),
    ),
    Step(
        operation="revokeAccess", method="DELETE", path="/directory/patients/p1/grants/mario", status=204,
        audit=("patient.access_revoked",),
    ),
    Step(
        operation="uploadPhoto", method="POST", path=f"{_PATIENT}/photos", status=201, learns="one",
        audit=("media.photo_uploaded",), options=_photo,
    ),
    Step(
        operation="uploadPhoto", method="POST", path=f"{_PATIENT}/photos", status=201, learns="two",
        audit=("media.photo_uploaded",), options=_photo,
    ),
    Step(
        operation="uploadPhoto", method="POST", path=f"{_PATIENT}/photos", status=201, learns="xray",
        audit=("media.photo_uploaded",), options=_xray,
    ),
    Step(
        operation="uploadDocument", method="POST", path=f"{_PATIENT}/documents", status=201, learns="text",
        audit=_UPLOADED, options=_text,
    ),
    Step(operation="listPhotos", method="GET", path=f"{_PATIENT}/photos", options=_query(q=_say("search"))),
    Step(operation="listDocuments", method="GET", path=f"{_PATIENT}/documents", options=_query(q=_say("search"))),
    Step(operation="getDocument", method="GET", path=_ONE),
    Step(
        operation="reviseDocument", method="PUT", path=f"{_DOCUMENTS}/{{text}}", audit=("document.revised",),
        options=_json(title=_say("new title"), description=_say("new description")),
    ),
    Step(
        operation="reclassifyPhoto", method="PATCH", path=f"{_ONE}/photo-metadata", audit=("document.revised",),
        options=_json(tags=[_say("new tag")]),
    ),
    Step(operation="downloadDocument", method="GET", path=f"{_ONE}/download", audit=_READ),
    Step(
        operation="downloadDocument", method="GET", path=f"{_ONE}/download", audit=_READ,
        options=_query(variant="thumb"),
    ),
    Step(operation="headDownload", known_as="downloadDocument", method="HEAD", path=f"{_ONE}/download", audit=_READ),
    Step(operation="pairPhotos", method="POST", path=f"{_ONE}/pair/{{two}}", audit=("media.pair_created",)),
    Step(operation="showPair", method="GET", path=f"{_ONE}/pair"),
    Step(operation="unpairPhoto", method="DELETE", path=f"{_ONE}/pair", audit=("media.pair_removed",)),
    Step(
        operation="linkDocument", method="POST", path="/media/attachments", status=201, learns="link",
        audit=("media.attachment_linked",), options=_LINK,
    ),
    Step(operation="listAttachments", method="GET", path="/media/attachments", options=_ON_VISIT),
    Step(
        operation="countAttachments", method="POST", path="/media/attachments/batch-counts", audit=(),
        options=_json(owner_type="visit", owner_ids=["v1"]),
    ),
    Step(
        operation="placeAttachment", method="PATCH", path="/media/attachments/{link}",
        audit=("media.attachments_reordered",), options=_json(display_order=3),
    ),
    Step(
        operation="orderAttachments", method="PUT", path="/media/attachments/order",
        audit=("media.attachments_reordered",),
        options=_json(owner_type="visit", owner_id="v1", attachment_ids=[_id("link")]),
    ),
    Step(
        operation="unlinkAttachment", method="DELETE", path="/media/attachments/{link}", status=204,
        audit=("media.attachment_unlinked",),
    ),
    Step(
        operation="uploadFile", method="POST", path="/visit/v1/files", status=201, learns="file",
        audit=("document.uploaded", "media.attachment_linked"), options=_file,
    ),
    Step(operation="listFiles", method="GET", path="/visit/v1/files", options=_query(q=_say("search"))),
    Step(operation="getFile", method="GET", path=_FILE),
    Step(operation="downloadFile", method="GET", path=f"{_FILE}/download", audit=_READ),
    Step(operation="headFile", known_as="downloadFile", method="HEAD", path=f"{_FILE}/download", audit=_READ),
    Step(operation="viewFile", method="GET", path=f"{_FILE}/view", audit=_READ),
    Step(operation="headFileView", known_as="viewFile", method="HEAD", path=f"{_FILE}/view", audit=_READ),
    Step(operation="downloadLabResultFile", method="GET", path="/lab-result-files/{file}/download", audit=_READ),
    Step(
        operation="reviseFile", method="PUT", path=f"{_FILE}/metadata", audit=("document.revised",),
        options=_json(description=_say("new file description")),
    ),
    Step(
        operation="countFiles", method="POST", path="/files/batch-counts", audit=(),
        options=_json(entity_type="visit", entity_ids=["v1"]),
    ),
    Step(
        operation="zipFiles", method="POST", path="/files/zip", audit=_EXPORTED,
        options=_json(file_ids=[_id("file")]),
    ),
    Step(operation="zipRecord", method="GET", path="/visit/v1/files.zip", audit=("zipRecord", *_EXPORTED)),
    Step(operation="deleteFile", method="DELETE", path=_FILE, audit=("document.trashed",)),
    Step(operation="listTrash", method="GET", path="/files/trash"),
    Step(operation="restoreFile", method="POST", path=f"{_FILE}/restore", audit=("document.restored",)),
    Step(
        operation="unlinkOwner", method="DELETE", path="/media/attachments", audit=("media.attachment_unlinked",),
        options=_ON_VISIT,
    ),
    Step(
        operation="deleteFiles", method="POST", path="/files/batch-delete", audit=("document.trashed",),
        options=_json(file_ids=[_id("file")]),
    ),
    Step(operation="trashDocument", method="DELETE", path=_TWO, status=204, audit=("document.trashed",)),
    Step(operation="restoreDocument", method="POST", path=f"{_TWO}/restore", audit=("document.restored",)),
    Step(
        operation="moveDocument", method="POST", path=f"{_TWO}/move", audit=("document.moved",),
        options=_json(patient_id="p2"),
    ),
    Step(
        operation="writeNote", method="POST", path="/clinical_notes/notes", status=201, learns="note",
        audit=("note.created",), options=_json(**_NOTE, body=_say("note")),
    ),
    Step(
        operation="listNotes", method="GET", path="/clinical_notes/notes",
        options=_query(owner_type="treatment", owner_id="t1"),
    ),
    Step(
        operation="countNotes", method="GET", path="/clinical_notes/notes/counts",
        options=_query(owner_type="treatment", owner_ids="t1"),
    ),
    Step(operation="recentNotes", method="GET", path="/clinical_notes/patients/p1/recent"),
    Step(
        operation="reviseNote", method="PATCH", path="/clinical_notes/notes/{note}", audit=("note.updated",),
        options=_json(body=_say("new note")),
    ),
    Step(
        operation="deleteNote", method="DELETE", path="/clinical_notes/notes/{note}", status=204,
        audit=("note.deleted",),
    ),
    Step(operation="showTimeline", method="GET", path=f"{_PATIENT}/timeline"),
    Step(
        operation="exportPatient", method="GET", path="/patients/p1/export.zip", audit=("exportPatient", *_EXPORTED),
    ),
    _BEGIN,
    Step(operation="askUpload", method="HEAD", path="/uploads/{upload}", audit=(), options=_tus),
    Step(operation="showUpload", method="GET", path="/uploads/{upload}"),
    Step(
        operation="continueUpload", method="PATCH", path="/uploads/{upload}", status=204, audit=_UPLOADED,
        options=_piece,
    ),
    _BEGIN,
    Step(operation="dropUpload", method="DELETE", path="/uploads/{upload}", status=204, audit=(), options=_tus),
    Step(
        operation="archivePatient", method="POST", path=f"{_PATIENT}/archive",
        audit=("patient.archived", "document.archived"),
    ),
    Step(
        operation="unarchivePatient", method="POST", path=f"{_PATIENT}/unarchive",
        audit=("patient.unarchived", "document.unarchived"),
    ),
    Step(
        operation="deleteOwner", method="DELETE", path="/directory/owners/visit/v1", audit=("owner.deleted",),
    ),
    Step(operation="readAudit", method="GET", path="/audit", options=_query(action=_say("action"))),
    Step(operation="listOwnerTypes", method="GET", path="/media/owner-types", audit=()),
    Step(operation="showTaxonomy", method="GET", path="/media/taxonomy", audit=()),
    Step(operation="listEntityTypes", method="GET", path="/entity-types", audit=()),
)  # fmt: skip
"""Operations whose routes are public (health, sessions) are not among them. Of `audit`, what comes once for each of
several documents stands once."""


async def taken(step: Step, known: Known, ask: Ask) -> httpx.Response:
    """Do the step; remember what it learns."""
    answer = await ask(step.method, step.path.format(**known.ids), **step.options(known))
    if step.learns and answer.status_code == step.status:
        known.ids[step.learns] = _learned(answer)
    return answer


def _learned(answer: httpx.Response) -> str:
    if "location" in answer.headers:
        return answer.headers["location"].rpartition("/")[2]
    body: Mapping[str, Any] = answer.json()
    learned: str = body.get("data", body)["id"]
    return learned
