"""Uploads in pieces with a real client, broken off at random offsets, the server killed in between: each arrives once.

    python -m tests.proof.tus --runs 200 --seed 1 [--workers 2] [--postgresql]

Local disk. Batches of ten uploads by tus-js-client, whose connections it breaks itself at random offsets, while the
server and its children are ended with SIGKILL and started again. Each document must have the right bytes, none may be
there twice, nothing may be left in the staging place, and `clinic-media verify --read-data` must find nothing.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import httpx

from domain.access import Role
from entrypoints.settings import Auth
from entrypoints.signing import Bearer, signed_token
from tests.cli.running import SECRET, free_port
from tests.conftest import ROOT
from tests.proof import samples
from tests.proof.figure import Figure, NotHere, command
from tests.proof.kill_server import Server, verified
from tests.services.postgres import postgres_server

AT_ONCE = 10
PATIENTS = tuple(f"p-{number}" for number in range(4))
WEB = ROOT / "entrypoints" / "web"
_CLIENT = Path(__file__).with_name("tus_client.mjs")
_LARGE = 24 * 2**20


def missing() -> str | None:
    """What the client needs and is not here."""
    if shutil.which("node") is None:
        return "node is not installed"
    return None if (WEB / "node_modules" / "tus-js-client").is_dir() else "tus-js-client is not installed: make web"


@dataclass(slots=True)
class Sending:
    number: int
    path: Path
    sha256: str
    told: dict[str, Any]
    document: str | None = None


@dataclass(slots=True)
class Tally:
    uploads: int = 0
    kills: int = 0
    sessions: int = 0
    retries: int = 0
    bytes: int = 0
    found: list[str] = field(default_factory=list)


def photo(number: int, size: int, dice: Random) -> bytes:
    """A JPEG of about `size` bytes that no other is the same as."""
    plain, comments = samples.photo(number % 10), bytearray()
    while len(comments) < size:
        comments += b"\xff\xfe" + (65_535).to_bytes(2, "big") + dice.randbytes(65_533)
    return plain[:2] + bytes(comments) + plain[2:]


class Trial:
    def __init__(self, folder: Path, dice: Random, tally: Tally, settings: dict[str, str]) -> None:
        self._folder = folder
        self._dice = dice
        self._tally = tally
        self._settings = settings
        self._port = free_port()
        self._sent: list[Sending] = []
        bearer = Bearer(clinic="c", user="u", roles=(Role.ADMIN,))
        self._token = signed_token(Auth(secret=SECRET), bearer, now=datetime.now(UTC), ttl=timedelta(hours=9))

    def run(self, runs: int) -> None:
        server = self._served()
        try:
            self._register()
            for first in range(0, runs, AT_ONCE):
                server = self._batch(server, range(first, min(runs, first + AT_ONCE)))
            self._look()
        finally:
            server.kill()
        self._tally.found += verified(self._folder, **self._settings)

    def _batch(self, server: Server, numbers: range) -> Server:
        """Some uploads at once, and up to three lives of the server meanwhile."""
        sending = [self._sending(number) for number in numbers]
        told = {
            "web": str(WEB),
            "endpoint": f"{server.url}/api/v1/uploads",
            "token": self._token,
            "uploads": [each.told for each in sending],
        }
        with subprocess.Popen(
            ["node", str(_CLIENT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as client:
            assert client.stdin is not None
            assert client.stdout is not None
            client.stdin.write(json.dumps(told).encode())
            client.stdin.close()
            client.stdout.readline()
            for _ in range(self._dice.randint(1, 3)):
                time.sleep(self._dice.uniform(0.02, 0.8))
                if client.poll() is None:
                    server.kill()
                    self._tally.kills += 1
                    server = self._served()
            self._answered(sending, client.stdout.read().decode().splitlines())
        return server

    def _served(self) -> Server:
        server = Server(self._folder, self._port, **self._settings)
        server.wait(300)
        return server

    def _sending(self, number: int) -> Sending:
        dice = self._dice
        size = _LARGE if number % 16 == 5 else dice.randint(200_000, 3_000_000)
        data = photo(number, size, dice)
        path = self._folder / f"upload-{number}.jpg"
        path.write_bytes(data)
        patient = PATIENTS[number % len(PATIENTS)]
        words = {"target": "photo", "patient_id": patient, "media_category": "intraoral", "filename": f"{number}.jpg"}
        told = {
            "key": f"{number}",
            "path": str(path),
            "metadata": words | {"filetype": "image/jpeg"},
            "chunk": dice.choice([None, 40_000, 200_000, 1_000_000]) if size < _LARGE else None,
            "atOnce": bool(dice.getrandbits(1)),
            "breaks": sorted(dice.randint(1, len(data)) for _ in range(dice.randint(1, 3))),
        }
        self._tally.bytes += len(data)
        return Sending(number, path, sha256(data).hexdigest(), told)

    def _answered(self, sending: Sequence[Sending], lines: Sequence[str]) -> None:
        self._sent += sending
        self._tally.uploads += len(sending)
        for line in lines:
            try:
                answer = json.loads(line)
            except ValueError:
                self._tally.found.append(f"the client says {line}")
                continue
            sending[answer["number"]].document = answer["document"]
            self._tally.sessions += answer["sessions"]
            self._tally.retries += answer["retries"]
            if answer["document"] is None:
                self._tally.found.append(f"upload {sending[answer['number']].number}: {answer}")
        for each in sending:
            each.path.unlink()

    def _register(self) -> None:
        with self._asking() as client:
            for patient in PATIENTS:
                client.put(f"/directory/patients/{patient}", json={"display_name": "Ana García"}).raise_for_status()

    def _look(self) -> None:
        """Each document has its bytes, no other is there, and nothing is on its way."""
        with self._asking() as client:
            for each in self._sent:
                answer = client.get(f"/media/documents/{each.document}/download")
                if answer.status_code != 200 or sha256(answer.content).hexdigest() != each.sha256:
                    self._tally.found.append(f"upload {each.number} is answered with {answer.status_code}")
            there = sum(client.get(f"/media/patients/{each}/photos?page_size=1").json()["total"] for each in PATIENTS)
        if there != len(self._sent) or len({each.document for each in self._sent}) != len(self._sent):
            self._tally.found.append(f"{there} photos of {len(self._sent)} uploads")

    def _asking(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self._token}"}
        return httpx.Client(base_url=f"http://127.0.0.1:{self._port}/api/v1", headers=headers, timeout=60)


def measure(runs: int, seed: int, *, workers: int = 1, postgresql: bool = False) -> Tally:
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="clinic-media-tus-") as name, ExitStack() as opened:
        settings = {"SERVER__WORKERS": str(workers)}
        if postgresql:
            server = opened.enter_context(postgres_server())
            settings["DATABASE__URL"] = _database(server, opened)
        Trial(Path(name), Random(seed), tally, settings).run(runs)
    return tally


def _database(server: Any, opened: ExitStack) -> str:
    runner = opened.enter_context(asyncio.Runner())
    database = server.database()
    url: str = runner.run(database.__aenter__())
    opened.callback(lambda: runner.run(database.__aexit__(None, None, None)))
    return url


def figure(*, runs: int = 200, seed: int = 1, workers: int = 1, postgresql: bool = False) -> Figure:
    if reason := missing():
        raise NotHere(reason)
    tally = measure(runs, seed, workers=workers, postgresql=postgresql)
    told = {
        "uploads": f"{tally.uploads}, {tally.bytes / 1e6:.0f} MB",
        "sessions": f"{tally.sessions}, and {tally.retries} requests sent again",
        "kills": tally.kills,
        "wrong": len(tally.found),
    }
    return Figure(told, tally.found)


if __name__ == "__main__":
    sys.exit(command(figure))
