"""Clinical notes."""

from typing import Any

import pytest

from domain.access import Access, Permission, Role
from tests.http.service import Clinic, Json, Person, data_of, fields_of, problem_of

pytestmark = pytest.mark.anyio

NOTES = "/clinical_notes/notes"


def administrative(patient: str, **more: Any) -> Json:
    return {"note_type": "administrative", "owner_type": "patient", "owner_id": patient, "body": "Llamar", **more}


async def written(person: Person, body: Json) -> Json:
    note: Json = data_of(await person.post(NOTES, body), 201)
    return note


async def test_a_note_with_a_photo_puts_it_on_the_note_and_its_owner(clinic: Clinic, ana: str) -> None:
    photo = await clinic.dentist.photo(ana)
    answer = await clinic.dentist.post(NOTES, administrative(ana, attachment_document_ids=[photo["id"]]))
    note = data_of(answer, 201)
    assert answer.headers["etag"] == '"1"'
    assert (note["patient_id"], note["body"], note["author"]["name"]) == (ana, "Llamar", "Ana Ruiz Gil")
    assert [item["document"]["id"] for item in note["attachments"]] == [photo["id"]]
    assert note["attachments"][0]["thumb_url"]
    for owner in (("patient", ana), ("clinical_note", note["id"])):
        query = {"owner_type": owner[0], "owner_id": owner[1]}
        linked = data_of(await clinic.dentist.get("/media/attachments", params=query))
        assert [item["document_id"] for item in linked] == [photo["id"]], owner


async def test_a_photo_on_a_note_is_a_file_of_the_record_that_the_note_is_about(clinic: Clinic, ana: str) -> None:
    await clinic.owner("treatment", "t1", ana)
    photo = await clinic.dentist.photo(ana)
    about = {"note_type": "treatment", "owner_type": "treatment", "owner_id": "t1", "body": "dos"}
    await written(clinic.dentist, about | {"attachment_document_ids": [photo["id"]]})
    file = (await clinic.dentist.get(f"/files/{photo['id']}")).json()
    assert (file["entity_type"], file["entity_id"]) == ("treatment", "t1")


async def test_notes_are_listed_newest_first(clinic: Clinic, ana: str) -> None:
    await clinic.owner("treatment", "t1", ana)
    one = await written(clinic.dentist, administrative(ana, body="uno"))
    two = await written(
        clinic.dentist,
        {"note_type": "treatment", "owner_type": "treatments", "owner_id": "t1", "body": "dos"},
    )
    query = {"owner_type": "patient", "owner_id": ana}
    assert [note["id"] for note in data_of(await clinic.dentist.get(NOTES, params=query))] == [one["id"]]
    recent = await clinic.dentist.get(f"/clinical_notes/patients/{ana}/recent")
    assert [note["id"] for note in data_of(recent)] == [two["id"], one["id"]]
    counts = await clinic.dentist.get(f"{NOTES}/counts", params={"owner_type": "patient", "owner_ids": f"{ana},x"})
    assert data_of(counts) == [{"owner_id": ana, "count": 1}, {"owner_id": "x", "count": 0}]


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"note_type": "poem"}, 400, "note_type"),
        ({"owner_type": "poem"}, 400, "owner_type"),
        ({"owner_type": "visit"}, 422, "owner_type"),
        ({"body": "  "}, 422, "body"),
        ({"body": 5}, 400, "body"),
        ({"tooth_number": 11}, 422, "tooth_number"),
        ({"note_type": "diagnosis", "tooth_number": 19}, 422, "tooth_number"),
        ({"attachment_document_ids": ["x"]}, 400, "attachment_document_ids[0]"),
        ({"author_id": "u-9"}, 422, "author_id"),
    ],
)
async def test_a_note_that_cannot_be_is_refused(
    clinic: Clinic, ana: str, change: Json, status: int, field: str
) -> None:
    code = "malformed" if status == 400 else "rule_violated"
    problem = problem_of(await clinic.dentist.post(NOTES, administrative(ana) | change), status, code)
    assert fields_of(problem) == {field}


async def test_another_patients_photo_cannot_be_attached(clinic: Clinic, ana: str, luis: str) -> None:
    photo = await clinic.dentist.photo(luis)
    answer = await clinic.dentist.post(NOTES, administrative(ana, attachment_document_ids=[photo["id"]]))
    problem_of(answer, 422, "rule_violated")
    query = {"owner_type": "patient", "owner_id": ana}
    assert data_of(await clinic.dentist.get(NOTES, params=query)) == []


async def test_a_tooth_may_be_named_in_a_diagnosis(clinic: Clinic, ana: str) -> None:
    note = await written(clinic.dentist, administrative(ana, note_type="diagnosis", tooth_number=85))
    assert note["tooth_number"] == 85


async def test_a_note_is_changed_and_deleted_by_its_author_or_an_admin(clinic: Clinic, ana: str) -> None:
    photo = await clinic.dentist.photo(ana)
    note = await written(clinic.dentist, administrative(ana, attachment_document_ids=[photo["id"]]))
    path = f"{NOTES}/{note['id']}"
    colleague = clinic.person(Role.DENTIST, user="u-other")
    problem_of(await colleague.patch(path, {"body": "x"}), 403, "forbidden")
    problem_of(await colleague.delete(path), 403, "forbidden")
    changed = data_of(await clinic.dentist.patch(path, {"body": "Nuevo"}, headers={"If-Match": '"1"'}))
    assert (changed["body"], changed["version"], len(changed["attachments"])) == ("Nuevo", 2, 1)
    problem_of(await clinic.dentist.patch(path, {"body": "x"}, headers={"If-Match": '"1"'}), 412, "stale_version")
    problem_of(await clinic.dentist.patch(path, {"body": None}), 422, "rule_violated")
    emptied = data_of(await clinic.admin.patch(path, {"attachment_document_ids": None}))
    assert (emptied["body"], emptied["attachments"]) == ("Nuevo", [])
    assert (await clinic.admin.delete(path)).status_code == 204
    problem_of(await clinic.admin.delete(path), 404, "not_found")
    query = {"owner_type": "patient", "owner_id": ana}
    assert len(data_of(await clinic.dentist.get("/media/attachments", params=query))) == 1


async def test_notes_are_for_the_staff_of_the_clinic(clinic: Clinic, another_clinic: Clinic, ana: str) -> None:
    note = await written(clinic.dentist, administrative(ana))
    stranger, family = another_clinic.admin, clinic.account(ana=Access.FULL)
    query = {"owner_type": "patient", "owner_id": ana}
    problem_of(await stranger.get(NOTES, params=query), 404, "not_found")
    problem_of(await stranger.post(NOTES, administrative(ana)), 404, "not_found")
    problem_of(await stranger.patch(f"{NOTES}/{note['id']}", {"body": "x"}), 404, "not_found")
    problem_of(await stranger.delete(f"{NOTES}/{note['id']}"), 404, "not_found")
    problem_of(await family.get(NOTES, params=query), 403, "forbidden")
    problem_of(await family.post(NOTES, administrative(ana)), 403, "forbidden")
    reader = clinic.person(permissions=(Permission.NOTES_READ,))
    assert (await reader.get(NOTES, params=query)).status_code == 200
    problem_of(await reader.post(NOTES, administrative(ana)), 403, "forbidden")
