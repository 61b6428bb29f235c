"""The gallery, as a front end sees it."""

from typing import Any

import pytest

from domain.access import Access, Role
from tests.http.service import Clinic, Person, data_of, fields_of, jpeg, problem_of

pytestmark = pytest.mark.anyio


async def listed(person: Person, patient: str, **query: Any) -> list[str]:
    return [photo["title"] for photo in data_of(await person.get(f"/media/patients/{patient}/photos", params=query))]


async def test_an_uploaded_photo_comes_back_with_everything_a_gallery_needs(clinic: Clinic, ana: str) -> None:
    content = jpeg((96, 64), taken="2024:05:01 10:00:00")
    answer = await clinic.dentist.send_photo(ana, file=("Antes.jpg", content, "image/jpeg"), tags=["a", "b"])
    photo = data_of(answer, 201)
    assert photo["patient_id"] == ana
    assert photo["title"] == "Antes"
    assert photo["original_filename"] == "Antes.jpg"
    assert photo["mime_type"] == "image/jpeg"
    assert photo["file_size"] == len(content)
    assert photo["status"] == "active"
    assert (photo["media_kind"], photo["media_category"], photo["media_subtype"]) == ("photo", "intraoral", "frontal")
    assert (photo["captured_at"], photo["captured_at_source"]) == ("2024-05-01T10:00:00Z", "exif")
    assert (photo["width"], photo["height"]) == (96, 64)
    assert photo["tags"] == ["a", "b"]
    assert photo["uploader"] == {
        "id": "u-dentist", "name": "Ana Ruiz Gil", "first_name": "Ana", "last_name": "Ruiz Gil",
    }  # fmt: skip
    assert photo["version"] == 1
    assert photo["thumb_url"]
    assert photo["medium_url"]
    assert photo["full_url"]
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == f"/api/v1/media/documents/{photo['id']}"
    assert answer.json()["message"] is None


async def test_what_the_uploader_says_goes_before_what_the_file_says(clinic: Clinic, ana: str) -> None:
    photo = await clinic.dentist.photo(
        ana, captured_at="2020-02-03T04:05:06+01:00", title="Mi foto", description="Con luz", media_subtype=None
    )
    assert (photo["captured_at"], photo["captured_at_source"]) == ("2020-02-03T03:05:06Z", "user")
    assert (photo["title"], photo["description"], photo["media_subtype"]) == ("Mi foto", "Con luz", None)


async def test_an_xray_needs_no_category(clinic: Clinic, ana: str) -> None:
    photo = await clinic.dentist.photo(ana, media_kind="xray", media_category=None, media_subtype="panoramic")
    assert (photo["media_category"], photo["media_subtype"]) == ("xray", "panoramic")


@pytest.mark.parametrize(
    ("words", "status", "code", "field"),
    [
        ({"media_kind": "selfie"}, 400, "malformed", "media_kind"),
        ({"media_category": "inside"}, 400, "malformed", "media_category"),
        ({"media_subtype": "smile"}, 422, "rule_violated", "media_subtype"),
        ({"media_category": None, "media_subtype": None}, 422, "rule_violated", "media_category"),
        ({"captured_at": "yesterday"}, 400, "malformed", "captured_at"),
        ({"captured_at": "2999-01-01T00:00:00Z"}, 422, "rule_violated", "captured_at"),
        ({"tags": ["x" * 51]}, 422, "rule_violated", "tags"),
        ({"paired_document_id": "no-id"}, 400, "malformed", "paired_document_id"),
        ({"owner_type": "visit"}, 422, "rule_violated", "owner_id"),
        ({"clinic_id": "other"}, 422, "rule_violated", "clinic_id"),
        ({"title": ["one", "two"]}, 400, "malformed", "title"),
    ],
)
async def test_words_that_do_not_fit_are_refused_by_name(
    clinic: Clinic, ana: str, words: dict[str, Any], status: int, code: str, field: str
) -> None:
    problem = problem_of(await clinic.dentist.send_photo(ana, **words), status, code)
    assert fields_of(problem) == {field}
    assert await listed(clinic.dentist, ana) == []


async def test_an_upload_can_be_paired_and_put_on_a_record_in_one_step(clinic: Clinic, ana: str) -> None:
    visit = await clinic.owner("visit", "v1", ana)
    before = await clinic.dentist.photo(ana, captured_at="2024-01-01")
    after = await clinic.dentist.photo(ana, captured_at="2024-06-01", paired_document_id=before["id"], **visit)
    assert (after["paired_document_id"], after["pair_role"]) == (before["id"], "after")
    attached = data_of(await clinic.dentist.get("/media/attachments", params=visit))
    assert [item["document_id"] for item in attached] == [after["id"]]


async def test_the_same_bytes_again_are_kept_and_told(clinic: Clinic, ana: str) -> None:
    content = jpeg()
    one = await clinic.dentist.photo(ana, file=("a.jpg", content, "image/jpeg"))
    two = await clinic.dentist.photo(ana, file=("b.jpg", content, "image/jpeg"))
    assert one["duplicate_of"] is None
    assert two["duplicate_of"] == one["id"]


async def test_the_newest_capture_comes_first(clinic: Clinic, ana: str) -> None:
    for day in ("2024-01-02", "2024-01-03", "2024-01-01"):
        await clinic.dentist.photo(ana, title=day, captured_at=day)
    assert await listed(clinic.dentist, ana) == ["2024-01-03", "2024-01-02", "2024-01-01"]


