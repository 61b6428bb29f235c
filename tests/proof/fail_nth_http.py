"""G4 as a client sees it: one step fails, once, under each kind of request; the answer is a success or a 503.

python -m tests.proof.fail_nth_http --runs 1000 --seed 1
"""

import asyncio
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, cast

import httpx
from dependency_injector.providers import Object

from adapters.files.local import LocalBlobs
from entrypoints.container import Container
from tests.http.service import Clinic, Service, serving, settings_for
from tests.proof.disk_taps import TappedDisk
from tests.proof.fail_nth import FailingOnce, Run, runs
from tests.proof.figure import Figure, command
from tests.proof.http_requests import REQUESTS, Patient, admitted
from tests.proof.samples import InProcessInspector
from tests.proof.taps import PORTS, Switch, Tapped

PROVIDERS = {
    "document_views": "documents",
    "attachment_views": "attachments",
    "note_views": "notes",
    "directory_views": "directory",
    "file_views": "files",
    "_local_owners": "owners",
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
        return await admitted(Clinic(self.service, f"clinic-{self.clinics}"))

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


async def measure(count: int, seed: int) -> Tally:
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="clinic-media-failures-") as name:
        async with _tried(Path(name)) as trials:
            courses = await trials.courses()
            places = {name: reached for name, (reached, _, _) in courses.items()}
            for run in runs(places, Random(seed))[:count]:
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
    elif run.act == "download" and _is_whole(answer) and answer.content != course[2]:
        # of a part there is no checksum to compare it with
        tally.wrong.append(f"{run}: other bytes than are stored")
    again = await trials.asked(run.act, patient, lambda _: None)
    if again.status_code not in (200, 201, 204, 206, 404, 409, 422):
        tally.wrong.append(f"{run}: asked again, {again.status_code} {again.text[:300]}")


def _is_whole(answer: httpx.Response) -> bool:
    """Whether the client takes it for complete."""
    return len(answer.content) == int(answer.headers["content-length"])


def figure(*, runs: int = 100_000, seed: int = 1) -> Figure:
    """Each fault at each place is tried once at most, so there may be fewer runs than were asked for."""
    logging.disable()
    tally = asyncio.run(measure(runs, seed))
    told = {
        "failed": f"{tally.requests} requests of {len(REQUESTS)} kinds",
        "answers": dict(sorted(tally.statuses.items())),
        "wrong": len(tally.wrong),
    }
    return Figure(told, tally.wrong)


if __name__ == "__main__":
    sys.exit(command(figure))
