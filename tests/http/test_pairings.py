"""Before and after."""

import asyncio

import pytest

from domain.access import Access, Role
from tests.http.service import Clinic, Json, data_of, problem_of

pytestmark = pytest.mark.anyio


async def two_photos(clinic: Clinic, patient: str) -> tuple[Json, Json]:
    early = await clinic.dentist.photo(patient, captured_at="2024-01-01")
    late = await clinic.dentist.photo(patient, captured_at="2024-06-01")
    return early, late


def pair(one: Json, two: Json) -> str:
    return f"/media/documents/{one['id']}/pair/{two['id']}"


async def test_the_earlier_photo_is_before(clinic: Clinic, ana: str) -> None:
    early, late = await two_photos(clinic, ana)
    paired = data_of(await clinic.dentist.post(pair(late, early)))
    assert (paired["id"], paired["paired_document_id"], paired["pair_role"]) == (late["id"], early["id"], "after")
    both = data_of(await clinic.dentist.get(f"/media/documents/{late['id']}/pair"))
    assert (both["before"]["id"], both["after"]["id"]) == (early["id"], late["id"])


async def test_the_caller_can_say_which_is_before(clinic: Clinic, ana: str) -> None:
    early, late = await two_photos(clinic, ana)
    paired = data_of(await clinic.dentist.post(pair(late, early), params={"before": late["id"]}))
    assert paired["pair_role"] == "before"
    problem_of(await clinic.dentist.post(pair(late, early), params={"before": "x"}), 400, "malformed")
    stranger = await clinic.dentist.photo(ana)
    problem_of(await clinic.dentist.post(pair(late, early), params={"before": stranger["id"]}), 400, "malformed")


async def test_the_same_pair_again_is_fine_and_a_third_photo_is_not(clinic: Clinic, ana: str) -> None:
    early, late = await two_photos(clinic, ana)
    third = await clinic.dentist.photo(ana)
    for one, two in ((early, late), (early, late), (late, early)):
        assert (await clinic.dentist.post(pair(one, two))).status_code == 200
    problem_of(await clinic.dentist.post(pair(third, late)), 409, "conflict")


async def test_what_cannot_be_a_pair_is_refused(clinic: Clinic, ana: str, luis: str) -> None:
    photo, _ = await two_photos(clinic, ana)
    others, paper = await clinic.dentist.photo(luis), await clinic.dentist.document(ana)
    problem_of(await clinic.dentist.post(pair(photo, photo)), 400, "malformed")
    problem_of(await clinic.dentist.post(pair(photo, others)), 422, "rule_violated")
    problem_of(await clinic.dentist.post(pair(photo, paper)), 422, "rule_violated")
    assert (await clinic.dentist.get(f"/media/documents/{photo['id']}/pair")).status_code == 404


async def test_undoing_a_pair_frees_both_sides_and_can_be_repeated(clinic: Clinic, ana: str) -> None:
    early, late = await two_photos(clinic, ana)
    await clinic.dentist.post(pair(early, late))
    for _ in range(2):
        freed = data_of(await clinic.dentist.delete(f"/media/documents/{early['id']}/pair"))
        assert (freed["paired_document_id"], freed["pair_role"]) == (None, None)
    assert data_of(await clinic.dentist.get(f"/media/documents/{late['id']}"))["paired_document_id"] is None


async def test_a_trashed_partner_is_not_shown_and_comes_back(clinic: Clinic, ana: str) -> None:
    early, late = await two_photos(clinic, ana)
    await clinic.dentist.post(pair(early, late))
    await clinic.dentist.delete(f"/media/documents/{late['id']}")
    assert data_of(await clinic.dentist.get(f"/media/documents/{early['id']}"))["paired_document_id"] is None
    await clinic.dentist.post(f"/media/documents/{late['id']}/restore")
    assert data_of(await clinic.dentist.get(f"/media/documents/{early['id']}"))["paired_document_id"] == late["id"]


async def test_pairing_is_for_those_who_may_write_and_see_both(
    clinic: Clinic, another_clinic: Clinic, ana: str
) -> None:
    early, late = await two_photos(clinic, ana)
    await another_clinic.patient(ana)
    theirs = await another_clinic.dentist.photo(ana)
    problem_of(await clinic.dentist.post(pair(early, theirs)), 404, "not_found")
    problem_of(await another_clinic.dentist.post(pair(early, late)), 404, "not_found")
    problem_of(await clinic.account(ana=Access.VIEW).post(pair(early, late)), 403, "forbidden")
    problem_of(await clinic.account().post(pair(early, late)), 404, "not_found")
    problem_of(await clinic.account().delete(f"/media/documents/{early['id']}/pair"), 404, "not_found")
    assert (await clinic.person(Role.HYGIENIST).post(pair(early, late))).status_code == 200


async def test_many_at_once_make_one_pair(clinic: Clinic, ana: str) -> None:
    early, late = await two_photos(clinic, ana)
    answers = await asyncio.gather(
        *(clinic.dentist.post(pair(early, late) if turn % 2 else pair(late, early)) for turn in range(16))
    )
    assert {answer.status_code for answer in answers} == {200}
    for one, two in ((early, late), (late, early)):
        shown = data_of(await clinic.dentist.get(f"/media/documents/{one['id']}"))
        assert shown["paired_document_id"] == two["id"]


async def test_a_pair_of_an_older_version_is_refused(clinic: Clinic, ana: str) -> None:
    early, late = await two_photos(clinic, ana)
    await clinic.dentist.put(f"/media/documents/{early['id']}", {"title": "Otro"})
    stale, current = {"headers": {"If-Match": '"1"'}}, {"headers": {"If-Match": '"2"'}}
    problem_of(await clinic.dentist.post(pair(early, late), **stale), 412, "stale_version")
    assert data_of(await clinic.dentist.get(f"/media/documents/{early['id']}"))["paired_document_id"] is None
    assert (await clinic.dentist.post(pair(early, late), **current)).status_code == 200
    problem_of(await clinic.dentist.delete(f"/media/documents/{early['id']}/pair", **stale), 412, "stale_version")
    assert (await clinic.dentist.delete(f"/media/documents/{early['id']}/pair", **current)).status_code == 200


async def test_for_a_partner_a_photo_in_the_trash_is_as_good_as_none(clinic: Clinic, ana: str) -> None:
    one, gone = await clinic.dentist.photo(ana), await clinic.dentist.photo(ana)
    await clinic.dentist.delete(f"/media/documents/{gone['id']}")
    path = f"/media/documents/{one['id']}/photo-metadata"
    for partner in (gone["id"], "01890000-0000-7000-8000-000000000000"):
        asked = {"paired_document_id": partner}
        problem_of(await clinic.account(ana=Access.VIEW).patch(path, asked), 404, "not_found")
        problem_of(await clinic.dentist.patch(path, asked, headers={"If-Match": '"99"'}), 404, "not_found")
