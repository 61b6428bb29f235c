"""What a standalone installation knows of patients and records."""

from typing import Any

import pytest

from domain.access import Access, Role
from tests.http.service import Clinic, Person, data_of, fields_of, problem_of

pytestmark = pytest.mark.anyio

DIRECTORY = "/directory"


async def test_a_patient_is_entered_replaced_and_found(clinic: Clinic) -> None:
    path = f"{DIRECTORY}/patients/p.1:a"
    first = await clinic.admin.put(path, {"display_name": "Lucía Peña", "birth_date": "2010-02-03"})
    assert data_of(first, 201)["birth_date"] == "2010-02-03"
    second = data_of(await clinic.admin.put(path, {"display_name": "Lucía Peña Gil"}))
    assert (second["id"], second["display_name"], second["birth_date"]) == ("p.1:a", "Lucía Peña Gil", None)
    assert second["status"] == "active"
    assert data_of(await clinic.dentist.get(path)) == second
    await clinic.patient("zoe", "Zoe")
    for text, found in (("lucia", ["p.1:a"]), ("1:A", ["p.1:a"]), ("nobody", []), ("", ["p.1:a", "zoe"])):
        answer = await clinic.dentist.get(f"{DIRECTORY}/patients", params={"q": text})
        assert [patient["id"] for patient in data_of(answer)] == found


async def test_what_somebody_wrote_who_may_not_is_not_looked_at(clinic: Clinic) -> None:
    answer = await clinic.dentist.put(f"{DIRECTORY}/patients/ana", {})
    problem_of(answer, 403, "forbidden")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"display_name": " "}, 422, "display_name"),
        ({}, 422, "display_name"),
        ({"display_name": "A", "birth_date": "someday"}, 400, "birth_date"),
        ({"display_name": "A", "status": "gone"}, 400, "status"),
        ({"display_name": "A", "clinic_id": "x"}, 422, "clinic_id"),
    ],
)
async def test_a_patient_that_cannot_be_is_refused(clinic: Clinic, body: Any, status: int, field: str) -> None:
    code = "malformed" if status == 400 else "rule_violated"
    problem = problem_of(await clinic.admin.put(f"{DIRECTORY}/patients/p", body), status, code)
    assert fields_of(problem) == {field}
    for id in ("a b", "ñ", "x" * 65):
        answer = await clinic.admin.put(f"{DIRECTORY}/patients/{id}", {"display_name": "A"})
        problem_of(answer, 400, "malformed")


async def test_archiving_takes_the_documents_along(clinic: Clinic, ana: str) -> None:
    photo = await clinic.dentist.photo(ana)
    archived = data_of(await clinic.admin.post(f"/media/patients/{ana}/archive"))
    assert archived == {"patient_id": ana, "status": "archived", "documents": 1}
    assert data_of(await clinic.dentist.get(f"/media/documents/{photo['id']}"))["status"] == "archived"
    assert data_of(await clinic.dentist.get(f"/media/patients/{ana}/photos")) == []
    assert data_of(await clinic.admin.post(f"/media/patients/{ana}/archive"))["documents"] == 0
    back = data_of(await clinic.admin.post(f"/media/patients/{ana}/unarchive"))
    assert (back["status"], back["documents"]) == ("active", 1)
    body = {"display_name": "Ana", "status": "archived"}
    assert data_of(await clinic.admin.put(f"{DIRECTORY}/patients/{ana}", body))["status"] == "archived"
    assert data_of(await clinic.dentist.get(f"/media/documents/{photo['id']}"))["status"] == "archived"


async def test_a_record_is_entered_listed_and_forgotten(clinic: Clinic, ana: str) -> None:
    path = f"{DIRECTORY}/owners/visits/v1"
    body = {"patient_id": ana, "title": "Revisión", "occurred_at": "2024-03-01T10:00:00Z"}
    entered = data_of(await clinic.admin.put(path, body), 201)
    assert (entered["owner_type"], entered["owner_id"], entered["patient_id"]) == ("visit", "v1", ana)
    assert entered["occurred_at"] == "2024-03-01T10:00:00Z"
    assert (await clinic.admin.put(path, body)).status_code == 200
    assert data_of(await clinic.dentist.get(path))["title"] == "Revisión"
    await clinic.owner("treatment", "t1", ana)
    owners = {"patient_id": ana}
    listed = data_of(await clinic.dentist.get(f"{DIRECTORY}/owners", params=owners))
    assert {owner["owner_id"] for owner in listed} == {"v1", "t1"}
    listed = data_of(await clinic.dentist.get(f"{DIRECTORY}/owners", params={**owners, "owner_type": "encounter"}))
    assert [owner["owner_id"] for owner in listed] == ["v1"]
    photo = await clinic.dentist.photo(ana, owner_type="visit", owner_id="v1")
    assert data_of(await clinic.admin.delete(path)) == {"unlinked": 1}
    problem_of(await clinic.dentist.get(path), 404, "not_found")
    assert (await clinic.dentist.get(f"/media/documents/{photo['id']}")).status_code == 200


