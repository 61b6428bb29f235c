"""Every row of the table of errors, in the one shape they all have."""

from pathlib import Path
from typing import Any

import pytest
from dependency_injector.providers import Object

from application.documents import GetDocument
from entrypoints.container import Container
from tests.http.places import ON_A_DISK
from tests.http.service import MAX_UPLOAD, Clinic, Person, fields_of, jpeg, problem_of, serving, settings_for

pytestmark = pytest.mark.anyio


async def test_a_problem_tells_clients_of_either_kind_what_they_look_for(clinic: Clinic, ana: str) -> None:
    answer = await clinic.dentist.send_photo(ana, media_category="inside")
    problem = problem_of(answer, 400, "malformed")
    assert problem["title"] == "Bad Request"
    assert problem["type"] == "urn:clinic-media:problem:malformed"
    assert problem["instance"] == f"/api/v1/media/patients/{ana}/photos"
    assert problem["errors"] == [{"field": "media_category", "message": problem["detail"]}]
    assert "intraoral" in problem["detail"]


@pytest.mark.parametrize(
    ("content", "status", "code", "field"),
    [
        (b"", 400, "malformed", None),
        (b"{", 400, "malformed", None),
        (b"[]", 400, "malformed", None),
        (b'"text"', 400, "malformed", None),
        (b"\xff\xfe", 400, "malformed", None),
        (b"[" * 100_000, 400, "malformed", None),
        (b'{"title": 5}', 400, "malformed", "title"),
        (b'{"title": "\xff"}', 400, "malformed", None),
        (b'{"title": "\\ud800"}', 400, "malformed", None),
        (b'{"title": "a"} x', 400, "malformed", None),
        (b'{"document_type": "poem"}', 400, "malformed", "document_type"),
        (b'{"version": 5}', 422, "rule_violated", "version"),
        (b'{"title": ""}', 422, "rule_violated", "title"),
        (b'{"title": "' + b"x" * 256 + b'"}', 422, "rule_violated", "title"),
    ],
)
async def test_a_body_is_taken_exactly_as_described(
    clinic: Clinic, ana: str, content: bytes, status: int, code: str, field: str | None
) -> None:
    document = await clinic.dentist.document(ana)
    answer = await clinic.dentist.ask("PUT", f"/media/documents/{document['id']}", content=content)
    assert fields_of(problem_of(answer, status, code)) == ({field} if field else set())


async def test_a_body_that_is_too_large_is_not_read(clinic: Clinic, ana: str) -> None:
    document = await clinic.dentist.document(ana)
    content = b'{"title": "' + b"x" * (1 << 20) + b'"}'
    answer = await clinic.dentist.ask("PUT", f"/media/documents/{document['id']}", content=content)
    problem_of(answer, 413, "too_large")


async def test_a_path_or_method_that_is_not_there(clinic: Clinic) -> None:
    for path in ("/nothing", "/media/nothing", "/media/documents", "/media/patients/ana"):
        problem_of(await clinic.dentist.get(path), 404, "not_found")
    answer = await clinic.dentist.ask("PATCH", "/media/taxonomy")
    problem_of(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, OPTIONS"


@pytest.mark.parametrize(
    ("file", "status", "code"),
    [
        (("a.jpg", b"", "image/jpeg"), 422, "unreadable"),
        (("a.jpg", jpeg()[:60], "image/jpeg"), 422, "unreadable"),
        (("a.png", jpeg(), "image/jpeg"), 415, "unsupported_type"),
        (("a.jpg", jpeg(), "image/png"), 415, "unsupported_type"),
        (("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"), 415, "unsupported_type"),
        (("a.html", b"<!doctype html><script>1</script>", "text/html"), 415, "unsupported_type"),
        (("a.exe", b"MZ" + bytes(200), "application/octet-stream"), 415, "unsupported_type"),
        (("a.txt", b"plain text", "text/plain"), 415, "unsupported_type"),
        (("a.jpg", b"\xff\xd8" + bytes(MAX_UPLOAD), "image/jpeg"), 413, "too_large"),
    ],
)
async def test_files_that_are_not_taken(
    clinic: Clinic, ana: str, file: tuple[str, bytes, str], status: int, code: str
) -> None:
    problem = problem_of(await clinic.dentist.send_photo(ana, file=file), status, code)
    assert fields_of(problem) <= {"file"}
    staged = [entry async for entry in clinic.service.container.blobs().staged()]
    assert staged == []


async def test_what_is_away_is_told_with_when_to_come_back(tmp_path: Path) -> None:
    async with serving(settings_for(tmp_path, storage=ON_A_DISK)) as service:
        clinic = Clinic(service, "c")
        ana = await clinic.patient("ana")
        photo = await clinic.dentist.photo(ana)
        (tmp_path / "files").rename(tmp_path / "unplugged")
        for answer in (
            await clinic.dentist.send_photo(ana),
            await clinic.dentist.get(f"/media/documents/{photo['id']}/download"),
            await service.client.get("/health/ready"),
        ):
            problem = problem_of(answer, 503, "unavailable")
            assert str(tmp_path) not in answer.text, problem
            assert answer.headers["retry-after"] == "5"
        assert (await clinic.dentist.get(f"/media/documents/{photo['id']}")).status_code == 200
        assert (await service.client.get("/health/live")).status_code == 200
        (tmp_path / "unplugged").rename(tmp_path / "files")
        assert (await clinic.dentist.send_photo(ana)).status_code == 201


async def test_a_fault_of_ours_tells_nothing_of_the_inside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    nothing: Any = None

    def break_it(container: Container) -> None:
        container.get_document.override(Object(GetDocument(documents=nothing)))

    async with serving(settings_for(tmp_path), break_it) as service:
        clinic = Clinic(service, "c")
        person = Person(service, clinic.dentist.bearer, headers={"X-Request-ID": "r-42"})
        answer = await person.get("/media/documents/01890000-0000-7000-8000-000000000000")
        problem = problem_of(answer, 500, "internal")
        assert "r-42" in problem["detail"]
        assert "NoneType" not in answer.text
        assert answer.headers["x-request-id"] == "r-42"
        assert "r-42" in caplog.text
        assert "NoneType" in caplog.text
