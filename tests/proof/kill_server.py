"""G2: the real server is killed at random moments while eight clients upload; what it acknowledged is there.

    python -m tests.proof.kill_server --runs 1000 --seed 1 [--jobs 2]

SQLite and local disk. Each run starts `clinic-media serve`, repeats what was cut off last time under the same
Idempotency-Key, reads back what is new, lets the clients upload, and ends the server and its children with SIGKILL.
After each restart `clinic-media verify` must find nothing. In every fifth run, and when an installation is given up
after 25 for a new one, everything that it holds is read back, and `verify --read-data` must find nothing.
"""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

import httpx

from domain.access import Role
from entrypoints.settings import Auth
from entrypoints.signing import Bearer, signed_token
from tests.cli.running import SECRET, environment, free_port, invoke
from tests.proof import samples
from tests.proof.figure import Figure, command, progress
from tests.proof.side_by_side import side_by_side

CLIENTS = 8
PATIENTS = tuple(f"p-{number}" for number in range(4))
_RUNS_EACH = 25
"""Of an installation: what is looked at in each run must not grow with all runs before."""
_LOOKS_AT_ALL_EVERY = 5
_COMMAND = (sys.executable, "-c", "from entrypoints.cli import main; main()")


@dataclass(slots=True)
class Upload:
    """`id` is None until it is acknowledged. `key` is its Idempotency-Key."""

    key: str
    patient: str
    data: bytes
    id: str | None = None
    is_read_back: bool = False

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


@dataclass(slots=True)
class Tally:
    runs: int = 0
    acknowledged: int = 0
    cut_off: int = 0
    repeated: int = 0
    found: list[str] = field(default_factory=list)
    """What was wrong: lost, doubled, not clean, or answered with anything but success."""

    def join(self, other: "Tally") -> None:
        self.runs += other.runs
        self.acknowledged += other.acknowledged
        self.cut_off += other.cut_off
        self.repeated += other.repeated
        self.found += other.found


