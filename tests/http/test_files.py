"""Files of any record: the rules of its type, what is known of a file, the trash."""

import asyncio
from collections import Counter
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from domain.access import Access
from entrypoints.settings import OwnerTypeRules
from tests.http.service import Clinic, Json, Person, fields_of, jpeg, problem_of, serving, settings_for

pytestmark = pytest.mark.anyio

UNKNOWN = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
async def result(clinic: Clinic, ana: str) -> str:
    await clinic.owner("lab-result", "17", ana, "Analítica")
    return "/lab-result/17/files"


async def send(
    person: Person, path: str, name: str = "hemograma.txt", content: Any = None, **words: str
) -> httpx.Response:
    body = content if content is not None else f"result of {name}".encode()
    return await person.ask("POST", path, data=words, files={"file": (name, body, "application/octet-stream")})


async def sent(person: Person, path: str, name: str = "hemograma.txt", content: Any = None, **words: str) -> Json:
    answer = await send(person, path, name, content, **words)
    assert answer.status_code == 201, answer.text
    file: Json = answer.json()
    return file


async def names(person: Person, path: str, **params: Any) -> list[str]:
    answer = await person.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return [file["file_name"] for file in answer.json()]


async def test_a_file_is_uploaded_and_listed_as_a_bare_object(clinic: Clinic, result: str) -> None:
    file = await sent(clinic.dentist, result, "Hemograma ñ.txt", description="Ayunas", category="result")
    assert (file["entity_type"], file["entity_id"]) == ("lab-result", "17")
    assert (file["file_name"], file["file_type"], file["category"]) == ("Hemograma ñ.txt", "text/plain", "result")
    assert (file["storage_backend"], file["sync_status"], file["thumb_url"]) == ("local", "synced", None)
    listed = await clinic.dentist.get(result)
    assert listed.json() == [file]
    assert listed.headers["x-total-count"] == "1"
    assert (await clinic.dentist.get(f"/files/{file['id']}")).json() == file
    assert (await clinic.dentist.get(file["download_url"])).text == "result of Hemograma ñ.txt"


async def test_both_mounts_and_every_spelling_of_a_type_are_one_list(clinic: Clinic, ana: str) -> None:
    await clinic.owner("visit", "v9", ana)
    paths = ["/visit/v9/files", "/visits/v9/files", "/encounter/v9/files", "/entity-files/visit/v9/files"]
    for number, path in enumerate(paths):
        await sent(clinic.dentist, path, f"{number}.txt")
    for path in paths:
        assert await names(clinic.dentist, path) == ["3.txt", "2.txt", "1.txt", "0.txt"]


async def test_the_old_routes_of_lab_results_say_that_they_are_old(clinic: Clinic, result: str) -> None:
    answer = await send(clinic.dentist, "/lab-results/17/files")
    listed = await clinic.dentist.get("/lab-results/17/files")
    download = await clinic.dentist.get(f"/lab-result-files/{answer.json()['id']}/download")
    assert (answer.status_code, download.status_code) == (201, 200)
    for said in (answer, listed, download):
        assert said.headers["deprecation"].startswith("@")
        assert "sunset" in said.headers
    assert "deprecation" not in (await clinic.dentist.get(result)).headers


async def test_the_rules_of_a_type_are_enforced(clinic: Clinic, result: str) -> None:
    dentist = clinic.dentist
    problem_of(await send(dentist, result, "scan.webp"), 415, "unsupported_type")
    problem_of(await send(dentist, result, "photo.jpg", b"not a jpeg"), 415, "unsupported_type")
    problem_of(await send(dentist, result, "empty.txt", b""), 422, "unreadable")
    wrong = problem_of(await send(dentist, result, category="selfie"), 400, "malformed")
    assert fields_of(wrong) == {"category"}
    problem_of(await send(dentist, "/starship/1/files"), 400, "malformed")
    problem_of(await send(dentist, "/lab-result/unknown/files"), 404, "not_found")
    assert await names(dentist, result) == []


