"""Documents of a patient and what may become of one."""

from typing import Any

import pytest

from domain.access import Access, Role
from tests.http.service import Clinic, Person, data_of, fields_of, problem_of

pytestmark = pytest.mark.anyio

Change = tuple[str, str, Any]

CHANGES: list[Change] = [
    ("PUT", "", {"title": "Otro"}),
    ("PATCH", "/photo-metadata", {"tags": ["x"]}),
    ("DELETE", "", None),
    ("POST", "/restore", None),
    ("POST", "/move", {"patient_id": "luis"}),
]


async def change(person: Person, id: str, what: Change, **options: Any) -> Any:
    method, path, body = what
    return await person.ask(method, f"/media/documents/{id}{path}", json=body, **options)


async def test_a_document_is_uploaded_listed_and_shown(clinic: Clinic, ana: str) -> None:
    document = await clinic.dentist.document(ana, title="Consentimiento", description="Firmado")
    assert (document["media_kind"], document["document_type"]) == ("document", "consent")
    assert (document["thumb_url"], document["medium_url"]) == (None, None)
    shown = await clinic.dentist.get(f"/media/documents/{document['id']}")
    assert data_of(shown)["title"] == "Consentimiento"
    assert shown.headers["etag"] == '"1"'
    listed = (await clinic.dentist.get(f"/media/patients/{ana}/documents")).json()
    assert [item["id"] for item in listed["data"]] == [document["id"]]
    assert (listed["total"], listed["page"], listed["page_size"], listed["next_cursor"]) == (1, 1, 20, None)


@pytest.mark.parametrize(
    ("words", "status", "field"),
    [
        ({"document_type": "poem"}, 400, "document_type"),
        ({"document_type": None}, 422, "document_type"),
        ({"title": None}, 422, "title"),
        ({"media_kind": "photo"}, 422, "media_kind"),
    ],
)
async def test_a_document_needs_a_type_and_a_title(
    clinic: Clinic, ana: str, words: dict[str, Any], status: int, field: str
) -> None:
    code = "malformed" if status == 400 else "rule_violated"
    assert fields_of(problem_of(await clinic.dentist.send_document(ana, **words), status, code)) == {field}


async def test_the_list_of_documents_can_be_narrowed_down(clinic: Clinic, ana: str) -> None:
    dentist = clinic.dentist
    consent = await dentist.document(ana, title="Consentimiento")
    report = await dentist.document(ana, title="Informe clínico", document_type="report")
    photo = await dentist.photo(ana)

    async def ids(**query: str) -> list[str]:
        return [item["id"] for item in data_of(await dentist.get(f"/media/patients/{ana}/documents", params=query))]

    assert await ids() == [photo["id"], report["id"], consent["id"]]
    assert await ids(document_type="report") == [report["id"]]
    assert await ids(media_kind="document") == [report["id"], consent["id"]]
    assert await ids(q="CLINICO") == [report["id"]]
    problem_of(await dentist.get(f"/media/patients/{ana}/documents", params={"page_size": 101}), 422, "rule_violated")


async def test_null_clears_and_an_absent_field_stays(clinic: Clinic, ana: str) -> None:
    document = await clinic.dentist.document(ana, title="Uno", description="Dos")
    path = f"/media/documents/{document['id']}"
    renamed = data_of(await clinic.dentist.put(path, {"title": "Tres", "document_type": "report"}))
    assert (renamed["title"], renamed["description"], renamed["document_type"]) == ("Tres", "Dos", "report")
    cleared = data_of(await clinic.dentist.put(path, {"description": None}))
    assert (cleared["title"], cleared["description"]) == ("Tres", None)
    problem_of(await clinic.dentist.put(path, {"title": None}), 422, "rule_violated")


async def test_photo_metadata_is_changed_field_by_field(clinic: Clinic, ana: str) -> None:
    photo = await clinic.dentist.photo(ana, tags=["x"], captured_at="2024-01-01")
    path = f"/media/documents/{photo['id']}/photo-metadata"
    moved = data_of(await clinic.dentist.patch(path, {"media_category": "extraoral"}))
    assert (moved["media_category"], moved["media_subtype"], moved["tags"]) == ("extraoral", None, ["x"])
    cleared = data_of(await clinic.dentist.patch(path, {"tags": None, "captured_at": None}))
    assert (cleared["tags"], cleared["captured_at"], cleared["captured_at_source"]) == ([], None, "none")
    other = await clinic.dentist.photo(ana)
    paired = data_of(await clinic.dentist.patch(path, {"paired_document_id": other["id"]}))
    assert paired["paired_document_id"] == other["id"]
    assert data_of(await clinic.dentist.patch(path, {"paired_document_id": None}))["paired_document_id"] is None
    problem_of(await clinic.dentist.patch(path, {"media_subtype": "panoramic"}), 422, "rule_violated")
    problem_of(await clinic.dentist.patch(path, {"media_category": "inside"}), 400, "malformed")


