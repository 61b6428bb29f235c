"""Who did what: changes, reads, refusals."""

import csv
import logging
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from dependency_injector.providers import Object

from adapters.memory.audit_trail import MemoryAuditTrail
from adapters.memory.store import MemoryStore
from application.ports.audit_trail import AuditEntry, AuditRow
from domain.access import Access, Role
from domain.errors import Unavailable
from domain.ids import ClinicId
from entrypoints.http.audit_csv import csv_of
from tests.http.service import Clinic, Json, Person, data_of, fields_of, jpeg, problem_of, serving, settings_for
from tests.http.test_tokens import claims, signed

pytestmark = pytest.mark.anyio


async def entries(clinic: Clinic, **query: str) -> list[Json]:
    told: list[Json] = data_of(await clinic.admin.get("/audit", params=query))
    return told


async def last(clinic: Clinic, **query: str) -> Json:
    return (await entries(clinic, **query))[0]


async def test_a_change_is_entered_with_whom_and_from_where(clinic: Clinic, ana: str) -> None:
    person = Person(clinic.service, clinic.dentist.bearer, headers={"X-Request-ID": "r-7"})
    photo = await person.photo(ana)
    entry = await last(clinic, document_id=photo["id"])
    assert (entry["action"], entry["outcome"], entry["user_id"]) == ("media.photo_uploaded", "ok", "u-dentist")
    assert (entry["patient_id"], entry["address"], entry["request_id"]) == (ana, "192.0.2.1", "r-7")


async def test_every_read_is_entered(clinic: Clinic, ana: str) -> None:
    visit = await clinic.owner("visit", "v1", ana)
    photo = await clinic.dentist.photo(ana, **visit)
    reads: list[tuple[str, Json, Json]] = [
        (f"/media/documents/{photo['id']}", {}, {"action": "getDocument", "patient_id": ana, "subject": photo["id"]}),
        (f"/media/documents/{photo['id']}/download", {}, {"action": "document.read", "detail": "full"}),
        (f"/media/patients/{ana}/photos", {"q": "Luz"}, {"action": "listPhotos", "patient_id": ana}),
        (f"/media/patients/{ana}/documents", {}, {"action": "listDocuments", "patient_id": ana}),
        (f"/media/patients/{ana}/timeline", {}, {"action": "showTimeline", "patient_id": ana}),
        ("/media/attachments", visit, {"action": "listAttachments", "subject": "visit/v1", "patient_id": ana}),
        ("/visit/v1/files", {}, {"action": "listFiles", "subject": "visit/v1", "patient_id": ana}),
        ("/lab-results/none/files", {}, {"action": "listFiles", "subject": "lab-results/none", "patient_id": None}),
        (f"/files/{photo['id']}", {}, {"action": "getFile", "document_id": photo["id"], "patient_id": ana}),
        ("/visit/v1/files.zip", {}, {"action": "zipRecord", "subject": "visit/v1"}),
        (f"/patients/{ana}/export.zip", {}, {"action": "exportPatient", "patient_id": ana}),
        ("/clinical_notes/notes", visit, {"action": "listNotes", "subject": "visit/v1"}),
        (f"/directory/patients/{ana}", {}, {"action": "getPatient", "patient_id": ana}),
        ("/directory/patients", {"q": "Luz"}, {"action": "searchPatients", "subject": None}),
        ("/directory/owners/visit/v1", {}, {"action": "getOwner", "subject": "visit/v1"}),
    ]
    for path, query, told in reads:
        assert (await clinic.dentist.get(path, params=query)).status_code == 200, path
        entry = await last(clinic, user_id="u-dentist")
        assert entry["outcome"] == "ok"
        assert {name: entry[name] for name in told} == told
        assert "Luz" not in str(entry)


async def test_every_refusal_is_entered(clinic: Clinic, another_clinic: Clinic, ana: str) -> None:
    photo = await clinic.dentist.photo(ana)
    path = f"/media/documents/{photo['id']}"
    receptionist = clinic.person(Role.RECEPTIONIST, user="u-desk")
    family = clinic.account(luis=Access.FULL)
    refused: list[tuple[Person, str, str, str, str]] = [
        (receptionist, "DELETE", path, "trashDocument", "forbidden"),
        (receptionist, "GET", "/audit", "readAudit", "forbidden"),
        (family, "GET", path, "getDocument", "not_found"),
        (family, "GET", f"{path}/download", "downloadDocument", "not_found"),
        (family, "GET", f"/media/patients/{ana}/photos", "listPhotos", "not_found"),
        (receptionist, "PUT", path, "reviseDocument", "malformed"),
        (receptionist, "POST", f"{path}/pair/{photo['id']}", "pairPhotos", "malformed"),
    ]
    for person, method, url, action, outcome in refused:
        await person.ask(method, url)
        entry = await last(clinic, user_id=person.bearer.user)
        assert (entry["action"], entry["outcome"]) == (action, outcome)
        if "documents" in url:
            assert entry["document_id"] == photo["id"]
        if "patients" in url:
            assert entry["patient_id"] == ana
    await another_clinic.dentist.get(path)
    entry = await last(another_clinic)
    assert (entry["action"], entry["outcome"], entry["document_id"]) == ("getDocument", "not_found", photo["id"])