async def test_a_type_may_take_less_than_the_installation(tmp_path: Any) -> None:
    rules = {"insurance": OwnerTypeRules(max_bytes=1000), "x_order": OwnerTypeRules(operations=("download",))}
    async with serving(settings_for(tmp_path, owner_types=rules)) as service:
        clinic = Clinic(service, "small")
        ana = await clinic.patient("ana")
        await clinic.owner("insurance", "1", ana)
        await clinic.owner("x_order", "1", ana)
        pdf = b"%PDF-1.4\n" + b"%" * 2000
        problem_of(await send(clinic.dentist, "/insurance/1/files", "card.pdf", pdf), 413, "too_large")
        problem_of(await send(clinic.dentist, "/x_order/1/files"), 422, "rule_violated")
        assert await names(clinic.dentist, "/insurance/1/files") == []


async def test_of_fourteen_uploads_at_once_where_five_may_be_five_are(clinic: Clinic, ana: str) -> None:
    await clinic.owner("insurance", "7", ana)
    answers = await asyncio.gather(
        *(send(clinic.dentist, "/insurance/7/files", f"{number}.jpg", jpeg()) for number in range(14))
    )
    assert Counter(answer.status_code for answer in answers) == {201: 5, 422: 9}
    assert len(await names(clinic.dentist, "/insurance/7/files")) == 5
    file = answers[[answer.status_code for answer in answers].index(201)].json()
    assert (await clinic.dentist.delete(f"/files/{file['id']}")).status_code == 200
    await sent(clinic.dentist, "/insurance/7/files", "sixth.jpg", jpeg())
    problem_of(await clinic.dentist.post(f"/files/{file['id']}/restore"), 422, "rule_violated")


async def test_files_are_sorted_filtered_and_searched(clinic: Clinic, result: str) -> None:
    await sent(clinic.dentist, result, "Radiografía.jpg", jpeg(), category="image", description="Muñeca izquierda")
    await sent(clinic.dentist, result, "a.txt", b"12345", category="report")
    await sent(clinic.dentist, result, "b.csv", b"x;y\n1;2\n", category="result")
    ask = clinic.dentist
    assert await names(ask, result) == ["b.csv", "a.txt", "Radiografía.jpg"]
    assert await names(ask, result, sort="oldest") == ["Radiografía.jpg", "a.txt", "b.csv"]
    assert await names(ask, result, sort="name") == ["a.txt", "b.csv", "Radiografía.jpg"]
    assert await names(ask, result, sort="size") == ["a.txt", "b.csv", "Radiografía.jpg"]
    assert await names(ask, result, category="image") == ["Radiografía.jpg"]
    assert await names(ask, result, type=["csv", "text/plain"]) == ["b.csv", "a.txt"]
    assert await names(ask, result, q="RADIOGRAFIA") == ["Radiografía.jpg"]
    assert await names(ask, result, q="muneca") == ["Radiografía.jpg"]
    assert await names(ask, result, uploaded_to="2001-01-01") == []
    problem_of(await ask.get(result, params={"sort": "colour"}), 400, "malformed")


async def test_a_long_list_goes_on_with_a_cursor(clinic: Clinic, result: str) -> None:
    for number in range(5):
        await sent(clinic.dentist, result, f"{number}.txt")
    seen: list[str] = []
    cursor: str | None = None
    while True:
        answer = await clinic.dentist.get(result, params={"page_size": 2} | ({"cursor": cursor} if cursor else {}))
        seen += [file["file_name"] for file in answer.json()]
        cursor = answer.headers.get("x-next-cursor")
        if cursor is None:
            break
    assert seen == ["4.txt", "3.txt", "2.txt", "1.txt", "0.txt"]


