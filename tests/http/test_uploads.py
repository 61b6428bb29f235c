"""Uploads in pieces: the protocol, what they may become, and who may see them."""

import asyncio
import hashlib
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import httpx
import pytest
from dependency_injector.providers import Object

from domain.access import Access, Permission
from entrypoints.settings import Server
from tests.http.service import MAX_UPLOAD, Clinic, Person, Service, data_of, jpeg, problem_of, serving, settings_for
from tests.installations import TickingClock

pytestmark = pytest.mark.anyio

TUS = {"Tus-Resumable": "1.0.0"}
NONE: Mapping[str, str] = MappingProxyType({})
PHOTO = {"target": "photo", "patient_id": "ana", "media_category": "intraoral"}
BYTES = "application/offset+octet-stream"
PATH = "/uploads"


@pytest.fixture(scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[Service]:
    """An installation of its own: uploads that nobody goes on with stay behind in it."""
    async with serving(settings_for(tmp_path_factory.mktemp("uploads"))) as running:
        yield running


def encoded(**words: str) -> str:
    return ",".join(f"{name} {b64encode(text.encode()).decode()}" for name, text in words.items())


def photo_of(patient: str, **words: str) -> dict[str, str]:
    return {"target": "photo", "patient_id": patient, "media_category": "intraoral", "filename": "foto.jpg"} | words


async def begin(person: Person, length: int, words: dict[str, str], **headers: str) -> httpx.Response:
    sent = {**TUS, "Upload-Length": str(length), "Upload-Metadata": encoded(**words), **headers}
    return await person.ask("POST", PATH, headers=sent)


async def begun(person: Person, length: int, words: dict[str, str]) -> str:
    answer = await begin(person, length, words)
    assert answer.status_code == 201, answer.text
    location: str = answer.headers["location"]
    return location


async def send(
    person: Person, url: str, data: Any, offset: int = 0, headers: Mapping[str, str] = NONE
) -> httpx.Response:
    sent = {**TUS, "Upload-Offset": str(offset), "Content-Type": BYTES, **headers}
    return await person.ask("PATCH", url, content=data, headers=sent)


async def interrupted(
    person: Person, url: str, data: bytes, offset: int = 0, headers: Mapping[str, str] = NONE
) -> None:
    """Bytes of which some come, and then the connection is gone."""
    said = {"authorization": f"Bearer {person.token}", "tus-resumable": "1.0.0", "upload-offset": str(offset)}
    said |= {"content-type": BYTES, **headers}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "PATCH", "scheme": "http",
        "path": url, "raw_path": url.encode(), "root_path": "", "query_string": b"", "client": None, "server": None,
        "headers": [(name.encode(), text.encode()) for name, text in said.items()],
        "state": {},
    }  # fmt: skip
    arriving = iter([{"type": "http.request", "body": data, "more_body": True}])

    async def receive() -> Any:
        return next(arriving, {"type": "http.disconnect"})

    async def lost(_: Any) -> None:
        """Nobody is there."""

    app: Any = person.service.client._transport
    await app.app(scope, receive, lost)


async def stand(person: Person, url: str) -> httpx.Response:
    return await person.ask("HEAD", url, headers=TUS)


async def offset(person: Person, url: str) -> int:
    return int((await stand(person, url)).headers["upload-offset"])


async def test_what_is_spoken_is_told_to_anybody(service: Service) -> None:
    answer = await service.client.options("/api/v1/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-max-size"] == str(MAX_UPLOAD)
    spoken = set(answer.headers["tus-extension"].split(","))
    assert spoken == {"creation", "creation-with-upload", "expiration", "checksum", "termination"}
    assert {"sha1", "sha256"} <= set(answer.headers["tus-checksum-algorithm"].split(","))


