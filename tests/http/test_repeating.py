"""Idempotency-Key: a request that is sent again makes nothing new."""

import asyncio
from typing import Any

import pytest

from tests.http.service import Clinic, data_of, jpeg, problem_of

pytestmark = pytest.mark.anyio


def keyed(key: str) -> dict[str, Any]:
    return {"headers": {"Idempotency-Key": key}}


async def test_an_upload_sent_again_is_the_same_photo(clinic: Clinic, ana: str) -> None:
    content = jpeg()
    data = {"media_category": "intraoral"}

    async def send(content: bytes, key: str, data: dict[str, str] = data) -> Any:
        files = {"file": ("a.jpg", content, "image/jpeg")}
        return await clinic.dentist.ask("POST", f"/media/patients/{ana}/photos", data=data, files=files, **keyed(key))

    one, two = await send(content, "k1"), await send(content, "k1")
    assert data_of(one, 201)["id"] == data_of(two, 201)["id"]
    assert (await clinic.dentist.get(f"/media/patients/{ana}/photos")).json()["total"] == 1
    problem_of(await send(jpeg(), "k1"), 422, "rule_violated")
    problem_of(await send(content, "k1", {"media_category": "extraoral"}), 422, "rule_violated")
    assert data_of(await send(content, "k2"), 201)["id"] != data_of(one, 201)["id"]


async def test_a_link_or_note_sent_again_is_the_same(clinic: Clinic, ana: str) -> None:
    visit = await clinic.owner("visit", "v1", ana)
    photo = await clinic.dentist.photo(ana)
    link = {"document_id": photo["id"], **visit}
    first, again = [await clinic.dentist.post("/media/attachments", link, **keyed("k")) for _ in range(2)]
    assert data_of(first, 201) == data_of(again, 201)
    note = {"note_type": "administrative", "owner_type": "patient", "owner_id": ana, "body": "Llamar"}
    one, two = [await clinic.dentist.post("/clinical_notes/notes", note, **keyed("n")) for _ in range(2)]
    assert data_of(one, 201)["id"] == data_of(two, 201)["id"]
    problem_of(
        await clinic.dentist.post("/clinical_notes/notes", {**note, "body": "x"}, **keyed("n")), 422, "rule_violated"
    )


async def test_a_key_is_each_users_own(clinic: Clinic, ana: str) -> None:
    note = {"note_type": "administrative", "owner_type": "patient", "owner_id": ana, "body": "Llamar"}
    one = data_of(await clinic.dentist.post("/clinical_notes/notes", note, **keyed("n")), 201)
    two = data_of(await clinic.admin.post("/clinical_notes/notes", note, **keyed("n")), 201)
    assert one["id"] != two["id"]


async def test_many_at_once_with_one_key_make_one(clinic: Clinic, ana: str) -> None:
    note = {"note_type": "administrative", "owner_type": "patient", "owner_id": ana, "body": "Llamar"}
    answers = await asyncio.gather(
        *(clinic.dentist.post("/clinical_notes/notes", note, **keyed("n")) for _ in range(12))
    )
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["data"]["id"] for answer in answers if answer.status_code == 201}) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a b"])
async def test_a_key_that_is_none_is_refused(clinic: Clinic, ana: str, key: str) -> None:
    note = {"note_type": "administrative", "owner_type": "patient", "owner_id": ana, "body": "Llamar"}
    problem_of(await clinic.dentist.post("/clinical_notes/notes", note, **keyed(key)), 400, "malformed")
