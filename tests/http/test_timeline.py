"""What happened with a patient."""

import pytest

from domain.access import Access
from tests.http.service import Clinic, data_of, fields_of, problem_of

pytestmark = pytest.mark.anyio


async def test_everything_that_happened_is_told_newest_first(clinic: Clinic, ana: str) -> None:
    early = await clinic.dentist.photo(ana, captured_at="2024-01-01")
    late = await clinic.dentist.photo(ana, captured_at="2024-02-01")
    await clinic.dentist.post(f"/media/documents/{early['id']}/pair/{late['id']}")
    note = {"note_type": "administrative", "owner_type": "patient", "owner_id": ana, "body": "Llamar"}
    await clinic.dentist.post("/clinical_notes/notes", note)
    visit = {"patient_id": ana, "title": "Revisión", "occurred_at": "2024-03-01"}
    await clinic.admin.put("/directory/owners/visit/v1", visit)
    path = f"/media/patients/{ana}/timeline"
    entries = data_of(await clinic.dentist.get(path))
    kinds = [entry["type"] for entry in entries]
    assert sorted(kinds) == ["note", "pairing", "upload", "upload", "visit"]
    assert [entry["at"] for entry in entries] == sorted((entry["at"] for entry in entries), reverse=True)
    pairing = entries[kinds.index("pairing")]
    assert {pairing["document_id"], pairing["other_document_id"]} == {early["id"], late["id"]}
    for query in ({"types": "note,visit"}, {"types": ["note", "visit"]}):
        some = data_of(await clinic.dentist.get(path, params=query))
        assert {entry["type"] for entry in some} == {"note", "visit"}
    family = data_of(await clinic.account(ana=Access.VIEW).get(path))
    assert "note" not in {entry["type"] for entry in family}


async def test_pages_of_the_timeline_follow_one_another(clinic: Clinic, ana: str) -> None:
    ids = [(await clinic.dentist.photo(ana))["id"] for _ in range(5)]
    path, cursor, told = f"/media/patients/{ana}/timeline", None, []
    while True:
        query = {"page_size": 2} | ({"cursor": cursor} if cursor else {})
        page = (await clinic.dentist.get(path, params=query)).json()
        told += [entry["id"] for entry in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert told == ids[::-1]


async def test_others_are_told_nothing(clinic: Clinic, another_clinic: Clinic, ana: str) -> None:
    path = f"/media/patients/{ana}/timeline"
    problem_of(await another_clinic.admin.get(path), 404, "not_found")
    problem_of(await clinic.account().get(path), 404, "not_found")
    problem = problem_of(await clinic.dentist.get(path, params={"types": "gossip"}), 400, "malformed")
    assert fields_of(problem) == {"types"}
