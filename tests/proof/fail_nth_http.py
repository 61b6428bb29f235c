"""G4 as a client sees it: one step fails, once, under each kind of request; the answer is a success or a 503.

python -m tests.proof.fail_nth_http --runs 1000 --seed 1
"""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TypeAlias, cast

import httpx
from dependency_injector.providers import Object

from adapters.files.local import LocalBlobs
from domain.access import Role
from entrypoints.container import Container
from tests.http.service import Clinic, Json, Person, Service, serving, settings_for
from tests.proof import samples
from tests.proof.fail_nth import FailingOnce, Run, faults
from tests.proof.samples import InProcessInspector
from tests.proof.taps import PORTS, Switch, Tapped, TappedDisk

PROVIDERS = {
    "document_views": "documents",
    "attachment_views": "attachments",
    "note_views": "notes",
    "directory_views": "directory",
    "_local_owners": "owners",
}


@dataclass(slots=True)
class Patient:
    """What a trial finds: a clinic of its own with a patient that has a little of everything."""

    person: Person
    one: Json
    two: Json
    text: Json
    trashed: Json
    link: Json
    note: Json


async def _admitted(clinic: Clinic) -> Patient:
    person = clinic.person(Role.ADMIN, user="u-admin")
    await clinic.patient("ana")
    await clinic.patient("luis")
    visit = await clinic.owner("visit", "v1", "ana")
    await clinic.owner("treatment", "t1", "ana")
    one, two = await person.photo("ana"), await person.photo("ana")
    text, trashed = await person.document("ana"), await person.document("ana")
    await person.delete(f"/media/documents/{trashed['id']}")
    link = await person.post("/media/attachments", {"document_id": one["id"], **visit})
    note = await person.post("/clinical_notes/notes", {**_NOTE, "attachment_document_ids": [one["id"]]})
    return Patient(person, one, two, text, trashed, link.json()["data"], note.json()["data"])


_NOTE = {"note_type": "treatment", "owner_type": "treatment", "owner_id": "t1", "body": "Primera visita"}
_VISIT = {"owner_type": "visit", "owner_id": "v1"}
_PHOTO = ("foto.jpg", samples.photo(3), "image/jpeg")
_TEXT = ("informe.txt", samples.text(3), "text/plain")

Ask: TypeAlias = Callable[[Patient], Awaitable[httpx.Response]]


def _document(id: str, more: str = "") -> str:
    return f"/media/documents/{id}{more}"


REQUESTS: Mapping[str, Ask] = {
    "upload a photo": lambda p: p.person.send_photo("ana", file=_PHOTO, **_VISIT, paired_document_id=p.two["id"]),
    "upload a document": lambda p: p.person.send_document("ana", file=_TEXT),
    "upload a file": lambda p: p.person.ask("POST", "/visit/v1/files", files={"file": _TEXT}),
    "gallery": lambda p: p.person.get("/media/patients/ana/photos"),
    "documents": lambda p: p.person.get("/media/patients/ana/documents"),
    "files": lambda p: p.person.get("/visit/v1/files"),
    "trash": lambda p: p.person.get("/files/trash"),
    "look": lambda p: p.person.get(_document(p.one["id"])),
    "download": lambda p: p.person.get(_document(p.text["id"], "/download")),
    "download a part": lambda p: p.person.get(_document(p.text["id"], "/download"), headers={"Range": "bytes=1-3"}),
    "thumb": lambda p: p.person.get(_document(p.one["id"], "/download?variant=thumb")),
    "signed thumb": lambda p: p.person.service.client.get(p.one["thumb_url"]),
    "rename": lambda p: p.person.put(_document(p.text["id"]), {"title": "Otro"}),
    "reclassify": lambda p: p.person.patch(_document(p.one["id"], "/photo-metadata"), {"tags": ["x"]}),
    "to the trash": lambda p: p.person.delete(_document(p.one["id"])),
    "restore": lambda p: p.person.post(_document(p.trashed["id"], "/restore")),
    "move": lambda p: p.person.post(_document(p.one["id"], "/move"), {"patient_id": "luis"}),
    "pair": lambda p: p.person.post(_document(p.one["id"], f"/pair/{p.two['id']}")),
    "unpair": lambda p: p.person.delete(_document(p.one["id"], "/pair")),
    "link": lambda p: p.person.post("/media/attachments", {"document_id": p.two["id"], **_VISIT}),
    "attachments": lambda p: p.person.get("/media/attachments?owner_type=visit&owner_id=v1"),
    "counts": lambda p: p.person.post("/media/attachments/batch-counts", {"owner_type": "visit", "owner_ids": ["v1"]}),
    "place": lambda p: p.person.patch(f"/media/attachments/{p.link['id']}", {"display_order": 3}),
    "unlink": lambda p: p.person.delete(f"/media/attachments/{p.link['id']}"),
    "unlink a record": lambda p: p.person.delete("/media/attachments?owner_type=visit&owner_id=v1"),
    "write a note": lambda p: p.person.post(
        "/clinical_notes/notes", {**_NOTE, "attachment_document_ids": [p.two["id"]]}
    ),
    "notes": lambda p: p.person.get("/clinical_notes/notes?owner_type=treatment&owner_id=t1"),
    "revise a note": lambda p: p.person.patch(f"/clinical_notes/notes/{p.note['id']}", {"body": "Corregida"}),
    "delete a note": lambda p: p.person.delete(f"/clinical_notes/notes/{p.note['id']}"),
    "timeline": lambda p: p.person.get("/media/patients/ana/timeline"),
    "archive": lambda p: p.person.post("/media/patients/ana/archive"),
    "register a patient": lambda p: p.person.put("/directory/patients/eva", {"display_name": "Eva"}),
    "patients": lambda p: p.person.get("/directory/patients"),
    "register a record": lambda p: p.person.put("/directory/owners/visit/v2", {"patient_id": "ana", "title": "V"}),
    "delete a record": lambda p: p.person.delete("/directory/owners/visit/v1"),
    "grant": lambda p: p.person.put("/directory/patients/ana/grants/mario", {"access": "view"}),
    "audit": lambda p: p.person.get("/audit"),
}


