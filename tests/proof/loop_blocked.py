"""G31: how long the event loop is blocked, and how long metadata takes, while twenty photos are uploaded at once.

    python -m tests.proof.loop_blocked --uploads 20 --rounds 3

The real server with one worker, over SQLite and local disk. The loop is watched from inside of the server's process, by
a task that asks for its turn every five milliseconds; photos are of twelve megapixels. The ratio is to the same without
uploads: on a shared machine it says more than milliseconds. The best of the rounds counts.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from random import Random

import httpx
from PIL import Image

from tests.http.served import Served, served
from tests.proof.figure import Figure, command, progress

WATCHED = "tests.proof.loop_blocked:app"
REPORT = "CLINIC_MEDIA_LOOP_REPORT"
"""Of the served process: the file that it writes to."""
_LONGEST, _SLOWEST = 0.050, 0.150
_TURN = 0.005
_SIZE = (4000, 3000)


def __getattr__(name: str) -> object:
    """The application as it is served, beside somebody who watches the loop; made where a server asks for it."""
    if name != "app":
        raise AttributeError(name)
    from entrypoints.asgi import app, container  # noqa: PLC0415 - it reads the settings of whoever serves
    from entrypoints.http.app import create_app  # noqa: PLC0415
    from entrypoints.worker import working  # noqa: PLC0415

    del app

    @asynccontextmanager
    async def beside(_: object) -> AsyncIterator[None]:
        watching = asyncio.create_task(_watch(Path(os.environ[REPORT])))
        async with working(container):
            yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    return create_app(container, beside=beside)


async def _watch(report: Path) -> None:
    """A line for each turn: when it came, and by how many seconds it was late."""
    with report.open("a", buffering=1) as lines:
        while True:
            asked = time.monotonic()
            await asyncio.sleep(_TURN)
            now = time.monotonic()
            lines.write(f"{now} {now - asked - _TURN}\n")


@dataclass(slots=True)
class Stretch:
    """A while in which the loop was watched and metadata asked for."""

    begun: float
    ended: float = 0.0
    asked: list[float] = field(default_factory=list)

    def longest(self, report: Path) -> float:
        turns = (line.split() for line in report.read_text().splitlines() if line.count(" ") == 1)
        return max(float(late) for at, late in turns if self.begun <= float(at) <= self.ended)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.asked, n=20)[-1]


def photos(number: int, seed: int) -> Sequence[bytes]:
    """Of twelve megapixels and about two megabytes each, no two alike."""
    dice = Random(seed)
    noise = Image.frombytes("RGB", (500, 375), dice.randbytes(500 * 375 * 3)).resize(_SIZE)
    made = []
    for turn in range(number):
        target = BytesIO()
        noise.save(target, "JPEG", quality=80, comment=f"{seed} {turn}".encode())
        made.append(target.getvalue())
    return made


async def _stretch(client: httpx.AsyncClient, uploads: Sequence[bytes], seconds: float) -> Stretch:
    """Ask for metadata until the uploads are through, or for so many seconds where there are none."""
    stretch = Stretch(time.monotonic())
    sending = [asyncio.create_task(_send(client, data)) for data in uploads]
    while time.monotonic() < stretch.begun + seconds or not all(task.done() for task in sending):
        began = time.perf_counter()
        (await client.get("/media/patients/ana/photos", params={"page_size": 20})).raise_for_status()
        stretch.asked.append(time.perf_counter() - began)
        await asyncio.sleep(0.01)
    await asyncio.gather(*sending)
    stretch.ended = time.monotonic()
    return stretch


async def _send(client: httpx.AsyncClient, data: bytes) -> None:
    files = {"file": ("foto.jpg", data, "image/jpeg")}
    answer = await client.post("/media/patients/ana/photos", files=files, data={"media_category": "intraoral"})
    answer.raise_for_status()


async def _measured(server: Served, uploads: int, rounds: int, seed: int) -> tuple[list[Stretch], list[Stretch]]:
    quiet, busy = list[Stretch](), list[Stretch]()
    async with httpx.AsyncClient(base_url=f"{server.url}/api/v1", headers=server.headers, timeout=300) as client:
        (await client.put("/directory/patients/ana", json={"display_name": "Ana"})).raise_for_status()
        await _send(client, photos(1, seed - 1)[0])
        for turn in range(rounds):
            quiet.append(await _stretch(client, (), 2.0))
            busy.append(await _stretch(client, photos(uploads, seed + turn), 0.0))
            progress(turn + 1, rounds, every=1)
    return quiet, busy


def measure(uploads: int = 20, rounds: int = 3, seed: int = 1) -> Figure:
    with tempfile.TemporaryDirectory(prefix="clinic-media-loop-") as name:
        folder, report = Path(name), Path(name, "turns")
        environment = {REPORT: str(report), "CLINIC_MEDIA_SERVER__MAX_UPLOAD_BYTES": str(2**25)}
        with served(folder, application=WATCHED, **environment) as server:
            quiet, busy = asyncio.run(_measured(server, uploads, rounds, seed))
        still = [min(stretch.longest(report) for stretch in quiet), min(stretch.p95 for stretch in quiet)]
        under = [min(stretch.longest(report) for stretch in busy), min(stretch.p95 for stretch in busy)]
    told = {
        "uploads at once": uploads,
        "loop blocked longest": f"{under[0] * 1000:.0f} ms, without uploads {still[0] * 1000:.0f} ms",
        "p95 of metadata": f"{under[1] * 1000:.0f} ms, without uploads {still[1] * 1000:.0f} ms",
        "ratios": f"{under[0] / still[0]:.1f} and {under[1] / still[1]:.1f}",
        "asked": sum(len(stretch.asked) for stretch in busy),
    }
    wrong = [f"the loop was blocked for {under[0] * 1000:.0f} ms"] if under[0] > _LONGEST else []
    wrong += [f"p95 of metadata was {under[1] * 1000:.0f} ms"] if under[1] > _SLOWEST else []
    return Figure(told, wrong)


if __name__ == "__main__":
    sys.exit(command(measure))
