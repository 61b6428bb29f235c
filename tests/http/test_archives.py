"""Taking files along: a chosen few, those of a record, everything of a patient."""

import json
from io import BytesIO
from zipfile import ZipFile

import httpx
import pytest

from domain.access import Access
from tests.http.service import Clinic, Json, Person, data_of, jpeg, problem_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def visit(clinic: Clinic, ana: str) -> str:
    await clinic.owner("visit", "v1", ana)
    return "/visit/v1"


async def stored(person: Person, record: str, name: str, content: bytes) -> Json:
    answer = await person.ask("POST", f"{record}/files", files={"file": (name, content, "application/octet-stream")})
    assert answer.status_code == 201, answer.text
    file: Json = answer.json()
    return file


def opened(answer: httpx.Response) -> dict[str, bytes]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-length"] == str(len(answer.content))
    with ZipFile(BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


async def test_chosen_files_come_as_one_with_names_of_their_own(clinic: Clinic, ana: str, visit: str) -> None:
    files = [await stored(clinic.dentist, visit, "../informe.txt", text) for text in (b"one", b"two", b"three")]
    photo = await clinic.dentist.photo(ana)
    ids = [*(file["id"] for file in files), files[0]["id"]]
    members = opened(await clinic.dentist.post("/files/zip", {"file_ids": ids}))
    manifest = json.loads(members.pop("manifest.json"))
    assert sorted(members.values()) == [b"one", b"three", b"two"]
    assert all(name.startswith("visit-v1/") and ".." not in name for name in members)
    assert [file["sha256"] for file in manifest["files"]] == [
        data_of(await clinic.dentist.get(f"/media/documents/{file['id']}"))["sha256"] for file in files
    ]
    assert {file["path"] for file in manifest["files"]} == set(members)
    assert photo["id"] not in json.dumps(manifest)


async def test_photos_that_are_on_no_record_can_be_chosen_too(clinic: Clinic, ana: str, visit: str) -> None:
    await stored(clinic.dentist, visit, "a.txt", b"on a visit")
    photo, document = await clinic.dentist.photo(ana), await clinic.dentist.document(ana)
    trashed = await clinic.dentist.photo(ana)
    await clinic.dentist.delete(f"/media/documents/{trashed['id']}")
    ids = [document["id"], trashed["id"], photo["id"]]
    members = opened(await clinic.dentist.post("/files/zip", {"file_ids": ids}))
    manifest = json.loads(members.pop("manifest.json"))
    assert [file["id"] for file in manifest["files"]] == [document["id"], photo["id"]]
    assert [name.partition("/")[0] for name in members] == ["documents", "photos"]


async def test_an_archive_can_be_gone_on_with(clinic: Clinic, visit: str) -> None:
    await stored(clinic.dentist, visit, "a.txt", b"x" * 5000)
    whole = await clinic.dentist.get(f"{visit}/files.zip")
    members = opened(whole)
    assert b"x" * 5000 in members.values()
    assert whole.headers["content-disposition"] == 'attachment; filename="visit-v1.zip"'
    headers = {"Range": "bytes=2500-", "If-Range": whole.headers["etag"]}
    rest = await clinic.dentist.get(f"{visit}/files.zip", headers=headers)
    assert rest.status_code == 206
    assert whole.content[:2500] + rest.content == whole.content
    await stored(clinic.dentist, visit, "b.txt", b"more")
    changed = await clinic.dentist.get(f"{visit}/files.zip", headers=headers)
    assert changed.status_code == 200
    assert changed.headers["etag"] != whole.headers["etag"]


async def test_an_export_has_everything_of_the_patient(clinic: Clinic, ana: str, luis: str, visit: str) -> None:
    before = await clinic.dentist.photo(ana, file=("antes.jpg", jpeg(), "image/jpeg"))
    after = await clinic.dentist.photo(ana, file=("después.jpg", jpeg(), "image/jpeg"))
    data_of(await clinic.dentist.post(f"/media/documents/{before['id']}/pair/{after['id']}?before={before['id']}"))
    file = await stored(clinic.dentist, visit, "informe.txt", b"text")
    trashed = await clinic.dentist.document(ana)
    await clinic.dentist.delete(f"/media/documents/{trashed['id']}")
    await clinic.dentist.photo(luis)
    note = {"note_type": "administrative", "owner_type": "patient", "owner_id": ana, "body": "Llamar el lunes"}
    data_of(await clinic.dentist.post("/clinical_notes/notes", note | {"attachment_document_ids": [file["id"]]}), 201)
    members = opened(await clinic.dentist.get(f"/patients/{ana}/export.zip"))
    manifest = json.loads(members.pop("manifest.json"))
    assert len(members) == 3
    assert {told["id"] for told in manifest["files"]} == {before["id"], after["id"], file["id"]}
    assert manifest["pairs"] == [{"before": before["id"], "after": after["id"]}]
    assert [(told["body"], told["documents"]) for told in manifest["notes"]] == [("Llamar el lunes", [file["id"]])]
    assert {(link["owner_type"], link["document_id"]) for link in manifest["links"]} >= {("visit", file["id"])}


async def test_who_took_what_is_in_the_audit_log(clinic: Clinic, ana: str, visit: str) -> None:
    file = await stored(clinic.dentist, visit, "a.txt", b"text")
    opened(await clinic.dentist.get(f"{visit}/files.zip"))
    rows = data_of(await clinic.admin.get("/audit", params={"document_id": file["id"]}))
    exported = [row for row in rows if row["action"] == "document.exported"]
    assert [(row["user_id"], row["patient_id"]) for row in exported] == [("u-dentist", ana)]


async def test_only_what_the_caller_may_read_is_taken_along(clinic: Clinic, ana: str, luis: str, visit: str) -> None:
    await clinic.owner("visit", "v2", luis)
    mine = await stored(clinic.dentist, visit, "a.txt", b"mine")
    theirs = await stored(clinic.dentist, "/visit/v2", "b.txt", b"theirs")
    note = {"note_type": "administrative", "owner_type": "patient", "owner_id": ana, "body": "Interna"}
    data_of(await clinic.dentist.post("/clinical_notes/notes", note), 201)
    parent = clinic.account(**{ana: Access.VIEW})
    members = opened(await parent.post("/files/zip", {"file_ids": [theirs["id"], mine["id"]]}))
    assert b"mine" in members.values()
    assert b"theirs" not in members.values()
    problem_of(await parent.get("/visit/v2/files.zip"), 404, "not_found")
    problem_of(await parent.get(f"/patients/{luis}/export.zip"), 404, "not_found")
    problem_of(await parent.get(f"{visit}/export.zip"), 404, "not_found")
    exported = json.loads(opened(await parent.get(f"/patients/{ana}/export.zip"))["manifest.json"])
    assert exported["notes"] == []
