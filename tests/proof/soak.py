"""Hours of everything: eight people at work, the server ended and started again every few minutes.

    python -m tests.proof.soak --minutes 60 --seed 1 [--database postgresql]

Uploads whole and in pieces, galleries, thumbs, downloads whole and in part, archives, notes, links, pairs, trash and
restore. The server is ended by SIGTERM and SIGKILL in turn; what was cut off is sent again under the same
Idempotency-Key. While it serves, no answer may be anything but what the act expects. At the end everything acknowledged
is there with its bytes, `verify --read-data` finds nothing, the outbox is empty, and no file lies about that no row
names. Within each life, after a warm-up, memory and open files must not grow.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import linear_regression, median
from typing import Literal, NamedTuple

import httpx
import psutil

from application.reach import over_every_clinic
from domain.access import Role
from entrypoints.configuration import read_settings
from entrypoints.container import opened
from entrypoints.settings import Auth
from entrypoints.signing import Bearer, signed_token
from tests.cli.running import SECRET, environment
from tests.installations import TickingClock
from tests.proof.figure import Figure, command, progress
from tests.proof.kill_server import CLIENTS, Server, verified
from tests.proof.soak_client import Client, Log
from tests.services.postgres import postgres_server

_LIFE = 300.0
_WARM = 0.4
"""Of a life, until everything has been done a few times and the pictures that are kept (32 MB) are there."""
_MOST_GROWTH_MB, _MOST_FILES = 24.0, 16
_SAMPLES_NEEDED = 20


class Sample(NamedTuple):
    at: float
    """In minutes of the server's life."""
    megabytes: float
    files: int


@dataclass(slots=True)
class Soak:
    folder: Path
    settings: dict[str, str]
    log: Log = field(default_factory=Log)
    lives: list[list[Sample]] = field(default_factory=list)

    async def run(self, seconds: float, seed: int) -> list[Client]:
        is_up, is_over = asyncio.Event(), asyncio.Event()
        server = await self._served(None)
        try:
            async with self._http(server.url) as http:
                clients = [Client(number, http, self.log, seed) for number in range(CLIENTS)]
                for client in clients:
                    await client.begin()
                is_up.set()
                async with asyncio.TaskGroup() as group:
                    for client in clients:
                        group.create_task(client.work(is_up, is_over))
                    server = await self._lived(server, seconds, is_up)
                    is_over.set()
                for client in clients:
                    await client.settle()
                    await client.look()
            await asyncio.sleep(3)  # for the last events to go out
            await asyncio.to_thread(server.stop)
        finally:
            await asyncio.to_thread(server.kill)
        return clients

    async def _lived(self, server: Server, seconds: float, is_up: asyncio.Event) -> Server:
        """As many lives as it takes; the last one goes on."""
        began = time.monotonic()
        while (left := seconds - (time.monotonic() - began)) > 0:
            self.lives.append([])
            await self._watched(server, min(left, _LIFE), self.lives[-1])
            is_up.clear()
            await asyncio.to_thread(server.kill if len(self.lives) % 2 == 0 else server.stop)
            server = await self._served(server.port)
            is_up.set()
            progress(round(time.monotonic() - began), round(seconds), f"s, {len(self.log.wrong)} wrong", every=1)
        return server

    async def _watched(self, server: Server, seconds: float, samples: list[Sample]) -> None:
        began = time.monotonic()
        while (age := time.monotonic() - began) < seconds:
            samples.append(Sample(age / 60, *_held(server)))
            await asyncio.sleep(1)

    async def _served(self, port: int | None) -> Server:
        server = await asyncio.to_thread(lambda: Server(self.folder, port, **self.settings))
        await asyncio.to_thread(server.wait, 120)
        return server

    @asynccontextmanager
    async def _http(self, url: str) -> AsyncIterator[httpx.AsyncClient]:
        bearer = Bearer(clinic="c", user="u", roles=(Role.ADMIN,))
        token = signed_token(Auth(secret=SECRET), bearer, now=datetime.now(UTC), ttl=timedelta(days=2))
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=f"{url}/api/v1", headers=headers, timeout=60) as http:
            yield http


