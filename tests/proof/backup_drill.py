"""G29: backed up while four clients upload, link, trash and others purge; restored elsewhere, everything is equal.

    python -m tests.proof.backup_drill --drills 20 --seed 1

A real server on SQLite and a folder. Each drill runs `clinic-media backup` beside the clients, then `clinic-media
restore` into an empty folder, which verifies everything itself, and compares with what the clients know: all that was
acknowledged before the backup began, and not put into the trash since, is there with its bytes and its link.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import httpx
from dependency_injector.providers import Object

from domain.access import Principal, Role
from domain.errors import Unavailable
from domain.ids import ClinicId, UserId
from entrypoints.configuration import read_settings
from entrypoints.container import Container, opened
from entrypoints.settings import Auth
from entrypoints.signing import Bearer, signed_token
from tests.backup.filling import KEY, held, settings_of
from tests.cli.running import SECRET, environment, free_port, invoke
from tests.proof.figure import Figure, command
from tests.proof.kill_server import photo

CLIENTS = 4
_PAUSE_SECONDS = 0.4
"""Of a client between two documents."""
_COMMAND = (sys.executable, "-c", "from entrypoints.cli import main; main()")
_ME = Principal(clinic_id=ClinicId("c"), user_id=UserId("u"), roles=frozenset({Role.ADMIN}))
_PURGING = {"RETENTION__TRASH_DAYS": "1", "RETENTION__PHOTOS_PURGEABLE": "true"}


@dataclass(slots=True)
class Sent:
    """What a client knows of a document; times of this machine's monotonic clock."""

    sha256: str
    visit: str
    acknowledged: float
    trashed: bool = False


@dataclass(slots=True)
class Tally:
    drills: int = 0
    uploads: int = 0
    purged: int = 0
    restored: int = 0
    found: list[str] = field(default_factory=list)
    """What was not as it should be."""


class Clients:
    """They upload, link and trash until they are told to stop."""

    def __init__(self, url: str, dice: Random) -> None:
        bearer = Bearer(clinic="c", user="u", roles=(Role.ADMIN,))
        token = signed_token(Auth(secret=SECRET), bearer, now=datetime.now(UTC), ttl=timedelta(hours=2))
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.AsyncClient(base_url=f"{url}/api/v1", headers=headers, timeout=60)
        self._dice = dice
        self._tasks: list[asyncio.Task[None]] = []
        self.going = asyncio.Event()
        """They rest while it is not set."""
        self.sent: dict[str, Sent] = {}

    async def begin(self, first: int = 12) -> None:
        """Returns when there is something to back up."""
        await self._done(self._client.put("/directory/patients/ana", json={"display_name": "Ana García"}))
        self.going.set()
        self._tasks = [asyncio.create_task(self._keep_on(number)) for number in range(CLIENTS)]
        while len(self.sent) < first:
            await asyncio.sleep(0.05)
            for task in self._tasks:
                if task.done():
                    task.result()

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        await self._client.aclose()

    async def _keep_on(self, number: int) -> None:
        for turn in range(100_000):
            await self.going.wait()
            visit = f"v-{number}-{turn}"
            data = photo(turn, self._dice)
            await self._done(
                self._client.put(f"/directory/owners/visit/{visit}", json={"patient_id": "ana", "title": "Visita"})
            )
            files = {"file": ("foto.jpg", data, "image/jpeg")}
            posted = self._client.post("/media/patients/ana/photos", data={"media_category": "intraoral"}, files=files)
            id = (await self._done(posted)).json()["data"]["id"]
            link = {"document_id": id, "owner_type": "visit", "owner_id": visit}
            await self._done(self._client.post("/media/attachments", json=link))
            self.sent[id] = Sent(sha256(data).hexdigest(), visit, time.monotonic())
            await asyncio.sleep(_PAUSE_SECONDS)
            if self._dice.random() < 0.3:
                await self._trash(self._dice.choice([id for id, sent in self.sent.items() if not sent.trashed]))

    async def _trash(self, id: str) -> None:
        self.sent[id].trashed = True
        await self._done(self._client.delete(f"/media/documents/{id}"))

    @staticmethod
    async def _done(request: Any) -> httpx.Response:
        answer: httpx.Response = await request
        answer.raise_for_status()
        return answer