@dataclass(slots=True)
class Tally:
    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Trials:
    service: Service
    tap: Switch
    clinics: int = 0

    async def admitted(self) -> Patient:
        self.clinics += 1
        return await _admitted(Clinic(self.service, f"clinic-{self.clinics}"))

    async def asked(self, name: str, patient: Patient, tap: Callable[[str], None]) -> httpx.Response:
        self.tap.listener, self.tap.is_on = tap, True
        try:
            return await REQUESTS[name](patient)
        finally:
            self.tap.is_on = False

    async def courses(self) -> dict[str, tuple[list[str], int, bytes]]:
        """By request, what it comes by, its status and its body where nothing fails."""
        found = {}
        for name in REQUESTS:
            places: list[str] = []
            answer = await self.asked(name, await self.admitted(), places.append)
            assert answer.is_success, f"{name}: {answer.text}"
            found[name] = (places, answer.status_code, answer.content)
        return found


@asynccontextmanager
async def _tried(folder: Path) -> AsyncIterator[Trials]:
    tap = Switch(lambda _: None)

    def tapped(container: Container) -> None:
        disk = TappedDisk()
        disk.tap = tap
        container.inspector.override(Object(InProcessInspector()))
        container.blobs.override(Object(LocalBlobs(folder / "files", disk=disk)))
        container._database.override(Object(Tapped(container._database(), "Database", tap)))
        names = {port: name for name, port in PROVIDERS.items()}
        for port, called in PORTS.items():
            provider = getattr(container, names.get(port, port))
            provider.override(Object(Tapped(provider(), called, tap)))

    async with serving(settings_for(folder), tapped) as service:
        # What goes wrong after the answer has begun cuts it off, as it would on a socket.
        cast("Any", service.client._transport).raise_app_exceptions = False
        yield Trials(service, tap)


async def measure(runs: int, seed: int) -> Tally:
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="clinic-media-failures-") as name:
        async with _tried(Path(name)) as trials:
            courses = await trials.courses()
            every = [
                Run(asked, number, place, fault)
                for asked, (places, _, _) in courses.items()
                for number, place in enumerate(places)
                for fault in faults(place)
            ]
            Random(seed).shuffle(every)
            for run in every[:runs]:
                await _try_out(trials, run, courses[run.act], tally)
            await trials.service.container.recover()()
            tally.wrong += [str(found) async for found in trials.service.container.verify()(share=1.0)]
    return tally


async def _try_out(trials: Trials, run: Run, course: tuple[list[str], int, bytes], tally: Tally) -> None:
    patient = await trials.admitted()
    answer = await trials.asked(run.act, patient, FailingOnce(run))
    tally.requests += 1
    tally.statuses[answer.status_code] += 1
    if answer.status_code == 503:
        if "retry-after" not in answer.headers or answer.json()["code"] != "unavailable":
            tally.wrong.append(f"{run}: {answer.headers} {answer.text[:200]}")
    elif answer.status_code != course[1]:
        tally.wrong.append(f"{run}: {answer.status_code} {answer.text[:300]}")
    elif "download" in run.act and _is_whole(answer) and len(answer.content) != len(course[2]):
        tally.wrong.append(f"{run}: other bytes than are stored")
    again = await trials.asked(run.act, patient, lambda _: None)
    if again.status_code not in (200, 201, 204, 206, 404, 409, 422):
        tally.wrong.append(f"{run}: asked again, {again.status_code} {again.text[:300]}")


def _is_whole(answer: httpx.Response) -> bool:
    """Whether the client takes it for complete."""
    return len(answer.content) == int(answer.headers["content-length"])


def main() -> int:
    asks = argparse.ArgumentParser(description="Let every call under every kind of request fail (figure G4).")
    asks.add_argument("--runs", type=int, default=1000)
    asks.add_argument("--seed", type=int, default=1)
    given = asks.parse_args()
    logging.disable()
    began = time.perf_counter()
    tally = asyncio.run(measure(given.runs, given.seed))
    for line in tally.wrong[:40]:
        print(line[:600], file=sys.stderr)
    print(f"{'failed':<14}{tally.requests} requests of {len(REQUESTS)} kinds, seed {given.seed}")
    print(f"{'answers':<14}{dict(sorted(tally.statuses.items()))}")
    print(f"{'wrong':<14}{len(tally.wrong)}")
    print(f"{'seconds':<14}{time.perf_counter() - began:.0f}")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