def _held(server: Server) -> tuple[float, int]:
    """Memory and open files of the process that answers: the server keeps it beside those that look into files."""
    parent = psutil.Process(server.pid)
    worker = max([parent, *parent.children()], key=lambda process: process.memory_info().rss)
    return worker.memory_info().rss / 2**20, worker.num_fds()


def warmed(samples: Sequence[Sample]) -> Sequence[Sample]:
    return samples[int(len(samples) * _WARM) :]


def growth(samples: Sequence[Sample]) -> tuple[float, float]:
    """Between the first and the last quarter: megabytes and files."""
    quarter = max(1, len(samples) // 4)
    first, last = samples[:quarter], samples[-quarter:]
    return (
        median(each.megabytes for each in last) - median(each.megabytes for each in first),
        median(each.files for each in last) - median(each.files for each in first),
    )


def grown(lives: Sequence[Sequence[Sample]]) -> list[str]:
    """What grew more than it may, of lives that were long enough to tell."""
    found = []
    for number, samples in enumerate(map(warmed, lives)):
        if len(samples) >= _SAMPLES_NEEDED:
            megabytes, files = growth(samples)
            if megabytes > _MOST_GROWTH_MB or files > _MOST_FILES:
                found.append(f"in life {number} memory grew by {megabytes:.0f} MB, open files by {files:.0f}")
    return found


async def left_behind(folder: Path, settings: dict[str, str]) -> list[str]:
    """What lies about when all that a day later is let go of is gone."""
    found = []
    async with opened(read_settings(None, environment(folder, **settings))) as container:
        with over_every_clinic():
            if waiting := await container.outbox().waiting():
                found.append(f"{waiting} events wait in the outbox")
            later = TickingClock(datetime.now(UTC) + timedelta(hours=26))
            await replace(container.expire_uploads(), clock=later)()
            await replace(container.recover(), clock=later)()
            found += [f"{entry.id} is staged" async for entry in container.blobs().staged()]
            known = {view.prefix async for view in container.upkeep().documents()}
            entries = [entry.key async for entry in container.blobs().entries()]
            found += [f"no row names {key}" for key in entries if key.rpartition("/")[0] not in known]
    return found


async def measure(seconds: float, seed: int, database: str = "sqlite") -> tuple[Soak, list[Client]]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clinic-media-soak-")))
        settings = {}
        if database == "postgresql":
            server = stack.enter_context(postgres_server())
            settings["DATABASE__URL"] = await stack.enter_async_context(server.database())
        soak = Soak(folder, settings)
        clients = await soak.run(seconds, seed)
        soak.log.wrong += await left_behind(folder, settings)
        soak.log.wrong += await asyncio.to_thread(lambda: verified(folder, **settings))
        soak.log.wrong += grown(soak.lives)
    return soak, clients


def figure(*, minutes: int = 60, seed: int = 1, database: Literal["sqlite", "postgresql"] = "sqlite") -> Figure:
    soak, clients = asyncio.run(measure(minutes * 60, seed, database))
    told: dict[str, object] = {
        "lives": f"{len(soak.lives)}, ended by SIGTERM and SIGKILL in turn, under {CLIENTS} clients over {database}",
        "acknowledged": f"{sum(len(each.stored) for each in clients)} documents, "
        f"{sum(len(each.notes) for each in clients)} notes; {soak.log.lost_answers} answers lost",
    }
    for number, samples in enumerate(soak.lives):
        if len(kept := warmed(samples)) > 1:
            slope = linear_regression([each.at for each in kept], [each.megabytes for each in kept]).slope
            told[f"life {number + 1}"] = (
                f"{kept[0].megabytes:.0f} to {kept[-1].megabytes:.0f} MB, {slope:+.2f} MB a minute; "
                f"{kept[0].files} to {kept[-1].files} open files"
            )
    for act, seconds in sorted(soak.log.seconds.items()):
        p95 = sorted(seconds)[int(len(seconds) * 0.95)]
        told[act] = f"{len(seconds)} times, p50 {median(seconds) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms"
    return Figure({**told, "wrong": len(soak.log.wrong)}, soak.log.wrong)


if __name__ == "__main__":
    sys.exit(command(figure))