async def test_a_photo_in_pieces_is_the_photo_that_comes_whole(clinic: Clinic, ana: str) -> None:
    data, them = jpeg((600, 400), taken="2024:05:01 10:00:00"), clinic.dentist
    words = photo_of(ana, media_subtype="frontal", title="Sonrisa", tags="antes\ncontrol", filetype="image/jpeg")
    answer = await begin(them, len(data), words)
    assert answer.status_code == 201
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert answer.headers["upload-offset"] == "0"
    assert answer.headers["upload-expires"].endswith("GMT")
    url = answer.headers["location"]

    half = len(data) // 2
    first = await send(them, url, data[:half])
    assert (first.status_code, first.headers["upload-offset"], first.content) == (204, str(half), b"")
    assert "upload-document" not in first.headers
    there = await stand(them, url)
    assert there.status_code == 200
    assert there.headers["upload-offset"] == str(half)
    assert there.headers["upload-length"] == str(len(data))
    assert there.headers["upload-metadata"] == encoded(**words)
    assert there.headers["cache-control"] == "no-store"
    assert data_of(await them.get(url)) | {"metadata": None, "created_at": None, "expires_at": None} == {
        "id": url.rpartition("/")[2], "state": "receiving", "length": len(data), "offset": half,
        "metadata": None, "created_at": None, "expires_at": None, "document_id": None, "document": None,
    }  # fmt: skip

    last = await send(them, url, data[half:], half)
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(data)))
    id = last.headers["upload-document"]
    assert last.headers["content-location"] == f"/api/v1/media/documents/{id}"
    photo = data_of(await them.get(last.headers["content-location"]))
    assert (photo["title"], photo["tags"], photo["media_subtype"]) == ("Sonrisa", ["antes", "control"], "frontal")
    assert photo["captured_at"].startswith("2024-05-01")
    assert photo["sha256"] == hashlib.sha256(data).hexdigest()
    assert (await them.get(f"/media/documents/{id}/download")).content == data


async def test_a_finished_upload_tells_its_document(clinic: Clinic, ana: str) -> None:
    them, data = clinic.dentist, jpeg()
    url = await begun(them, len(data), photo_of(ana))
    id = (await send(them, url, data)).headers["upload-document"]
    there = await stand(them, url)
    assert (there.headers["upload-offset"], there.headers["upload-document"]) == (str(len(data)), id)
    assert there.headers["content-location"] == f"/api/v1/media/documents/{id}"
    shown = data_of(await them.get(url))
    assert (shown["state"], shown["document_id"], shown["document"]["id"]) == ("finished", id, id)
    await them.delete(f"/media/documents/{id}")
    shown = data_of(await them.get(url))
    assert (shown["state"], shown["document_id"], shown["document"]) == ("finished", id, None)


async def test_an_upload_may_be_a_document_or_a_file_of_a_record(clinic: Clinic, ana: str) -> None:
    them, data = clinic.dentist, b"consent to everything"
    words = {"target": "document", "patient_id": ana, "document_type": "consent", "title": "Consent",
             "description": "signed", "filename": "consent.txt", "filetype": "text/plain"}  # fmt: skip
    url = await begun(them, len(data), words)
    answer = await send(them, url, data)
    document = data_of(await them.get(answer.headers["content-location"]))
    assert (document["document_type"], document["title"], document["description"]) == ("consent", "Consent", "signed")

    await clinic.owner("visit", "v1", ana)
    words = {"target": "file", "entity_type": "visits", "entity_id": "v1", "category": "referral",
             "description": "to the surgeon", "filename": "carta.txt", "relativePath": "null"}  # fmt: skip
    url = await begun(them, len(data) + 1, words)
    answer = await send(them, url, data + b"!")
    file = (await them.get(answer.headers["content-location"])).json()
    assert (file["entity_type"], file["entity_id"], file["category"]) == ("visit", "v1", "referral")
    assert (file["file_name"], file["description"]) == ("carta.txt", "to the surgeon")


async def test_bytes_can_come_with_the_beginning(clinic: Clinic, ana: str) -> None:
    them, data = clinic.dentist, jpeg()
    headers = {**TUS, "Upload-Length": str(len(data)), "Upload-Metadata": encoded(**photo_of(ana))}
    answer = await them.ask("POST", PATH, content=data[:20], headers={**headers, "Content-Type": BYTES})
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "20")
    answer = await send(them, answer.headers["location"], data[20:], 20)
    assert answer.headers["upload-document"]
    data = jpeg()
    headers["Upload-Length"] = str(len(data))
    answer = await them.ask("POST", PATH, content=data, headers={**headers, "Content-Type": BYTES})
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, str(len(data)))
    assert data_of(await them.get(answer.headers["content-location"]))["file_size"] == len(data)