class Drills:
    def __init__(self, folder: Path, tally: Tally, dice: Random, **settings: str) -> None:
        self._folder = folder
        self._tally = tally
        self._dice = dice
        self._settings = settings
        (folder / "old").mkdir()

    async def run(self, drills: int, restored: "Sequence[Mapping[str, str]]", target: str) -> None:
        """One drill for each; `restored` are the settings of the empty installations besides their folders."""
        await self._here("old", "migrate", **self._settings)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        server = self._serve(port)
        try:
            await _ready(url, server)
            clients = Clients(url, self._dice)
            await clients.begin()
            for number in range(drills):
                clients.going.set()
                began = time.monotonic()
                purging = asyncio.create_task(self._keep_purging())
                await asyncio.sleep(self._dice.uniform(0, 0.5))
                told = await self._command("old", "backup", target, "--json", **self._settings)
                clients.going.clear()
                purging.cancel()
                with suppress(asyncio.CancelledError):
                    await purging
                await self._restored(f"new-{number}", target, clients.sent, began, **restored[number])
                self._tally.drills += 1
                if told and json.loads(told)["missing"]:
                    self._tally.found.append(f"missing in the backup: {told}")
            await clients.end()
            self._tally.uploads = len(clients.sent)
            self._tally.found += await self._left()
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()

    async def _keep_purging(self) -> None:
        """Whatever is in the trash, as a process of its own would: this is one."""
        settings = read_settings(None, environment(self._folder / "old", **self._settings, **_PURGING))
        async with opened(settings) as container:
            container.clock.override(Object(lambda: datetime.now(UTC) + timedelta(days=2)))
            while True:
                with suppress(Unavailable):
                    self._tally.purged += len([view async for view in container.purge_trash()()])
                await asyncio.sleep(0.1)

    async def _left(self) -> list[str]:
        """After all backups, what was purged is gone, and what is there is whole."""
        settings = read_settings(None, environment(self._folder / "old", **self._settings))
        async with opened(settings) as container:
            await container.recover()()
            while await container.finish_purges()():
                pass
            waiting = await container.upkeep().unfinished_purges(1)
            found = [f"{each.code} {each.id}: {each.problem}" async for each in container.verify()(share=1.0)]
        return found + [f"not deleted: {purge.prefix}" for purge in waiting]

    async def _restored(self, name: str, target: str, sent: Mapping[str, Sent], began: float, **more: str) -> None:
        folder = self._folder / name
        folder.mkdir()
        said = await self._here(name, "restore", target, "--json", **more)
        self._tally.found += [line for line in said.splitlines() if line.startswith("{")]
        there = await held(settings_of(folder, **more))
        self._tally.restored += len(there)
        async with opened(settings_of(folder, **more)) as container:
            linked = await _linked(container, [one.visit for one in sent.values()])
        for id, one in sent.items():
            if id in there and there[id].sha256 != one.sha256:
                self._tally.found.append(f"{name}: other bytes in {id}")
            expected = one.acknowledged < began and not one.trashed
            if expected and not (id in there and linked[one.visit]):
                self._tally.found.append(f"{name}: {id} or its link is lost")

    def _serve(self, port: int) -> "subprocess.Popen[bytes]":
        folder = self._folder / "old"
        with (self._folder / "server.log").open("ab") as log:
            return subprocess.Popen(
                [*_COMMAND, "serve", "--port", str(port)],
                cwd=folder,
                env=environment(folder, IMAGES__WORKERS="1", **self._settings),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def _here(self, name: str, *arguments: str, **settings: str) -> str:
        """A command in this process: nobody else works on that installation."""
        done = await asyncio.to_thread(invoke, self._folder / name, *arguments, BACKUP__KEY=KEY, **settings)
        if done.exit_code:
            self._tally.found.append(f"{arguments[0]} ended with {done.exit_code}: {done.stderr[-500:]}")
        return done.stdout

    async def _command(self, name: str, *arguments: str, **settings: str) -> str:
        """What it printed; when it did not end well, that is noted."""
        folder = self._folder / name
        process = await asyncio.create_subprocess_exec(
            *(*_COMMAND, *arguments),
            cwd=folder,
            env=environment(folder, BACKUP__KEY=KEY, **settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        said, complained = await process.communicate()
        if process.returncode:
            self._tally.found.append(f"{arguments[0]} ended with {process.returncode}: {complained.decode()[-500:]}")
        return said.decode()


async def _linked(container: Container, visits: Sequence[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for start in range(0, len(visits), 100):
        counts |= await container.count_attachments()(_ME, "visit", visits[start : start + 100])
    return counts


async def _ready(url: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    async with httpx.AsyncClient(timeout=2) as client:
        while time.monotonic() < until and server.poll() is None:
            with suppress(httpx.HTTPError):
                if (await client.get(f"{url}/health/ready")).is_success:
                    return
            await asyncio.sleep(0.1)
    raise AssertionError("the server did not come up")


def measure(drills: int, seed: int) -> Tally:
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="clinic-media-drills-") as name:
        runs = Drills(Path(name), tally, Random(seed))
        asyncio.run(runs.run(drills, [{}] * drills, str(Path(name, "backups"))))
    return tally


def figure(*, drills: int = 20, seed: int = 1) -> Figure:
    tally = measure(drills, seed)
    told = {
        "drills": f"{tally.drills} under {CLIENTS} clients",
        "documents": f"{tally.uploads} uploaded, {tally.purged} purged, {tally.restored} restored, all drills",
        "wrong": len(tally.found),
    }
    return Figure(told, tally.found)


if __name__ == "__main__":
    sys.exit(command(figure))
