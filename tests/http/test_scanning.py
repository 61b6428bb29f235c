"""Malware: what is found never gets in, and what is found later is out of everybody's reach at once."""

from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias

import pytest

from application.ports.audit_trail import AuditCriteria
from application.ports.paging import PageRequest
from domain.documents import quarantine
from domain.errors import Unavailable
from domain.ids import ClinicId
from entrypoints.settings import Scanning
from tests.http.places import ON_A_DISK
from tests.http.service import Clinic, Json, Service, data_of, jpeg, problem_of, serving, settings_for
from tests.samples import staff
from tests.services.clamd import LIMIT, MALWARE, Clamd, clamd_in

pytestmark = [pytest.mark.anyio, pytest.mark.services]

_TUS = {"Tus-Resumable": "1.0.0"}
OnFailure: TypeAlias = Literal["reject", "accept_and_mark"]
INFECTED = jpeg() + MALWARE
"""A picture all the same."""


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Clamd]:
    with clamd_in(tmp_path / "clamd") as daemon:
        yield daemon


@asynccontextmanager
async def clinic_with(folder: Path, url: str, on_failure: OnFailure) -> AsyncIterator[Clinic]:
    scanning = Scanning(scanner="clamd", url=url, on_failure=on_failure)
    async with serving(settings_for(folder / "home", scanning=scanning, storage=ON_A_DISK)) as service:
        clinic = Clinic(service, "c")
        await clinic.patient("ana")
        yield clinic


def files_of(service: Service) -> dict[str, bytes]:
    """All that the storage holds, anywhere."""
    root = service.settings.folder / "files"
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


async def audited(service: Service, action: str) -> list[tuple[str, str | None, str | None]]:
    page = await service.container.audit().page(staff(ClinicId("c")), AuditCriteria(action=action), PageRequest(size=9))
    return [(row.entry.outcome, row.entry.document_id, row.entry.detail) for row in page.items]


async def test_an_infected_upload_is_refused_and_kept_aside(clamd: Clamd, tmp_path: Path) -> None:
    async with clinic_with(tmp_path, clamd.unix, "reject") as clinic:
        for send in (clinic.dentist.send_photo, clinic.dentist.send_document):
            answer = await send("ana", file=("foto.jpg", INFECTED, "image/jpeg"))
            problem_of(answer, 422, "infected")
        assert (await clinic.dentist.get("/media/patients/ana/documents")).json()["data"] == []
        aside = files_of(clinic.service)
        assert [*aside.values()] == [INFECTED, INFECTED]
        assert all(name.startswith("quarantine/") for name in aside)
        rows = await audited(clinic.service, "document.quarantined")
        assert [(outcome, detail) for outcome, _, detail in rows] == [("infected", "Clinic.Media.Test.UNOFFICIAL")] * 2
        assert {document for _, document, _ in rows} == {name.split("/")[-2] for name in aside}
        assert [found async for found in clinic.service.container.verify()(share=1.0)] == []


async def test_a_clean_upload_says_so(clamd: Clamd, tmp_path: Path) -> None:
    async with clinic_with(tmp_path, clamd.tcp, "reject") as clinic:
        photo = await clinic.dentist.photo("ana")
        assert photo["scan"] == "clean"
        assert data_of(await clinic.dentist.get(f"/media/documents/{photo['id']}"))["scan"] == "clean"


async def test_while_the_scanner_is_away_nothing_gets_in(daemon: Clamd, tmp_path: Path) -> None:
    async with clinic_with(tmp_path, daemon.unix, "reject") as clinic:
        daemon.stop()
        answer = await clinic.dentist.send_photo("ana")
        problem_of(answer, 503, "unavailable")
        assert int(answer.headers["retry-after"]) > 0
        assert files_of(clinic.service) == {}
        ready = await clinic.service.client.get("/health/ready")
        assert (ready.status_code, "scanner" in ready.json()["detail"]) == (503, True)
        daemon.start()
        assert (await clinic.dentist.photo("ana"))["scan"] == "clean"
        assert (await clinic.service.client.get("/health/ready")).status_code == 200


async def test_what_came_in_meanwhile_is_scanned_later(daemon: Clamd, tmp_path: Path) -> None:
    async with clinic_with(tmp_path, daemon.unix, "accept_and_mark") as clinic:
        daemon.stop()
        fine = await clinic.dentist.photo("ana")
        bad = await clinic.dentist.photo("ana", file=("foto.jpg", INFECTED, "image/jpeg"))
        assert (fine["scan"], bad["scan"]) == ("pending", "pending")
        assert (await clinic.service.client.get("/health/ready")).status_code == 200
        catch_up = clinic.service.container.catch_up_scans()
        with pytest.raises(Unavailable):
            await catch_up()
        daemon.start()
        assert await catch_up() == 2
        assert await catch_up() == 0
        assert data_of(await clinic.dentist.get(f"/media/documents/{fine['id']}"))["scan"] == "clean"
        await assert_out_of_reach(clinic, bad)


