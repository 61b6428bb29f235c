"""Races over documents: coming in, changing, being paired, going away."""

from base64 import b64encode
from collections.abc import Mapping
from itertools import cycle
from typing import Any

import httpx

from domain.errors import NotFound
from domain.ids import DocumentId
from tests.http.service import Person, data_of, jpeg
from tests.proof.race_arena import Ask, Kind, Race
from tests.samples import staff

_CATEGORIES = ("intraoral", "extraoral")


def _document(id: str, more: str = "") -> str:
    return f"/media/documents/{id}{more}"


def _pair(one: str, two: str) -> Ask:
    return lambda person, _: person.post(_document(one, f"/pair/{two}"))


def _partner(one: str, two: str) -> Ask:
    return lambda person, _: person.patch(_document(one, "/photo-metadata"), {"paired_document_id": two})


def _unpair(one: str) -> Ask:
    return lambda person, _: person.delete(_document(one, "/pair"))


def _trash(id: str) -> Ask:
    return lambda person, _: person.delete(_document(id))


def _restore(id: str) -> Ask:
    return lambda person, _: person.post(_document(id, "/restore"))


def _purge(race: Race) -> Ask:
    return lambda *_: race.arena.purge()


def _move(id: str, *patients: str) -> Ask:
    turns = cycle(patients)
    return lambda person, _: person.post(_document(id, "/move"), {"patient_id": next(turns)})


def _send(file: Any = None, patient: str = "ana", key: str | None = None) -> Ask:
    """A photo; without a file each racer's own."""
    headers = {"Idempotency-Key": key} if key else {}

    def ask(person: Person, _: int) -> Any:
        files = {"file": ("foto.jpg", file or jpeg(), "image/jpeg")}
        data = {"media_category": "intraoral"}
        return person.ask("POST", f"/media/patients/{patient}/photos", data=data, files=files, headers=headers)

    return ask


def _encoded(words: Mapping[str, str]) -> str:
    """As tus sends metadata."""
    return ",".join(f"{name} {b64encode(text.encode()).decode()}" for name, text in words.items())


async def the_same_pair(race: Race) -> None:
    await race.patient()
    one, two = await race.photos(2)
    answers = await race.at_once(_pair(one, two), _pair(two, one), _partner(one, two), _partner(two, one))
    race.answered(answers, {200: race.racers})
    race.happened({"media.pair_created": 1})


async def one_photo_that_all_want_for_their_pair(race: Race) -> None:
    await race.patient()
    wanted, *others = await race.photos(race.racers + 1)
    answers = await race.at_once(lambda person, number: _pair(others[number], wanted)(person, number))
    race.answered(answers, {200: 1, 409: race.racers - 1})
    race.happened({"media.pair_created": 1})


async def partners_exchanged_crosswise(race: Race) -> None:
    await race.patient()
    a, b, c, d = await race.photos(4)
    wishes = (_partner(a, c), _partner(c, b), _partner(b, d), _partner(d, a), _unpair(a), _unpair(d))
    answers = await race.at_once(*wishes)
    race.within(answers, 200, 409)
    pairs = race.told.get("media.pair_created", 0) - race.told.get("media.pair_removed", 0)
    race.that(len((await race.records()).pairs) == pairs, f"told {race.told}, and there are {pairs} pairs")