async def test_what_is_trashed_is_gone_until_it_is_restored(clinic: Clinic, ana: str) -> None:
    photo = await clinic.dentist.photo(ana)
    path = f"/media/documents/{photo['id']}"
    for _ in range(2):
        answer = await clinic.dentist.delete(path)
        assert (answer.status_code, answer.content) == (204, b"")
    for what in ("", "/download", "/pair"):
        problem_of(await clinic.dentist.get(path + what), 404, "not_found")
    problem_of(await clinic.dentist.put(path, {"title": "x"}), 404, "not_found")
    assert data_of(await clinic.dentist.get(f"/media/patients/{ana}/photos")) == []
    restored = data_of(await clinic.dentist.post(f"{path}/restore"))
    assert restored["status"] == "active"
    assert (await clinic.dentist.get(path)).status_code == 200


async def test_a_document_moves_to_the_right_patient(clinic: Clinic, ana: str, luis: str) -> None:
    visit = await clinic.owner("visit", "v1", ana)
    photo, partner = await clinic.dentist.photo(ana, **visit), await clinic.dentist.photo(ana)
    await clinic.dentist.post(f"/media/documents/{photo['id']}/pair/{partner['id']}")
    path = f"/media/documents/{photo['id']}"
    moved = data_of(await clinic.dentist.post(f"{path}/move", {"patient_id": luis}))
    assert (moved["patient_id"], moved["paired_document_id"]) == (luis, None)
    assert data_of(await clinic.dentist.get("/media/attachments", params=visit)) == []
    assert (await clinic.dentist.get(f"{path}/download")).status_code == 200
    problem_of(await clinic.dentist.post(f"{path}/move", {"patient_id": "nobody"}), 404, "not_found")


@pytest.mark.parametrize("what", CHANGES, ids=lambda what: f"{what[0]}{what[1]}")
async def test_a_change_of_an_older_version_is_refused(clinic: Clinic, ana: str, luis: str, what: Change) -> None:
    photo = await clinic.dentist.photo(ana)
    await clinic.dentist.put(f"/media/documents/{photo['id']}", {"title": "Otro antes"})
    if what[1] == "/restore":
        await clinic.dentist.delete(f"/media/documents/{photo['id']}")
    for stale in ('"1"', '"99"', 'W/"2"', '"abc"', '""', "2"):
        answer = await change(clinic.dentist, photo["id"], what, headers={"If-Match": stale})
        problem_of(answer, 412, "stale_version")
    current = '"3"' if what[1] == "/restore" else '"2"'
    answer = await change(clinic.dentist, photo["id"], what, headers={"If-Match": current})
    assert answer.status_code in (200, 204), answer.text


async def test_any_version_will_do_where_the_caller_says_so(clinic: Clinic, ana: str) -> None:
    photo = await clinic.dentist.photo(ana)
    path = f"/media/documents/{photo['id']}"
    answer = await clinic.dentist.put(path, {"title": "Otro"}, headers={"If-Match": "*"})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    problem_of(await clinic.dentist.put(path, {"title": "x"}, headers={"If-Match": '"1", "2"'}), 400, "malformed")


@pytest.mark.parametrize("what", [*CHANGES, ("GET", "", None), ("GET", "/download", None)], ids=lambda w: w[0] + w[1])
async def test_a_document_of_another_clinic_or_patient_is_not_there(
    clinic: Clinic, another_clinic: Clinic, ana: str, luis: str, what: Change
) -> None:
    photo = await clinic.dentist.photo(ana)
    await another_clinic.patient(luis)
    unknown = "01890000-0000-7000-8000-000000000000"
    for person in (another_clinic.admin, clinic.account(luis=Access.FULL), clinic.account()):
        theirs = problem_of(await change(person, photo["id"], what), 404, "not_found")
        nobodys = problem_of(await change(person, unknown, what), 404, "not_found")
        assert theirs["detail"] == nobodys["detail"]
    assert (await clinic.dentist.get(f"/media/documents/{photo['id']}")).status_code == 200


async def test_trashing_needs_its_own_permission(clinic: Clinic, ana: str) -> None:
    photo = await clinic.dentist.photo(ana)
    path = f"/media/documents/{photo['id']}"
    for person in (clinic.person(Role.RECEPTIONIST), clinic.person(Role.HYGIENIST), clinic.account(ana=Access.EDIT)):
        problem_of(await person.delete(path), 403, "forbidden")
        problem_of(await person.post(f"{path}/restore"), 403, "forbidden")
        assert (await person.put(path, {"title": "Sí"})).status_code == 200
    assert (await clinic.account(ana=Access.FULL).delete(path)).status_code == 204


async def test_an_id_that_is_none_is_not_there(clinic: Clinic) -> None:
    for id in ("1", "xyz", "%00", "..", "01890000-0000-7000-8000-00000000000g"):
        assert (await clinic.dentist.get(f"/media/documents/{id}")).status_code == 404
