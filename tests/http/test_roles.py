"""Who may do what: the table of roles and operations, written out here and compared with the running service.

The table is the promise, so nothing of it comes from the code: an operation that is new, or that wants another
permission, is not in it until somebody says so here.
"""

import pytest

from domain.access import Access, Role
from tests.http.operations import REQUESTS, Ids, Operation, asked, begun, filled, operations
from tests.http.service import Clinic, Person, Service, data_of

pytestmark = pytest.mark.anyio

READ, WRITE, DELETE = "media.documents.read", "media.documents.write", "media.documents.delete"
LINKS_READ, LINKS_WRITE = "media.attachments.read", "media.attachments.write"
NOTES_READ, NOTES_WRITE = "notes.read", "notes.write"
DIRECTORY_READ, DIRECTORY_WRITE, AUDIT = "directory.read", "directory.write", "audit.read"

OPERATIONS: dict[str, set[str]] = {
    READ: {
        *("listPhotos", "listDocuments", "getDocument", "downloadDocument", "headDownload", "showPair"),
        *("showTimeline", "showTaxonomy", "listOwnerTypes"),
        *("getFile", "downloadFile", "headFile", "viewFile", "headFileView", "downloadLabResultFile"),
        *("listTrash", "zipFiles", "zipRecord", "exportPatient"),
    },
    WRITE: {
        *("uploadPhoto", "uploadDocument", "uploadFile", "reviseDocument", "reclassifyPhoto", "reviseFile"),
        *("moveDocument", "pairPhotos", "unpairPhoto"),
        *("beginUpload", "askUpload", "showUpload", "continueUpload", "dropUpload"),
    },
    DELETE: {"trashDocument", "restoreDocument", "deleteFile", "deleteFiles", "restoreFile"},
    LINKS_READ: {"listAttachments", "countAttachments", "listFiles", "countFiles", "listEntityTypes"},
    LINKS_WRITE: {"linkDocument", "placeAttachment", "orderAttachments", "unlinkAttachment", "unlinkOwner"},
    NOTES_READ: {"listNotes", "countNotes", "recentNotes"},
    NOTES_WRITE: {"writeNote", "reviseNote", "deleteNote"},
    DIRECTORY_READ: {"getPatient", "searchPatients", "getOwner", "listOwners"},
    DIRECTORY_WRITE: {
        *("registerPatient", "grantAccess", "revokeAccess", "archivePatient", "unarchivePatient"),
        *("registerOwner", "deleteOwner"),
    },
    AUDIT: {"readAudit"},
}

CLINICAL = {READ, WRITE, DELETE, LINKS_READ, LINKS_WRITE, NOTES_READ, NOTES_WRITE, DIRECTORY_READ}
MAY: dict[str, set[str]] = {
    "nobody": set(),
    "admin": CLINICAL | {DIRECTORY_WRITE, AUDIT},
    "dentist": CLINICAL,
    "assistant": CLINICAL,
    "receptionist": CLINICAL - {DELETE},
    "hygienist": CLINICAL - {DELETE},
    "account that may view": {READ, LINKS_READ, DIRECTORY_READ},
    "account that may edit": {READ, WRITE, LINKS_READ, LINKS_WRITE, DIRECTORY_READ},
    "account that may do all": {READ, WRITE, DELETE, LINKS_READ, LINKS_WRITE, DIRECTORY_READ},
}
LEVELS = {"view": Access.VIEW, "edit": Access.EDIT, "all": Access.FULL}

# Of what changes things, in an order in which each finds what it needs; all else comes before.
CHANGES = (
    *("orderAttachments", "placeAttachment", "reclassifyPhoto", "unpairPhoto", "uploadPhoto", "pairPhotos"),
    *(
        "linkDocument",
        "uploadFile",
        "beginUpload",
        "writeNote",
        "reviseNote",
        "deleteNote",
        "restoreDocument",
        "restoreFile",
    ),
    *("archivePatient", "unarchivePatient", "continueUpload", "dropUpload", "unlinkAttachment", "moveDocument"),
    *("unlinkOwner", "trashDocument", "deleteFile", "deleteFiles", "deleteOwner"),
)


def test_every_route_that_takes_a_body_is_asked_with_one(service: Service) -> None:
    assert {operation.id for operation in operations(service) if operation.has_body} <= set(REQUESTS)


def test_the_table_has_every_operation_with_its_permission(service: Service) -> None:
    table = {(operation, permission) for permission, ids in OPERATIONS.items() for operation in ids}
    assert {(operation.id, operation.permission.value) for operation in operations(service)} == table


def person_of(clinic: Clinic, role: str, patient: str) -> Person:
    level = LEVELS.get(role.rpartition(" ")[2])
    if level is None:
        return clinic.person(Role(role), user=f"u-{role}")
    return clinic.account(**{patient: level, f"{patient}-sibling": level})


async def own(person: Person, ids: Ids, may: set[str]) -> Ids:
    """A note and an upload are their author's."""
    if WRITE in may:
        ids["upload"] = await begun(person, ids["patient"])
    if NOTES_WRITE in may:
        note = {"note_type": "diagnosis", "owner_type": "patient", "owner_id": ids["patient"], "body": "Nota"}
        ids["note"] = data_of(await person.post("/clinical_notes/notes", note), 201)["id"]
    return ids


@pytest.mark.parametrize("role", [role for role in MAY if role != "nobody"])
async def test_each_role_may_do_what_the_table_says_and_nothing_else(
    service: Service, clinic: Clinic, role: str
) -> None:
    may, ids = MAY[role], await filled(clinic, "p")
    person = person_of(clinic, role, "p")
    ids = await own(person, ids, may)
    for operation in in_order(service):
        answer = await asked(person, operation, ids)
        if operation.permission.value in may:
            assert answer.status_code < 400, (operation.id, answer.text)
        else:
            # what is somebody else's upload is not there for an account
            hidden = operation.positions(ids) == {"upload"} and role.startswith("account")
            assert answer.status_code == (404 if hidden else 403), (operation.id, answer.text)


async def test_nobody_may_do_anything(service: Service) -> None:
    for operation in operations(service):
        method, url, options = operation.request(Nobody())
        assert (await service.client.request(method, url, **options)).status_code == 401, operation.id


class Nobody(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "visit" if name == "type" else "01890000-0000-7000-8000-000000000000"


def in_order(service: Service) -> list[Operation]:
    return sorted(
        operations(service), key=lambda operation: CHANGES.index(operation.id) if operation.id in CHANGES else -1
    )
