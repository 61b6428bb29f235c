"""Two servers and two workers over one PostgreSQL and one bucket, killed one after the other under eight clients.

    python -m tests.proof.many_servers --rounds 20 --seed 1

In each round every client stores, links, trashes and restores documents; all of them at once want the last place of a
record that may have five files, and to pair a photo with two others; each through either server. Meanwhile one of the
four processes, chosen by dice, is ended with SIGKILL and started again. Clients lose connections, and repeat under the
same Idempotency-Key. Limits must hold, no pair be half, nothing be there twice, nobody hear of a 5xx; at the end every
acknowledged upload is there, every event was delivered, and `clinic-media verify --read-data` finds nothing.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol

from sqlalchemy import make_url

from adapters.sql.schema import upgrade
from tests.cli.running import environment, free_port
from tests.contract.buses import SECRET
from tests.proof import samples
from tests.proof.figure import Figure, command, progress
from tests.proof.kill_server import Server, verified
from tests.proof.persistent import Persistent, Tally, look, relayed
from tests.services.endpoint import Endpoint, endpoint
from tests.services.postgres import postgres_server
from tests.services.s3 import BUCKET, s3_server

CLIENTS = 8
PATIENTS = tuple(f"p-{number}" for number in range(4))
_MAX_FILES = 5
"""Of an insurance."""
_KILLED_WITHIN = 1.5


class Killable(Protocol):
    def wait(self) -> None:
        """Until it answers."""

    def kill(self) -> None: ...


class Worker(Killable):
    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        with (folder / "worker.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from entrypoints.cli import main; main()", "worker"],
                cwd=folder,
                env=environment(folder, **settings),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Nobody asks it anything."""

    def kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@dataclass(slots=True)
class Fleet:
    """The servers first, then the workers; each in a folder of its own, as on a machine of its own."""

    folders: Sequence[Path]
    settings: dict[str, str]
    running: list[Killable]
    urls: list[str]
    kills: int = 0

    @classmethod
    def started(cls, folder: Path, settings: dict[str, str]) -> "Fleet":
        folders = [folder / name for name in ("server-1", "server-2", "worker-1", "worker-2")]
        for each in folders:
            each.mkdir()
        servers = [Server(each, free_port(), **settings) for each in folders[:2]]
        workers = [Worker(each, settings) for each in folders[2:]]
        return cls(folders, settings, [*servers, *workers], [server.url for server in servers])

    def wait(self) -> None:
        for process in self.running:
            process.wait()

    def strike(self, number: int) -> None:
        self.running[number].kill()
        self.kills += 1
        if number < len(self.urls):
            port = int(self.urls[number].rpartition(":")[2])
            self.running[number] = Server(self.folders[number], port, **self.settings)
        else:
            self.running[number] = Worker(self.folders[number], self.settings)

    def kill(self) -> None:
        for process in self.running:
            process.kill()


class Round:
    def __init__(self, number: int, clients: Sequence[Persistent], tally: Tally) -> None:
        self._number = number
        self._clients = clients
        self._tally = tally

    async def run(self) -> None:
        await asyncio.gather(*(self._everyday(number) for number in range(CLIENTS)))
        await asyncio.gather(self._last_place(), self._two_pairs())

    async def _everyday(self, number: int) -> None:
        client, patient, treatment = self._clients[number], PATIENTS[number % 4], f"t-{PATIENTS[number % 4]}"
        key = f"everyday-{self._number}-{number}"
        answer = await client.upload(key, patient, f"{key}\n".encode() * 50)
        if answer.status_code != 201:
            self._tally.found.append(f"{key} was answered with {answer.status_code}: {answer.text[:200]}")
            return
        id = answer.json()["data"]["id"]
        await asyncio.gather(*(each.link(id, treatment) for each in self._clients[:2]))
        await client.done("DELETE", f"/media/documents/{id}")
        await client.done("POST", f"/media/documents/{id}/restore")

    async def _last_place(self) -> None:
        record, patient = f"insurance/i-{self._number}", PATIENTS[self._number % 4]
        body = {"patient_id": patient, "title": "Póliza"}
        await self._clients[0].done("PUT", f"/directory/owners/{record}", json=body)
        first = await self._files(record, patient, range(_MAX_FILES - 1))
        race = await self._files(record, patient, range(_MAX_FILES, _MAX_FILES + CLIENTS))
        if first != Counter({201: _MAX_FILES - 1}) or race != Counter({201: 1, 422: CLIENTS - 1}):
            self._tally.found.append(f"the last place of {record}: first {first}, then {race}")
        there = len((await self._clients[0].done("GET", f"/{record}/files")).json())
        if there != _MAX_FILES:
            self._tally.found.append(f"{record} has {there} files, {_MAX_FILES} are allowed")

    async def _files(self, record: str, patient: str, numbers: range) -> Counter[int]:
        answers = await asyncio.gather(
            *(
                client.upload(
                    f"{record.replace('/', '-')}-{number}",
                    patient,
                    samples.photo(number),
                    f"/{record}/files",
                    description="card",
                )
                for client, number in zip(self._clients, numbers, strict=False)
            )
        )
        return Counter(answer.status_code for answer in answers)

    async def _two_pairs(self) -> None:
        patient = PATIENTS[self._number % 4]
        path, words = f"/media/patients/{patient}/photos", {"media_category": "intraoral"}
        answers = [
            await client.upload(f"photo-{self._number}-{place}", patient, samples.photo(place), path, **words)
            for place, client in enumerate(self._clients[:3])
        ]
        if {answer.status_code for answer in answers} != {201}:
            self._tally.found.append(f"photos were answered with {[answer.text[:200] for answer in answers]}")
            return
        one, *others = [answer.json()["data"]["id"] for answer in answers]
        asked = [others[number % 2] for number in range(CLIENTS)]
        told = await asyncio.gather(
            *(
                client.send("POST", f"/media/documents/{one}/pair/{other}")
                for client, other in zip(self._clients, asked, strict=True)
            )
        )
        won = {other for other, answer in zip(asked, told, strict=True) if answer.is_success}
        if {answer.status_code for answer in told} - {200, 409} or len(won) != 1:
            self._tally.found.append(f"pairs of {one}: {[answer.status_code for answer in told]}")
            return
        shown = [await self._clients[0].send("GET", f"/media/documents/{id}/pair") for id in (one, *won)]
        if {frozenset(each["id"] for each in answer.json()["data"].values()) for answer in shown} != {
            frozenset((one, *won))
        }:
            self._tally.found.append(f"half a pair: {[answer.text[:300] for answer in shown]}")