async def test_a_request_without_the_version_is_refused_with_those_that_are_spoken(clinic: Clinic, ana: str) -> None:
    them = clinic.dentist
    url = await begun(them, 10, photo_of(ana))
    for version in ({}, {"Tus-Resumable": "0.2.2"}):
        for method, where in (("POST", PATH), ("PATCH", url), ("DELETE", url), ("HEAD", url)):
            answer = await them.ask(method, where, headers={"Upload-Offset": "0", "Content-Type": BYTES, **version})
            assert (answer.status_code, answer.headers["tus-version"]) == (412, "1.0.0"), method
            if method != "HEAD":
                problem_of(answer, 412, "unsupported_version")
    assert await offset(them, url) == 0


async def test_bytes_go_on_where_those_that_are_there_end(clinic: Clinic, ana: str) -> None:
    them = clinic.dentist
    url = await begun(them, 10, photo_of(ana))
    await send(them, url, b"12345")
    for wrong in (0, 4, 6, 10, 11):
        problem_of(await send(them, url, b"x", wrong), 409, "wrong_offset")
    for wrong_word in ("", "-1", "x", "1" * 20):
        problem_of(await send(them, url, b"x", headers={"Upload-Offset": wrong_word}), 400, "malformed")
    assert await offset(them, url) == 5
    assert (await send(them, url, b"", 5)).headers["upload-offset"] == "5"


async def test_bytes_of_another_content_type_are_not_taken(clinic: Clinic, ana: str) -> None:
    url = await begun(clinic.dentist, 10, photo_of(ana))
    problem_of(
        await send(clinic.dentist, url, b"x", headers={"Content-Type": "application/json"}), 415, "unsupported_type"
    )
    answer = await clinic.dentist.ask("PATCH", url, headers={**TUS, "Upload-Offset": "0"})
    problem_of(answer, 415, "unsupported_type")


async def test_more_bytes_than_announced_are_refused_and_the_upload_goes_on(clinic: Clinic, ana: str) -> None:
    them, data = clinic.dentist, jpeg()
    url = await begun(them, len(data), photo_of(ana))
    problem_of(await send(them, url, data + b"x"), 413, "too_large")

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield data

    problem_of(await send(them, url, endless()), 413, "too_large")
    there = await offset(them, url)
    assert there < len(data)
    assert (await send(them, url, data[there:], there)).headers["upload-document"]


async def test_a_size_that_is_never_accepted_is_refused_before_the_first_byte(clinic: Clinic, ana: str) -> None:
    problem_of(await begin(clinic.dentist, MAX_UPLOAD + 1, photo_of(ana)), 413, "too_large")
    problem_of(await begin(clinic.dentist, 0, photo_of(ana)), 422, "unreadable")
    for wrong in ("", "-1", "many", "9" * 30):
        problem_of(await begin(clinic.dentist, 1, photo_of(ana), **{"Upload-Length": wrong}), 400, "malformed")
    deferred = {**TUS, "Upload-Defer-Length": "1", "Upload-Metadata": encoded(**photo_of(ana))}
    problem_of(await clinic.dentist.ask("POST", PATH, headers=deferred), 400, "malformed")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
async def test_bytes_are_compared_with_their_checksum(clinic: Clinic, ana: str, algorithm: str) -> None:
    them, data = clinic.dentist, jpeg()
    url = await begun(them, len(data), photo_of(ana))

    def sum_of(some: bytes) -> str:
        return f"{algorithm} {b64encode(hashlib.new(algorithm, some).digest()).decode()}"

    await send(them, url, data[:10], headers={"Upload-Checksum": sum_of(data[:10])})
    answer = await send(them, url, data[10:], 10, headers={"Upload-Checksum": sum_of(b"other bytes")})
    problem_of(answer, 460, "checksum_mismatch")
    assert answer.json()["title"] == "Checksum Mismatch"
    assert await offset(them, url) == 10
    for wrong in ("crc32 AAAA", "sha1 ***", "sha1"):
        answer = await send(them, url, b"x", 10, headers={"Upload-Checksum": wrong})
        assert answer.status_code in (400, 460)
    answer = await send(them, url, data[10:], 10, headers={"Upload-Checksum": sum_of(data[10:])})
    assert answer.headers["upload-document"]


async def test_what_was_interrupted_is_gone_on_with(clinic: Clinic, ana: str) -> None:
    them, data = clinic.dentist, jpeg((800, 600))
    url = await begun(them, len(data), photo_of(ana))

    await interrupted(them, url, data[:100])
    assert await offset(them, url) == 100
    digest = hashlib.sha256(data[100:]).digest()
    await interrupted(them, url, data[100:200], 100, {"upload-checksum": f"sha256 {b64encode(digest).decode()}"})
    assert await offset(them, url) == 100
    answer = await send(them, url, data[100:], 100)
    assert (await them.get(f"/media/documents/{answer.headers['upload-document']}/download")).content == data


