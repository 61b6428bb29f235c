"""Races over what documents hang on: links, notes, the directory, sessions."""

from typing import Any

import httpx

from tests.http.service import Json, Person, jpeg
from tests.proof.race_arena import Ask, Kind, Race
from tests.proof.use_cases import MAX_FILES

_NOTE = {"note_type": "treatment", "owner_type": "treatment", "owner_id": "t1", "body": "Primera visita"}


def _link(document: str, owner: Json) -> Ask:
    return lambda person, _: person.post("/media/attachments", {"document_id": document, **owner})


def _unlink(attachment: str) -> Ask:
    return lambda person, _: person.delete(f"/media/attachments/{attachment}")


def _delete_visit(person: Person, _: int) -> Any:
    return person.delete("/directory/owners/visit/v1")


def _order(owner: Json, orders: list[list[str]]) -> Ask:
    return lambda person, number: person.put(
        "/media/attachments/order", {**owner, "attachment_ids": orders[number % len(orders)]}
    )


async def the_same_link(race: Race) -> None:
    await race.patient()
    (id,), visit = await race.documents(1), await race.record()
    race.answered(await race.at_once(_link(id, visit)), {201: 1, 200: race.racers - 1})
    race.happened({"media.attachment_linked": 1})


async def links_to_a_record_with_one_place_left(race: Race) -> None:
    await race.patient()
    visit, ids = await race.record(), await race.documents(race.racers + MAX_FILES - 1)
    for id in ids[race.racers :]:
        await race.linked(id, visit)
    answers = await race.at_once(lambda person, number: _link(ids[number], visit)(person, number))
    race.answered(answers, {201: 1, 422: race.racers - 1})
    race.happened({"media.attachment_linked": 1})


async def uploads_and_a_restored_one_for_the_last_place(race: Race) -> None:
    await race.patient()
    visit, ids = await race.record(), await race.documents(MAX_FILES)
    for id in ids:
        await race.linked(id, visit)
    await race.person.delete(f"/files/{ids[0]}")
    upload: Ask = lambda person, n: person.ask(  # noqa: E731
        "POST", "/visit/v1/files", files={"file": (f"{n}.jpg", jpeg(), "image/jpeg")}
    )
    restore: Ask = lambda person, _: person.post(f"/files/{ids[0]}/restore")  # noqa: E731
    answers = await race.at_once(*[upload] * 4, restore, *[upload] * (race.racers - 5))
    race.within(answers, 200, 201, 422)
    race.that(sum(answer.is_success for answer in answers) == 1, "more than one, or none, got the last place")
    race.happened({"document.restored": 1}, {"document.uploaded": 1, "media.attachment_linked": 1})


async def attachments_put_in_every_order(race: Race) -> None:
    await race.patient()
    visit, ids = await race.record(), await race.documents(3)
    a, b, c = [await race.linked(id, visit) for id in ids]
    orders = [[a, b, c], [b, c, a], [c, a, b], [c, b, a]]
    race.answered(await race.at_once(_order(visit, orders)), {200: race.racers})
    shown = (await race.person.get("/media/attachments", params=visit)).json()["data"]
    race.that([each["id"] for each in shown] in orders, "their order is nobody's")
    race.that([each["display_order"] for each in shown] == [0, 1, 2], f"places {shown}")


async def attachments_ordered_while_one_is_unlinked(race: Race) -> None:
    await race.patient()
    visit, ids = await race.record(), await race.documents(3)
    a, b, c = [await race.linked(id, visit) for id in ids]
    answers = await race.at_once(_order(visit, [[c, b, a], [b, c, a]]), _unlink(b))
    race.within(answers, 200, 204, 404, 422)
    race.told.pop("media.attachments_reordered", 0)
    race.happened({"media.attachment_unlinked": 1})


async def one_link_taken_off_by_all(race: Race) -> None:
    await race.patient()
    (id,) = await race.documents(1)
    link = await race.linked(id, await race.record())
    race.answered(await race.at_once(_unlink(link)), {204: 1, 404: race.racers - 1})
    race.happened({"media.attachment_unlinked": 1})