async def test_metadata_is_changed_by_json_and_by_form(clinic: Clinic, result: str) -> None:
    id = (await sent(clinic.dentist, result, description="Ayunas", category="result"))["id"]
    path = f"/files/{id}/metadata"
    changed = await clinic.dentist.put(path, {"category": "report", "file_name": "nuevo.txt"})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["category"], changed.json()["file_name"]) == ("report", "nuevo.txt")
    assert changed.json()["description"] == "Ayunas"
    cleared = (await clinic.dentist.put(path, {"description": None, "category": None})).json()
    assert (cleared["description"], cleared["category"]) == (None, None)
    formed = await clinic.dentist.ask("PUT", path, data={"description": "Otra vez", "category": "image"})
    assert (formed.json()["description"], formed.json()["category"]) == ("Otra vez", "image")
    emptied = await clinic.dentist.ask("PUT", path, data={"description": ""})
    assert (emptied.json()["description"], emptied.json()["category"]) == (None, "image")
    problem_of(await clinic.dentist.put(path, {"category": "selfie"}), 400, "malformed")
    problem_of(await clinic.dentist.put(path, {"colour": "red"}), 422, "rule_violated")
    problem_of(
        await clinic.dentist.put(path, {"file_name": "x.txt"}, headers={"If-Match": '"1"'}), 412, "stale_version"
    )


async def test_another_category_is_told_and_entered_once(clinic: Clinic, result: str) -> None:
    file = await sent(clinic.dentist, result, category="result")
    outbox, path = clinic.service.container.outbox(), f"/files/{file['id']}/metadata"
    waiting = await outbox.waiting()
    for _ in range(2):
        changed = await clinic.dentist.put(path, {"category": "report"})
        assert changed.json()["category"] == "report"
    problem_of(await clinic.dentist.put(path, {"category": "selfie", "description": "No"}), 400, "malformed")
    assert await outbox.waiting() == waiting + 1
    entries = (await clinic.admin.get("/audit", params={"document_id": file["id"]})).json()["data"]
    told = [(entry["action"], entry["user_id"], entry["patient_id"]) for entry in entries]
    assert told.count(("media.attachment_revised", "u-dentist", "ana")) == 1
    assert "document.revised" not in [action for action, _, _ in told]


async def test_what_is_deleted_lies_in_the_trash_and_comes_back_in_its_place(clinic: Clinic, result: str) -> None:
    first, second = await sent(clinic.dentist, result, "1.txt"), await sent(clinic.dentist, result, "2.txt")
    deleted = await clinic.dentist.delete(f"/files/{first['id']}")
    assert deleted.json() == {"success": True, "message": "Moved to the trash", "file_id": first["id"], "code": None}
    assert await names(clinic.dentist, result) == ["2.txt"]
    for path in (f"/files/{first['id']}", f"/files/{first['id']}/download", first["download_url"]):
        problem_of(await clinic.dentist.get(path), 404, "not_found")
    trash = (await clinic.dentist.get("/files/trash")).json()
    (day,) = trash["days"]
    assert [file["id"] for file in day["files"]] == [first["id"]]
    assert day["files"][0]["deleted_at"].startswith(day["date"])
    assert day["files"][0]["entity_id"] == "17"
    assert (await clinic.dentist.get("/files/trash", params={"date": "2020-02-02"})).json()["days"] == []
    restored = await clinic.dentist.post(f"/files/{first['id']}/restore")
    assert restored.json()["entity_id"] == "17"
    assert await names(clinic.dentist, result) == ["2.txt", "1.txt"]
    assert (await clinic.dentist.get(first["download_url"])).text == "result of 1.txt"
    assert second["id"] != first["id"]


async def test_counts_and_deletions_come_in_batches(clinic: Clinic, ana: str, result: str) -> None:
    await clinic.owner("lab-result", "18", ana)
    ids = [(await sent(clinic.dentist, result, f"{number}.txt"))["id"] for number in range(3)]
    body = {"entity_type": "lab-results", "entity_ids": [17, "18", "unknown"]}
    counts = (await clinic.dentist.post("/files/batch-counts", body)).json()
    assert counts == [
        {"entity_id": "17", "file_count": 3},
        {"entity_id": "18", "file_count": 0},
        {"entity_id": "unknown", "file_count": 0},
    ]
    outcome = (await clinic.dentist.post("/files/batch-delete", {"file_ids": [*ids[:2], UNKNOWN]})).json()
    assert [(each["success"], each["code"]) for each in outcome] == [(True, None), (True, None), (False, "not_found")]
    assert len(await names(clinic.dentist, result)) == 1
    problem_of(await clinic.dentist.post("/files/batch-delete", {"file_ids": []}), 422, "rule_violated")