async def a_category_changed_while_pairing(race: Race) -> None:
    await race.patient()
    one, two = await race.photos(2)

    def reclassify(person: Person, number: int) -> Any:
        words = {"media_category": _CATEGORIES[number // 2 % 2], "media_subtype": None}
        return person.patch(_document(one, "/photo-metadata"), words)

    race.answered(await race.at_once(reclassify, _pair(two, one)), {200: race.racers})
    revised = race.told.pop("document.revised", 0)
    race.happened({"media.pair_created": 1})
    file = (await race.records()).files[DocumentId(one)]
    race.that(file.version == 1 + revised, f"version {file.version} after {revised} changes")


async def a_photo_trashed_while_pairing(race: Race) -> None:
    await race.patient()
    one, two = await race.photos(2)
    answers = await race.at_once(_pair(one, two), _trash(two))
    race.within(answers, 200, 204, 404)
    race.happened({"document.trashed": 1}, {"document.trashed": 1, "media.pair_created": 1})


async def edits_of_the_version_that_all_have_read(race: Race) -> None:
    await race.patient()
    (id,) = await race.documents(1)
    read = {"If-Match": '"1"'}
    answers = await race.at_once(lambda person, n: person.put(_document(id), {"title": f"Titel {n}"}, headers=read))
    race.answered(answers, {200: 1, 412: race.racers - 1})
    race.happened({"document.revised": 1})


async def edits_that_ask_for_no_version(race: Race) -> None:
    await race.patient()
    (id,) = await race.documents(1)
    answers = await race.at_once(lambda person, n: person.put(_document(id), {"title": f"Titel {n}"}))
    race.answered(answers, {200: race.racers})
    race.happened({"document.revised": race.racers})
    file = (await race.records()).files[DocumentId(id)]
    race.that(file.version == 1 + race.racers, f"version {file.version} after {race.racers} changes")


async def a_document_trashed_while_it_is_downloaded(race: Race) -> None:
    await race.patient()
    content = b"informe " * 100_000
    id = (await race.person.document("ana", file=("informe.txt", content, "text/plain")))["id"]
    answers = await race.at_once(
        *[lambda person, _: person.get(_document(id, "/download"))] * (race.racers - 1), _trash(id)
    )
    race.within(answers, 200, 204, 404)
    race.that(all(answer.content == content for answer in answers if answer.status_code == 200), "other bytes came")
    race.happened({"document.trashed": 1})


async def trash_and_restore_in_turn(race: Race) -> None:
    await race.patient()
    (id,) = await race.documents(1)
    race.within(await race.at_once(_trash(id), _restore(id)), 200, 204, 404)
    balance = race.told.get("document.trashed", 0) - race.told.get("document.restored", 0)
    trashed = (await race.records()).files[DocumentId(id)].trashed
    race.that(balance == trashed, f"told {race.told}, and it is {'' if trashed else 'not '}in the trash")


async def many_documents_trashed_in_every_order(race: Race) -> None:
    await race.patient()
    ids = await race.documents(5)

    def trash(person: Person, number: int) -> Any:
        turned = ids[number % 5 :] + ids[: number % 5]
        return person.post("/files/batch-delete", {"file_ids": turned[:: 1 if number % 2 else -1]})

    answers = await race.at_once(trash)
    race.answered(answers, {200: race.racers})
    race.that(all(each["success"] for answer in answers for each in answer.json()), "some were not trashed")
    race.happened({"document.trashed": 5})


async def restoring_what_is_being_purged(race: Race) -> None:
    await race.patient()
    (id,) = await race.photos(1)
    await _trash(id)(race.person, 0)
    answers = await race.at_once(*[_restore(id)] * (race.half - 1), _purge(race))
    race.within(answers, 200, 204, 404)
    race.happened({"document.restored": 1}, {"document.purged": 1})
    await _is_whole_or_gone(race, id, "document.purged" not in race.told)


async def a_hold_on_what_is_being_purged(race: Race) -> None:
    await race.patient()
    (id,) = await race.photos(1)
    await _trash(id)(race.person, 0)

    async def hold(*_: Any) -> httpx.Response:
        try:
            await race.arena.container.hold_document()(staff(race.clinic), DocumentId(id), hold=True)
        except NotFound:
            return httpx.Response(404)
        return httpx.Response(200)

    answers = await race.at_once(*[hold] * (race.half - 1), _purge(race))
    race.within(answers, 200, 204, 404)
    race.happened({"document.revised": 1}, {"document.purged": 1})
    there = DocumentId(id) in (await race.records()).files
    race.that(there == ("document.purged" not in race.told), "what is held is gone, or what is purged is there")


async def _is_whole_or_gone(race: Race, id: str, there: bool) -> None:
    answer = await race.person.get(_document(id, "/download"))
    race.that(answer.status_code == (200 if there else 404), f"it is answered with {answer.status_code}")
    bytes_left = [entry.key async for entry in race.arena.container.blobs().entries() if id in entry.key]
    race.that(bool(bytes_left) == there, f"of it there is {bytes_left}")


async def a_document_moved_while_it_is_linked(race: Race) -> None:
    for patient in ("ana", "luis"):
        await race.patient(patient)
    (id,), visit = await race.documents(1), await race.record()
    link: Ask = lambda person, _: person.post("/media/attachments", {"document_id": id, **visit})  # noqa: E731
    answers = await race.at_once(_move(id, "luis"), link)
    race.within(answers, 200, 201, 404, 422)
    race.that(sum(answer.status_code == 200 and "file_size" in answer.text for answer in answers[::2]) == 1, "moves")
    race.happened(
        {"document.moved": 1},
        {"document.moved": 1, "media.attachment_linked": 1, "media.attachment_unlinked": 1},
    )


async def a_document_moved_to_and_fro(race: Race) -> None:
    for patient in ("ana", "luis"):
        await race.patient(patient)
    (id,) = await race.documents(1)
    race.within(await race.at_once(_move(id, "luis", "ana")), 200, 422)
    version = (await race.records()).files[DocumentId(id)].version
    race.happened({"document.moved": version - 1})


async def a_patient_archived_while_uploads_come(race: Race) -> None:
    await race.patient()
    await race.documents(3)
    archive: Ask = lambda person, _: person.post("/media/patients/ana/archive")  # noqa: E731
    unarchive: Ask = lambda person, _: person.post("/media/patients/ana/unarchive")  # noqa: E731
    answers = await race.at_once(_send(), archive, _send(), unarchive)
    race.answered(answers, {201: race.half, 200: race.half})
    files = (await race.records()).files.values()
    archived = race.told.get("document.archived", 0) - race.told.get("document.unarchived", 0)
    race.that(sum(file.archived for file in files) == archived, f"told {race.told} of {files}")


async def a_patient_archived_by_both_routes(race: Race) -> None:
    await race.patient()
    await race.documents(3)

    def put(status: str) -> Ask:
        return lambda person, _: person.put("/directory/patients/ana", {"display_name": "Luz Marín", "status": status})

    def post(word: str) -> Ask:
        return lambda person, _: person.post(f"/media/patients/ana/{word}")

    answers = await race.at_once(put("archived"), post("archive"), put("active"), post("unarchive"))
    race.answered(answers, {200: race.racers})
    records, told = await race.records(), race.told
    archived = told.get("patient.archived", 0) - told.get("patient.unarchived", 0)
    race.that(archived == (records.patients[next(iter(records.patients))] == "archived"), f"told {told}")
    race.that(
        told.get("document.archived", 0) - told.get("document.unarchived", 0) == 3 * archived
        and all(file.archived == archived for file in records.files.values()),
        f"told {told} of {records.files}",
    )


async def one_upload_sent_many_times_with_its_key(race: Race) -> None:
    await race.patient()
    send = _send(jpeg(), key="once")
    answers = await race.at_once(send)
    race.within(answers, 201, 409)
    race.happened({"media.photo_uploaded": 1})
    (id,) = {data_of(answer, 201)["id"] for answer in answers if answer.status_code == 201}
    answers = await race.at_once(send)
    race.answered(answers, {201: race.racers})
    race.that({answer.json()["data"]["id"] for answer in answers} == {id}, f"another one than {id}")


async def other_uploads_with_the_same_key(race: Race) -> None:
    await race.patient()
    answers = await race.at_once(_send(key="once"))
    race.within(answers, 201, 409, 422)
    race.that(sum(answer.status_code == 201 for answer in answers) == 1, "more than one, or none, was stored")
    race.happened({"media.photo_uploaded": 1})


async def the_same_bytes_for_one_patient(race: Race) -> None:
    await race.patient()
    answers = await race.at_once(_send(jpeg()))
    race.answered(answers, {201: race.racers})
    race.happened({"media.photo_uploaded": race.racers})
    stored = [data_of(answer, 201) for answer in answers]
    named = [each["duplicate_of"] for each in stored]
    race.that({*named} <= {None, *(each["id"] for each in stored)}, f"duplicates of {named}")


async def the_last_piece_of_an_upload_sent_many_times(race: Race) -> None:
    await race.patient()
    data, tus = jpeg(), {"Tus-Resumable": "1.0.0"}
    words = {"target": "photo", "patient_id": "ana", "media_category": "intraoral", "filename": "foto.jpg"}
    sent = {**tus, "Upload-Length": str(len(data)), "Upload-Metadata": _encoded(words)}
    begun = await race.person.ask("POST", "/uploads", headers=sent)
    headers = {**tus, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    answers = await race.at_once(
        lambda person, _: person.ask("PATCH", begun.headers["location"], content=data, headers=headers)
    )
    race.within(answers, 204, 409, 423)
    race.that(sum(answer.status_code == 204 for answer in answers) == 1, "more than one, or none, was taken")
    race.happened({"media.photo_uploaded": 1})


DOCUMENTS: tuple[Kind, ...] = (
    the_same_pair,
    one_photo_that_all_want_for_their_pair,
    partners_exchanged_crosswise,
    a_category_changed_while_pairing,
    a_photo_trashed_while_pairing,
    edits_of_the_version_that_all_have_read,
    edits_that_ask_for_no_version,
    a_document_trashed_while_it_is_downloaded,
    trash_and_restore_in_turn,
    many_documents_trashed_in_every_order,
    restoring_what_is_being_purged,
    a_hold_on_what_is_being_purged,
    a_document_moved_while_it_is_linked,
    a_document_moved_to_and_fro,
    a_patient_archived_while_uploads_come,
    a_patient_archived_by_both_routes,
    one_upload_sent_many_times_with_its_key,
    other_uploads_with_the_same_key,
    the_same_bytes_for_one_patient,
    the_last_piece_of_an_upload_sent_many_times,
)