async def test_one_request_at_a_time_sends_bytes(clinic: Clinic, ana: str) -> None:
    them, data = clinic.dentist, jpeg()
    url = await begun(them, len(data), photo_of(ana))
    begun_, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield data[:10]
        begun_.set()
        await go_on.wait()
        yield data[10:]

    first = asyncio.create_task(send(them, url, slow()))
    await begun_.wait()
    problem_of(await send(them, url, data), 423, "locked")
    problem_of(await them.ask("DELETE", url, headers=TUS), 423, "locked")
    assert (await stand(them, url)).status_code == 200
    go_on.set()
    assert (await first).headers["upload-document"]


async def test_many_who_finish_at_once_make_one_document(clinic: Clinic, ana: str) -> None:
    them, data = clinic.dentist, jpeg()
    url = await begun(them, len(data), photo_of(ana))
    answers = await asyncio.gather(*(send(them, url, data) for _ in range(8)))
    assert {answer.status_code for answer in answers} <= {204, 409, 423}
    assert [answer.status_code for answer in answers].count(204) >= 1
    assert (await them.get(f"/media/patients/{ana}/photos")).json()["total"] == 1


async def test_the_last_answer_can_be_asked_for_again(clinic: Clinic, ana: str) -> None:
    them, data = clinic.dentist, jpeg()
    url = await begun(them, len(data), photo_of(ana))
    id = (await send(them, url, data)).headers["upload-document"]
    again = await send(them, url, b"", len(data))
    assert (again.status_code, again.headers["upload-document"]) == (204, id)
    problem_of(await send(them, url, data), 409, "wrong_offset")
    assert (await them.get(f"/media/patients/{ana}/photos")).json()["total"] == 1


async def test_what_is_refused_at_the_end_is_gone(clinic: Clinic, ana: str) -> None:
    them = clinic.dentist
    for data, status, code in (
        (b"no photo, but a text", 415, "unsupported_type"),
        (jpeg()[:200], 422, "unreadable"),
    ):
        url = await begun(them, len(data), photo_of(ana))
        problem_of(await send(them, url, data), status, code)
        problem_of(await send(them, url, data), 404, "not_found")
        assert (await stand(them, url)).status_code == 404
    assert (await them.get(f"/media/patients/{ana}/photos")).json()["total"] == 0


async def test_a_record_that_filled_up_meanwhile_takes_no_more(clinic: Clinic, ana: str) -> None:
    them = clinic.dentist
    await clinic.owner("insurance", "i1", ana)
    words = {"target": "file", "entity_type": "insurance", "entity_id": "i1", "filename": "card.jpg"}
    sent = [jpeg() for _ in range(6)]
    urls = [await begun(them, len(data), words) for data in sent]
    answers = [await send(them, url, data) for url, data in zip(urls, sent, strict=True)]
    assert [answer.status_code for answer in answers] == [204] * 5 + [422]
    assert (await stand(them, urls[5])).status_code == 404


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        ({"target": "video"}, 400, "malformed"),
        ({}, 400, "malformed"),
        ({"target": "photo", "media_category": "intraoral"}, 422, "rule_violated"),
        ({"target": "photo", "patient_id": "ana", "media_category": "nonsense"}, 400, "malformed"),
        ({"target": "photo", "patient_id": "ana", "colour": "blue"}, 422, "rule_violated"),
        ({**PHOTO, "owner_type": "visit", "owner_id": "none"}, 404, "not_found"),
        ({"target": "photo", "patient_id": "nobody"}, 404, "not_found"),
        ({"target": "photo", "patient_id": "../ana"}, 400, "malformed"),
        ({"target": "document", "patient_id": "ana", "title": "x", "document_type": "poem"}, 400, "malformed"),
        ({"target": "file", "entity_type": "visit", "entity_id": "none", "filename": "a.txt"}, 404, "not_found"),
        ({"target": "file", "entity_type": "nothing", "entity_id": "v", "filename": "a.txt"}, 400, "malformed"),
    ],
)
async def test_what_can_be_known_is_refused_before_the_first_byte(
    clinic: Clinic, ana: str, words: dict[str, str], status: int, code: str
) -> None:
    problem_of(await begin(clinic.dentist, 10, words), status, code)


