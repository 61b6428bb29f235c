"""All that a clinic does with the service in one order, and what it was answered."""

import hashlib
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias
from zipfile import ZipFile

import httpx
from dependency_injector.providers import Object

from application.ports.system import Clock
from domain.ids import ClinicId
from entrypoints.container import Container
from entrypoints.settings import Retention, Settings
from tests import made_files
from tests.http.operations import NOBODY, Operation, asked, filled
from tests.http.service import Clinic, Json, Person, Service, data_of, jpeg, serving
from tests.http.test_roles import in_order
from tests.imports.bringing import bring, medikeep
from tests.imports.medikeep_made import MediKeepMade
from tests.proof.samples import InProcessInspector

Told: TypeAlias = dict[str, tuple[int, dict[str, str], Any]]
"""Status, headers and body by what was asked, as `Plain` says them."""

RULES = Retention(trash_days=30, photos_purgeable=True)
_PASSING = {"date", "x-request-id", "last-modified", "upload-expires", "content-length"}
_OF_THIS_RUN = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)"), "(time)"),
    (re.compile(r"\b20\d\d-\d\d-\d\d\b"), "(day)"),
    (re.compile(r"\b(exp|sig)=[\w.~-]+"), r"\1="),
    (re.compile(r'"(next_cursor|request_id)":"[^"]+"'), r'"\1":"(some)"'),
    (re.compile(r'"[0-9a-f]{1,8}(-\d+-\d+)"'), r'"(archive)\1"'),
)
_DRAWN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{64}\b")


_LISTS = (
    *("/directory/patients", "/directory/patients?q=Ruiz", "/directory/owners?patient_id=1", "/files/trash"),
    *("/lab-results/1/files", "/lab-result/1/files.zip", "/patients/1/export.zip", "/patients/p/export.zip"),
    *("/media/patients/1/documents", "/media/patients/p/photos", "/media/patients/p/timeline"),
)
_FILES = {
    "photo": ("foto.jpg", jpeg((64, 48)), "image/jpeg"),
    "x-ray": ("rx.dcm", made_files.dicom(), "application/dicom"),
    "report": ("informe.pdf", made_files.pdf(), "application/pdf"),
    "text": ("nota.txt", b"Nota" * 99, "text/plain"),
}


@dataclass(slots=True)
class LaterClock(Clock):
    """The machine's, put forward."""

    by: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.by


_known: list[Operation] = []


def _operations(service: Service) -> list[Operation]:
    """Read from the document once: it is the same over all."""
    _known[:] = _known or in_order(service)
    return _known


