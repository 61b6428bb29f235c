"""One person at work for hours: everything that a clinic does, and what of it was acknowledged."""

import asyncio
from base64 import b64encode
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from random import Random
from time import perf_counter
from typing import Any
from zipfile import ZipFile

import httpx

from tests.proof.tus import photo

_TUS = {"Tus-Resumable": "1.0.0"}
_SMALL, _LARGE = 60_000, 200_000
_MOST_FILES = 200
"""Of a patient, after which the next one comes: galleries stay as long as they are, and uploads never end."""


@dataclass(slots=True)
class Stored:
    """A document as it was acknowledged; None where the answer to the last change was lost."""

    id: str
    sha256: str
    size: int
    is_trashed: bool | None = False
    is_paired: bool | None = False
    is_linked: bool | None = False


@dataclass(slots=True)
class Patient:
    """With one visit, on which notes and links are."""

    id: str
    visit: str
    stored: list[Stored] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)

    @property
    def on_visit(self) -> dict[str, str]:
        return {"owner_type": "treatment", "owner_id": self.visit}


@dataclass(slots=True)
class Unsure:
    """A request whose answer was lost: it is sent again under the same key."""

    send: Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Log:
    """Of all clients."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    lost_answers: int = 0
    wrong: list[str] = field(default_factory=list)
    keys: int = 0
    requests: int = 0


class Client:
    """Works on patients of its own, one thing after another, so that it knows what must be there."""

    def __init__(self, number: int, http: httpx.AsyncClient, log: Log, seed: int) -> None:
        self.patients: list[Patient] = []
        self.again: list[Unsure] = []
        self._number = number
        self._http = http
        self._log = log
        self._dice = Random(seed * 1000 + number)

    @property
    def stored(self) -> list[Stored]:
        return [one for patient in self.patients for one in patient.stored]

    @property
    def notes(self) -> set[str]:
        return {note for patient in self.patients for note in patient.notes}

    async def begin(self) -> None:
        """With the next patient."""
        name = f"{self._number}-{len(self.patients)}"
        patient = Patient(f"p-{name}", f"t-{name}")
        named: dict[str, Any] = {"display_name": "Ana García"}
        await self._ask("patient", "PUT", f"/directory/patients/{patient.id}", 200, 201, json=named)
        titled = {"patient_id": patient.id, "title": "Revisión"}
        await self._ask("visit", "PUT", f"/directory/owners/treatment/{patient.visit}", 200, 201, json=titled)
        self.patients.append(patient)

    async def work(self, is_up: asyncio.Event, is_over: asyncio.Event) -> None:
        """Until it is over. While the server is away, wait."""
        while not is_over.is_set():
            await is_up.wait()
            try:
                if self.again:
                    await self.again[0].send()
                    self.again.pop(0)
                else:
                    await self._something()
            except httpx.TransportError:
                self._log.lost_answers += 1
                await asyncio.sleep(0.2)

    async def settle(self) -> None:
        """Send again what was left open at the end."""
        while self.again:
            await self.again[0].send()
            self.again.pop(0)

    # --- what there is to do ---

    async def _something(self) -> None:
        if len(self.patients[-1].stored) >= _MOST_FILES:
            await self.begin()
        patient = self.patients[-1]
        there = [each for each in patient.stored if each.is_trashed is False]
        acts: list[Callable[[], Awaitable[None]]] = [lambda: self._gallery(patient)] * 3
        acts += [lambda: self._upload(patient), lambda: self._upload_in_pieces(patient)]
        if there:
            one = self._dice.choice(there)
            acts += [lambda: self._download(one), lambda: self._part(one), lambda: self._thumb(one)]
            acts += [lambda: self._trash(one)]
            acts += [lambda: self._link(patient, one), lambda: self._note(patient, one)]
        if len(there) > 2:
            acts += [lambda: self._zip(self._dice.sample(there, 3)), lambda: self._pair(*self._dice.sample(there, 2))]
        trashed = [each for each in patient.stored if each.is_trashed is not False]
        if trashed:
            acts += [lambda: self._restore(self._dice.choice(trashed))] * 2
        await self._dice.choice(acts)()

    async def _ask(self, act: str, method: str, path: str, *expected: int, **options: Any) -> httpx.Response:
        """Raises `TransportError` where no answer came, or the one of a server that is going."""
        began = perf_counter()
        answer = await self._http.request(method, path, **options)
        if answer.status_code == 503 and "retry-after" in answer.headers:
            raise httpx.ReadError("the server is going")
        self._log.seconds[act].append(perf_counter() - began)
        self._log.requests += 1
        if answer.status_code not in expected:
            self._log.wrong.append(f"{act} is answered with {answer.status_code}: {answer.text[:300]}")
        return answer

    def _key(self) -> str:
        self._log.keys += 1
        return f"key-{self._log.keys}"

    async def _surely(self, send: Callable[[], Awaitable[None]]) -> None:
        """What has a key, so that it can be sent until the answer has come."""
        try:
            await send()
        except httpx.TransportError:
            self.again.append(Unsure(send))
            raise

    async def _upload(self, patient: Patient) -> None:
        data, key = photo(self._dice.randrange(10), self._dice.randint(_SMALL, _LARGE), self._dice), self._key()

        async def send() -> None:
            answer = await self._ask(
                *("upload", "POST", f"/media/patients/{patient.id}/photos", 201),
                data={"media_category": "intraoral"},
                files={"file": ("foto.jpg", data, "image/jpeg")},
                headers={"Idempotency-Key": key},
            )
            if answer.is_success:
                patient.stored.append(Stored(answer.json()["data"]["id"], sha256(data).hexdigest(), len(data)))

        await self._surely(send)

    async def _upload_in_pieces(self, patient: Patient) -> None:
        data, key = photo(self._dice.randrange(10), self._dice.randint(_SMALL, _LARGE), self._dice), self._key()
        words = {"target": "photo", "patient_id": patient.id, "media_category": "intraoral", "filename": "foto.jpg"}
        metadata = ",".join(f"{name} {b64encode(text.encode()).decode()}" for name, text in words.items())
        begin = {**_TUS, "Upload-Length": str(len(data)), "Upload-Metadata": metadata, "Idempotency-Key": key}

        async def send() -> None:
            begun = await self._ask("begin in pieces", "POST", "/uploads", 201, headers=begin)
            place = begun.headers["location"].removeprefix("/api/v1")
            stands = await self._ask("ask for pieces", "HEAD", place, 200, headers=_TUS)
            offset = int(stands.headers["upload-offset"])
            while offset < len(data):
                headers = {**_TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
                piece = data[offset : offset + 70_000]
                sent = await self._ask("piece", "PATCH", place, 204, 423, content=piece, headers=headers)
                if sent.status_code == 423:
                    await asyncio.sleep(0.1)  # the piece before is still being taken in
                offset = int(sent.headers.get("upload-offset", offset))
            shown = await self._ask("show pieces", "GET", place, 200)
            if shown.is_success and (document := shown.json()["data"]["document_id"]):
                patient.stored.append(Stored(document, sha256(data).hexdigest(), len(data)))
            else:
                self._log.wrong.append(f"of an upload in pieces came {shown.text[:300]}")

        await self._surely(send)

    async def _gallery(self, patient: Patient) -> None:
        path = f"/media/patients/{patient.id}/photos?page_size=40"
        listed = (await self._ask("gallery", "GET", path, 200)).json()
        known = [each.is_trashed for each in patient.stored]
        if None not in known and not self.again and listed["total"] != known.count(False):
            self._log.wrong.append(f"{listed['total']} photos are listed, {known.count(False)} are there")

    async def _download(self, one: Stored) -> None:
        answer = await self._ask("download", "GET", f"/media/documents/{one.id}/download", 200)
        if sha256(answer.content).hexdigest() != one.sha256:
            self._log.wrong.append(f"other bytes of {one.id}")

    async def _part(self, one: Stored) -> None:
        start = self._dice.randrange(one.size)
        headers = {"Range": f"bytes={start}-{start + 9999}"}
        answer = await self._ask("part", "GET", f"/media/documents/{one.id}/download", 206, headers=headers)
        if len(answer.content) != min(10_000, one.size - start):
            self._log.wrong.append(f"{len(answer.content)} bytes from {start} of {one.size}")

    async def _thumb(self, one: Stored) -> None:
        await self._ask("thumb", "GET", f"/media/documents/{one.id}/download?variant=thumb", 200)

    async def _zip(self, some: list[Stored]) -> None:
        answer = await self._ask("zip", "POST", "/files/zip", 200, json={"file_ids": [each.id for each in some]})
        with ZipFile(BytesIO(answer.content)) as archive:
            if archive.testzip() is not None or len(archive.namelist()) != len(some) + 1:
                self._log.wrong.append(f"the archive holds {archive.namelist()}")

    async def _trash(self, one: Stored) -> None:
        one.is_trashed = None
        await self._ask("trash", "DELETE", f"/media/documents/{one.id}", 204)
        one.is_trashed = True

    async def _restore(self, one: Stored) -> None:
        one.is_trashed = None
        await self._ask("restore", "POST", f"/media/documents/{one.id}/restore", 200)
        one.is_trashed = False

    async def _link(self, patient: Patient, one: Stored) -> None:
        one.is_linked = None
        body = {"document_id": one.id, **patient.on_visit}
        await self._ask("link", "POST", "/media/attachments", 200, 201, json=body)
        one.is_linked = True

    async def _pair(self, one: Stored, two: Stored) -> None:
        if one.is_paired is not False or two.is_paired is not False:
            one.is_paired = None
            await self._ask("unpair", "DELETE", f"/media/documents/{one.id}/pair", 200)
            one.is_paired = False
            return
        one.is_paired = two.is_paired = None
        await self._ask("pair", "POST", f"/media/documents/{one.id}/pair/{two.id}", 200)
        one.is_paired = two.is_paired = True

    async def _note(self, patient: Patient, one: Stored) -> None:
        words: dict[str, Any] = {"note_type": "treatment", "body": "Primera visita"}
        key, body = self._key(), {**patient.on_visit, **words, "attachment_document_ids": [one.id]}
        one.is_linked = None

        async def send() -> None:
            headers = {"Idempotency-Key": key}
            answer = await self._ask("note", "POST", "/clinical_notes/notes", 201, json=body, headers=headers)
            if answer.is_success:
                patient.notes.add(answer.json()["data"]["id"])
                one.is_linked = True

        await self._surely(send)

    # --- what must be there at the end ---

    async def look(self) -> None:
        for patient in self.patients:
            for one in patient.stored:
                await self._look_at(one)
            await self._look_at_links(patient)
            await self._look_at_notes(patient)
            await self._gallery(patient)

    async def _look_at(self, one: Stored) -> None:
        path = f"/media/documents/{one.id}"
        if one.is_trashed is None:
            await self._ask("look again", "POST", f"{path}/restore", 200)
            one.is_trashed = False
        answer = await self._ask("look", "GET", f"{path}/download", 404 if one.is_trashed else 200)
        if not one.is_trashed and sha256(answer.content).hexdigest() != one.sha256:
            self._log.wrong.append(f"lost: other bytes of {one.id}")

    async def _look_at_links(self, patient: Patient) -> None:
        listed = self._listed("look at links", "/media/attachments", patient)
        there = {each["document_id"] async for each in listed}
        lost = {each.id for each in patient.stored if each.is_linked and not each.is_trashed} - there
        self._log.wrong += [f"lost: the link of {id}" for id in lost]

    async def _look_at_notes(self, patient: Patient) -> None:
        there = {each["id"] async for each in self._listed("look at notes", "/clinical_notes/notes", patient)}
        if there != patient.notes:
            self._log.wrong.append(f"{len(there)} notes are there, {len(patient.notes)} were acknowledged")

    async def _listed(self, act: str, path: str, patient: Patient) -> AsyncIterator[dict[str, Any]]:
        asked: dict[str, str | int] = {**patient.on_visit, "page_size": 200}
        while True:
            page = (await self._ask(act, "GET", path, 200, params=asked)).json()
            for each in page["data"]:
                yield each
            if page["next_cursor"] is None:
                return
            asked["cursor"] = page["next_cursor"]