@pytest.mark.parametrize(
    ("owner", "body", "status", "field"),
    [
        ("poem/1", {}, 400, "owner_type"),
        ("patient/ana", {}, 400, "owner_type"),
        ("visit/a b", {}, 400, "owner_id"),
        ("visit/v1", {"title": ""}, 422, "title"),
        ("visit/v1", {"occurred_at": "noon"}, 400, "occurred_at"),
        ("visit/v1", {"patient_id": 1.5}, 400, "patient_id"),
    ],
)
async def test_a_record_that_cannot_be_is_refused(
    clinic: Clinic, ana: str, owner: str, body: Any, status: int, field: str
) -> None:
    code = "malformed" if status == 400 else "rule_violated"
    plain = {"patient_id": ana, "title": "Visita"}
    problem = problem_of(await clinic.admin.put(f"{DIRECTORY}/owners/{owner}", plain | body), status, code)
    assert fields_of(problem) == {field}


async def test_a_record_with_files_cannot_change_its_patient(clinic: Clinic, ana: str, luis: str) -> None:
    visit = await clinic.owner("visit", "v1", ana)
    await clinic.dentist.photo(ana, **visit)
    answer = await clinic.admin.put(f"{DIRECTORY}/owners/visit/v1", {"patient_id": luis, "title": "Visita"})
    problem_of(answer, 422, "rule_violated")


async def test_access_is_granted_changed_and_taken_away(clinic: Clinic, ana: str) -> None:
    grant = f"{DIRECTORY}/patients/{ana}/grants/u-account"
    family, photos = clinic.account(), f"/media/patients/{ana}/photos"
    problem_of(await family.get(photos), 404, "not_found")
    granted = data_of(await clinic.admin.put(grant, {"access": "view"}))
    assert granted == {"patient_id": ana, "user_id": "u-account", "access": "view"}
    assert (await family.get(photos)).status_code == 200
    problem_of(await family.send_photo(ana), 403, "forbidden")
    await clinic.admin.put(grant, {"access": "edit"})
    assert (await family.send_photo(ana)).status_code == 201
    found = data_of(await family.get(f"{DIRECTORY}/patients"))
    assert [patient["id"] for patient in found] == [ana]
    assert (await clinic.admin.delete(grant)).status_code == 204
    problem_of(await family.get(photos), 404, "not_found")
    problem_of(await clinic.admin.delete(grant), 404, "not_found")
    problem_of(await clinic.admin.put(grant, {"access": "all"}), 400, "malformed")


async def test_records_of_a_type_are_listed_for_all_patients_whom_the_caller_sees(clinic: Clinic, ana: str) -> None:
    luis = await clinic.patient("luis", "Luis")
    for id, patient in (("v1", ana), ("v2", luis)):
        await clinic.owner("visit", id, patient)
    await clinic.owner("plan", "pl", ana)

    async def seen(person: Person) -> set[str]:
        answer = await person.get(f"{DIRECTORY}/owners", params={"owner_type": "visit"})
        return {owner["owner_id"] for owner in data_of(answer)}

    assert await seen(clinic.dentist) == {"v1", "v2"}
    assert await seen(clinic.account(luis=Access.VIEW)) == {"v2"}
    problem_of(await clinic.dentist.get(f"{DIRECTORY}/owners"), 422, "rule_violated")


async def test_the_directory_is_kept_by_those_who_may(clinic: Clinic, another_clinic: Clinic, ana: str) -> None:
    await clinic.owner("visit", "v1", ana)
    visit = {"patient_id": ana, "title": "Visita"}
    stranger = another_clinic.admin
    problem_of(await stranger.get(f"{DIRECTORY}/patients/{ana}"), 404, "not_found")
    problem_of(await stranger.get(f"{DIRECTORY}/owners/visit/v1"), 404, "not_found")
    problem_of(await stranger.get(f"{DIRECTORY}/owners", params={"patient_id": ana}), 404, "not_found")
    problem_of(await stranger.delete(f"{DIRECTORY}/owners/visit/v1"), 404, "not_found")
    problem_of(await stranger.put(f"{DIRECTORY}/patients/{ana}/grants/u", {"access": "view"}), 404, "not_found")
    problem_of(await stranger.delete(f"{DIRECTORY}/patients/{ana}/grants/u"), 404, "not_found")
    problem_of(await stranger.post(f"/media/patients/{ana}/archive"), 404, "not_found")
    for person in (clinic.dentist, clinic.person(Role.RECEPTIONIST)):
        problem_of(await person.put(f"{DIRECTORY}/patients/{ana}", {"display_name": "A"}), 403, "forbidden")
        problem_of(await person.put(f"{DIRECTORY}/owners/visit/v2", visit), 403, "forbidden")
        problem_of(await person.post(f"/media/patients/{ana}/archive"), 403, "forbidden")
    family = clinic.account(ana=Access.FULL)
    assert data_of(await family.get(f"{DIRECTORY}/owners/visit/v1"))["patient_id"] == ana
    problem_of(await family.delete(f"{DIRECTORY}/owners/visit/v1"), 403, "forbidden")
    problem_of(await clinic.account().get(f"{DIRECTORY}/owners/visit/v1"), 404, "not_found")
    problem_of(await clinic.account().get(f"{DIRECTORY}/patients/{ana}"), 404, "not_found")