async def a_document_moved_while_it_is_unlinked(race: Race) -> None:
    for patient in ("ana", "luis"):
        await race.patient(patient)
    (id,) = await race.documents(1)
    link = await race.linked(id, await race.record())
    move: Ask = lambda person, _: person.post(f"/media/documents/{id}/move", {"patient_id": "luis"})  # noqa: E731
    answers = await race.at_once(move, _unlink(link))
    race.answered(answers[::2], {200: 1, 422: race.half - 1})
    race.within(answers[1::2], 204, 404)
    race.happened({"document.moved": 1, "media.attachment_unlinked": 1})


async def a_record_deleted_while_it_is_linked(race: Race) -> None:
    await race.patient()
    visit, ids = await race.record(), await race.documents(MAX_FILES)
    links = [_link(id, visit) for id in ids]
    answers = await race.at_once(*links, _delete_visit)
    race.within(answers, 200, 201, 404)
    linked = race.told.pop("media.attachment_linked", 0)
    race.happened({"owner.deleted": 1, **({"media.attachment_unlinked": linked} if linked else {})})


async def a_record_deleted_while_its_files_are_taken_off(race: Race) -> None:
    await race.patient()
    visit, ids = await race.record(), await race.documents(3)
    links = [await race.linked(id, visit) for id in ids]
    answers = await race.at_once(*map(_unlink, links), _delete_visit)
    race.within(answers, 200, 204, 404)
    race.happened({"owner.deleted": 1, "media.attachment_unlinked": 3})


async def a_record_given_to_another_patient_while_it_is_linked(race: Race) -> None:
    for patient in ("ana", "luis"):
        await race.patient(patient)
    visit, ids = await race.record(), await race.documents(2)
    give: Ask = lambda person, _: person.put(  # noqa: E731
        "/directory/owners/visit/v1", {"patient_id": "luis", "title": "Visita"}
    )
    race.within(await race.at_once(_link(ids[0], visit), give, _link(ids[1], visit), give), 200, 201, 404, 422)
    race.happened({"owner.registered": 1}, {"media.attachment_linked": 1}, {"media.attachment_linked": 2})


async def a_photo_linked_while_its_partner_comes_to_the_same_record(race: Race) -> None:
    await race.patient()
    visit, (id,) = await race.record(), await race.photos(1)

    def send(person: Person, number: int) -> Any:
        words = {"media_category": "intraoral", "paired_document_id": id, **visit}
        files = {"file": (f"{number}.jpg", jpeg(), "image/jpeg")}
        return person.ask("POST", "/media/patients/ana/photos", data=words, files=files)

    answers = await race.at_once(_link(id, visit), send)
    race.answered(answers[::2], {201: 1, 200: race.half - 1})
    race.answered(answers[1::2], {201: 1, 409: race.half - 1})
    race.happened({"media.photo_uploaded": 1, "media.pair_created": 1, "media.attachment_linked": 2})


async def the_same_record_entered_by_all(race: Race) -> None:
    await race.patient()
    body = {"patient_id": "ana", "title": "Visita"}
    answers = await race.at_once(lambda person, _: person.put("/directory/owners/visit/v9", body))
    race.answered(answers, {201: 1, 200: race.racers - 1})
    race.happened({"owner.registered": 1})


async def the_same_patient_entered_by_all(race: Race) -> None:
    answers = await race.at_once(lambda person, _: person.put("/directory/patients/eva", {"display_name": "Eva"}))
    race.answered(answers, {201: 1, 200: race.racers - 1})
    race.happened({"patient.registered": 1})


async def access_granted_and_revoked_by_all(race: Race) -> None:
    await race.patient()
    path = "/directory/patients/ana/grants/mario"
    answers = await race.at_once(
        lambda person, _: person.put(path, {"access": "view"}), lambda person, _: person.delete(path)
    )
    race.within(answers, 200, 204, 404)
    revoked = sum(answer.status_code == 204 for answer in answers)
    counts = race.told.get("patient.access_granted", 0), race.told.get("patient.access_revoked", 0)
    race.that(counts in ((revoked, revoked), (revoked + 1, revoked)), f"told {race.told}, {revoked} were revoked")


async def notes_with_the_same_documents_attached_twice(race: Race) -> None:
    await race.patient()
    await race.record("treatment", "t1")
    a, b = await race.documents(2)
    answers = await race.at_once(
        lambda person, n: person.post(
            "/clinical_notes/notes", {**_NOTE, "attachment_document_ids": [a, b, a] if n % 2 else [b, a, b]}
        )
    )
    race.answered(answers, {201: race.racers})
    race.happened({"note.created": race.racers, "media.attachment_linked": 2 * race.racers + 2})