async def assert_out_of_reach(clinic: Clinic, bad: Json) -> None:
    for path in ("", "/download", "/download?variant=thumb", "/pair"):
        problem_of(await clinic.admin.get(f"/media/documents/{bad['id']}{path}"), 404, "not_found")
    for url in (bad["full_url"], bad["thumb_url"], bad["medium_url"]):
        assert (await clinic.service.client.get(url)).status_code == 404
    problem_of(await clinic.admin.post(f"/media/documents/{bad['id']}/restore"), 422, "rule_violated")
    problem_of(await clinic.admin.post(f"/files/{bad['id']}/restore"), 422, "rule_violated")
    trash = (await clinic.admin.get("/files/trash")).json()["days"][0]["files"]
    assert [file["scan"] in ("infected", "quarantined") for file in trash if file["id"] == bad["id"]] == [True]
    exported = await clinic.admin.get("/patients/ana/export.zip")
    assert bad["id"].encode() not in exported.content
    assert MALWARE not in exported.content
    files = files_of(clinic.service)
    assert all(name.startswith("quarantine/") for name, data in files.items() if MALWARE in data)
    assert len([name for name in files if bad["id"] in name and not name.startswith("quarantine/")]) == 0
    assert [row[1] for row in await audited(clinic.service, "document.quarantined")] == [bad["id"]]
    assert [found async for found in clinic.service.container.verify()(share=1.0)] == []


@pytest.mark.parametrize("on_failure", ["reject", "accept_and_mark"])
async def test_what_is_over_the_scanners_limit_is_never_called_clean(
    clamd: Clamd, tmp_path: Path, on_failure: OnFailure
) -> None:
    async with clinic_with(tmp_path, clamd.unix, on_failure) as clinic:
        answer = await clinic.dentist.send_document("ana", file=("a.txt", b"a" * (LIMIT + 1), "text/plain"))
        if on_failure == "reject":
            problem_of(answer, 413, "too_large")
            assert files_of(clinic.service) == {}
        else:
            assert data_of(answer, 201)["scan"] == "unscanned"
            assert await clinic.service.container.catch_up_scans()() == 0


async def test_without_a_scanner_nothing_is_called_clean(clinic: Clinic, ana: str) -> None:
    assert (await clinic.dentist.photo(ana))["scan"] == "unscanned"


async def test_what_a_crash_left_within_reach_of_nobody_still_goes_to_quarantine(clamd: Clamd, tmp_path: Path) -> None:
    """Stopped between the transaction and the move of the bytes."""
    async with clinic_with(tmp_path, clamd.unix, "reject") as clinic:
        photo = await clinic.dentist.photo("ana")
        actor = staff(ClinicId("c"))
        async with clinic.service.container.unit_of_work()(actor) as uow:
            aside, happened = quarantine(await uow.documents.get(photo["id"]), actor.user_id, datetime.now(UTC))
            await uow.documents.save(aside)
            uow.record(*happened)
            await uow.commit()
        assert await clinic.service.container.catch_up_scans()() == 1
        files = files_of(clinic.service)
        assert files
        assert all(name.startswith("quarantine/") for name in files)
        assert [found async for found in clinic.service.container.verify()(share=1.0)] == []


async def test_an_upload_in_pieces_is_screened_as_a_whole(clamd: Clamd, tmp_path: Path) -> None:
    said = {"target": "photo", "patient_id": "ana", "media_category": "intraoral", "filename": "a.jpg"}
    metadata = ",".join(f"{key} {b64encode(word.encode()).decode()}" for key, word in said.items())
    async with clinic_with(tmp_path, clamd.unix, "reject") as clinic:
        length = {"Upload-Length": str(len(INFECTED)), "Upload-Metadata": metadata}
        begun = await clinic.dentist.ask("POST", "/uploads", headers=length | _TUS)
        assert begun.status_code == 201, begun.text
        at, half = begun.headers["location"].partition("/api/v1")[2], len(INFECTED) - 40
        answers = []
        for start, stop in ((0, half), (half, len(INFECTED))):
            headers = {"Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
            answers.append(await clinic.dentist.ask("PATCH", at, headers=headers | _TUS, content=INFECTED[start:stop]))
        assert answers[0].status_code == 204
        problem_of(answers[1], 422, "infected")
        assert (await clinic.dentist.ask("HEAD", at, headers=_TUS)).status_code in (404, 410)
        (aside,) = files_of(clinic.service).items()
        assert aside[0].startswith("quarantine/")
        assert aside[1] == INFECTED