async def test_the_rules_of_a_record_hold_before_the_first_byte(clinic: Clinic, ana: str) -> None:
    await clinic.owner("insurance", "i1", ana)
    words = {"target": "file", "entity_type": "insurance", "entity_id": "i1"}
    problem_of(await begin(clinic.dentist, 10, words | {"filename": "run.exe"}), 415, "unsupported_type")
    wrong = words | {"filename": "a.pdf", "category": "poem"}
    problem_of(await begin(clinic.dentist, 10, wrong), 400, "malformed")


@pytest.mark.parametrize(
    "metadata", ["target", "target ***", "target cGhvdG8=,target cGhvdG8=", "ta rget cGhv", "a /w==", ","]
)
async def test_metadata_that_are_not_well_formed_are_refused(clinic: Clinic, metadata: str) -> None:
    answer = await begin(clinic.dentist, 10, {}, **{"Upload-Metadata": metadata})
    problem_of(answer, 400, "malformed")


async def test_nobody_but_who_began_it_sees_an_upload(clinic: Clinic, another_clinic: Clinic, ana: str) -> None:
    url = await begun(clinic.dentist, 10, photo_of(ana))
    await another_clinic.patient("ana")
    for stranger in (clinic.admin, another_clinic.dentist, clinic.account(ana=Access.FULL)):
        assert (await stand(stranger, url)).status_code == 404
        problem_of(await stranger.get(url), 404, "not_found")
        problem_of(await send(stranger, url, b"x"), 404, "not_found")
        problem_of(await stranger.ask("DELETE", url, headers=TUS), 404, "not_found")
    unknown = f"/api/v1/uploads/{uuid4()}"
    problem_of(await send(clinic.dentist, unknown, b"x"), 404, "not_found")
    assert await offset(clinic.dentist, url) == 0


async def test_accounts_upload_for_the_patients_they_may_edit(clinic: Clinic, ana: str, luis: str) -> None:
    data = jpeg()
    them = clinic.account(ana=Access.EDIT, luis=Access.VIEW)
    problem_of(await begin(them, len(data), photo_of(luis)), 403, "forbidden")
    problem_of(await begin(them, len(data), photo_of("eva")), 404, "not_found")
    url = await begun(them, len(data), photo_of(ana))
    await send(them, url, data[:10])
    # Grants count when the end comes, too.
    problem_of(await send(clinic.account(ana=Access.VIEW), url, data[10:], 10), 403, "forbidden")
    assert (await stand(them, url)).status_code == 404
    reader = clinic.person(permissions=(Permission.DOCUMENTS_READ,))
    problem_of(await begin(reader, 10, photo_of(ana)), 403, "forbidden")


async def test_an_upload_can_be_given_up(clinic: Clinic, ana: str) -> None:
    them, data = clinic.dentist, jpeg()
    url = await begun(them, len(data), photo_of(ana))
    await send(them, url, data[:10])
    assert (await them.ask("DELETE", url, headers=TUS)).status_code == 204
    assert (await stand(them, url)).status_code == 404
    url = await begun(them, len(data), photo_of(ana))
    id = (await send(them, url, data)).headers["upload-document"]
    assert (await them.ask("DELETE", url, headers=TUS)).status_code == 204
    assert (await stand(them, url)).status_code == 404
    assert (await them.get(f"/media/documents/{id}")).status_code == 200


async def test_clients_that_can_only_post_say_the_method_in_a_header(clinic: Clinic, ana: str) -> None:
    them, data = clinic.dentist, jpeg()
    url = await begun(them, len(data), photo_of(ana))
    headers = {**TUS, "Upload-Offset": "0", "Content-Type": BYTES}
    answer = await them.ask("POST", url, content=data, headers={**headers, "X-HTTP-Method-Override": "PATCH"})
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(len(data)))
    answer = await them.ask("POST", url, headers={**TUS, "X-HTTP-Method-Override": "DELETE"})
    assert answer.status_code == 204
    assert (await stand(them, url)).status_code == 404
    problem_of(await them.ask("POST", url, headers=TUS), 400, "malformed")


