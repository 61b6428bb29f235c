"""Documents on the host's records."""

import asyncio
from collections import Counter

import pytest

from domain.access import Access, Permission
from tests.http.service import Clinic, Json, data_of, fields_of, problem_of

pytestmark = pytest.mark.anyio

UNKNOWN = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
async def visit(clinic: Clinic, ana: str) -> Json:
    return await clinic.owner("visit", "v1", ana)


async def ids_on(clinic: Clinic, owner: Json) -> list[str]:
    return [item["document_id"] for item in data_of(await clinic.dentist.get("/media/attachments", params=owner))]


async def test_a_document_is_put_on_a_record_once(clinic: Clinic, ana: str, visit: Json) -> None:
    photo = await clinic.dentist.photo(ana)
    body = {"document_id": photo["id"], "display_order": 3, "category": "referral", **visit}
    first, again = [await clinic.dentist.post("/media/attachments", body) for _ in range(2)]
    link = data_of(first, 201)
    assert (link["owner_type"], link["owner_id"], link["display_order"]) == ("visit", "v1", 3)
    assert link["category"] == "referral"
    assert link["document"]["title"] == "foto"
    assert link["thumb_url"] == link["document"]["thumb_url"]
    assert data_of(again, 200)["id"] == link["id"]


async def test_sixteen_identical_links_at_once_make_one(clinic: Clinic, ana: str, visit: Json) -> None:
    photo = await clinic.dentist.photo(ana)
    body = {"document_id": photo["id"], **visit}
    answers = await asyncio.gather(*(clinic.dentist.post("/media/attachments", body) for _ in range(16)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 15}
    assert len({answer.json()["data"]["id"] for answer in answers}) == 1


async def test_a_record_may_be_named_as_the_host_names_it(clinic: Clinic, ana: str) -> None:
    await clinic.owner("visit", "42", ana)
    photo = await clinic.dentist.photo(ana)
    body = {"document_id": photo["id"], "owner_type": "encounter", "owner_id": 42}
    link = data_of(await clinic.dentist.post("/media/attachments", body), 201)
    assert (link["owner_type"], link["owner_id"]) == ("visit", "42")
    assert await ids_on(clinic, {"owner_type": "visits", "owner_id": "42"}) == [photo["id"]]


async def test_a_link_that_cannot_be_is_refused(clinic: Clinic, ana: str, luis: str, visit: Json) -> None:
    photo, others = await clinic.dentist.photo(ana), await clinic.dentist.photo(luis)

    async def link(**body: object) -> Json:
        answer = await clinic.dentist.post("/media/attachments", {"document_id": photo["id"], **visit, **body})
        return {"status": answer.status_code, "code": answer.json()["code"], "fields": fields_of(answer.json())}

    assert await link(owner_type="poem") == {"status": 400, "code": "malformed", "fields": {"owner_type"}}
    assert await link(owner_id="a b") == {"status": 400, "code": "malformed", "fields": {"owner_id"}}
    assert await link(owner_id=True) == {"status": 400, "code": "malformed", "fields": {"owner_id"}}
    assert await link(owner_id="v2") == {"status": 404, "code": "not_found", "fields": set()}
    assert await link(document_id=UNKNOWN) == {"status": 404, "code": "not_found", "fields": set()}
    assert await link(document_id="x") == {"status": 400, "code": "malformed", "fields": {"document_id"}}
    assert await link(document_id=others["id"]) == {"status": 422, "code": "rule_violated", "fields": {"owner_id"}}
    assert await link(display_order=-1) == {"status": 422, "code": "rule_violated", "fields": {"display_order"}}
    assert await link(display_order="1") == {"status": 400, "code": "malformed", "fields": {"display_order"}}
    assert await link(patient_id=luis) == {"status": 422, "code": "rule_violated", "fields": {"patient_id"}}
    assert await ids_on(clinic, visit) == []


async def test_only_active_documents_are_listed(clinic: Clinic, ana: str, visit: Json) -> None:
    one, two = await clinic.dentist.photo(ana, **visit), await clinic.dentist.photo(ana, **visit)
    await clinic.dentist.delete(f"/media/documents/{one['id']}")
    assert await ids_on(clinic, visit) == [two["id"]]
    problem_of(
        await clinic.dentist.get("/media/attachments", params={"owner_type": "poem", "owner_id": "1"}),
        400,
        "malformed",
    )
    problem = problem_of(
        await clinic.dentist.get("/media/attachments", params={"owner_type": "visit"}), 422, "rule_violated"
    )
    assert fields_of(problem) == {"owner_id"}


async def test_attachments_are_put_in_order(clinic: Clinic, ana: str, visit: Json) -> None:
    photos = [await clinic.dentist.photo(ana, **visit) for _ in range(3)]
    links = data_of(await clinic.dentist.get("/media/attachments", params=visit))
    wanted = [links[2]["id"], links[0]["id"], links[1]["id"]]
    answer = await clinic.dentist.put("/media/attachments/order", {**visit, "attachment_ids": wanted})
    assert [link["id"] for link in data_of(answer)] == wanted
    assert await ids_on(clinic, visit) == [photos[2]["id"], photos[0]["id"], photos[1]["id"]]
    answer = await clinic.dentist.put("/media/attachments/order", {**visit, "attachment_ids": wanted[:2]})
    problem_of(answer, 422, "rule_violated")
    placed = await clinic.dentist.patch(f"/media/attachments/{wanted[0]}", {"display_order": 9})
    assert data_of(placed)["display_order"] == 9
    assert (await ids_on(clinic, visit))[-1] == photos[2]["id"]


async def test_pages_of_attachments_follow_one_another(clinic: Clinic, ana: str, visit: Json) -> None:
    photos = [await clinic.dentist.photo(ana, **visit) for _ in range(3)]
    first = (await clinic.dentist.get("/media/attachments", params={**visit, "page_size": 2})).json()
    rest = await clinic.dentist.get(
        "/media/attachments", params={**visit, "page_size": 2, "cursor": first["next_cursor"]}
    )
    assert [item["document_id"] for item in first["data"] + data_of(rest)] == [photo["id"] for photo in photos]


async def test_unlinking_leaves_the_document(clinic: Clinic, ana: str, visit: Json) -> None:
    photo = await clinic.dentist.photo(ana, **visit)
    link = data_of(await clinic.dentist.get("/media/attachments", params=visit))[0]
    assert (await clinic.dentist.delete(f"/media/attachments/{link['id']}")).status_code == 204
    problem_of(await clinic.dentist.delete(f"/media/attachments/{link['id']}"), 404, "not_found")
    assert (await clinic.dentist.get(f"/media/documents/{photo['id']}")).status_code == 200


async def test_a_deleted_record_is_emptied(clinic: Clinic, ana: str, visit: Json) -> None:
    for _ in range(2):
        await clinic.dentist.photo(ana, **visit)
    assert data_of(await clinic.dentist.delete("/media/attachments", params=visit)) == {"unlinked": 2}
    assert data_of(await clinic.dentist.delete("/media/attachments", params=visit)) == {"unlinked": 0}


async def test_many_records_are_counted_at_once(clinic: Clinic, ana: str, visit: Json) -> None:
    await clinic.dentist.photo(ana, **visit)
    body = {"owner_type": "visits", "owner_ids": ["v1", 7]}
    counts = data_of(await clinic.dentist.post("/media/attachments/batch-counts", body))
    assert counts == [{"owner_id": "v1", "count": 1}, {"owner_id": "7", "count": 0}]
    for wrong in ([], [str(number) for number in range(201)]):
        answer = await clinic.dentist.post("/media/attachments/batch-counts", {**body, "owner_ids": wrong})
        assert fields_of(problem_of(answer, 422, "rule_violated")) == {"owner_ids"}


async def test_what_others_have_is_not_there(clinic: Clinic, another_clinic: Clinic, ana: str, visit: Json) -> None:
    photo = await clinic.dentist.photo(ana, **visit)
    link = data_of(await clinic.dentist.get("/media/attachments", params=visit))[0]
    body = {"document_id": photo["id"], **visit}
    for person in (another_clinic.admin, clinic.account()):
        problem_of(await person.post("/media/attachments", body), 404, "not_found")
        problem_of(await person.get("/media/attachments", params=visit), 404, "not_found")
        problem_of(await person.patch(f"/media/attachments/{link['id']}", {"display_order": 1}), 404, "not_found")
        problem_of(await person.delete(f"/media/attachments/{link['id']}"), 404, "not_found")
    counted = await another_clinic.admin.post(
        "/media/attachments/batch-counts", {"owner_type": "visit", "owner_ids": ["v1"]}
    )
    assert data_of(counted) == [{"owner_id": "v1", "count": 0}]
    reader = clinic.person(permissions=(Permission.ATTACHMENTS_READ,))
    problem_of(await reader.post("/media/attachments", body), 403, "forbidden")
    problem_of(await clinic.account(ana=Access.VIEW).post("/media/attachments", body), 403, "forbidden")
    assert await ids_on(clinic, visit) == [photo["id"]]