async def test_a_token_that_does_not_count_any_more_tells_whose_it_was(clinic: Clinic) -> None:
    token = signed(claims(clinic_id=clinic.id, sub="u-late", exp=int(time.time()) - 60))
    headers = {"Authorization": f"Bearer {token}"}
    assert (await clinic.service.client.get("/api/v1/audit", headers=headers)).status_code == 401
    entry = await last(clinic, user_id="u-late")
    assert (entry["action"], entry["outcome"]) == ("readAudit", "unauthenticated")


async def test_what_cannot_be_an_id_is_not_kept(clinic: Clinic) -> None:
    await clinic.dentist.get("/media/patients/Ana María López/photos")
    entry = await last(clinic, user_id="u-dentist")
    assert (entry["action"], entry["patient_id"]) == ("listPhotos", None)


async def test_the_log_can_be_narrowed_down_and_paged(clinic: Clinic, ana: str) -> None:
    photos = [await clinic.dentist.photo(ana) for _ in range(3)]
    uploads = {"action": "media.photo_uploaded"}
    assert len(await entries(clinic, **uploads)) == 3
    assert len(await entries(clinic, **uploads, patient_id=ana)) == 3
    assert len(await entries(clinic, document_id=photos[0]["id"])) == 1
    assert await entries(clinic, **uploads, user_id="u-other") == []
    assert await entries(clinic, **uploads, to="2020-01-01") == []
    assert len(await entries(clinic, **uploads, **{"from": "2020-01-01"})) == 3
    first = (await clinic.admin.get("/audit", params={**uploads, "page_size": 2})).json()
    rest = await entries(clinic, **uploads, page_size="2", cursor=first["next_cursor"])
    assert [entry["document_id"] for entry in first["data"] + rest] == [photo["id"] for photo in reversed(photos)]
    seqs = [entry["seq"] for entry in await entries(clinic)]
    assert seqs == list(range(len(seqs), 0, -1))


@pytest.mark.parametrize("query", [{"from": "soon"}, {"to": "soon"}, {"user_id": "a b"}, {"from": "2" * 50}])
async def test_a_question_that_makes_no_sense_is_refused_by_name(clinic: Clinic, query: dict[str, Any]) -> None:
    answer = await clinic.admin.get("/audit", params=query)
    assert fields_of(answer.json()) == set(query)
    assert answer.status_code in (400, 422)


async def test_the_log_is_for_those_who_may(clinic: Clinic, another_clinic: Clinic, ana: str) -> None:
    await clinic.dentist.photo(ana)
    problem_of(await clinic.dentist.get("/audit"), 403, "forbidden")
    problem_of(await clinic.account(ana=Access.FULL).get("/audit"), 403, "forbidden")
    assert all(entry["patient_id"] != ana for entry in await entries(another_clinic))


async def table(person: Person, **query: str) -> list[Json]:
    answer = await person.get("/audit", params={"format": "csv", **query})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")
    return list(csv.DictReader(StringIO(answer.text, newline=""), strict=True))


async def test_who_saw_which_photo_of_a_patient_is_told_as_pages_and_as_a_table(
    clinic: Clinic, ana: str, luis: str
) -> None:
    photo, others = await clinic.dentist.photo(ana), await clinic.dentist.photo(luis)
    parent = clinic.account(**{ana: Access.VIEW})
    for person, seen in ((clinic.dentist, photo), (parent, photo), (clinic.dentist, others)):
        assert (await person.get(f"/media/documents/{seen['id']}/download?variant=thumb")).status_code == 200
    assert (await clinic.service.client.get(photo["medium_url"])).status_code == 200
    asked = {"patient_id": ana, "action": "document.read"}
    told = [("u-dentist", "medium"), ("u-account", "thumb"), ("u-dentist", "thumb")]
    pages, rows = await entries(clinic, **asked), await table(clinic.admin, **asked)
    for found in (pages, rows):
        assert [(entry["user_id"], entry["detail"]) for entry in found] == told
        assert {(entry["patient_id"], entry["document_id"]) for entry in found} == {(ana, photo["id"])}
    assert [{name: str(entry[name] or "") for name in rows[0]} for entry in pages] == rows
    everything = await table(clinic.admin, patient_id=ana)
    assert everything[-1]["action"] == "patient.registered"
    assert {row["patient_id"] for row in everything} == {ana}
    assert [row["action"] for row in everything[:2]] == ["readAudit", "readAudit"]