async def test_what_a_browser_cannot_show_is_viewed_by_its_picture(clinic: Clinic, result: str) -> None:
    tiff = BytesIO()
    Image.new("RGB", (64, 48), "navy").save(tiff, "TIFF")
    file = await sent(clinic.dentist, result, "scan.tiff", tiff.getvalue())
    viewed = await clinic.dentist.get(f"/files/{file['id']}/view")
    assert (viewed.status_code, viewed.headers["content-type"]) == (200, "image/jpeg")
    assert viewed.headers["content-disposition"].startswith("inline")
    assert (await clinic.dentist.get(file["view_url"])).content == viewed.content
    download = await clinic.dentist.get(f"/files/{file['id']}/download")
    assert (download.headers["content-type"], download.content) == ("image/tiff", tiff.getvalue())
    assert download.headers["content-disposition"].startswith("attachment")


async def test_another_clinic_and_another_account_find_nothing(
    clinic: Clinic, another_clinic: Clinic, result: str, ana: str, luis: str
) -> None:
    id = (await sent(clinic.dentist, result))["id"]
    stranger = another_clinic.dentist
    account = clinic.account(**{luis: Access.FULL})
    for person in (stranger, account):
        assert await names(person, result) == []
        problem_of(await send(person, result), 404, "not_found")
        problem_of(await person.get(f"/files/{id}"), 404, "not_found")
        problem_of(await person.get(f"/files/{id}/download"), 404, "not_found")
        problem_of(await person.put(f"/files/{id}/metadata", {"description": "x"}), 404, "not_found")
        problem_of(await person.delete(f"/files/{id}"), 404, "not_found")
        problem_of(await person.post("/files/zip", {"file_ids": [id]}), 404, "not_found")
        outcome = (await person.post("/files/batch-delete", {"file_ids": [id]})).json()
        assert [each["code"] for each in outcome] == ["not_found"]
        counts = (await person.post("/files/batch-counts", {"entity_type": "lab-result", "entity_ids": ["17"]})).json()
        assert counts == [{"entity_id": "17", "file_count": 0}]
    assert await names(clinic.dentist, result) == ["hemograma.txt"]


async def test_an_account_may_do_what_its_grant_says(clinic: Clinic, result: str, ana: str) -> None:
    view, edit, full = (clinic.account(**{ana: level}) for level in Access)
    file = await sent(edit, result)
    assert await names(view, result) == ["hemograma.txt"]
    problem_of(await send(view, result), 403, "forbidden")
    problem_of(await view.put(f"/files/{file['id']}/metadata", {"description": "x"}), 403, "forbidden")
    problem_of(await edit.delete(f"/files/{file['id']}"), 403, "forbidden")
    assert (await full.delete(f"/files/{file['id']}")).status_code == 200
    assert [day["files"][0]["id"] for day in (await full.get("/files/trash")).json()["days"]] == [file["id"]]


async def test_an_upload_sent_again_is_stored_once(clinic: Clinic, result: str) -> None:
    async def again() -> httpx.Response:
        files = {"file": ("a.txt", b"the same", "text/plain")}
        return await clinic.dentist.ask("POST", result, files=files, headers={"Idempotency-Key": "k1"})

    first, second = await again(), await again()
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert await names(clinic.dentist, result) == ["a.txt"]


async def test_the_rules_are_told(clinic: Clinic) -> None:
    types = {each["entity_type"]: each for each in (await clinic.dentist.get("/entity-types")).json()}
    insurance = types["insurance"]
    assert insurance["accepted_types"] == [".pdf", ".doc", ".docx", ".jpg", ".jpeg", ".png"]
    assert (insurance["max_size"], insurance["max_files"]) == (5 * 2**20, 5)
    assert insurance["categories"] == ["card", "policy", "claim", "eob", "correspondence"]
    assert insurance["allowed_operations"] == ["delete", "download", "upload"]
    assert insurance["display_name"] == "Seguro"
    english = (await clinic.dentist.get("/entity-types", headers={"Accept-Language": "en"})).json()
    assert {each["entity_type"]: each["display_name"] for each in english}["insurance"] == "Insurance"
