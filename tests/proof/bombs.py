"""G27: bombs of the corpus are uploaded to a real server, all of them at once and so for some rounds, while others ask
whether it lives and see a gallery.

python -m tests.proof.bombs --rounds 4
"""

import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psutil

from tests.http.served import ROOT, Served, served
from tests.http.service import jpeg
from tests.proof.figure import Figure, NotHere, command

PHOTOS = "/api/v1/media/patients/ana/photos"
DOCUMENTS = "/api/v1/media/patients/ana/documents"
PICTURES = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff", "image/heic"}
LARGEST_UPLOAD = 100 * 2**20
ANSWERS = {201, 413, 415, 422}
LIVE_WITHIN, LARGEST_PROCESS = 1.0, 800_000_000
_IDLE_LOOKS = 150
_GALLERY = 40


@dataclass(slots=True)
class Measured:
    """Times in seconds."""

    bombs: int
    statuses: Counter[int] = field(default_factory=Counter)
    idle: list[float] = field(default_factory=list)
    gallery: list[float] = field(default_factory=list)
    live: list[float] = field(default_factory=list)
    largest: int = 0
    """Resident bytes of any one of the server's processes."""
    seconds: float = 0.0

    @property
    def ratio(self) -> float:
        """The gallery's p99 meanwhile, as a multiple of what it is in quiet times."""
        return p99(self.gallery) / p99(self.idle)

    def told(self) -> dict[str, str]:
        return {
            "bombs": f"{self.bombs} in {self.seconds:.1f} s, answered {dict(sorted(self.statuses.items()))}",
            "/health/live": f"{max(self.live) * 1000:.0f} ms at most, of {len(self.live)}",
            "gallery p99": f"{p99(self.gallery) * 1000:.1f} ms, {self.ratio:.1f} times the idle",
            "largest": f"{self.largest / 1e6:.0f} MB",
        }

    def wrong(self) -> list[str]:
        """How far the machine's other work may stretch the gallery's tail is for its readers to judge."""
        wrong = [f"answered with {status}" for status in self.statuses if status not in ANSWERS]
        wrong += ["/health/live took a second or more"] if max(self.live) >= LIVE_WITHIN else []
        return wrong + (["a process of 800 MB or more"] if self.largest >= LARGEST_PROCESS else [])


def p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


@contextmanager
def bombarded(folder: Path) -> Iterator[Served]:
    """A server with a gallery to look at."""
    with served(folder, CLINIC_MEDIA_SERVER__MAX_UPLOAD_BYTES=str(LARGEST_UPLOAD)) as server:
        with httpx.Client(base_url=server.url, headers=server.headers, timeout=60) as client:
            client.put("/api/v1/directory/patients/ana", json={"display_name": "Ana"}).raise_for_status()
            for _ in range(_GALLERY):
                files = {"file": ("a.jpg", jpeg((640, 480)), "image/jpeg")}
                client.post(PHOTOS, data={"media_category": "intraoral"}, files=files).raise_for_status()
        yield server


async def measure(server: Served, corpus: Path, rounds: int = 1, *, one_in: int = 1) -> Measured:
    """Every bomb so many times, or one in so many of them."""
    files: list[dict[str, Any]] = json.loads((corpus / "MANIFEST.json").read_text())["files"]
    bombs = [entry for entry in files if entry["file"].startswith("bombs/")][::one_in]
    measured = Measured(len(bombs) * rounds)
    limits = httpx.Limits(max_connections=len(bombs) + 4)
    async with httpx.AsyncClient(base_url=server.url, headers=server.headers, timeout=300, limits=limits) as client:
        for _ in range(_IDLE_LOOKS):
            measured.idle.append(await _timed(client, PHOTOS))
        began = time.perf_counter()
        looking = asyncio.create_task(_looks(client, server, measured))
        for _ in range(rounds):
            measured.statuses.update(await asyncio.gather(*(_thrown(client, corpus, bomb) for bomb in bombs)))
        measured.seconds = time.perf_counter() - began
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    return measured


async def _looks(client: httpx.AsyncClient, server: Served, measured: Measured) -> None:
    """From the first bomb to the last answer."""
    while True:
        measured.live.append(await _timed(client, "/health/live"))
        measured.gallery.append(await _timed(client, PHOTOS))
        measured.largest = max([measured.largest, *_resident(server)])
        await asyncio.sleep(0.02)


async def _timed(client: httpx.AsyncClient, path: str) -> float:
    before = time.perf_counter()
    (await client.get(path)).raise_for_status()
    return time.perf_counter() - before


async def _thrown(client: httpx.AsyncClient, corpus: Path, bomb: dict[str, Any]) -> int:
    path, declared = corpus / bomb["file"], bomb["declare_content_type"]
    is_picture = declared in PICTURES
    words = {"media_category": "intraoral"} if is_picture else {"document_type": "other", "title": "Bomb"}
    content = await asyncio.to_thread(path.read_bytes)
    files = {"file": (path.name, content, declared)}
    return (await client.post(PHOTOS if is_picture else DOCUMENTS, data=words, files=files)).status_code


def _resident(server: Served) -> list[int]:
    found = []
    for process in psutil.Process(server.pid).children(recursive=True):
        try:
            found.append(process.memory_info().rss)
        except psutil.NoSuchProcess:
            continue
    return found


def figure(*, rounds: int = 4) -> Figure:
    corpus = (ROOT / os.environ.get("CLINIC_MEDIA_SHARED", "../shared") / "corpus").resolve()
    if not corpus.is_dir():
        raise NotHere("the shared test data have no folder corpus here; CLINIC_MEDIA_SHARED says where they lie")
    with TemporaryDirectory() as folder, bombarded(Path(folder) / "served") as server:
        measured = asyncio.run(measure(server, corpus, rounds))
    return Figure(measured.told(), measured.wrong())


if __name__ == "__main__":
    sys.exit(command(figure))