async def one_note_sent_many_times_with_its_key(race: Race) -> None:
    await race.patient()
    await race.record("treatment", "t1")
    (id,) = await race.documents(1)
    body = {**_NOTE, "attachment_document_ids": [id]}
    key = {"Idempotency-Key": "once"}
    write: Ask = lambda person, _: person.post("/clinical_notes/notes", body, headers=key)  # noqa: E731
    race.within(await race.at_once(write), 201, 409)
    race.happened({"note.created": 1, "media.attachment_linked": 2})
    race.answered(await race.at_once(write), {201: race.racers})
    race.happened({})


async def a_note_deleted_while_documents_are_linked_to_it(race: Race) -> None:
    await race.patient()
    await race.record("treatment", "t1")
    a, b = await race.documents(2)
    note = (await race.person.post("/clinical_notes/notes", {**_NOTE, "attachment_document_ids": [a]})).json()["data"]
    ref, path = {"owner_type": "clinical_note", "owner_id": note["id"]}, f"/clinical_notes/notes/{note['id']}"
    revise: Ask = lambda person, _: person.patch(path, {"attachment_document_ids": [b, a]})  # noqa: E731
    answers = await race.at_once(_link(b, ref), revise, lambda person, _: person.delete(path))
    race.within(answers, 200, 201, 204, 404)
    race.answered(answers[2::3], {204: 1, 404: race.racers // 3 - 1})


async def a_note_revised_while_it_is_deleted(race: Race) -> None:
    await race.patient()
    await race.record("treatment", "t1")
    a, b = await race.documents(2)
    written = await race.person.post("/clinical_notes/notes", {**_NOTE, "attachment_document_ids": [a]})
    path = f"/clinical_notes/notes/{written.json()['data']['id']}"
    answers = await race.at_once(
        lambda person, _: person.patch(path, {"attachment_document_ids": [b]}),
        lambda person, _: person.patch(path, {"attachment_document_ids": [a, b]}),
        lambda person, _: person.delete(path),
    )
    race.within(answers, 200, 204, 404)
    race.answered(answers[2::3], {204: 1, 404: race.racers // 3 - 1})
    left = [owner for _, owner in (await race.records()).links if owner.type == "clinical_note"]
    race.that(not left, f"{left} are linked to a note that is gone")


async def signing_out_while_writing(race: Race) -> None:
    person = race.person
    begun = await person.service.client.post("/api/v1/session", json={"token": person.token})
    headers = {"Cookie": begun.headers["set-cookie"].partition(";")[0]}
    headers |= {"X-CSRF-Token": begun.json()["data"]["csrf_token"]}

    async def write(person: Person, number: int) -> httpx.Response:
        body = {"display_name": f"Eva {number}"}
        return await person.service.client.put(f"/api/v1/directory/patients/p-{number}", json=body, headers=headers)

    async def sign_out(person: Person, _: int) -> httpx.Response:
        return await person.service.client.delete("/api/v1/session", headers=headers)

    answers = await race.at_once(write, sign_out, noted=race.half)
    race.answered(answers, {201: race.half, 204: race.half})
    race.happened({"patient.registered": race.half})


RECORDS: tuple[Kind, ...] = (
    the_same_link,
    links_to_a_record_with_one_place_left,
    uploads_and_a_restored_one_for_the_last_place,
    attachments_put_in_every_order,
    attachments_ordered_while_one_is_unlinked,
    one_link_taken_off_by_all,
    a_document_moved_while_it_is_unlinked,
    a_record_deleted_while_it_is_linked,
    a_record_deleted_while_its_files_are_taken_off,
    a_record_given_to_another_patient_while_it_is_linked,
    a_photo_linked_while_its_partner_comes_to_the_same_record,
    the_same_record_entered_by_all,
    the_same_patient_entered_by_all,
    access_granted_and_revoked_by_all,
    notes_with_the_same_documents_attached_twice,
    one_note_sent_many_times_with_its_key,
    a_note_deleted_while_documents_are_linked_to_it,
    a_note_revised_while_it_is_deleted,
    signing_out_while_writing,
)