async def test_the_gallery_can_be_narrowed_down(clinic: Clinic, ana: str) -> None:
    dentist = clinic.dentist
    one = await dentist.photo(ana, title="Sonrisa", media_category="extraoral", media_subtype="smile", tags=["x", "y"])
    await dentist.photo(ana, title="Frontal", captured_at="2024-03-05T23:00:00Z", paired_document_id=one["id"])
    await dentist.photo(ana, title="Panorámica", media_kind="xray", media_category=None, media_subtype="panoramic")
    assert await listed(dentist, ana, media_category="extraoral") == ["Sonrisa"]
    assert await listed(dentist, ana, media_subtype="frontal") == ["Frontal"]
    assert await listed(dentist, ana, media_kind="xray") == ["Panorámica"]
    assert await listed(dentist, ana, captured_from="2024-03-05", captured_to="2024-03-05") == ["Frontal"]
    assert await listed(dentist, ana, pair_status="unpaired") == ["Panorámica"]
    assert set(await listed(dentist, ana, pair_status="paired")) == {"Sonrisa", "Frontal"}
    assert await listed(dentist, ana, tag=["x", "y"]) == ["Sonrisa"]
    assert await listed(dentist, ana, tag=["x", "z"]) == []
    assert await listed(dentist, ana, q="panoramica") == ["Panorámica"]


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ({"media_kind": "document"}, 400, "media_kind"),
        ({"media_kind": "selfie"}, 400, "media_kind"),
        ({"media_category": "inside"}, 400, "media_category"),
        ({"pair_status": "some"}, 400, "pair_status"),
        ({"captured_from": "soon"}, 400, "captured_from"),
        ({"page_size": 0}, 422, "page_size"),
        ({"page_size": 201}, 422, "page_size"),
        ({"page_size": "many"}, 400, "page_size"),
        ({"page": 0}, 422, "page"),
        ({"cursor": "made-up"}, 400, "cursor"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused_by_name(
    clinic: Clinic, ana: str, query: dict[str, Any], status: int, field: str
) -> None:
    code = "malformed" if status == 400 else "rule_violated"
    answer = await clinic.dentist.get(f"/media/patients/{ana}/photos", params=query)
    assert fields_of(problem_of(answer, status, code)) == {field}


async def test_pages_follow_one_another_by_cursor_and_by_number(clinic: Clinic, ana: str) -> None:
    for number in range(5):
        await clinic.dentist.photo(ana, title=f"{number}", captured_at=f"2024-01-0{number + 1}")
    path = f"/media/patients/{ana}/photos"
    first = (await clinic.dentist.get(path, params={"page_size": 2})).json()
    assert (first["total"], first["page"], first["page_size"]) == (5, 1, 2)
    second = (await clinic.dentist.get(path, params={"page_size": 2, "cursor": first["next_cursor"]})).json()
    third = (await clinic.dentist.get(path, params={"page_size": 2, "cursor": second["next_cursor"]})).json()
    titles = [photo["title"] for page in (first, second, third) for photo in page["data"]]
    assert titles == ["4", "3", "2", "1", "0"]
    assert third["next_cursor"] is None
    numbered = (await clinic.dentist.get(path, params={"page_size": 2, "page": 2})).json()
    assert numbered["data"] == second["data"]


async def test_a_cursor_belongs_to_its_list_and_clinic(clinic: Clinic, another_clinic: Clinic, ana: str) -> None:
    for _ in range(2):
        await clinic.dentist.photo(ana)
    page = (await clinic.dentist.get(f"/media/patients/{ana}/photos", params={"page_size": 1})).json()
    query = {"cursor": page["next_cursor"]}
    assert (await clinic.dentist.get(f"/media/patients/{ana}/photos", params=query)).status_code == 200
    elsewhere = await clinic.dentist.get(f"/media/patients/{ana}/documents", params=query)
    problem_of(elsewhere, 400, "malformed")
    await another_clinic.patient(ana)
    problem_of(await another_clinic.dentist.get(f"/media/patients/{ana}/photos", params=query), 400, "malformed")


async def test_a_patient_that_is_not_there_or_not_ours_has_no_gallery(
    clinic: Clinic, another_clinic: Clinic, ana: str
) -> None:
    problem_of(await another_clinic.dentist.get(f"/media/patients/{ana}/photos"), 404, "not_found")
    problem_of(await another_clinic.dentist.send_photo(ana), 404, "not_found")
    problem_of(await clinic.dentist.get("/media/patients/nobody/photos"), 404, "not_found")


async def test_an_account_may_do_what_its_grant_says(clinic: Clinic, ana: str, luis: str) -> None:
    viewer, editor = clinic.account(ana=Access.VIEW), clinic.account(ana=Access.EDIT)
    problem_of(await viewer.send_photo(ana), 403, "forbidden")
    await editor.photo(ana, title="De la familia")
    assert await listed(viewer, ana) == ["De la familia"]
    problem_of(await viewer.get(f"/media/patients/{luis}/photos"), 404, "not_found")
    problem_of(await editor.send_photo(luis), 404, "not_found")
    problem_of(await clinic.account().get(f"/media/patients/{ana}/photos"), 404, "not_found")


async def test_a_token_without_roles_may_do_nothing(clinic: Clinic, ana: str) -> None:
    assert (await clinic.person().get(f"/media/patients/{ana}/photos")).status_code == 404
    assert (await clinic.person(Role.HYGIENIST).send_photo(ana)).status_code == 201