class Server:
    """`within` is a command that runs the server's one."""

    def __init__(self, folder: Path, port: int | None = None, within: Sequence[str] = (), **settings: str) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        with (folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*within, *_COMMAND, "serve", "--port", str(self.port)],
                cwd=folder,
                env=environment(folder, IMAGES__WORKERS="1", **settings),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def wait(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and self._process.poll() is None:
            try:
                httpx.get(f"{self.url}/health/ready", timeout=2).raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.05)
            else:
                return
        self.kill()
        raise AssertionError(f"the server did not come up: {(self.folder / 'server.log').read_text()[-2000:]}")

    def stop(self, seconds: float = 60) -> None:
        """As a supervisor does; it must end well."""
        self._process.terminate()
        assert self._process.wait(seconds) == 0

    def kill(self) -> None:
        """The server, its worker and its helpers, all at once."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def photo(number: int, dice: Random) -> bytes:
    """A JPEG of up to 400 kB that no other is the same as."""
    plain, comments = samples.photo(number % 10), bytearray()
    for _ in range(dice.randint(1, 6)):
        comments += b"\xff\xfe" + (65_535).to_bytes(2, "big") + dice.randbytes(65_533)
    return plain[:2] + bytes(comments) + plain[2:]


class Round:
    """One life of the server."""

    def __init__(
        self, server: Server, uploads: list[Upload], tally: Tally, dice: Random, *, looks_at_all: bool
    ) -> None:
        self._server = server
        self._uploads = uploads
        self._tally = tally
        self._dice = dice
        self._looks_at_all = looks_at_all
        bearer = Bearer(clinic="c", user="u", roles=(Role.ADMIN,))
        token = signed_token(Auth(secret=SECRET), bearer, now=datetime.now(UTC), ttl=timedelta(hours=1))
        self._client = httpx.AsyncClient(
            base_url=f"{server.url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=60
        )

    async def run(self, seconds: float) -> None:
        async with self._client:
            for patient in PATIENTS:
                answer = await self._client.put(f"/directory/patients/{patient}", json={"display_name": "Ana García"})
                answer.raise_for_status()
            await self._repeat_what_was_cut_off()
            await self._read_back()
            clients = [asyncio.create_task(self._keep_uploading()) for _ in range(CLIENTS)]
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self._server.kill)
            await asyncio.gather(*clients)

    async def _repeat_what_was_cut_off(self) -> None:
        for upload in self._uploads:
            if upload.id is None:
                self._tally.repeated += 1
                assert await self._sent(upload), f"repeating {upload.key} failed"

    async def _read_back(self) -> None:
        """What was acknowledged since this was looked at last, or ever, and no other document."""
        for upload in self._uploads:
            if upload.is_read_back and not self._looks_at_all:
                continue
            upload.is_read_back = True
            answer = await self._client.get(f"/media/documents/{upload.id}/download")
            if answer.status_code != 200 or sha256(answer.content).hexdigest() != upload.sha256:
                self._tally.found.append(f"lost: {upload.id} is answered with {answer.status_code}")
        for patient in PATIENTS:
            there = (await self._client.get(f"/media/patients/{patient}/photos?page_size=1")).json()["total"]
            wanted = sum(upload.patient == patient for upload in self._uploads)
            if there != wanted:
                self._tally.found.append(f"{patient} has {there} photos, {wanted} were acknowledged")

    async def _keep_uploading(self) -> None:
        while True:
            number = len(self._uploads)
            upload = Upload(f"upload {number}".replace(" ", "-"), PATIENTS[number % 4], photo(number, self._dice))
            self._uploads.append(upload)
            if not await self._sent(upload):
                self._tally.cut_off += 1
                return

    async def _sent(self, upload: Upload) -> bool:
        """False when the server went away meanwhile."""
        try:
            answer = await self._client.post(
                f"/media/patients/{upload.patient}/photos",
                data={"media_category": "intraoral"},
                files={"file": ("foto.jpg", upload.data, "image/jpeg")},
                headers={"Idempotency-Key": upload.key},
            )
        except httpx.TransportError:
            return False
        if answer.status_code != 201:
            self._tally.found.append(f"upload answered with {answer.status_code}: {answer.text[:200]}")
            return False
        upload.id = answer.json()["data"]["id"]
        self._tally.acknowledged += 1
        return True


def verified(folder: Path, **settings: str) -> Sequence[str]:
    """What `clinic-media verify --read-data` finds."""
    return _found(folder, "--read-data", **settings)


def _found(folder: Path, *options: str, **settings: str) -> Sequence[str]:
    done = invoke(folder, "verify", "--json", *options, **settings)
    assert done.exit_code in (0, 1), done.stderr
    return done.stdout.splitlines()


def measure(runs: int, seed: int, jobs: int = 1) -> Tally:
    """Over installations one after the other, or so many at once."""
    kills = [min(_RUNS_EACH, runs - first) for first in range(0, runs, _RUNS_EACH)]
    tally = Tally()
    for part in side_by_side(_installation, [(each, f"{seed}.{number}") for number, each in enumerate(kills)], jobs):
        tally.join(part)
        progress(tally.runs, runs, f"{tally.acknowledged} acknowledged, {len(tally.found)} wrong", every=1)
    return tally


def _installation(kills: int, seed: str) -> Tally:
    """A new one. Its server is killed so many times, and started once more to look at everything."""
    tally, dice, uploads = Tally(), Random(seed), list[Upload]()
    with tempfile.TemporaryDirectory(prefix="clinic-media-kills-") as name:
        folder = Path(name)
        for number in range(kills + 1):
            is_last = number == kills
            server = Server(folder)
            try:
                server.wait()
                looks_at_all = is_last or number % _LOOKS_AT_ALL_EVERY == 0
                if number:
                    tally.found += verified(folder) if looks_at_all else _found(folder)
                life = Round(server, uploads, tally, dice, looks_at_all=looks_at_all)
                asyncio.run(life.run(0.0 if is_last else dice.uniform(0.05, 1.5)))
            finally:
                server.kill()
            tally.runs += not is_last
    return tally


def figure(*, runs: int = 1000, seed: int = 1, jobs: int = 1) -> Figure:
    tally = measure(runs, seed, jobs)
    told = {
        "killed": f"{tally.runs} times under {CLIENTS} clients",
        "uploads": f"{tally.acknowledged} acknowledged, {tally.cut_off} cut off, {tally.repeated} repeated",
        "wrong": len(tally.found),
    }
    return Figure(told, tally.found)


if __name__ == "__main__":
    sys.exit(command(figure))