class Plain:
    """Says an answer without what is another each time: ids and checksums by their number, no times, no signatures."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def answer(self, answer: httpx.Response) -> tuple[int, dict[str, str], Any]:
        headers = {name: self.text(value) for name, value in answer.headers.items() if name not in _PASSING}
        return answer.status_code, headers, self._body(answer)

    def text(self, text: str) -> str:
        for pattern, plain in _OF_THIS_RUN:
            text = pattern.sub(plain, text)
        return _DRAWN.sub(lambda found: f"#{self._numbers.setdefault(found[0], len(self._numbers))}", text)

    def _body(self, answer: httpx.Response) -> Any:
        if answer.headers.get("content-type", "") == "application/zip":
            with ZipFile(BytesIO(answer.content)) as archive:
                return {self.text(name): self._content(archive.read(name)) for name in archive.namelist()}
        return self._content(answer.content)

    def _content(self, content: bytes) -> str:
        try:
            return self.text(content.decode())
        except UnicodeDecodeError:
            return hashlib.sha256(content).hexdigest()


async def journey(settings: Settings, folder: Path) -> Told:
    """Of a clinic of its own in a new installation; `folder` is for what is imported."""
    clock = LaterClock()

    def change(container: Container) -> None:
        container.clock.override(Object(clock))
        container.inspector.override(Object(InProcessInspector()))

    async with serving(settings, change) as service:
        clinic, plain, told = Clinic(service, "journey"), Plain(), Told()
        ids = await filled(clinic, "p")
        admin = replace(clinic.admin, ttl=timedelta(days=99))
        for operation in _operations(service):
            told[f"{operation.id} of nothing"] = plain.answer(await asked(clinic.dentist, operation, NOBODY))
            by = clinic.dentist if "Upload" in operation.id else admin
            answer = await asked(by, operation, ids)
            if operation.id != "readAudit":
                told[operation.id] = plain.answer(answer)
        async for name, answer in _content(clinic.dentist):
            told[name] = plain.answer(answer)
        await _imported(service.container, clinic.id, folder)
        told |= {f"imported: {path}": plain.answer(await admin.get(path)) for path in _LISTS}
        await admin.post("/files/batch-delete", {"file_ids": [ids["file"], ids["spare"]]})
        clock.by = timedelta(days=31)
        purged = [view.id async for view in service.container.purge_trash()()]
        told["purged"] = (len(purged), {}, [plain.text(id) for id in purged])
        told |= {f"purged: {path}": plain.answer(await admin.get(path)) for path in _LISTS}
        await service.container.audit().flush()
        told["audit"] = (200, {}, await _logged(admin))
        damages = [found async for found in service.container.verify()(share=1.0)]
        told["verify"] = (len(damages), {}, damages)
    return told


async def _content(dentist: Person) -> AsyncIterator[tuple[str, httpx.Response]]:
    """Files of each kind, sent, and read in every way."""
    for kind, file in _FILES.items():
        answer = await dentist.send_document("p", file=file, title=kind)
        yield f"sent {kind}", answer
        async for each in _read(dentist, kind, data_of(answer, 201)):
            yield each
    yield "sent again", await dentist.send_document("p", file=_FILES["photo"])
    yield "refused", await dentist.send_document("p", file=("foto.svg", b"<svg/>", "image/svg+xml"))
    asked = {"page_size": "3"}
    for number in range(2):
        page = await dentist.get("/media/patients/p/documents", params=asked)
        yield f"page {number}", page
        asked["cursor"] = page.json()["next_cursor"]
    for q in ("RAY", "ñ%_", "informe"):
        yield f"searched {q}", await dentist.get("/media/patients/p/documents", params={"q": q})


async def _read(dentist: Person, kind: str, document: Json) -> AsyncIterator[tuple[str, httpx.Response]]:
    path = f"/media/documents/{document['id']}/download"
    for variant in ("full", "medium", "thumb"):
        yield f"{kind}, {variant}", await dentist.get(path, params={"variant": variant, "disposition": "inline"})
    for part in ("bytes=0-0", "bytes=9-30", "bytes=-7", "bytes=99999999-", "bytes=2-1"):
        yield f"{kind}, {part}", await dentist.get(path, headers={"Range": part})
    etag = f'"{document["sha256"]}"'
    yield f"{kind}, the same", await dentist.get(path, headers={"If-None-Match": etag})
    yield f"{kind}, if the same", await dentist.get(path, headers={"If-Range": etag, "Range": "bytes=1-2"})
    yield f"{kind}, its head", await dentist.ask("HEAD", path)
    for name in ("full_url", "medium_url", "thumb_url"):
        if document[name] is not None:
            yield f"{kind}, {name}", await dentist.service.client.get(document[name])
            yield f"{kind}, {name} forged", await dentist.service.client.get(document[name] + "0")


async def _logged(admin: Person) -> list[tuple[str, int]]:
    """How often each entry is in the audit log. Reads are put in it a moment later: their place in it is their own."""
    entries, asked = Counter[str](), {"page_size": "200"}
    while asked.get("cursor", "") is not None:
        page = (await admin.get("/audit", params=asked)).json()
        for row in page["data"]:
            said = " ".join(str(row[name]) for name in ("user_id", "action", "outcome", "patient_id", "detail"))
            entries[_DRAWN.sub("(id)", said)] += 1
        asked["cursor"] = page["next_cursor"]
    return sorted(entries.items())


async def _imported(container: Container, clinic: str, folder: Path) -> None:
    made = MediKeepMade(folder)
    for id in range(1, 5):
        made.lab_file(id, 1 + id % 3)
    await bring(container, medikeep(container, made.url, made.uploads, ClinicId(clinic)))