async def _go(fleet: Fleet, rounds: int, tally: Tally, dice: Random) -> None:
    clients = [Persistent(fleet.urls, tally, Random(dice.random())) for _ in range(CLIENTS)]
    for patient in PATIENTS:
        await clients[0].done("PUT", f"/directory/patients/{patient}", json={"display_name": "Ana García"})
        body = {"patient_id": patient, "title": "Ortodoncia"}
        await clients[0].done("PUT", f"/directory/owners/treatment/t-{patient}", json=body)
    for number in range(rounds):
        work = asyncio.create_task(Round(number, clients, tally).run())
        await asyncio.sleep(dice.uniform(0, _KILLED_WITHIN))
        await asyncio.to_thread(fleet.strike, dice.randrange(len(fleet.running)))
        await work
        await asyncio.to_thread(fleet.wait)
        progress(number + 1, rounds, f"{len(tally.uploads)} acknowledged, {len(tally.found)} wrong", every=1)
    await look(clients[0], tally)
    for client in clients:
        await client.__aexit__()


async def _heard_all(database: str, heard: Endpoint, tally: Tally) -> None:
    """Every event that was committed, and none that was not."""
    committed = await relayed(database)
    told = {json.loads(request.body)["id"] for request in heard.requests}
    if told != committed.keys():
        tally.found.append(f"of {len(committed)} events {len(told)} were heard")
    uploaded = {subject for type, subject in committed.values() if type.endswith("uploaded")}
    for upload in tally.uploads:
        if upload.id not in uploaded:
            tally.found.append(f"nobody was told of {upload.id}")


def measure(rounds: int, seed: int) -> tuple[Tally, Fleet]:
    tally = Tally()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clinic-media-fleet-")))
        database = stack.enter_context(postgres_server()).url
        (folder / "s3").mkdir()
        s3, heard = stack.enter_context(s3_server(folder / "s3")), stack.enter_context(endpoint())
        url = make_url(database).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
        upgrade(url)
        settings = {
            "DATABASE__URL": url,
            "STORAGE__URL": f"s3://{BUCKET}/fleet",
            "STORAGE__OPTIONS": json.dumps({name: s3.options[name] for name in ("endpoint_url", "key", "secret")}),
            "EVENTS__BUS": "webhook",
            "EVENTS__URL": heard.url,
            "EVENTS__SECRET": SECRET,
        }
        fleet = Fleet.started(folder, settings)
        try:
            fleet.wait()
            asyncio.run(_go(fleet, rounds, tally, Random(seed)))
            asyncio.run(_heard_all(database, heard, tally))
        finally:
            fleet.kill()
        tally.found += verified(fleet.folders[0], **settings)
    return tally, fleet


def figure(*, rounds: int = 20, seed: int = 1) -> Figure:
    tally, fleet = measure(rounds, seed)
    if tally.unavailable:
        tally.found.append(f"{tally.unavailable} times 503")
    told = {
        "rounds": f"{rounds}, {fleet.kills} processes killed, under {CLIENTS} clients",
        "acknowledged": f"{len(tally.uploads)} uploads, {len(tally.links)} links",
        "sent again": tally.again,
        "503": tally.unavailable,
        "wrong": len(tally.found),
    }
    return Figure(told, tally.found)


if __name__ == "__main__":
    sys.exit(command(figure))