async def test_the_same_beginning_again_is_the_same_upload(clinic: Clinic, ana: str) -> None:
    key = {"Idempotency-Key": "k-1"}
    first = await begin(clinic.dentist, 10, photo_of(ana), **key)
    again = await begin(clinic.dentist, 10, photo_of(ana), **key)
    assert first.headers["location"] == again.headers["location"]
    problem_of(await begin(clinic.dentist, 11, photo_of(ana), **key), 422, "rule_violated")
    other = await begin(clinic.admin, 10, photo_of(ana), **key)
    assert other.headers["location"] != first.headers["location"]


async def test_one_person_holds_a_limited_number_of_unfinished_uploads(clinic: Clinic, ana: str) -> None:
    limit = clinic.service.settings.uploads.max_unfinished
    urls = [await begun(clinic.dentist, 10, photo_of(ana)) for _ in range(limit)]
    refused = await begin(clinic.dentist, 10, photo_of(ana))
    problem_of(refused, 429, "too_many_requests")
    assert refused.headers["retry-after"]
    await begun(clinic.admin, 10, photo_of(ana))
    await clinic.dentist.ask("DELETE", urls[0], headers=TUS)
    await begun(clinic.dentist, 10, photo_of(ana))


async def test_the_audit_log_tells_of_the_upload_and_of_refusals(clinic: Clinic, ana: str) -> None:
    them, data = clinic.dentist, jpeg()
    url = await begun(them, len(data), photo_of(ana))
    id = (await send(them, url, data)).headers["upload-document"]
    problem_of(await send(them, url, b"x", 3), 409, "wrong_offset")
    rows = (await clinic.admin.get(f"/audit?patient_id={ana}")).json()["data"]
    actions = {(row["action"], row["outcome"]) for row in rows}
    assert ("continueUpload", "wrong_offset") in actions
    assert [row["document_id"] for row in rows if row["action"] == "media.photo_uploaded"] == [id]


async def test_front_ends_elsewhere_may_speak_it(tmp_path: Path) -> None:
    origin = "https://clinic.example"
    async with serving(settings_for(tmp_path, server=Server(cors_origins=(origin,)))) as service:
        asked = {"Origin": origin, "Access-Control-Request-Method": "PATCH"}
        wanted = ("tus-resumable", "upload-offset", "upload-metadata", "upload-length", "upload-checksum")
        asked["Access-Control-Request-Headers"] = ",".join((*wanted, "x-http-method-override", "content-type"))
        answer = await service.client.options("/api/v1/uploads", headers=asked)
        assert answer.headers["access-control-allow-origin"] == origin
        allowed = answer.headers["access-control-allow-headers"].lower()
        assert all(name in allowed for name in wanted)
        answer = await service.client.options("/api/v1/uploads", headers={"Origin": origin})
        assert "tus-version" in answer.headers["access-control-expose-headers"].lower()
        answer = await service.client.get("/health/live", headers={"Origin": origin})
        exposed = {name.strip() for name in answer.headers["access-control-expose-headers"].lower().split(",")}
        assert {"location", "upload-offset", "upload-length", "upload-expires", "upload-document"} <= exposed
        assert {"tus-resumable", "tus-version", "tus-max-size", "tus-extension", "content-location"} <= exposed


async def test_an_upload_that_nobody_goes_on_with_is_dropped_in_time(tmp_path: Path) -> None:
    clock = TickingClock(datetime.now(UTC))
    async with serving(settings_for(tmp_path), lambda container: container.clock.override(Object(clock))) as service:
        clinic, data = Clinic(service, "c"), jpeg()
        await clinic.patient("ana")
        them = replace(clinic.dentist, ttl=timedelta(days=9))
        recover, expire = service.container.recover(), service.container.expire_uploads()
        abandoned = await begun(them, len(data), photo_of("ana"))
        finished = await begun(them, len(data), photo_of("ana"))
        id = (await send(them, finished, data)).headers["upload-document"]
        clock.advance(timedelta(hours=20))
        going_on = await begun(them, len(data), photo_of("ana"))
        await send(them, going_on, data[:9])
        await recover()
        assert await expire() == 0
        clock.advance(timedelta(hours=5))
        assert (await stand(them, abandoned)).status_code == 404
        assert await expire() == 1
        staged = {entry.id async for entry in service.container.blobs().staged()}
        assert staged <= {going_on.rpartition("/")[2]}, "a bucket has no pieces of it"
        assert await offset(them, going_on) == 9
        assert (await stand(them, finished)).status_code == 404
        assert (await them.get(f"/media/documents/{id}")).status_code == 200
        assert (await send(them, going_on, data[9:], 9)).headers["upload-document"]
