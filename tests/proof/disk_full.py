"""G6: the disk of a real server fills up under 4 clients, and has room again later.

    python -m tests.proof.disk_full --rounds 10 --seed 1 [--holds all]

The disk is a small tmpfs that only the server and `verify` see. It holds the files, or `all`: the database and whatever
else the service writes too. In each round something else takes what is left of it but for a little, and the clients
upload until that is gone and are told so with 503 and when to ask again. Then the last byte is taken; whoever asks for
something is answered, and in every second round the server is killed and started on the full disk. Once there is room
the clients' requests, which they repeat under the same Idempotency-Key, succeed with nobody doing anything. At the end
everything that was acknowledged is there once, and `verify --read-data` finds nothing.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Literal

import httpx

from tests.cli.running import environment
from tests.proof.figure import Figure, NotHere, command, progress
from tests.proof.kill_server import Server, photo
from tests.proof.persistent import Persistent, Tally, bearer, look

CLIENTS = 4
UPLOADS = 4
"""Of each client in each round; together they are more than there is room for."""
_ROOM = 300_000
_MOUNT = 'mount -t tmpfs -o size="$1" clinic "$2" && echo mounted && exec sleep infinity'
_COMMAND = (sys.executable, "-c", "from entrypoints.cli import main; main()")
_ASKED = ("/media/documents/{id}", "/media/documents/{id}/download", "/media/patients/ana/documents", "/audit")


class SmallDisk:
    """Mounted at `folder`, for those only who run `within`."""

    def __init__(self, folder: Path, holder: "subprocess.Popen[str]") -> None:
        self._ballast = Path(f"/proc/{holder.pid}/root{folder}", "ballast")
        self.within = ("nsenter", f"--target={holder.pid}", "--user", "--preserve-credentials", "--mount", "--wd=.")

    @property
    def free(self) -> int:
        """Bytes."""
        told = os.statvfs(self._ballast.parent)
        return told.f_bavail * told.f_frsize

    def leave(self, room: int) -> None:
        """Let something else take all but these bytes."""
        with self._ballast.open("ab") as ballast:
            if (taken := self.free - room) > 0:
                os.posix_fallocate(ballast.fileno(), ballast.tell(), taken)

    def make_room(self) -> None:
        self._ballast.unlink()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Raises `NotHere` where the system lets nobody mount one."""
    told = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", _MOUNT, "sh", f"{megabytes}m", str(folder)]
    folder.mkdir()
    try:
        holder = subprocess.Popen(told, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError as error:
        raise NotHere("a small disk needs unshare and nsenter") from error
    with holder:
        try:
            assert holder.stdout is not None
            if (said := holder.stdout.readline()) != "mounted\n":
                raise NotHere(f"a small disk cannot be mounted here: {said.strip()}")
            yield SmallDisk(folder, holder)
        finally:
            holder.kill()


class Proof:
    def __init__(self, folder: Path, disk: SmallDisk, dice: Random, settings: dict[str, str]) -> None:
        self.tally, self.meanwhile = Tally(), Counter[str]()
        self._folder = folder
        self._disk = disk
        self._dice = dice
        self._settings = settings
        self._server = self._started(None)
        self._server.wait()

    async def run(self, rounds: int) -> None:
        try:
            async with Persistent([self._server.url], self.tally, self._dice) as client:
                await client.done("PUT", "/directory/patients/ana", json={"display_name": "Ana"})
                await client.upload("first", "ana", b"first")
                for number in range(rounds):
                    await self._round(client, number, restarts=number % 2 == 1)
                    progress(number + 1, rounds, f"{len(self.tally.uploads)} acknowledged", every=1)
                await look(client, self.tally)
                self.tally.found += await asyncio.to_thread(self._verified)
        finally:
            self._server.kill()

    async def _round(self, client: Persistent, number: int, *, restarts: bool) -> None:
        self._disk.leave(self._dice.randrange(_ROOM))
        told = self.tally.unavailable
        uploads = [asyncio.create_task(self._uploads(client, f"{number}-{each}")) for each in range(CLIENTS)]
        async with asyncio.timeout(120):
            while self.tally.unavailable < told + 3 * CLIENTS:  # noqa: ASYNC110 - the answers ring no bell
                await asyncio.sleep(0.02)
        self._disk.leave(0)
        await self._ask()
        if restarts:
            await asyncio.to_thread(self._start_again)
        self._disk.make_room()
        if restarts and self._server.has_ended:
            self.meanwhile["did not start"] += 1
            self._server = self._started(self._server.port)
        async with asyncio.timeout(120):
            await asyncio.gather(*uploads)

    async def _uploads(self, client: Persistent, key: str) -> None:
        for number in range(UPLOADS):
            if number % 2:
                data, words = photo(number, self._dice), {"media_category": "intraoral"}
                answer = await client.upload(f"{key}-{number}", "ana", data, "/media/patients/ana/photos", **words)
            else:
                text = f"{key}-{number} ".encode() * self._dice.randrange(1000, 9000)
                answer = await client.upload(f"{key}-{number}", "ana", text)
            if answer.status_code != httpx.codes.CREATED:
                self.tally.found.append(f"an upload was answered with {answer.status_code}: {answer.text[:200]}")

    async def _ask(self) -> None:
        """What others do while the disk is full."""
        async with httpx.AsyncClient(base_url=f"{self._server.url}/api/v1", headers=bearer(), timeout=30) as client:
            for path in _ASKED:
                answer = await client.get(path.format(id=self.tally.uploads[0].id))
                self.meanwhile[f"GET {answer.status_code}"] += 1
                if answer.status_code not in (httpx.codes.OK, httpx.codes.SERVICE_UNAVAILABLE):
                    self.tally.found.append(f"{path} was answered with {answer.status_code}: {answer.text[:200]}")
            live = await client.get(f"{self._server.url}/health/live")
            if live.status_code != httpx.codes.OK:
                self.tally.found.append(f"/health/live was answered with {live.status_code}")

    def _start_again(self) -> None:
        """Killed, and up to where it answers or has ended."""
        self._server.kill()
        self._server = self._started(self._server.port)
        until = time.monotonic() + 60
        while not self._server.has_ended and time.monotonic() < until:
            try:
                httpx.get(f"{self._server.url}/health/live", timeout=2)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return

    def _started(self, port: int | None) -> Server:
        return Server(self._folder, port, self._disk.within, **self._settings)

    def _verified(self) -> Sequence[str]:
        done = subprocess.run(
            [*self._disk.within, *_COMMAND, "verify", "--json", "--read-data"],
            cwd=self._folder,
            env=environment(self._folder, **self._settings),
            capture_output=True,
            text=True,
            check=False,
        )
        return [*done.stdout.splitlines(), *([done.stderr[-600:]] if done.returncode not in (0, 1) else [])]


def measure(rounds: int, seed: int, holds: str) -> Proof:
    with tempfile.TemporaryDirectory(prefix="clinic-media-full-") as name:
        folder = Path(name)
        with small_disk(folder / "disk", 24 + 3 * rounds) as disk:
            here = folder / "disk"
            settings = {"DATA_DIR": str(here)} if holds == "all" else {"STORAGE__URL": (here / "files").as_uri()}
            proof = Proof(folder, disk, Random(seed), settings)
            asyncio.run(proof.run(rounds))
            return proof


def figure(*, rounds: int = 20, seed: int = 1, holds: Literal["files", "all"] = "files") -> Figure:
    proof = measure(rounds, seed, holds)
    told = {
        "full": f"{rounds} times, over {holds}, with {rounds // 2} starts on the full disk",
        "acknowledged": f"{len(proof.tally.uploads)} uploads",
        "answers of 503": proof.tally.unavailable,
        "meanwhile": proof.meanwhile,
        "wrong": len(proof.tally.found),
    }
    return Figure(told, proof.tally.found)


if __name__ == "__main__":
    sys.exit(command(figure))