async def test_a_table_is_no_program(clinic: Clinic, ana: str) -> None:
    sly = Person(clinic.service, clinic.dentist.bearer, headers={"X-Request-ID": "-2-3"})
    await sly.get(f"/media/patients/{ana}/photos")
    (row,) = await table(clinic.admin, action="listPhotos")
    assert row["request_id"] == "'-2-3"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
async def test_nothing_in_a_table_begins_as_a_formula(text: str) -> None:
    row = AuditRow(1, "0" * 64, AuditEntry(ClinicId("c"), datetime(2026, 3, 1, tzinfo=UTC), text, text, subject=text))

    async def one() -> AsyncIterator[AuditRow]:
        yield row

    lines = "".join([part async for part in csv_of(one())])
    (read,) = csv.DictReader(StringIO(lines, newline=""), strict=True)
    assert [read[name] for name in ("user_id", "action", "subject")] == [f"'{text}"] * 3
    assert read["at"] == "2026-03-01T00:00:00Z"


async def test_a_long_table_is_sent_while_it_is_read() -> None:
    entry = AuditEntry(ClinicId("c"), datetime(2026, 3, 1, tzinfo=UTC), "u-1", "getDocument")
    taken = 0

    async def many() -> AsyncIterator[AuditRow]:
        nonlocal taken
        for taken in range(1, 10_001):
            yield AuditRow(taken, "0" * 64, entry)

    parts = csv_of(many())
    first = await anext(parts)
    assert taken <= 200
    rest = [part async for part in parts]
    assert max(map(len, rest)) < 100_000
    assert (first + "".join(rest)).count("\r\n") == 10_001


async def test_a_table_is_for_those_who_may(clinic: Clinic, ana: str) -> None:
    for person in (clinic.dentist, clinic.account(**{ana: Access.FULL})):
        problem_of(await person.get("/audit", params={"format": "csv", "patient_id": ana}), 403, "forbidden")
    problem_of(await clinic.admin.get("/audit", params={"format": "xml"}), 400, "malformed")
    document = (await clinic.service.client.get("/schema/openapi.json")).json()
    content = document["paths"]["/api/v1/audit"]["get"]["responses"]["200"]["content"]
    assert set(content) == {"application/json", "text/csv"}


async def test_log_lines_carry_ids_and_no_words(clinic: Clinic, ana: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        photo = await clinic.dentist.photo(ana, title="Canario", file=("canario.jpg", jpeg(), "image/jpeg"))
        await clinic.dentist.get(f"/media/patients/{ana}/photos", params={"q": "canario"})
        await clinic.service.client.get(photo["thumb_url"])
        await clinic.dentist.get("/media/patients/Canario López/photos")
        await clinic.dentist.get("/canario")
    lines = [record.getMessage() for record in caplog.records if record.name == "clinic_media.access"]
    assert len(lines) == 5
    assert "canario" not in "".join(lines).lower()
    assert "sig=" not in "".join(lines)
    assert f"document_id={photo['id']}" in lines[2]
    assert f"clinic={clinic.id} user=u-dentist" in lines[0]
    assert "POST /api/v1/media/patients/{patient_id}/photos 201" in lines[0]


async def test_an_answer_that_cannot_be_recorded_is_not_given(tmp_path: Path) -> None:
    async with serving(
        settings_for(tmp_path), lambda container: container.audit.override(Object(FullLog()))
    ) as service:
        clinic = Clinic(service, "c")
        for path in ("/directory/patients", "/audit"):
            answer = await clinic.dentist.get(path)
            problem_of(answer, 503, "unavailable")
            assert answer.headers["retry-after"] == "5"
        assert (await service.client.get("/health/live")).status_code == 200


class FullLog(MemoryAuditTrail):
    """A log that takes nothing any more."""

    def __init__(self) -> None:
        super().__init__(MemoryStore())

    async def append(self, entry: AuditEntry, *, wait: bool = False) -> None:
        raise Unavailable("full")
