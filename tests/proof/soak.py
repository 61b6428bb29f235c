"""Hours of everything: eight people at work, the server ended and started again every few minutes.

    python -m tests.proof.soak --minutes 60 --seed 1 [--database postgresql]

For the first half of the time the server is ended every five minutes, the other half is one life.
Uploads whole and in pieces, galleries, thumbs, downloads whole and in part, archives, notes, links, pairs, trash and
restore. The server is ended by SIGTERM and SIGKILL in turn; what was cut off is sent again under the same
Idempotency-Key. While it serves, no answer may be anything but what the act expects. At the end everything acknowledged
is there with its bytes, `verify --read-data` finds nothing, the outbox is empty, and no file lies about that no row
names. No life takes more memory than it may or keeps files open; of the last, once it is warm, no request may leave
more behind than the heap's unrest (see `soak_memory`).
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Literal

import httpx

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
from tests.proof.soak_memory import Sample, grown, held, is_long_enough, told
from tests.services.postgres import postgres_server

_LIFE = 300.0


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
        """Short lives for half of the time, then a long one, which goes on."""
        began = time.monotonic()
        while (left := seconds / 2 - (time.monotonic() - began)) > 0:
            await self._watched(server, min(left, _LIFE))
            is_up.clear()
            await asyncio.to_thread(server.kill if len(self.lives) % 2 == 0 else server.stop)
            server = await self._served(server.port)
            is_up.set()
            progress(round(time.monotonic() - began), round(seconds), f"s, {len(self.log.wrong)} wrong", every=1)
        await self._watched(server, seconds - (time.monotonic() - began))
        return server

    async def _watched(self, server: Server, seconds: float) -> None:
        """A life of the server, or what there is to see of it."""
        life: list[Sample] = []
        self.lives.append(life)
        began, answered = time.monotonic(), self.log.requests
        while (age := time.monotonic() - began) < seconds:
            life.append(held(server.pid, age, self.log.requests - answered))
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
    os.environ["MALLOC_ARENA_MAX"] = "2"  # as deploy/ has it for every server
    soak, clients = asyncio.run(measure(minutes * 60, seed, database))
    if not is_long_enough(soak.lives[-1]):
        soak.log.wrong.append(
            "no life was long enough to tell whether memory is flat: more minutes, or a quieter machine"
        )
    said: dict[str, object] = {
        "lives": f"{len(soak.lives)}, ended by SIGTERM and SIGKILL in turn, under {CLIENTS} clients over {database}",
        "acknowledged": f"{sum(len(each.stored) for each in clients)} documents, "
        f"{sum(len(each.notes) for each in clients)} notes; {soak.log.lost_answers} answers lost",
    }
    said |= {f"life {number}": told(life) for number, life in enumerate(soak.lives, 1) if life}
    for act, seconds in sorted(soak.log.seconds.items()):
        p95 = sorted(seconds)[int(len(seconds) * 0.95)]
        said[act] = f"{len(seconds)} times, p50 {median(seconds) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms"
    return Figure({**said, "wrong": len(soak.log.wrong)}, soak.log.wrong)


if __name__ == "__main__":
    sys.exit(command(figure))
